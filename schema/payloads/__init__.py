"""Payloads of mutations."""
