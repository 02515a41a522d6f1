"""What a dashboard costs, whatever lies beneath it, and what its ledger costs those who write.

`python -m tests.benchmarks.statistics_bench [records …]` measures on embedded servers over 96,000
teams, with as many records as are named (200,000 if none are; 2000000 takes some minutes; of more,
the ledger alone is laid out), writes `results/statistics-<records>.md`, and exits 1 above a bound.
CPU is that of PostgreSQL's processes and of this one; PostGraphile's aggregates are asked of the
same rows in the same run, where npm can install it.
"""

import asyncio
import itertools
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from db.embedded.postgres import EmbeddedPostgres
from db.ledger.folding import fold
from db.ledger.laying import lay_pending
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
from tests.benchmarks.contenders import POSTGRAPHILE, install_postgraphile, running
from tests.benchmarks.workloads import FOLDER
from tests.servers import new_data_dir

RECORDS_AT_LEAST = 200_000
LARGE = 2_000_000
FACTS_AT_MOST = 400_000  # above it
ALONE = f"The ledger alone, of {FACTS_AT_MOST:,} facts, each of as many records of a team on a day."
RESULTS = FOLDER / "results"
DISTRICT, CITY = 2, 1
ROUNDS = 60
TURNS, WRITES = 8, 150
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
# As many facts as a machine's disk has room for, each of so many records of a team on a day.
MANY = """
insert into ledger_pending (kind, day, region_path, team_path, person, thing, dims, n, quantity)
select 'record', current_date - (n % 1000)::int, t.region_path, t.path, 1 + n % $2::int, null,
  array['source:TEAM_ENTRY', 'category:NONE'], $3::int, 90 * $3::int
from generate_series(1, $4::bigint) n join teams t on t.id = 1 + (n * 7919) % $1
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


class Report:
    """What was measured: told at once, and kept for a table."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, str, str]] = []
        self.broken = 0

    def tell(self, what: str, value: float, unit: str, *, holds: bool | None = None) -> None:
        """One figure, with whether it keeps its bound."""
        self.broken += holds is False
        mark = "" if holds is None else "holds" if holds else "BROKEN"
        self.rows.append((what, value, unit, mark))
        print(f"{what:60} {value:12,.2f} {unit} {mark}", flush=True)  # noqa: T201

    def write(self, records: int) -> None:
        """The table, as a file."""
        lines = [
            f"# Statistics over {records:,} records and 96,841 teams",
            "",
            "`python -m tests.benchmarks.statistics_bench` on a shared machine; ratios in one run.",
            *([ALONE] if records > LARGE else []),
            "",
            "| measured | value | unit | bound |",
            "| --- | ---: | --- | --- |",
            *(
                f"| {what} | {value:,.2f} | {unit} | {mark} |"
                for what, value, unit, mark in self.rows
            ),
        ]
        (RESULTS / f"statistics-{records}.md").write_text("\n".join(lines) + "\n", "utf-8")


async def lay_out(backend: Backend, teams: int, records: int, report: Report) -> None:
    """So many records, and the totals of all, made of the tables."""
    db = backend.connection
    begin = backend.cpu_ms
    await db.execute("set session_replication_role = replica")
    for first in range(1, records + 1, 100_000):
        await db.execute(RECORDS, teams, VOLUNTEERS, first, min(first + 99_999, records))
    await db.execute("set session_replication_role = origin")
    report.tell("records written", (backend.cpu_ms - begin) / 1000, "s CPU")
    begin = backend.cpu_ms
    facts = await rebuild(db)
    spent = (backend.cpu_ms - begin) / 1000
    report.tell("totals made anew from the tables", spent, "s CPU")
    report.tell("totals made anew from the tables", facts / spent, "facts / s CPU")
    await db.execute("vacuum analyze service_records, ledger_totals, ledger_leaves, ledger_pending")
    totals = await db.fetchval("select count(*) from ledger_totals")
    report.tell("totals", totals, "rows")


async def lay_out_many(backend: Backend, teams: int, records: int, report: Report) -> None:
    """The ledger of more records than there is room for: what a dashboard reads, and no more."""
    db = backend.connection
    begin = backend.cpu_ms
    each = records // FACTS_AT_MOST
    await db.execute(MANY, teams, VOLUNTEERS, each, FACTS_AT_MOST)
    await lay_pending(db)
    report.tell("totals laid out", (backend.cpu_ms - begin) / 1000, "s CPU")
    await db.execute("vacuum analyze ledger_totals, ledger_leaves, ledger_pending")
    totals = await db.fetchval("select count(*) from ledger_totals")
    report.tell("totals", totals, "rows")


async def insertion(url: str, backend: Backend, teams: int) -> tuple[float, float]:
    """CPU of one record's write through the seam, with the ledger's trigger and without.

    By turns: what a machine's other work makes dearer, it makes dearer for both.
    """
    spent = {"disable": 0.0, "enable": 0.0}
    numbers = itertools.count(10**9)
    pids: set[int] = set()
    async with Database(url) as database:

        async def write() -> None:
            number = next(numbers)
            async with database.write(account_id=None, capacity="bench", action="r") as seam:
                pids.add((await seam.run("select pg_backend_pid()"))[0][0])
                await seam.lock_tree()
                await seam.run(RECORDS, teams, VOLUNTEERS, number, number)

        for _ in range(TURNS):
            for state in spent:
                await backend.connection.execute(
                    f"alter table service_records {state} trigger ledger_insert;"
                    f"alter table service_records {state} trigger ledger_place"
                )
                for _ in range(20):
                    await write()
                (one,) = pids
                server = Backend(backend.connection, one)
                begin, own = server.cpu_ms, time.process_time()
                for _ in range(WRITES):
                    await write()
                spent[state] += server.cpu_ms - begin + (time.process_time() - own) * 1000
    return spent["enable"] / TURNS / WRITES, spent["disable"] / TURNS / WRITES


async def measure(url: str, records: int) -> int:
    """Lays out and measures; how many bounds are broken."""
    backend = await Backend.open(url)
    teams = await backend.connection.fetchval("select max(id) from teams")
    report = Report()
    lay = lay_out if records <= LARGE else lay_out_many
    await lay(backend, teams, records, report)
    for name, region in (("district", DISTRICT), ("city", CITY)):
        server, own = await backend.cost(lambda r=region: dashboard(backend, r), ROUNDS)  # type: ignore[misc]
        rows, buffers = await touched(backend, region)
        report.tell(f"dashboard of the {name}, PostgreSQL", server, "ms CPU")
        report.tell(f"dashboard of the {name}, gateway", own, "ms CPU")
        holds = server + own <= BOUNDS["dashboard"] if name == "district" else None
        report.tell(f"dashboard of the {name}, both", server + own, "ms CPU", holds=holds)
        report.tell(f"dashboard of the {name}, children", rows, "rows")
        report.tell(f"dashboard of the {name}, children", buffers, "buffers")
    if records > LARGE:
        report.write(records)
        await backend.connection.close()
        return report.broken
    below = await backend.connection.fetch("select id from regions where parent_id = 1")
    keys = [CITY, *(row[0] for row in below)]
    plain, _ = await backend.cost(lambda: backend.connection.fetch(PLAIN, keys), 2)
    compare(report, "the plain aggregate", records, plain, server)
    aggregates = await postgraphile(backend, url)
    if aggregates is not None:
        compare(report, "PostGraphile's aggregates", records, aggregates, server)
    report.write(records)
    with_ledger, without = await insertion(url, backend, teams)
    share = with_ledger / without - 1
    report.tell("one record's write without the ledger", without, "ms CPU")
    report.tell("one record's write with the ledger", with_ledger, "ms CPU")
    report.tell("the ledger's share", share * 100, "%", holds=share <= BOUNDS["insertion"])
    await folding(backend, report)
    report.write(records)
    await backend.connection.close()
    return report.broken


def compare(report: Report, what: str, records: int, theirs: float, ours: float) -> None:
    """What the city costs otherwise, and how many times more."""
    report.tell(f"{what} of the city, PostgreSQL", theirs, "ms CPU")
    times = theirs / max(ours, 0.01)
    holds = times >= BOUNDS["times less"] if records >= LARGE else None
    report.tell(f"{what} to the dashboard of the city", times, "times", holds=holds)


async def postgraphile(backend: Backend, url: str) -> float | None:
    """CPU of PostgreSQL for a question that PostGraphile aggregates; None where it cannot run."""
    if not install_postgraphile():
        return None
    document = (POSTGRAPHILE / "documents" / "aggregates.graphql").read_text("utf-8")
    await backend.connection.execute("create schema if not exists postgraphile")
    with (
        tempfile.TemporaryDirectory() as logs,
        running(["aggregates"], data_dir=Path(logs), database_url=url, redis_url="",
                logs=Path(logs)) as (server,),
    ):  # fmt: skip
        async with httpx.AsyncClient(trust_env=False, timeout=300) as client:

            async def ask() -> None:
                address = f"http://127.0.0.1:{server.port}/graphql"
                answer = (await client.post(address, json={"query": document})).json()
                if "errors" in answer:
                    raise RuntimeError(answer["errors"])

            await ask()  # its connections are open from here on
            pids = await backend.connection.fetch(
                "select pid from pg_stat_activity where datname = current_database()"
                " and backend_type = 'client backend' and pid <> pg_backend_pid()"
            )
            servers = [Backend(backend.connection, row[0]) for row in pids]
            begin = sum(each.cpu_ms for each in servers)
            for _ in range(2):
                await ask()
            return (sum(each.cpu_ms for each in servers) - begin) / 2


async def folding(backend: Backend, report: Report) -> None:
    """How fast is folded what comes on a day: first into nothing, then onto what is there."""
    await backend.connection.execute("delete from ledger_pending")
    pending = 40_000
    for when in ("first", "again"):
        await backend.connection.execute(PENDING, pending)
        begin = backend.cpu_ms
        while await fold(backend.connection):
            pass
        rate = pending / (backend.cpu_ms - begin) * 1000
        holds = rate >= BOUNDS["rows folded"] if when == "again" else None
        report.tell(f"six regions, seven teams above: folded {when}", rate, "rows / s CPU",
                    holds=holds)  # fmt: skip


def main() -> int:
    """Measures, tells, and compares with the bounds."""
    broken = 0
    for records in sorted({int(each) for each in sys.argv[1:]} or {RECORDS_AT_LEAST}):
        folder = new_data_dir()
        postgres = EmbeddedPostgres(folder, major=18, durable=False, max_connections=40)
        try:
            url = postgres.start()
            asyncio.run(upgrade(url, station=50))
            asyncio.run(fill_wide_forest(url))
            broken += asyncio.run(measure(url, records))
        finally:
            postgres.stop()
            shutil.rmtree(folder)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
