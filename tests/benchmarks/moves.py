"""How long a district takes to move, and the redistricting of 2025 to rehearse.

`python -m tests.benchmarks.moves URL`, with the URL of a seeded station; a rehearsal does all but
commit. The district goes under the nation's hub and back, so the station ends as it began, but for
its history.
"""

import asyncio
import statistics
import sys
import time
from datetime import date
from itertools import cycle, islice

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from db.enums import RegionLevel
from db.redistricting.file import read_districts, read_towns
from db.seed.run import DATA
from db.session import Database, PoolLimits
from db.urls import asyncpg_dsn, sqlalchemy_url
from gateway.redistricting import DISTRICTS
from permissions.viewer import ActingDepartment, Role, Viewer
from resolvers.moves import Wish, move_team
from resolvers.redistricting import Order, redistrict

ROUNDS = 6
HUBS = """
select d.id as district, c.id as city, n.id as nation, a.id as account,
  r.id as region_id, r.code as region_code, r.path as region_path, r.name as region_name,
  (select count(*) from teams t where t.path >= d.path and t.path < left(d.path, -1) || '0') as n
from teams d
join teams c on c.id = d.contact_team_id join teams n on n.id = c.contact_team_id
join regions r on r.id = n.region_id
cross join (select id from accounts order by id limit 1) a
where d.name = $1
"""


async def moving(url: str, district: str) -> None:
    """Moves a district's hub with all below it, there and back."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    row = await connection.fetchrow(HUBS, district)
    await connection.close()
    office = ActingDepartment(
        region_id=row["region_id"],
        region_code=row["region_code"],
        region_name=row["region_name"],
        region_path=row["region_path"],
        region_level=RegionLevel.NATION,
    )
    viewer = Viewer(role=Role.DEPARTMENT, account_id=row["account"], department=office)
    took = []
    async with Database(url, PoolLimits(statement_seconds=60)) as database:
        for to in islice(cycle((row["nation"], row["city"])), ROUNDS):
            wish = Wish(team_id=row["district"], contact_team_id=to, reason="measured")
            started = time.perf_counter()
            outcome = await move_team(database, viewer, wish, None, today=date(2026, 5, 20))
            took.append(time.perf_counter() - started)
            assert not outcome.errors, outcome.errors
    sys.stdout.write(f"move {district}, {row['n']} teams: {_milliseconds(took)}\n")


async def rehearsing(url: str) -> None:
    """Rehearses the redistricting of 2025."""
    order = Order(
        towns=read_towns(DATA / "chongqing_rehang_2025.csv"),
        districts=read_districts(DISTRICTS),
        effective_on=date(2026, 5, 20),
    )
    engine = create_async_engine(sqlalchemy_url(url))
    took = []
    for _ in range(3):
        started = time.perf_counter()
        report = await redistrict(engine, order, dry_run=True)
        took.append(time.perf_counter() - started)
    await engine.dispose()
    sys.stdout.write(f"redistrict, {report.rewritten} teams: {_milliseconds(took)}\n")


def _milliseconds(took: list[float]) -> str:
    best, middle = min(took) * 1000, statistics.median(took) * 1000
    return f"best {best:.0f} ms, median {middle:.0f} ms"


async def main(url: str) -> None:
    for district in ("渝北区志愿者协会", "北碚区志愿者协会"):
        await moving(url, district)
    await rehearsing(url)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
