"""Input types."""
