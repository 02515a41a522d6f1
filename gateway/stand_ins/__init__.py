"""Local stand-ins of other offices' databases, for development: they speak the real answers."""
