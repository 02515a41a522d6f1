"""The smallest pieces, without a server."""
