"""The database layer, on a real server."""
