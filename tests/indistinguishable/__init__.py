"""Tests that what is hidden answers as what does not exist."""
