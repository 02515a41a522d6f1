"""What the commands work on: a station's servers, running already or started for them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import redis.asyncio
from rich.console import Console

from db.queries.documents import DOCUMENTS, DocumentRow
from db.session import Database
from gateway.settings import Settings
from gateway.station import Station, reach_servers

talk = Console(stderr=True, highlight=False)

# A pipe has no width; a terminal's own would cut ids, which are there to be copied.
WIDE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the commands work on."""

    station: Station
    database: Database
    redis: Any

    @property
    def settings(self) -> Settings:
        """The settings of the station."""
        return self.station.settings

    async def rows(self, client: str | None = None) -> list[DocumentRow]:
        """The documents that are registered, of one client or all."""
        async with self.database.read() as snapshot:
            rows = await snapshot.fetch(DOCUMENTS)
        return [row for row in rows if client in {None, row.client}]


@asynccontextmanager
async def desk_of(station: Station) -> AsyncIterator[Desk]:
    """A database and Redis of a station whose servers run."""
    database = Database(station.database_url)
    shared = redis.asyncio.from_url(station.redis_url)
    async with database, shared:
        yield Desk(station=station, database=database, redis=shared)


def print_table(data: Any) -> None:
    """Prints data, whole where it goes into a file or another program."""
    width = None if sys.stdout.isatty() else WIDE
    Console(highlight=False, soft_wrap=True, width=width).print(data)


def tell(sentence: str) -> None:
    """Says something to the operator."""
    talk.print(sentence, markup=False, soft_wrap=True)


def on_station(settings: Settings, run: Callable[[Desk], Awaitable[None]]) -> None:
    """Does work on the station's servers, which run already or are started for it."""
    with reach_servers(settings, tell=tell) as station:

        async def work() -> None:
            async with desk_of(station) as desk:
                await run(desk)

        asyncio.run(work())
