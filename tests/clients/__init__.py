"""Clients from npm, run against a live gateway."""
