"""Writers under one root wait for no other: their counts are appended, not added up in place."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import islice, product
from typing import Any

import pytest

from db.audit.sealer import seal
from db.enums import MembershipStatus
from db.keys import Purpose
from db.ledger.folding import fold, fold_all
from db.models import Membership
from db.session import Database, PoolLimits
from resolvers.records.entering import create_record
from resolvers.records.policy import RecordPolicy
from tests.api.client import KEYS
from tests.db.forest import Forest
from tests.small_world import NOW, Planter, connected
from tests.workflows.service import YESTERDAY, entry

WRITERS = 16
EACH = 16
LOOK_EVERY_S = 0.005
# A busy machine looks less often, but not so seldom that a writer's wait would be overlooked.
LOOKS_AT_LEAST_EVERY_S = 0.03
AT_ONCE = RecordPolicy(publicity_days=0)
UNTIL = 5_005  # an advisory lock that is held while there is something to see
# Writers who wait for a lock, whoever holds it: another writer, the folder or the sealer. A file
# grows under a lock of moments, so that the inserters of any table now and then wait; of such waits
# those for the ledger's own tables count, whose files have grown before. The server itself looks,
# again and again: the writers' process would not find the time.
WATCH = """
create function pg_temp.watch(
  own int[], until bigint, pause float, out looks int, out waits text[]) language plpgsql as $$
begin
  looks := 0; waits := '{}';
  while not pg_try_advisory_xact_lock(until) loop
    perform pg_stat_clear_snapshot();
    looks := looks + 1;
    waits := waits || array(
      select a.wait_event from pg_stat_activity a
      where a.datname = current_database() and a.wait_event_type = 'Lock'
        and a.wait_event <> 'extend' and a.pid <> all(own)
    ) || array(
      select 'extend ' || r.relname from pg_locks l join pg_class r on r.oid = l.relation
      where not l.granted and l.locktype = 'extend' and l.pid <> all(own)
        and l.database = (select oid from pg_database where datname = current_database())
        and starts_with(r.relname, 'ledger_')
    );
    perform pg_sleep(pause);
  end loop;
end $$
"""
# What a station leaves that has run for days: files that have grown, with room in them.
GROW = """
begin;
insert into ledger_pending (kind, day, region_path, team_path, dims, n, quantity)
select 'record', current_date, '', '', '{}', 1, 0 from generate_series(1, 20000);
insert into ledger_past (kind, began, until, team_id, dims, n, quantity)
select 'record', current_date, current_date, 1, '{}', 1, 0 from generate_series(1, 20000);
rollback
"""
COUNTED = """
select sum(t.n)::int from ledger_totals t join ledger_codes c on c.number = t.code
where (t.scope, c.name, t.period) = ($1, 'record', 0)
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
            for day, hour in islice(product(range(19, 0, -1), (8, 11, 14)), EACH):
                said = entry(volunteer, YESTERDAY.replace(day=day, hour=hour))
                outcome = await create_record(
                    database, viewer, team.id, said, None, now=NOW, policy=AT_ONCE
                )
                assert outcome.errors == ()

        await fold_all(folding)  # what was planted
        await folding.execute(GROW)
        await folding.execute("vacuum (truncate false) ledger_past")
        await folding.execute("vacuum ledger_pending")
        await watching.execute(WATCH)
        await folding.execute("select pg_advisory_lock($1)", UNTIL)
        is_done = asyncio.Event()
        looking = asyncio.create_task(
            watching.fetchrow("select * from pg_temp.watch($1, $2, $3)", own, UNTIL, LOOK_EVERY_S)
        )
        beside = [
            asyncio.create_task(until(is_done, work, 0.02))
            for work in (lambda: fold(folding), seal_some)
        ]
        began = time.monotonic()
        await asyncio.gather(*(write(n) for n in range(WRITERS)))
        took = time.monotonic() - began
        is_done.set()
        folded, sealed = await asyncio.gather(*beside)
        await folding.execute("select pg_advisory_unlock($1)", UNTIL)
        looks, waits = await looking
        left = await fold_all(folding)
        counted = await folding.fetchval(COUNTED, forest.region.id)
        if counting == "counter":
            await watching.execute("drop trigger counted_in_place on service_records")

    # Each record was counted, and most while others wrote; else there was nothing to wait for.
    assert counted == WRITERS * EACH
    assert folded + left >= WRITERS * EACH
    assert min(folded, sealed) > WRITERS
    assert looks > took / LOOKS_AT_LEAST_EVERY_S
    assert bool(waits) is (counting == "counter"), waits


async def test_file_of_what_is_pending_stays_as_long_as_it_was(url: str) -> None:
    async with connected(url) as connection:
        await connection.execute(GROW)
        grown = await connection.fetchval("select pg_relation_size('ledger_pending')")

        await connection.execute("vacuum ledger_pending")

        assert await connection.fetchval("select pg_relation_size('ledger_pending')") == grown > 0


async def until(
    is_done: asyncio.Event, work: Callable[[], Awaitable[int | None]], pause: float
) -> int:
    """How much came of a work that is done again and again."""
    found = 0
    while not is_done.is_set():
        found += await work() or 0
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
