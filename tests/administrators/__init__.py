"""Tests of administrators of departments."""
