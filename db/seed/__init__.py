"""A station filled with the real tree of regions and hubs, and with synthetic people."""
