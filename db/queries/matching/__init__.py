"""Needs, offers and answers in SQL: kept, ranked."""
