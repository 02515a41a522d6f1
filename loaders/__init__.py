"""Batch loaders, one instance each per request."""
