"""Folding: pending rows become totals of every scope above them, each exactly once (DESIGN §9).

A batch is one transaction, so that a killed folder leaves all of it or none; an advisory lock
lets one process fold at a time, and whichever comes next take over.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import asyncpg

from db.driver_errors import DRIVER_ERRORS
from db.ledger.fold_statement import PENDING, fold_statement
from db.locks import Lock
from db.progress import Progress, silent
from db.urls import asyncpg_dsn

log = logging.getLogger(__name__)

BATCH = 20_000

TAKE_TURN = f"select pg_try_advisory_xact_lock({Lock.LEDGER})"
# The parts of the statement are joined by hashing, whatever the planner thinks of their sizes: it
# knows a table by its last ANALYZE, which may have found it empty. Look-ups by index are forced.
SETTINGS = """
set local statement_timeout = '5min'; set local work_mem = '128MB'; set local jit = off;
set local enable_nestloop = off; set local enable_mergejoin = off
"""
_FOLD = fold_statement(PENDING)


async def fold(connection: Any, *, limit: int = BATCH) -> int | None:
    """How many pending rows became totals; None while another process folds.

    ``connection`` is asyncpg's, outside a transaction.
    """
    async with connection.transaction(isolation="read_committed"):
        if not await connection.fetchval(TAKE_TURN):
            return None
        await connection.execute(SETTINGS)
        rows: int = await connection.fetchval(_FOLD, limit)
        return rows


async def fold_all(connection: Any, *, limit: int = BATCH, progress: Progress = silent) -> int:
    """How many rows were folded until none was pending, or another process was folding."""
    total = 0
    while done := await fold(connection, limit=limit):
        total += done
        progress("fold the ledger", total, None)
    return total


async def fold_database(url: str, *, progress: Progress = silent) -> int:
    """How many rows of a database were folded, on a connection of its own."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return await fold_all(connection, progress=progress)
    finally:
        await connection.close()


async def keep_folding(url: str, *, every: timedelta = timedelta(seconds=1)) -> None:
    """Folds what is pending, again and again, until cancelled, on a connection of its own."""
    while True:
        try:
            connection = await asyncpg.connect(asyncpg_dsn(url))
            try:
                while True:
                    await fold_all(connection)
                    await asyncio.sleep(every.total_seconds())
            finally:
                # The server ends what is on its way; waiting for it could outlast a stop.
                connection.terminate()
        except (*DRIVER_ERRORS, asyncpg.InterfaceError, OSError) as error:
            log.warning("fold_failed", extra={"error": type(error).__name__})
        await asyncio.sleep(every.total_seconds())
