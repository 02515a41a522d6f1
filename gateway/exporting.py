"""The worker that makes exports, beside the requests; any process takes up what waits."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

from db.errors import DatabaseRefusal
from db.queries import exports as queries
from db.queries.exports import KEPT, MOST_ATTEMPTS, Taken
from db.session import Database, Snapshot
from db.write import Write, open_write
from permissions.context import RequestContext, Seal, SignInDesk
from permissions.edges import Policy
from permissions.errors import ClientError
from permissions.standing import fetch_standing
from resolvers.exports.making import ExportRefused, make

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=1)
HOLD = timedelta(seconds=60)
"""How long a worker may be silent until another takes its export up."""

BATCH = 100
GAVE_UP = "GAVE_UP"


class ExportLost(Exception):
    """Another worker has taken the export up, for this one was silent too long."""


class Exporting:
    """Makes exports, one at a time."""

    def __init__(
        self, database: Database, *, cursors: Seal, desk: SignInDesk, policy: Policy
    ) -> None:
        self._database = database
        self._cursors = cursors
        self._desk = desk
        self._policy = policy

    async def keep(self) -> None:
        """Makes what waits, again and again, until cancelled."""
        while True:
            has_made = False
            try:
                has_made = await self.run_once()
            except DatabaseRefusal as error:
                log.warning("export_round_failed", extra={"error": type(error).__name__})
            except Exception:
                # A bug in one export must not stop the others; it is tried again, then given up.
                log.exception("export_failed")
            if not has_made:
                await asyncio.sleep(PAUSE.total_seconds())

    async def run_once(self) -> bool:
        """Makes one export, and removes old ones; false if none waited."""
        async with self._write() as write:
            await queries.remove_exports(write, before=datetime.now(UTC) - KEPT, limit=BATCH)
            taken = await queries.take_export(write, hold=HOLD)
        if taken is None:
            return False
        if taken.attempts > MOST_ATTEMPTS:
            await self._fail(taken, GAVE_UP)
            return True
        try:
            await self._make(taken)
        except ExportLost:
            log.warning("export_lost", extra={"export": taken.id})
        except (ExportRefused, ClientError) as refusal:
            await self._fail(taken, refusal.code)
        return True

    async def _fail(self, taken: Taken, code: str) -> None:
        async with self._write() as write:
            await queries.fail_export(write, taken, code)

    async def _make(self, taken: Taken) -> None:
        """The file, made by the rights that the account has now.

        Raises:
            ExportRefused, ClientError: it may no longer be made for this account.
            ExportLost: another worker has it.
        """

        async def progress(done: int, total: int) -> None:
            async with self._write() as write:
                if not await queries.advance_export(write, taken, done, total, hold=HOLD):
                    raise ExportLost

        snapshot = Snapshot(self._database)
        try:
            standing = await fetch_standing(snapshot, taken.account_id)
            context = RequestContext(
                viewer=standing.acting_as(taken.capacity),
                database=self._database,
                snapshot=snapshot,
                now=datetime.now(UTC),
                cursors=self._cursors,
                sign_in=self._desk,
                policy=self._policy,
            )
            made = await make(context, taken, progress)
        finally:
            await asyncio.shield(snapshot.close())
        async with self._write() as write:
            if not await queries.finish_export(
                write, taken, content=made.content, file_name=made.file_name
            ):
                raise ExportLost

    def _write(self) -> AbstractAsyncContextManager[Write]:
        return open_write(
            self._database.engine, account_id=None, capacity="exports", action="export"
        )
