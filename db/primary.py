"""Connections to the primary, out of the engine's pool, with nothing of SQLAlchemy's begun."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.driver_errors import DRIVER_ERRORS, is_lost, refusal_of
from db.errors import DatabaseAway

_WAS_USED = "was_used"


@dataclass(frozen=True, slots=True)
class Begun:
    """A transaction: SQLAlchemy's connection, the driver's, and the driver's transaction."""

    connection: AsyncConnection
    driver: Any
    started: Any

    async def commit(self) -> None:
        """Commits it; the connection stays until the block of ``begun`` ends."""
        await self.started.commit()


@asynccontextmanager
async def begun(engine: AsyncEngine) -> AsyncIterator[Begun]:
    """A transaction that its block commits, and that is undone when the block raises.

    Whether a pooled connection lives is found out by BEGIN itself, which a dead one cannot have
    done half: asking before would be three round trips of every write.

    Raises:
        DatabaseAway: the primary cannot be reached.
    """

    async def begin(driver: Any) -> Any:
        started = driver.transaction(isolation="read_committed")
        await started.start()
        return started

    own = Begun(*await _first(engine, begin))
    try:
        yield own
    except BaseException:
        await asyncio.shield(_undo(own))
        raise
    finally:
        await asyncio.shield(own.connection.close())


async def fetch_apart(engine: AsyncEngine, sql: str, /, *arguments: Any) -> Record | None:
    """The first row of a query of its own, on a connection that is given back at once.

    Raises:
        DatabaseAway, DatabaseBusy: the primary cannot be reached, or no connection came free.
    """

    async def fetch(driver: Any) -> Record | None:
        row: Record | None = await driver.fetchrow(sql, *arguments)
        return row

    try:
        connection, _, row = await _first(engine, fetch)
        await asyncio.shield(connection.close())
    except DRIVER_ERRORS as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    return row


async def _first(
    engine: AsyncEngine, do: Callable[[Any], Awaitable[Any]]
) -> tuple[AsyncConnection, Any, Any]:
    """A connection, its driver's, and what came of the first thing that was done on it.

    Those that ended while they waited are dropped one by one, until a live or a new one does it.
    """
    while True:
        connection = await _checked_out(engine)
        is_new = _WAS_USED not in connection.info
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            done = await do(driver)
        except BaseException as error:
            is_dead = is_lost(error)
            await asyncio.shield(_give_up(connection, is_dead=is_dead))
            if not is_dead:
                raise
            if is_new:
                raise DatabaseAway from error
        else:
            connection.info[_WAS_USED] = True
            return connection, driver, done


async def _checked_out(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except OSError as error:
        raise DatabaseAway from error


async def _give_up(connection: AsyncConnection, *, is_dead: bool) -> None:
    if is_dead:
        await connection.invalidate()
    await connection.close()


async def _undo(own: Begun) -> None:
    """Rolls back what is still open; a connection that cannot is dropped."""
    try:
        if not own.driver.is_closed() and own.driver.is_in_transaction():
            await own.started.rollback()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        own.driver.terminate()
