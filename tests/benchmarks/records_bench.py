"""What entering records costs: `python -m tests.benchmarks.records_bench`.

Ten thousand in one mutation, over HTTP and as the use case alone, with their audit, outbox and
ledger rows; one record against a bare INSERT and COMMIT of the same row, turn by turn.
"""

import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from db.embedded.postgres import EmbeddedPostgres
from db.embedded.redis import EmbeddedRedis
from db.enums import TeamAdminRole
from db.migrate import upgrade
from db.session import Database, PoolLimits
from db.urls import asyncpg_dsn
from gateway.garbage import spare_the_collector
from resolvers.records.entering import create_record, create_records
from resolvers.records.entry import Entry
from schema.ids import encode
from tests.api.client import running
from tests.db.forest import Forest
from tests.servers import new_data_dir
from tests.small_world import Planter

MANY = 10_000
BULK_SECONDS = 3.0
ROUNDS = 300
WARM = 30
TIMES_BARE = 4.0
STATEMENTS = 3

VOLUNTEERS = """
insert into volunteers (province, volunteer_no, name, sort_key, name_grams, sex, born_on,
  region_id, region_path, status, real_name_status, registered_at)
select '50', 'B' || n, '志愿者' || n, 'zhi', '{}', 'FEMALE', '1990-01-01', $1, $2, 'ENABLED',
  'VERIFIED', now() - interval '3 years'
from generate_series(1, $3::int) n returning id
"""
MEMBERS = """
insert into memberships (province, team_id, volunteer_id, status, joined_at)
select '50', $1, id, 'JOINED', now() from unnest($2::bigint[]) as v (id)
"""
# Each has a year behind them.
PAST = """
insert into service_records (province, volunteer_id, team_id, region_path, starts_at, ends_at,
  minutes, status, source, activity_name, content, place)
select '50', v.id, $1, $2, d, d + interval '2 hours', 120, 'EFFECTIVE', 'TEAM_ENTRY', '探访',
  '陪伴', '社区'
from unnest($3::bigint[]) as v (id),
  generate_series(now() - interval '400 days', now() - interval '40 days', interval '30 days') d
"""
BARE = """
insert into service_records (province, volunteer_id, team_id, region_path, team_path, starts_at,
  ends_at, minutes, status, source, activity_name, content, place, targets, contact_name,
  recorder_id, recorder_name, publicity_from, publicity_to)
values ('50', $1, $2, $3, $4, $5, $6, 120, 'NOT_EFFECTIVE', 'TEAM_ENTRY', '敬老院探访',
  '陪伴老人，打扫房间', '桃源敬老院', '{老年人}', '乙', $7, '用户', current_date, current_date + 5)
"""
WAITING = "select exists (select from outbox where published_at is null)"
MUTATION = """
mutation ($input: CreateServiceRecordsInput!) {
  createServiceRecords(input: $input) { entered results { index userErrors { code } } }
}
"""


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def entry(volunteer_id: int, starts_at: datetime) -> Entry:
    return Entry(
        volunteer_id=volunteer_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        activity_name="敬老院探访",
        content="陪伴老人，打扫房间",
        place="桃源敬老院",
        targets=("老年人",),
    )


class World:
    """A team with ten thousand members who have served before."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.volunteers: Sequence[int] = ()

    async def plant(self) -> None:
        await upgrade(self.url, station=50)
        async with Database(self.url) as database:
            planter = Planter(database)
            forest = Forest(planter, await planter.region())
            self.team = await forest.plant("team")
            self.recorder = await forest.manager("team", TeamAdminRole.RECORDER)
        connection = await asyncpg.connect(asyncpg_dsn(self.url))
        rows = await connection.fetch(VOLUNTEERS, self.team.region_id, self.team.region_path, MANY)
        self.volunteers = [row["id"] for row in rows]
        await connection.execute(MEMBERS, self.team.id, self.volunteers)
        await connection.execute(PAST, self.team.id, self.team.region_path, self.volunteers)
        await connection.execute("vacuum analyze")
        await connection.close()

    async def counted(self) -> tuple[int, ...]:
        """How many records, audit, outbox and ledger rows there are."""
        connection = await asyncpg.connect(asyncpg_dsn(self.url))
        row = await connection.fetchrow(
            "select (select count(*) from service_records), (select count(*) from audit_log),"
            " (select count(*) from outbox), (select coalesce(sum(n), 0) from ledger_pending)"
        )
        await connection.close()
        return tuple(row)

    async def until_carried(self) -> None:
        """Returns when no event waits in the outbox."""
        connection = await asyncpg.connect(asyncpg_dsn(self.url))
        while await connection.fetchval(WAITING):
            await asyncio.sleep(0.1)
        await connection.close()


async def bulk(world: World, redis_url: str) -> float:
    """Seconds over HTTP, the best of three; and as the use case alone.

    Each begins when the events of those before it are carried, as for the one who enters a year's.
    """
    yesterday = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(
        days=1
    )
    took, alone = [], []
    async with Database(world.url, PoolLimits(statement_seconds=30)) as database:
        for n in range(3):
            starts_at = yesterday - timedelta(hours=12 * n + 6)
            entries = [entry(each, starts_at) for each in world.volunteers]
            before = await world.counted()
            gc.collect()
            began = time.perf_counter()
            outcome = await create_records(
                database, world.recorder, world.team.id, entries, f"b{n}", now=datetime.now(UTC)
            )
            alone.append(time.perf_counter() - began)
            assert not any(each.errors for each in outcome.items)
            after = await world.counted()
            assert [now - then for now, then in zip(after, before, strict=True)][:3] == [MANY] * 3
    async with running(world.url, redis_url) as client:
        for n in range(3):
            starts_at = yesterday - timedelta(hours=12 * n)
            variables = {"input": _input(world, starts_at, f"h{n}")}
            await world.until_carried()
            began = time.perf_counter()
            answer = await client.ask(
                MUTATION,
                variables,
                viewer=world.recorder.account_id,
                acting_as=world.recorder.capacity,
            )
            took.append(time.perf_counter() - began)
            assert answer.good["createServiceRecords"]["entered"] == MANY
    say(f"{MANY} records, the use case alone  {min(alone):6.2f} s")
    say(f"{MANY} records, over HTTP           {min(took):6.2f} s (≤ {BULK_SECONDS} s)")
    return min(took)


def _input(world: World, starts_at: datetime, key: str) -> dict[str, Any]:
    ends_at = starts_at + timedelta(hours=2)
    return {
        "teamId": encode("Team", world.team.id),
        "idempotencyKey": key,
        "records": [
            {
                "volunteerId": encode("Volunteer", each),
                "startsAt": starts_at.isoformat(),
                "endsAt": ends_at.isoformat(),
                "activityName": "敬老院探访",
                "content": "陪伴老人，打扫房间",
                "place": "桃源敬老院",
                "targets": ["老年人"],
            }
            for each in world.volunteers
        ],
    }


async def single(world: World) -> tuple[float, int]:
    """How many times a bare INSERT and COMMIT one record costs, and in how many statements."""
    bare = await asyncpg.connect(asyncpg_dsn(world.url))
    starts_at = datetime.now(UTC) - timedelta(days=4)
    ratio_of: dict[str, list[float]] = {"bare": [], "record": []}
    seen: list[str] = []
    async with Database(world.url, PoolLimits(writers=1)) as database:
        async with database.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.add_query_logger(lambda query: seen.append(query.query))
        for n in range(ROUNDS + WARM):
            here, there = world.volunteers[2 * n], world.volunteers[2 * n + 1]
            began = time.perf_counter()
            await bare.execute(
                BARE,
                here,
                world.team.id,
                world.team.region_path,
                world.team.path,
                starts_at,
                starts_at + timedelta(hours=2),
                world.recorder.account_id,
            )
            between = time.perf_counter()
            seen.clear()
            outcome = await create_record(
                database,
                world.recorder,
                world.team.id,
                entry(there, starts_at),
                None,
                now=datetime.now(UTC),
            )
            done = time.perf_counter()
            assert not outcome.errors, outcome.errors
            if n >= WARM:
                ratio_of["bare"].append(between - began)
                ratio_of["record"].append(done - between)
    await bare.close()
    middle = {name: statistics.median(took) * 1000 for name, took in ratio_of.items()}
    times = middle["record"] / middle["bare"]
    inside = [each for each in seen if "insert" in each or "select" in each.lower()]
    statements = len(inside)
    say(f"bare INSERT and COMMIT             {middle['bare']:7.2f} ms")
    say(f"one record                         {middle['record']:7.2f} ms")
    say(f"one record against the bare one    {times:7.2f} × (≤ {TIMES_BARE})")
    say(f"statements within the transaction  {statements:7d}   (≤ {STATEMENTS})")
    return times, statements


async def measure(url: str, redis_url: str) -> bool:
    world = World(url)
    await world.plant()
    spare_the_collector()  # as the process that serves does
    times, statements = await single(world)
    took = await bulk(world, redis_url)
    return took <= BULK_SECONDS and times <= TIMES_BARE and statements <= STATEMENTS


def main() -> int:
    """Measures on servers of its own, which write to disk as a station's do."""
    folder = new_data_dir()
    postgres = EmbeddedPostgres(folder, major=18, max_connections=50)
    redis = EmbeddedRedis(folder)
    try:
        holds = asyncio.run(measure(postgres.start(), redis.start()))
    finally:
        redis.stop()
        postgres.stop()
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
