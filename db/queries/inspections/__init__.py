"""Random checks in SQL: drawn, examined, read."""
