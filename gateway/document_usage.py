"""How often documents are asked for: counted here, and added up in PostgreSQL now and then."""

import asyncio
import logging
import math
from datetime import date, timedelta

from db.errors import DatabaseRefusal
from db.queries.documents import add_usage
from db.session import Database

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)


class DocumentUses:
    """The uses of documents that PostgreSQL does not know of yet; a killed process loses them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: dict[tuple[int, date], tuple[int, int]] = {}

    def count(self, row: int, day: date, cost: float) -> None:
        """Counts one request for a document."""
        requests, costs = self._counted.get((row, day), (0, 0))
        self._counted[row, day] = (requests + 1, costs + math.ceil(cost))

    async def flush(self) -> None:
        """Adds what was counted; what cannot be added now is kept for later.

        Raises:
            DatabaseRefusal: PostgreSQL cannot be reached.
        """
        counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            async with self._database.write(
                account_id=None, capacity="gateway", action="documents.use"
            ) as write:
                await add_usage(write, counted)
        except BaseException:
            for (row, day), (requests, cost) in counted.items():
                more, costs = self._counted.get((row, day), (0, 0))
                self._counted[row, day] = (more + requests, costs + cost)
            raise

    async def keep(self, *, every: timedelta = EVERY) -> None:
        """Adds what was counted again and again, and once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(every.total_seconds())
                await self._flush_quietly()
        finally:
            await asyncio.shield(self._flush_quietly())

    async def _flush_quietly(self) -> None:
        try:
            await self.flush()
        except DatabaseRefusal as error:
            log.warning("uses_not_stored", extra={"error": type(error).__name__})
