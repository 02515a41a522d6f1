"""Use cases on a database: whole vertical slices, one noun a file."""
