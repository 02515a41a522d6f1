"""Many unfolded rows: reading takes a few steps for each of them, whoever asks for what."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from db.ledger.folding import fold_all
from db.ledger.periods import Stretch, day_of, first_of_month, month_of
from db.ledger.reading import FIGURES
from db.ledger.reading_function import ONCE, PENDING, SCALES
from tests.small_world import Planter
from tests.statistics.server_time import processor_seconds

ROWS = 50_000
CITY, DISTRICTS = 900, 40
# A row has thirteen ancestors. They are seen by two nodes or three; for who is counted once, that
# is so for two kinds, and for what is near.
STEPS_A_ROW = {"pending": 45, "once": 120, "scales": 24}
BACKLOG = """
insert into ledger_pending (kind, day, region_path, team_path, person, thing, dims, n, quantity)
select 'record', date '2026-11-22' - (n % 30), format('899/900/%s/%s/%s/%s/', 1000 + n % 40,
    10000 + n % 800, 100000 + n % 9600, 1000000 + n % 9600),
  format('900/901/902/%s/%s/%s/%s/', 1000 + n % 40, 10000 + n % 800, 100000 + n % 9600,
    2000000 + (n * 31) % 90000),
  n % 9000, n % 700, array['source:' || n % 4, 'category:' || n % 22, 'category:' || (n + 7) % 22],
  1, 90
from generate_series(1, $1::int) n
"""
CROWD = """
insert into volunteers (province, volunteer_no, name, sort_key, name_grams, sex, born_on, region_id,
  region_path, status, real_name_status, registered_at)
select province, volunteer_no || '.' || n, name, sort_key, name_grams, sex, born_on, region_id,
  region_path, status, real_name_status, registered_at
from volunteers, generate_series(1, $2::int) n where id = $1
"""
STARS = """
update volunteers set star = 1 - star
where id in (select id from volunteers where id > $1 order by id limit $2)
"""
ASKED: Mapping[str, Any] = {
    "names": ["record", "served", "volunteer", "team", "member"],
    "periods": [0],
    "more_names": ["active", "sign_up/status:NO_SHOW"],
    "more_periods": [0, 202611, 202610],
    "beginnings": ["team/size:"],
    "their_periods": [0],
    "kinds": ["record", "served", "volunteer", "team", "member", "active", "sign_up"],
    "broken": ["sign_up", "team"],
}
FOLDED = """
insert into ledger_totals (scope, code, period, n, quantity)
select s, c, p, 1, 1 from unnest($1::bigint[]) s
cross join (select number from ledger_codes) c(c) cross join unnest($2::int[]) p
order by 1, 2, 3
"""
TYPES = {
    "periods": "int[]",
    "more_periods": "int[]",
    "their_periods": "int[]",
    "scopes": "bigint[]",
}
SCOPES = {"city": [CITY], "its children": [*range(1000, 1000 + DISTRICTS)], "another": [77]}


def prepared(statement: str) -> tuple[str, str]:
    """A statement of the function as one to prepare, and its parameters' types."""
    names = [*ASKED, "scopes"]
    for number, name in enumerate(names, 1):
        statement = re.sub(rf"\b{name}\b", f"${number}", statement)
    return statement, ", ".join(TYPES.get(name, "text[]") for name in names)


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def steps_of(plan: Mapping[str, Any]) -> float:
    """How many rows all nodes of a plan gave or threw away."""
    return sum(
        (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
        for each in nodes(plan)
    )


@pytest.mark.parametrize(
    ("name", "statement"), [("pending", PENDING), ("once", ONCE), ("scales", SCALES)]
)
async def test_fifty_thousand_unfolded_rows_are_each_looked_at_a_few_times(
    db: Any, name: str, statement: str
) -> None:
    sql, types = prepared(statement)
    steps = {}
    async with db.transaction():
        await db.execute(BACKLOG, ROWS)
        await db.execute(
            "set local plan_cache_mode = force_generic_plan; set local jit = off;"
            "set local enable_nestloop = off; set local enable_mergejoin = off"
        )
        await db.execute(f"prepare backlog ({types}) as {sql}")
        values = [array(asked) for asked in ASKED.values()]
        for who, scopes in SCOPES.items():
            given = ", ".join([*values, array(scopes)])
            (plan,) = await db.fetchrow(f"explain (analyze, format json) execute backlog ({given})")
            steps[who] = steps_of(json.loads(plan)[0]["Plan"]) / ROWS
        await db.execute("deallocate backlog")
        await db.execute("delete from ledger_pending")

    assert {who: n for who, n in steps.items() if n > STEPS_A_ROW[name]} == {}


async def test_figures_of_a_region_are_in_as_many_pages_however_many_days_and_teams_were_folded(
    db: Any,
) -> None:
    today = date(2026, 11, 22)
    days = [day_of(today - timedelta(days=back)) for back in range(300)]
    months = [month_of(first_of_month(today, back)) for back in range(36)]
    scopes = list(range(5000, 5020))
    teams = list(range(-9000, -4000))
    asked = {
        "names": ["record", "team", "member"],
        "periods": sorted(Stretch(None, today).periods(today)),
        "more_names": ["active", "record"],
        "more_periods": [0, *sorted(months)[-12:]],
        "beginnings": [],
        "their_periods": [],
    }
    statement = FIGURES["own"]
    values = statement.arguments({**asked, "keys": scopes})

    async def pages() -> int:
        sql = f"explain (analyze, buffers, format json) {statement.sql}"
        plan = json.loads((await db.fetchrow(sql, *values))[0])[0]["Plan"]
        return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])

    async def pages_once_planned() -> int:
        # The least of several: what other databases do now and then has a session read its
        # catalogs anew.
        return min([await pages() for _ in range(12)][6:])

    async with db.transaction():
        # What other tests left in it is looked through, until the server itself clears it away.
        await db.execute("truncate ledger_pending")
        # An ANALYZE of the server's own between the two would have the function planned anew.
        await db.execute("lock table ledger_totals, ledger_codes in share update exclusive mode")
        await db.execute(FOLDED, scopes, [0, *months])
        few = await pages_once_planned()
        rows = await db.fetch(statement.sql, *values)
        await db.execute(FOLDED, scopes, days)
        await db.execute(FOLDED, teams, [0, *months[-6:]])
        many = await pages_once_planned()
        again = await db.fetch(statement.sql, *values)
        folded = [*scopes, *teams]
        await db.execute("delete from ledger_totals where scope = any($1::bigint[])", folded)

    assert {len(row["names"]) for row in rows} == {3 + 2 * 13}
    assert again == rows
    assert many == few


def array(values: list[Any]) -> str:
    return "'{" + ",".join(f'"{value}"' for value in values) + "}'"


async def test_figures_are_the_same_before_and_after_folding_a_backlog(db: Any) -> None:
    ask = [ASKED[name] for name in list(ASKED)[:4]]
    begin, their = ["record/category:", "team/size:"], [202611, 202610, 0]
    scopes = [CITY, *range(1000, 1010), -902, -1003]
    query = (
        "select scope, name, period, sum(n)::bigint, sum(quantity)::bigint"
        " from ledger_figures($1, $2, $3, $4, $5, $6, $7)"
        " group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3"
    )
    async with db.transaction():
        await db.execute(BACKLOG, 600)
        pending = await db.fetch(query, *ask, begin, their, scopes)
        await fold_all(db)
        folded = await db.fetch(query, *ask, begin, their, scopes)
        assert await db.fetchval("select count(*) from ledger_pending") == 0
        assert {row["name"].split("/")[0] for row in pending} >= {"record", "active", "served"}
        assert pending == folded
        await db.execute("delete from ledger_totals; delete from ledger_leaves")
        await db.execute("delete from ledger_sizes; delete from ledger_places")


async def test_a_change_of_many_rows_looks_at_each_row_not_at_each_pair(
    planter: Planter, db: Any
) -> None:
    region = await planter.region()
    one = await planter.volunteer(region)
    took: dict[int, list[float]] = {500: [], 4_000: []}
    await db.execute(CROWD, one.id, 4_000)
    for many in (500, 4_000) * 3:
        took[many].append(await processor_seconds(db, STARS, one.id, many))
    await db.execute("delete from volunteers where id >= $1", one.id)
    await fold_all(db)

    # Rows are 8 times as many, pairs 64 times; the cheapest look at pairs takes 20 times as long.
    assert min(took[4_000]) < 14 * min(took[500])
