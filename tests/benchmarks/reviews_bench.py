"""What deciding costs: `python -m tests.benchmarks.reviews_bench`.

Five hundred registrations, and five hundred applications, decided at once over HTTP and as the use
case alone, with their audit, outbox and ledger rows; then how long the sealer is behind them.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg

from db.audit.sealer import seal
from db.embedded.postgres import EmbeddedPostgres
from db.embedded.redis import EmbeddedRedis
from db.keys import Key
from db.migrate import upgrade
from db.session import Database
from db.urls import asyncpg_dsn
from permissions.edges import Policy
from resolvers.review_decisions import Decided, decide_reviews
from schema.ids import encode
from tests.api.client import Client, running
from tests.servers import new_data_dir
from tests.small_world import Planter
from tests.workflows.district import District

MANY = 500
SECONDS = 1.0
ROUNDS = 5
KEY = Key(id="k1", secret=bytes(range(32)))
DECIDE = """
mutation ($ids: [ID!]!) {
  decideReviews(input: {ids: $ids, decision: APPROVE}) {
    results { review { state team { name } } userErrors { code } } userErrors { code }
  }
}
"""
GROUPS = """
with made as (
  insert into teams (province, team_no, name, sort_key, name_grams, kind, registration_status,
    permission_group, status, contact_team_id, path, depth, region_id, region_path,
    principal_name, principal_mobile, contact_name, contact_mobile, id)
  select '50', 'B' || n, '批量' || n, 'x', '{}', 'GROUP', 'UNREGISTERED', 'PENDING', 'PENDING', $1,
    $2 || n || '/', 5, $3, $4, '甲', '1', '乙', '1', n
  from generate_series($5::bigint, $5::bigint + $6::bigint - 1) n returning id
)
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id)
select '50', 'TEAM_REGISTRATION', 'PENDING', 'Team', id, id, $1 from made returning id
"""
APPLICATIONS = """
with people as (
  insert into volunteers (province, volunteer_no, name, sort_key, name_grams, sex, born_on,
    region_id, region_path, status, real_name_status, registered_at)
  select '50', 'B' || n, '志愿者' || n, 'zhi', '{}', 'FEMALE', '1990-01-01', $2, $3, 'ENABLED',
    'VERIFIED', now() from generate_series($4::bigint, $4::bigint + $5::bigint - 1) n returning id
), made as (
  insert into memberships (province, team_id, volunteer_id, status)
  select '50', $1, id, 'APPLYING' from people returning id
)
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id)
select '50', 'MEMBERSHIP', 'PENDING', 'Membership', id, $1, $1 from made returning id
"""


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


class Bench:
    """A community's hub whose queue is filled again and again."""

    def __init__(self, client: Client, database: Database, district: District, db: Any) -> None:
        self.client = client
        self.database = database
        self.district = district
        self.db = db
        self.number = 900_000_000

    async def groups(self) -> Sequence[int]:
        hub = self.district.forest.teams["community"]
        region = self.district.regions["community"]
        rows = await self.db.fetch(
            GROUPS, hub.id, hub.path, region.id, region.path, self._next(), MANY
        )
        return [row["id"] for row in rows]

    async def applications(self) -> Sequence[int]:
        hub = self.district.forest.teams["community"]
        region = self.district.regions["community"]
        rows = await self.db.fetch(APPLICATIONS, hub.id, region.id, region.path, self._next(), MANY)
        return [row["id"] for row in rows]

    def _next(self) -> int:
        self.number += MANY
        return self.number

    async def over_http(self, ids: Sequence[int]) -> float:
        """Seconds from the request to its answer."""
        manager = await self.district.forest.manager("community")
        variables = {"ids": [encode("Review", each) for each in ids]}
        started = time.perf_counter()
        answer = await self.client.ask(
            DECIDE, variables, viewer=manager.account_id, acting_as=manager.capacity
        )
        took = time.perf_counter() - started
        results = answer.good["decideReviews"]["results"]
        assert [each["review"]["state"] for each in results] == ["APPROVED"] * MANY
        return took

    async def alone(self, ids: Sequence[int]) -> float:
        """Seconds of the use case."""
        manager = await self.district.forest.manager("community")
        decided = Decided(ids=ids, approves=True)
        started = time.perf_counter()
        outcome = await decide_reviews(
            self.database, manager, decided, None, policy=Policy(), now=datetime.now(UTC)
        )
        took = time.perf_counter() - started
        assert not any(item.errors for item in outcome.items)
        return took


async def measure(database_url: str, redis_url: str) -> bool:
    """Whether five hundred are decided within a second."""
    await upgrade(database_url, station=50)
    db = await asyncpg.connect(asyncpg_dsn(database_url))
    holds = True
    async with Database(database_url) as database:
        district = await District.plant(Planter(database))
        async with running(database_url, redis_url) as client:
            bench = Bench(client, database, district, db)
            for name, fill in {
                "registrations": bench.groups,
                "applications": bench.applications,
            }.items():
                for way, run in {"over HTTP": bench.over_http, "use case": bench.alone}.items():
                    took = [await run(await fill()) for _ in range(ROUNDS)]
                    median = statistics.median(took)
                    verdict = "holds" if median <= SECONDS else "TOO SLOW"
                    say(
                        f"decide {MANY} {name}, {way}: median {median:.3f} s,"
                        f" worst {max(took):.3f} s; asked {SECONDS:.0f} s: {verdict}"
                    )
                    holds = holds and median <= SECONDS
        # The gateway is gone, and with it its sealer: what is written now waits.
        for _ in range(ROUNDS):
            await bench.alone(await bench.groups())
        entries, seconds = await sealing(database)
        say(f"seal {entries} entries: {seconds:.3f} s, {entries / seconds:.0f} a second")
    await db.close()
    return holds


async def sealing(database: Database) -> tuple[int, float]:
    """How many entries nobody had sealed, and the seconds that it took."""
    started, total = time.perf_counter(), 0
    while sealed := (await seal(database.engine, KEY, now=datetime.now(UTC)))[0]:
        total += sealed
    return total, time.perf_counter() - started


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
