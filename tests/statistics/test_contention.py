"""Writers under one root wait for no other: their counts are appended, not added up in place."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from db.audit.sealer import seal
from db.enums import MembershipStatus
from db.keys import Purpose
from db.ledger.folding import fold
from db.models import Membership
from db.session import Database, PoolLimits
from resolvers.records.entering import create_record
from tests.api.client import KEYS
from tests.db.forest import Forest
from tests.small_world import NOW, Planter, connected
from tests.workflows.service import YESTERDAY, entry

WRITERS = 16
EACH = 16
LOOK_EVERY_S = 0.005
# Writers who wait for a lock, whoever holds it: another writer, the folder or the sealer. On
# PostgreSQL 16 a table's file grows under a lock of moments, and so `outbox` and `reviews` now and
# then make their inserters wait; of such waits those for the ledger's own tables count.
WAITING = """
select (
  select count(*) from pg_stat_activity a
  where a.datname = current_database() and a.wait_event_type = 'Lock'
    and a.wait_event <> 'extend' and a.pid <> all($1::int[])
) + (
  select count(*) from pg_locks l
  where not l.granted and l.locktype = 'extend' and l.pid <> all($1::int[])
    and l.database = (select oid from pg_database where datname = current_database())
    and l.relation in (select oid from pg_class where starts_with(relname, 'ledger_'))
)
"""


@pytest.mark.parametrize("counting", ["ledger", "counter"])
async def test_writers_under_one_root_wait_for_none_of_the_others(url: str, counting: str) -> None:
    limits = PoolLimits(writers=WRITERS, acquire_seconds=30)
    async with (
        Database(url, limits) as database,
        connected(url) as watching,
        connected(url) as folding,
        Database(url, PoolLimits(writers=1)) as sealing,
    ):
        planter = Planter(database)
        forest = Forest(planter, await planter.region())
        await forest.plant("root")
        people = []
        for n in range(WRITERS):
            await forest.plant(f"t{n}", "root")
            people.append((await forest.manager(f"t{n}"), await member(planter, forest, f"t{n}")))
        if counting == "counter":
            await watching.execute(IN_PLACE)
        own = [await each.fetchval("select pg_backend_pid()") for each in (watching, folding)]
        own.append(await backend_of(sealing))
        key = KEYS.current(Purpose.AUDIT)

        async def seal_some() -> int:
            return (await seal(sealing.engine, key, now=NOW))[0]

        async def write(n: int) -> None:
            viewer, volunteer = people[n]
            team = forest.teams[f"t{n}"]
            for day in range(EACH):
                starts = YESTERDAY.replace(day=19 - day)
                outcome = await create_record(
                    database, viewer, team.id, entry(volunteer, starts), None, now=NOW
                )
                assert outcome.errors == ()

        is_done = asyncio.Event()
        beside = [
            asyncio.create_task(until(is_done, work, pause))
            for work, pause in (
                (lambda: watching.fetchval(WAITING, own), LOOK_EVERY_S),
                (lambda: fold(folding), 0.02),
                (seal_some, 0.02),
            )
        ]
        await asyncio.gather(*(write(n) for n in range(WRITERS)))
        is_done.set()
        waits, folded, sealed = await asyncio.gather(*beside)
        if counting == "counter":
            await watching.execute("drop trigger counted_in_place on service_records")

    assert len(waits) > 20
    assert min(sum(folded), sum(sealed)) > WRITERS  # else nobody was there to wait for
    assert (sum(waits) > 0) is (counting == "counter")


async def until(
    is_done: asyncio.Event, work: Callable[[], Awaitable[int | None]], pause: float
) -> list[int]:
    """What came of a work that is done again and again."""
    found = []
    while not is_done.is_set():
        found.append(await work() or 0)
        await asyncio.sleep(pause)
    return found


async def backend_of(database: Database) -> int:
    """The process of the only connection that writes."""
    async with database.write(account_id=None, capacity="test", action="look") as write:
        pid: int = (await write.run("select pg_backend_pid()"))[0][0]
    return pid


async def member(planter: Planter, forest: Forest, name: str) -> Any:
    volunteer = await planter.volunteer(forest.region)
    await planter.add(
        Membership(
            province="50",
            team_id=forest.teams[name].id,
            volunteer_id=volunteer.id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )
    return volunteer


# What one would do without a ledger: a total of the root, added to by each record.
IN_PLACE = """
create table if not exists root_totals (id int primary key, n bigint);
insert into root_totals values (1, 0) on conflict do nothing;
create or replace function count_in_place() returns trigger language plpgsql as $$
begin
  update root_totals set n = n + 1 where id = 1;
  return null;
end $$;
create trigger counted_in_place after insert on service_records
for each row execute function count_in_place();
"""
