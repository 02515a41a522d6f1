"""Real servers out of Python wheels: PostgreSQL and Redis, run as children of the gateway."""
