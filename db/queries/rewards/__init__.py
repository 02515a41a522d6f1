"""Rewards in SQL: the catalogue, the ledger, what was asked for."""
