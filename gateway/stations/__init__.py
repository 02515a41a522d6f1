"""The public page of a station."""
