"""Seeding a station from nothing, in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from db.keys import KeyRing
from db.locks import Lock
from db.progress import Progress, silent
from db.region_file import read_divisions
from db.regions_import import load_divisions
from db.seed.home import find_home
from db.seed.hubs import plant_hubs
from db.seed.teams import form_teams
from db.urls import asyncpg_dsn

DATA = Path(__file__).parent / "data"
DIVISIONS = DATA / "chongqing_divisions.csv"
ZONES = DATA / "functional_zones.csv"
ZONES_UNDER = "500000000000"
CHINA = ZoneInfo("Asia/Shanghai")


class AlreadySeeded(Exception):
    """The database holds teams that seeding did not make just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much synthetic life a station gets beside its hubs."""

    teams: int = 3_000
    volunteers: int = 5_000
    projects: int = 1_500
    records: int = 20_000


async def seed(
    url: str,
    keyring: KeyRing,
    *,
    sizes: Sizes | None = None,
    seed: int = 1,
    today: date | None = None,
    progress: Progress = silent,
) -> None:
    """Fills an empty station: regions, hubs, teams, people and their work.

    The same seed, sizes and day give the same rows. Where regions were imported before, they are
    taken; else Chongqing's, which ship with the package.

    Raises:
        AlreadySeeded: there is life in the database already; nothing was changed.
        NoRegions: the imported regions have no county.
    """
    sizes = sizes or Sizes()
    today = today or datetime.now(CHINA).date()
    async with _transaction(url) as connection:
        if await connection.fetchval("select exists (select from teams where not is_hub)"):
            raise AlreadySeeded("The database is seeded already; seeding fills an empty one only.")
        await _regions(connection, progress)
        await plant_hubs(connection, seed=seed, progress=progress)
        home = await find_home(connection)
        await form_teams(
            connection, home, count=sizes.teams, seed=seed, today=today, progress=progress
        )


async def seed_hubs(url: str, *, seed: int = 1, progress: Progress = silent) -> int:
    """Makes the hubs that the regions of the database lack; returns how many.

    An empty database gets the shipped regions first. Running it again makes nothing.
    """
    async with _transaction(url) as connection:
        await _regions(connection, progress)
        return await plant_hubs(connection, seed=seed, progress=progress)


@asynccontextmanager
async def _transaction(url: str) -> AsyncIterator[Any]:
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        async with connection.transaction():
            await connection.execute(f"select pg_advisory_xact_lock({Lock.SEED})")
            await connection.execute(f"select pg_advisory_xact_lock({Lock.TEAM_TREE})")
            yield connection
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _regions(connection: Any, progress: Progress) -> None:
    if not await connection.fetchval("select exists (select from regions)"):
        await load_divisions(connection, read_divisions(DIVISIONS), progress=progress)
    if await connection.fetchval(
        "select exists (select from regions where code = $1)", ZONES_UNDER
    ):
        await load_divisions(connection, read_divisions(ZONES), progress=progress)
