"""What the driver's errors mean, in the words of ``db.errors``."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseRefusal,
    LockUnavailable,
    StatementTimeout,
)

DRIVER_ERRORS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    DBAPIError,
    PoolTimeout,
    ConnectionError,
)

_BY_SQLSTATE: dict[str, type[DatabaseRefusal]] = {
    "40001": LockUnavailable,  # serialization failure
    "40P01": LockUnavailable,  # deadlock
    "55P03": LockUnavailable,  # lock timeout
    "57014": StatementTimeout,
    "57P01": DatabaseAway,  # shut down by an administrator
    "57P02": DatabaseAway,
    "57P03": DatabaseAway,  # starting up
    "25006": DatabaseAway,  # read only: a replica answers where the primary should
    "53300": DatabaseBusy,  # too many connections
}
_CONNECTION_CLASS = "08"


def refusal_of(error: Exception) -> DatabaseRefusal | None:
    """The refusal behind a driver's error; None when the error is a bug of ours."""
    if isinstance(error, PoolTimeout):
        return DatabaseBusy()
    if isinstance(error, ConnectionError):
        return DatabaseAway()
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return DatabaseAway()
        return _by_state(getattr(error.orig, "sqlstate", None))
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        return DatabaseAway()
    return _by_state(getattr(error, "sqlstate", None))


def is_lost(error: BaseException) -> bool:
    """Whether the connection is gone, which may have ended long before it was used."""
    if isinstance(error, (asyncpg.InternalClientError, OSError)):
        return True  # the server's farewell was in the way of the statement
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError)  # that would be about what was sent
    return isinstance(error, Exception) and isinstance(refusal_of(error), DatabaseAway)


def _by_state(sqlstate: str | None) -> DatabaseRefusal | None:
    if sqlstate is None:
        return None
    if sqlstate.startswith(_CONNECTION_CLASS):
        return DatabaseAway()
    refusal = _BY_SQLSTATE.get(sqlstate)
    return None if refusal is None else refusal()
