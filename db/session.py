"""Sessions: one snapshot to read a request in; the engine that writes go through."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import asyncpg
from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.consistency import STATUS, ConsistencyToken, is_shown
from db.driver_errors import refusal_of
from db.errors import DatabaseAway, DatabaseBusy, DatabaseRefusal
from db.readers import GONE, NOT_SENT, Readers
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
        self._broken: DatabaseRefusal | None = None
        self.statements = statements

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
                if self._is_closed:
                    raise RuntimeError("The snapshot is closed.")
                if self._broken is not None:
                    raise self._broken
                self.statements += 1
                arguments = statement.arguments(values)
                if self._connection is None:
                    return await self._first(statement, arguments)
                return await _run(self._connection, statement, arguments)
            except DatabaseRefusal as refusal:
                # The transaction is over: what siblings ask next is refused for the same reason.
                self._broken = refusal
                raise
            finally:
                self._running = None

    async def _first(self, statement: Statement[R], arguments: Sequence[Any]) -> list[R]:
        """The rows of the first statement, which also finds out whether its connection lives.

        Connections that ended while they waited are dropped one by one until a live or a new one
        answers. One that ends during the statement is not retried: the statement may be why.
        """
        readers = self._database.readers
        for _ in range(readers.most):
            self._connection = await readers.take()
            try:
                return await _run(self._connection, statement, arguments)
            except DatabaseAway as away:
                if not isinstance(away.__cause__, NOT_SENT):
                    raise
                connection, self._connection = self._connection, None
                readers.drop(connection)
        self._connection = await readers.take()
        return await _run(self._connection, statement, arguments)

    async def fetch_one(self, statement: Statement[R], /, **values: Any) -> R | None:
        """The first row of a statement, or None."""
        rows = await self.fetch(statement, **values)
        return rows[0] if rows else None

    async def must_show(self, token: ConsistencyToken) -> None:
        """Goes on only where what is read shows the token's write.

        Raises:
            DatabaseBusy: the server is a replica and does not show it yet.
            TokenRefused: the server's cluster never committed it.
        """
        (server,) = await self.fetch(STATUS, transaction=token.transaction)
        if not is_shown(server, token):
            raise DatabaseBusy

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
                await self._database.readers.give_back(connection)


@dataclass(slots=True)
class Database:
    """The database of a station: a pool for reading, an engine for writing.

    To be opened before use, and closed after.
    """

    url: str
    limits: PoolLimits = field(default_factory=PoolLimits)
    engine: AsyncEngine = field(init=False)
    readers: Readers = field(init=False)

    def __post_init__(self) -> None:
        milliseconds = str(round(self.limits.statement_seconds * 1000))
        self.engine = create_async_engine(
            sqlalchemy_url(self.url),
            pool_size=self.limits.writers,
            max_overflow=0,
            pool_timeout=self.limits.acquire_seconds,
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
        self.readers = Readers(
            asyncpg_dsn(self.url),
            most=self.limits.readers,
            wait_seconds=self.limits.acquire_seconds,
            settings={
                "statement_timeout": str(round(self.limits.statement_seconds * 1000)),
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
        await self.readers.close()
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
            is_answered=True,
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        """A snapshot for one request, closed at its end."""
        snapshot = Snapshot(self)
        try:
            yield snapshot
        finally:
            await asyncio.shield(snapshot.close())


async def _run(connection: Any, statement: Statement[R], arguments: Sequence[Any]) -> list[R]:
    try:
        rows: list[R] = await connection.fetch(
            statement.sql, *arguments, record_class=statement.row
        )
    except GONE as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    return rows


def _refusal_of(error: Exception) -> DatabaseRefusal | None:
    """The refusal behind a driver's error while reading; None when the error is a bug of ours."""
    if isinstance(error, asyncpg.InterfaceError) and not isinstance(error, ValueError):
        return DatabaseAway()  # closed under our hands; a ValueError is about what we sent
    if isinstance(error, (OSError, asyncpg.InternalClientError)):
        return DatabaseAway()
    return refusal_of(error)
