"""What the database refuses or fails at; ``permissions.errors`` says what a client is told."""


class DatabaseRefusal(Exception):
    """The base of what the database layer answers when it cannot do as asked."""


class DatabaseAway(DatabaseRefusal):
    """PostgreSQL cannot be reached."""


class DatabaseBusy(DatabaseRefusal):
    """No connection became free in time."""


class StatementTimeout(DatabaseRefusal):
    """A statement ran longer than it may."""


class LockUnavailable(DatabaseRefusal):
    """Another write held what this one needs for too long, or both waited for each other."""


class KeyReused(DatabaseRefusal):
    """The idempotency key was given before with another input."""


class TokenRefused(DatabaseRefusal):
    """A consistency token is malformed, of another cluster, or ahead of the primary."""
