"""Tests of the statistics ledger and its figures."""
