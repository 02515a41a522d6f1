"""Needs and offers, ranked and answered (供需对接)."""
