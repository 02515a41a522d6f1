"""Connections to the primary, out of the engine's pool, with nothing of SQLAlchemy's begun."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from asyncpg import Record
from sqlalchemy import Connection, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util import greenlet_spawn

from db.driver_errors import DRIVER_ERRORS, is_lost, refusal_of
from db.errors import DatabaseAway

T = TypeVar("T")

_WAS_USED = "was_used"


class Begun:
    """A transaction on a pooled connection: ``driver`` is asyncpg's, ``kept`` lives as long."""

    def __init__(self, engine: AsyncEngine, pooled: PoolProxiedConnection) -> None:
        self.driver: Any = pooled.driver_connection
        self.kept: MutableMapping[Any, Any] = pooled.info
        self._engine = engine
        self._pooled = pooled
        self._orm: AsyncConnection | None = None

    @property
    def orm(self) -> AsyncConnection:
        """SQLAlchemy on this transaction; it commits nothing, whatever it is told."""
        if self._orm is None:
            connection = Connection(self._engine.sync_engine, self._pooled)
            # Else SQLAlchemy would begin a transaction of its own within this one.
            connection.execution_options(isolation_level="AUTOCOMMIT")
            self._orm = AsyncConnection(self._engine, connection)
        return self._orm

    async def commit(self) -> None:
        """Commits it; the connection stays until the block of ``begun`` ends.

        Raises:
            RuntimeError: a statement had failed and was passed over, so nothing was committed.
        """
        if await self.driver.execute("commit") != "COMMIT":
            raise RuntimeError("A write went on after a statement of it had failed.")

    async def undo(self) -> None:
        """Rolls back what is still open and gives back; a connection that cannot is dropped."""
        try:
            if not self.driver.is_closed() and self.driver.is_in_transaction():
                await self.driver.execute("rollback")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self.driver.terminate()
        await self.give_back()

    async def give_back(self) -> None:
        """Gives the connection back to the pool."""
        if self._orm is None:
            self._pooled.close()  # which waits for nothing, for SQLAlchemy began nothing
        else:
            await asyncio.shield(self._orm.close())


@asynccontextmanager
async def begun(engine: AsyncEngine) -> AsyncIterator[Begun]:
    """A transaction that its block commits, and that is undone when the block raises.

    Whether a pooled connection lives is found out by BEGIN itself, which a dead one cannot have
    done half: asking before would be three round trips of every write.

    Raises:
        DatabaseAway: the primary cannot be reached.
    """
    pooled, _ = await _first(engine, _begin)
    own = Begun(engine, pooled)
    try:
        yield own
    except BaseException:
        await asyncio.shield(own.undo())
        raise
    await own.give_back()


async def fetch_apart(engine: AsyncEngine, sql: str, /, *arguments: Any) -> Record | None:
    """The first row of a query of its own, on a connection that is given back at once.

    Raises:
        DatabaseAway, DatabaseBusy: the primary cannot be reached, or no connection came free.
    """

    async def fetch(driver: Any) -> Record | None:
        row: Record | None = await driver.fetchrow(sql, *arguments)
        return row

    try:
        pooled, row = await _first(engine, fetch)
    except DRIVER_ERRORS as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    pooled.close()
    return row


async def _begin(driver: Any) -> None:
    if driver.is_in_transaction():
        # PostgreSQL would only warn, and go on in a transaction that nobody answers for.
        raise asyncpg.InterfaceError("A connection came back within a transaction.")
    await driver.execute("begin isolation level read committed")


async def _first(
    engine: AsyncEngine, do: Callable[[Any], Awaitable[T]]
) -> tuple[PoolProxiedConnection, T]:
    """A pooled connection, and what came of the first thing that was done on it.

    Those that ended while they waited are dropped one by one, until a live or a new one does it.
    """
    while True:
        pooled = await _checked_out(engine)
        is_new = _WAS_USED not in pooled.info
        try:
            done = await do(pooled.driver_connection)
        except BaseException as error:
            is_dead = is_lost(error)
            if is_dead or not isinstance(error, asyncpg.PostgresError):
                # What was cancelled may still be done: only an answer says where it stands.
                await asyncio.shield(greenlet_spawn(pooled.invalidate))
            else:
                pooled.close()
            if not is_dead:
                raise
            if is_new:
                raise DatabaseAway from error
        else:
            pooled.info[_WAS_USED] = True
            return pooled, done


async def _checked_out(engine: AsyncEngine) -> PoolProxiedConnection:
    try:
        return await engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise error.__cause__ or error from None  # the driver's own, which ours are named by
    except OSError as error:
        raise DatabaseAway from error
