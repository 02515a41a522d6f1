"""Exports: asked for, made beside the requests, fetched by who asked."""
