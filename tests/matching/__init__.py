"""Needs and offers: published, ranked, answered."""
