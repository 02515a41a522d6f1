"""Sessions: one snapshot to read a request in; the engine that writes go through."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import asyncpg
from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.driver_errors import refusal_of
from db.errors import DatabaseAway, DatabaseBusy, DatabaseRefusal
from db.statements import Statement
from db.urls import asyncpg_dsn, sqlalchemy_url
from db.write import Write, open_write

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLimits:
    """How many connections a process holds, and how long anything may wait; times in seconds."""

    readers: int = 8
    writers: int = 8
    acquire_seconds: float = 2.0
    statement_seconds: float = 5.0


class Snapshot:
    """One request's view of the database: one connection, one repeatable-read transaction.

    Opened at the first statement; statements of sibling fields queue and run one after another.
    """

    def __init__(self, database: "Database", *, statements: int = 0) -> None:
        self._database = database
        self._connection: Any = None
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[Any] | None = None
        self._is_closed = False
        self.statements = statements

    async def open(self) -> None:
        """Takes the connection and begins the transaction, unless that was done.

        Raises:
            DatabaseAway, DatabaseBusy: as ``fetch``.
        """
        async with self._turn:
            await self._begun()

    async def _begun(self) -> Any:
        if self._is_closed:
            raise RuntimeError("The snapshot is closed.")
        if self._connection is None:
            self._connection = await self._database.take_reader()
        return self._connection

    async def fetch(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """All rows of a statement.

        Raises:
            DatabaseAway: PostgreSQL cannot be reached.
            DatabaseBusy: no connection became free in time.
            StatementTimeout: the statement took longer than it may.
        """
        async with self._turn:
            self._running = asyncio.current_task()
            try:
                connection = await self._begun()
                self.statements += 1
                rows: list[R] = await connection.fetch(
                    statement.sql, *statement.arguments(values), record_class=statement.row
                )
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                refusal = _refusal_of(error)
                if refusal is None:
                    raise
                raise refusal from error
            finally:
                self._running = None
            return rows

    async def fetch_one(self, statement: Statement[R], /, **values: Any) -> R | None:
        """The first row of a statement, or None."""
        rows = await self.fetch(statement, **values)
        return rows[0] if rows else None

    async def close(self) -> None:
        """Ends the transaction and gives the connection back.

        A statement that still runs is cancelled, and none begins any more: a loader goes on after
        the request that asked it has given up.
        """
        self._is_closed = True
        if self._running is not None:
            self._running.cancel()
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                await self._database.return_reader(connection)


@dataclass(slots=True)
class Database:
    """The database of a station: a pool for reading, an engine for writing.

    To be opened before use, and closed after.
    """

    url: str
    limits: PoolLimits = field(default_factory=PoolLimits)
    engine: AsyncEngine = field(init=False)
    _readers: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        milliseconds = str(round(self.limits.statement_seconds * 1000))
        self.engine = create_async_engine(
            sqlalchemy_url(self.url),
            pool_size=self.limits.writers,
            max_overflow=0,
            pool_timeout=self.limits.acquire_seconds,
            pool_pre_ping=True,
            connect_args={
                "server_settings": {
                    "statement_timeout": milliseconds,
                    "lock_timeout": "4s",
                    "jit": "off",
                }
            },
        )

    async def open(self) -> None:
        """Makes the pool ready; connects nothing, so it also succeeds while PostgreSQL is away."""
        milliseconds = str(round(self.limits.statement_seconds * 1000))
        self._readers = await asyncpg.create_pool(
            asyncpg_dsn(self.url),
            min_size=0,
            max_size=self.limits.readers,
            reset=_keep_session,
            server_settings={
                "default_transaction_isolation": "repeatable read",
                "default_transaction_read_only": "on",
                "statement_timeout": milliseconds,
                "jit": "off",
            },
        )

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every connection."""
        await self._readers.close()
        await self.engine.dispose()

    def write(
        self,
        *,
        account_id: int | None,
        capacity: str,
        action: str,
        idempotency_key: str | None = None,
        input: Mapping[str, Any] | None = None,
    ) -> AbstractAsyncContextManager[Write]:
        """A write, committed when its block ends (``db.write``)."""
        return open_write(
            self.engine,
            account_id=account_id,
            capacity=capacity,
            action=action,
            idempotency_key=idempotency_key,
            input=input,
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        """A snapshot for one request, closed at its end."""
        snapshot = Snapshot(self)
        try:
            yield snapshot
        finally:
            await asyncio.shield(snapshot.close())

    async def take_reader(self) -> Any:
        """A connection inside a new read-only transaction.

        After a restart of PostgreSQL the pool's connections are dead without knowing it; they are
        dropped one by one until a live or a new one answers.
        """
        for _ in range(self.limits.readers + 1):
            try:
                connection = await self._readers.acquire(timeout=self.limits.acquire_seconds)
            except TimeoutError as error:
                raise DatabaseBusy from error
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise DatabaseAway from error
            try:
                await connection.execute("begin")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                _drop(connection)
                await self._readers.release(connection)
            except BaseException:
                await self._readers.release(connection)
                raise
            else:
                return connection
        raise DatabaseAway

    async def return_reader(self, connection: Any) -> None:
        """Ends the transaction of a connection and gives it back to the pool."""
        try:
            await connection.execute("rollback")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _drop(connection)
        finally:
            await self._readers.release(connection)


async def _keep_session(connection: Any) -> None:
    """What the pool runs on release: nothing, for ``return_reader`` has ended the transaction."""


def _drop(connection: Any) -> None:
    with suppress(asyncpg.InterfaceError):  # the pool has taken a dead one back already
        connection.terminate()


def _refusal_of(error: Exception) -> DatabaseRefusal | None:
    """The refusal behind a driver's error while reading; None when the error is a bug of ours."""
    if isinstance(error, asyncpg.InterfaceError) and not isinstance(error, ValueError):
        return DatabaseAway()  # closed under our hands; a ValueError is about what we sent
    if isinstance(error, OSError):
        return DatabaseAway()
    return refusal_of(error)
