"""Redistricting: towns that go to other districts, with all that lies and hangs below them."""
