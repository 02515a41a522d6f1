"""The API as clients meet it: over HTTP, on real servers."""
