"""What a dashboard costs, whatever lies beneath it, and what its ledger costs those who write.

`python -m tests.benchmarks.statistics_bench [records …]` measures on embedded servers over 96,000
teams, with 200,000 records and then as many as are named (2000000 takes half an hour to lay out),
and exits 1 above a bound. CPU is that of PostgreSQL's process and of this one.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from db.embedded.postgres import EmbeddedPostgres
from db.ledger.folding import fold
from db.ledger.periods import first_of_month, month_of
from db.ledger.reading import FIGURES
from db.ledger.rebuilding import rebuild
from db.migrate import upgrade
from db.session import Database
from db.urls import asyncpg_dsn
from loaders.statistics import Ask, figures_in
from resolvers.metrics import SOURCES, Metric
from resolvers.statistics import totals_ask
from tests.access.wide_forest import VOLUNTEERS, fill_wide_forest
from tests.servers import new_data_dir

SIZES = (200_000,)
DISTRICT, CITY = 2, 1
ROUNDS = 60
TICK_MS = 10.0  # of /proc
BOUNDS = {"dashboard": 5.0, "times less": 50.0, "rows folded": 2_000.0, "insertion": 0.2}

RECORDS = """
insert into service_records (province, volunteer_id, team_id, region_path, team_path, starts_at,
  ends_at, minutes, status, source, content, place)
select '50', 1 + n % $2, t.id, t.region_path, t.path, s.at, s.at + interval '2 hours',
  60 + n % 60, 'EFFECTIVE', (array['TEAM_ENTRY', 'CHECK_IN'])[1 + n % 2], '服务', '社区'
from generate_series($3::bigint, $4::bigint) n
join teams t on t.id = 1 + (n * 7919) % $1
cross join lateral (select now() - make_interval(days => (n % 1000)::int, hours => 3) as at) s
"""
PLAIN = """
with below as (select path, left(path, -1) || '0' as path_end from regions where id = any($1))
select b.path, date_trunc('month', r.starts_at), count(*), sum(r.minutes)
from below b join service_records r
  on r.region_path >= b.path and r.region_path < b.path_end and r.status = 'EFFECTIVE'
group by 1, 2
"""
# A steady day: thirty days of records, six regions and seven teams above each.
PENDING = """
insert into ledger_pending (kind, day, region_path, team_path, person, thing, dims, n, quantity)
select 'record', current_date - (n % 30)::int,
  format('900/901/%s/%s/%s/%s/', 1000 + a.d, 10000 + a.t, 100000 + a.c, 1000000 + a.c),
  format('900/901/902/%s/%s/%s/%s/', 1000 + a.d, 10000 + a.t, 100000 + a.c, 2000000 + a.x),
  n % 9000, null,
  array['source:' || n % 4, 'category:' || n % 22, 'category:' || (n + 7) % 22], 1, 90
from generate_series(1, $1::int) n
cross join lateral (
  select n % 40 as d, n % 800 as t, n % 9600 as c, (n * 31) % 90000 as x) a
"""


class Backend:
    """A connection, and what CPU its server process has used."""

    def __init__(self, connection: Any, pid: int) -> None:
        self.connection = connection
        self._stat = Path(f"/proc/{pid}/stat")

    @classmethod
    async def open(cls, url: str) -> "Backend":
        connection = await asyncpg.connect(asyncpg_dsn(url), server_settings={"jit": "off"})
        return cls(connection, await connection.fetchval("select pg_backend_pid()"))

    @property
    def cpu_ms(self) -> float:
        fields = self._stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK_MS

    async def cost(self, work: Callable[[], Awaitable[Any]], rounds: int) -> tuple[float, float]:
        """Milliseconds of CPU a round: the server's, and this process's."""
        for _ in range(min(rounds, 8)):
            await work()
        server, own = self.cpu_ms, time.process_time()
        for _ in range(rounds):
            await work()
        return (self.cpu_ms - server) / rounds, (time.process_time() - own) * 1000 / rounds


def wanted() -> Ask:
    """What a dashboard reads of a region and of its children: totals, and twelve months."""
    today = datetime.now(UTC).date()
    base = totals_ask(today, today)
    monthly = frozenset(
        name
        for metric in (Metric.ACTIVE_VOLUNTEERS, Metric.RECORDS)
        for name in SOURCES[metric].names
    )
    months = {month_of(first_of_month(today, back)) for back in range(12)}
    return Ask(
        names=base.names - monthly,
        periods=base.periods,
        more_names=base.more_names | monthly,
        more_periods=base.periods | base.more_periods | months,
    )


async def dashboard(backend: Backend, region: int) -> None:
    ask = wanted()
    for kind in ("own", "regions"):
        statement = FIGURES[kind]
        rows = await backend.connection.fetch(
            statement.sql,
            *statement.arguments({**ask.parameters, "keys": [region]}),
            record_class=statement.row,
        )
        for row in rows:
            figures_in(row)


async def touched(backend: Backend, region: int) -> tuple[int, int]:
    """Rows given and buffers read by a dashboard's larger statement."""
    ask = wanted()
    statement = FIGURES["regions"]
    (plan,) = await backend.connection.fetchrow(
        f"explain (analyze, buffers, format json) {statement.sql}",
        *statement.arguments({**ask.parameters, "keys": [region]}),
    )
    top = json.loads(plan)[0]["Plan"]
    return int(top["Actual Rows"]), top["Shared Hit Blocks"] + top["Shared Read Blocks"]


async def lay_out(backend: Backend, teams: int, before: int, records: int) -> None:
    """So many records, and the totals of all: without triggers, for they would be folded singly."""
    db = backend.connection
    await db.execute("set session_replication_role = replica")
    for begin in range(before + 1, records + 1, 100_000):
        end = min(begin + 99_999, records)
        await db.execute(RECORDS, teams, VOLUNTEERS, begin, end)
    await db.execute("set session_replication_role = origin")
    await rebuild(db)
    await db.execute("vacuum analyze service_records, ledger_totals, ledger_leaves, ledger_pending")


async def insertion(url: str, backend: Backend, teams: int) -> tuple[float, float]:
    """CPU of one record's write through the seam, with the ledger's trigger and without."""
    found = []
    async with Database(url) as database:

        async def write() -> None:
            nonlocal number
            number += 1
            async with database.write(account_id=None, capacity="bench", action="r") as seam:
                pid.add((await seam.run("select pg_backend_pid()"))[0][0])
                await seam.lock_tree()
                await seam.run(RECORDS, teams, VOLUNTEERS, number, number)

        for state in ("disable", "enable"):
            await backend.connection.execute(
                f"alter table service_records {state} trigger ledger_insert;"
                f"alter table service_records {state} trigger ledger_place"
            )
            pid: set[int] = set()
            number = 10**9
            for _ in range(30):
                await write()
            (one,) = pid
            server = Backend(backend.connection, one)
            begin, own = server.cpu_ms, time.process_time()
            for _ in range(600):
                await write()
            spent = server.cpu_ms - begin + (time.process_time() - own) * 1000
            found.append(spent / 600)
    return found[1], found[0]


async def measure(url: str, sizes: list[int]) -> int:
    """Lays out and measures at each size; how many bounds are broken."""
    broken = 0
    backend = await Backend.open(url)
    teams = await backend.connection.fetchval("select max(id) from teams")

    def tell(what: str, value: float, unit: str, *, holds: bool | None = None) -> None:
        nonlocal broken
        broken += holds is False
        mark = "" if holds is not False else "  BROKEN"
        print(f"{what:64} {value:10.2f} {unit}{mark}", flush=True)  # noqa: T201

    laid = 0
    for records in sizes:
        await lay_out(backend, teams, laid, records)
        laid = records
        for name, region in (("district", DISTRICT), ("city", CITY)):
            server, own = await backend.cost(lambda r=region: dashboard(backend, r), ROUNDS)  # type: ignore[misc]
            rows, buffers = await touched(backend, region)
            tell(f"{records:,}: dashboard of the {name}, server", server, "ms CPU")
            tell(f"{records:,}: dashboard of the {name}, gateway", own, "ms CPU")
            holds = server + own <= BOUNDS["dashboard"] if name == "district" else None
            tell(f"{records:,}: dashboard of the {name}, both", server + own, "ms CPU", holds=holds)
            tell(f"{records:,}: dashboard of the {name}, rows", rows, "")
            tell(f"{records:,}: dashboard of the {name}, buffers", buffers, "")
            if name == "city":
                below = await backend.connection.fetch("select id from regions where parent_id = 1")
                keys = [CITY, *(row[0] for row in below)]
                plain, _ = await backend.cost(lambda: backend.connection.fetch(PLAIN, keys), 2)  # noqa: B023
                large = records >= 2_000_000
                times = plain / max(server, 0.01)
                tell(f"{records:,}: plain aggregate of the city", plain, "ms CPU")
                tell(
                    f"{records:,}: times less CPU in PostgreSQL", times, "x",
                    holds=times >= BOUNDS["times less"] if large else None,
                )  # fmt: skip
    with_ledger, without = await insertion(url, backend, teams)
    share = with_ledger / without - 1
    tell("one record's write without the ledger", without, "ms CPU")
    tell("one record's write with the ledger", with_ledger, "ms CPU")
    tell("the ledger's share", share * 100, "%", holds=share <= BOUNDS["insertion"])
    await backend.connection.execute("delete from ledger_pending")
    pending = 40_000
    await backend.connection.execute(PENDING, pending)
    begin = time.perf_counter()
    while await fold(backend.connection):
        pass
    rate = pending / (time.perf_counter() - begin)
    tell("rows folded, six regions and seven teams above each", rate, "a second",
         holds=rate >= BOUNDS["rows folded"])  # fmt: skip
    await backend.connection.close()
    return broken


def main() -> int:
    """Measures, tells, and compares with the bounds."""
    sizes = sorted({*SIZES, *(int(each) for each in sys.argv[1:])})
    postgres = EmbeddedPostgres(new_data_dir(), major=18, durable=False, max_connections=20)
    try:
        url = postgres.start()
        asyncio.run(upgrade(url, station=50))
        asyncio.run(fill_wide_forest(url))
        return 1 if asyncio.run(measure(url, sizes)) else 0
    finally:
        postgres.stop()


if __name__ == "__main__":
    sys.exit(main())
