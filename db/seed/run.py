"""Seeding a station from nothing, in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from db.keys import KeyRing, Purpose
from db.ledger.laying import fold_everything
from db.locks import Lock
from db.passwords import hash_password
from db.progress import Progress, silent
from db.region_file import read_divisions
from db.region_population import load_population, read_population
from db.regions_import import load_divisions
from db.seed.aftermath import settle
from db.seed.bare import lay_bare
from db.seed.crowd import plan_crowd
from db.seed.demo import PASSWORD, open_demo_accounts
from db.seed.exchange import open_exchange
from db.seed.home import Home, find_home
from db.seed.hubs import plant_hubs
from db.seed.life import find_cast, find_life
from db.seed.notices import give_notice
from db.seed.past import count
from db.seed.projects import plan_projects, write_projects
from db.seed.records import write_records
from db.seed.reference import Hosts, found_stations, lay_categories
from db.seed.rewards import offer_rewards
from db.seed.sign_ups import plan_sign_ups, write_sign_ups
from db.seed.teams import form_teams
from db.seed.voices import raise_voices
from db.seed.volunteers import IdentityKeys, register_volunteers
from db.urls import asyncpg_dsn

DATA = Path(__file__).parent / "data"
DIVISIONS = DATA / "chongqing_divisions.csv"
ZONES = DATA / "functional_zones.csv"
POPULATION = DATA / "chongqing_population.csv"
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
    hosts: Hosts | None = None,
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
        SizesRefused: the volunteers are too few for the records.
    """
    day = today or datetime.now(CHINA).date()
    keys = IdentityKeys(
        identity=keyring.current(Purpose.IDENTITY), blind_index=keyring.current(Purpose.BLIND_INDEX)
    )
    # Before the first lock: it takes a while.
    password_hash = hash_password(PASSWORD)
    async with _transaction(url, progress) as connection:
        if await connection.fetchval("select exists (select from teams where not is_hub)"):
            raise AlreadySeeded("The database is seeded already; seeding fills an empty one only.")
        await _regions(connection, progress)
        await lay_categories(connection)
        await plant_hubs(connection, seed=seed, progress=progress)
        home = await find_home(connection)
        await found_stations(connection, hosts or Hosts())
        await _Life(sizes or Sizes(), seed, day, keys, password_hash, progress).fill(
            connection, home
        )
        await count(connection, progress=progress)


@dataclass(frozen=True, slots=True)
class _Life:
    """Everything that stands beside the hubs, in the order in which it refers to each other."""

    sizes: Sizes
    seed: int
    today: date
    keys: IdentityKeys
    password_hash: str
    progress: Progress

    async def fill(self, connection: Any, home: Home) -> None:
        """Teams, volunteers, projects, sign-ups, records, what follows from them, the demo."""
        sizes, seed, today, progress = self.sizes, self.seed, self.today, self.progress
        await form_teams(
            connection, home, count=sizes.teams, seed=seed, today=today, progress=progress
        )
        life = await find_life(connection, home)
        cast = find_cast(life)
        crowd = plan_crowd(
            life,
            cast,
            volunteers=sizes.volunteers,
            records=sizes.records,
            seed=seed,
            today=today,
        )
        await register_volunteers(
            connection, life, crowd, self.keys, seed=seed, today=today, progress=progress
        )
        projects = await plan_projects(
            connection, life, cast, count=sizes.projects, seed=seed, today=today
        )
        sign_ups = plan_sign_ups(life, crowd, projects, seed=seed)
        await write_projects(
            connection, life, projects, password_hash=self.password_hash, progress=progress
        )
        await write_sign_ups(
            connection, life, crowd, projects, sign_ups, today=today, progress=progress
        )
        await write_records(
            connection, life, crowd, projects, sign_ups, seed=seed, today=today, progress=progress
        )
        first = crowd.ids[0] if crowd.ids else 0
        progress("totals and reviews", 0, 1)
        await settle(connection, first_volunteer=first, today=today)
        progress("totals and reviews", 1, 1)
        await open_demo_accounts(connection, life, cast, crowd, password_hash=self.password_hash)
        await raise_voices(connection, life, cast, crowd, today=today)
        await give_notice(connection, life, cast, today=today)
        await open_exchange(connection, life, cast, crowd, today=today)
        await offer_rewards(connection, life.actors[cast.district], crowd, today=today)


async def seed_bare(url: str, *, hosts: Hosts | None = None, progress: Progress = silent) -> None:
    """Makes a station of regions where nobody acts yet, but for one department user.

    Running it again makes nothing.
    """
    password_hash = hash_password(PASSWORD)
    async with _transaction(url, progress) as connection:
        await _regions(connection, progress)
        await lay_bare(connection, hosts or Hosts(), password_hash=password_hash)


async def seed_hubs(url: str, *, seed: int = 1, progress: Progress = silent) -> int:
    """Makes the hubs that the regions of the database lack; returns how many.

    An empty database gets the shipped regions first. Running it again makes nothing.
    """
    async with _transaction(url, progress) as connection:
        await _regions(connection, progress)
        return await plant_hubs(connection, seed=seed, progress=progress)


@asynccontextmanager
async def _transaction(url: str, progress: Progress) -> AsyncIterator[Any]:
    """A transaction; what was copied in it is folded and known to the planner before anyone reads.

    Reading is exact without, but takes longer with each row that is not folded.
    """
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        async with connection.transaction():
            await connection.execute(f"select pg_advisory_xact_lock({Lock.SEED})")
            await connection.execute(f"select pg_advisory_xact_lock({Lock.TEAM_TREE})")
            yield connection
        await fold_everything(connection, progress=progress)
        # The folded rows are dead ones, which each reader would pass.
        await connection.execute("vacuum ledger_pending, ledger_totals, ledger_leaves")
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _regions(connection: Any, progress: Progress) -> None:
    if not await connection.fetchval("select exists (select from regions)"):
        await load_divisions(connection, read_divisions(DIVISIONS), progress=progress)
        await load_population(connection, read_population(POPULATION))
    if await connection.fetchval(
        "select exists (select from regions where code = $1)", ZONES_UNDER
    ):
        await load_divisions(connection, read_divisions(ZONES), progress=progress)
