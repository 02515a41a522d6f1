"""Connections to read on: each within a transaction that has not begun to read."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import asyncpg

from db.errors import DatabaseAway, DatabaseBusy

NOT_SENT = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell is in the way of the statement
)
"""What a connection raises that ended while nobody used it, instead of sending a statement."""

GONE = (*NOT_SENT, OSError, asyncpg.PostgresError)
"""What talking to a server that went away, or does not come, raises."""


class Readers:
    """A process's connections for reading, made when needed and used again.

    Beginning a transaction and ending it are a round trip each, and on small requests those cost
    more than a statement. So one command ends a request's transaction and begins the next
    request's: PostgreSQL takes the snapshot of a repeatable-read transaction at its first
    statement, so that one which waits reads nothing old and holds nothing back. But ``now()`` is
    when it began: moments are parameters here (``db.statements`` makes sure).
    """

    def __init__(
        self, dsn: str, *, most: int, wait_seconds: float, settings: Mapping[str, str]
    ) -> None:
        self._dsn = dsn
        self.most = most
        self._wait_seconds = wait_seconds
        self._settings = {
            **settings,
            "default_transaction_isolation": "repeatable read",
            "default_transaction_read_only": "on",
            "idle_in_transaction_session_timeout": "0",
        }
        self._places = asyncio.Semaphore(most)
        self._idle: list[Any] = []

    async def take(self) -> Any:
        """A connection whose next statement takes a new snapshot.

        It may be dead without knowing it; then the first statement finds out.

        Raises:
            DatabaseBusy: all are in use, and none came back in time.
            DatabaseAway: PostgreSQL cannot be reached.
        """
        if self._places.locked():
            try:
                async with asyncio.timeout(self._wait_seconds):
                    await self._places.acquire()
            except TimeoutError as error:
                raise DatabaseBusy from error
        else:
            await self._places.acquire()
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await self._connect()
        except BaseException:
            self._places.release()
            raise

    async def _connect(self) -> Any:
        try:
            connection: Any = await asyncpg.connect(
                self._dsn, timeout=self._wait_seconds, server_settings=self._settings
            )
        except TimeoutError as error:
            raise DatabaseBusy from error
        except GONE as error:
            raise DatabaseAway from error
        try:
            await connection.execute("begin")
        except GONE as error:
            connection.terminate()
            raise DatabaseAway from error
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def give_back(self, connection: Any) -> None:
        """Takes a connection back once its transaction has ended; else drops it."""
        is_clean = False
        try:
            await connection.execute("rollback and chain")
            is_clean = True
        except GONE:
            pass
        finally:
            if is_clean:
                self._idle.append(connection)
                self._places.release()
            else:
                self.drop(connection)

    def drop(self, connection: Any) -> None:
        """Ends a connection that is dead, or in an unknown state."""
        with suppress(asyncpg.InterfaceError):
            connection.terminate()
        self._places.release()

    async def close(self) -> None:
        """Ends every connection, each when it comes back."""
        for _ in range(self.most):
            await self._places.acquire()
        while self._idle:
            connection = self._idle.pop()
            try:
                await connection.close(timeout=self._wait_seconds)
            except (*GONE, TimeoutError):
                connection.terminate()
