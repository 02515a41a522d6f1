"""Random checks are drawn by chance alone, by those who may, and can be drawn again."""

import hashlib
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from db.enums import InspectionKind, RecordStatus
from db.queries.inspections.drawing import draw
from permissions.errors import Forbidden
from resolvers.inspections.drawing import population_of
from tests.small_world import NOW
from tests.supervision.bureau import TODAY, Bureau, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = bytes(range(32))


def naive_draw(seed: bytes, population: list[tuple[str, int]], size: int) -> list[tuple[str, int]]:
    """The draw as the description of the schema tells it, by other means."""
    keyed = sorted(
        population,
        key=lambda each: hashlib.sha256(seed + f"{each[0]}:{each[1]}".encode()).digest(),
    )
    return keyed[:size]


async def test_draw_is_what_anybody_computes_from_the_seed(bureau: Bureau) -> None:
    records = [await bureau.recorded(days_ago=n) for n in range(1, 9)]
    certificate = await bureau.certified()
    population = [("RECORD", each.id) for each in records] + [("CERTIFICATE", certificate.id)]
    wish = bureau.plan(kind=InspectionKind.BOTH)

    async with bureau.database.read() as snapshot:
        drawn = await draw(snapshot, population_of(bureau.region.path, wish), seed=SEED, size=4)
        again = await draw(snapshot, population_of(bureau.region.path, wish), seed=SEED, size=4)
        other = await draw(
            snapshot, population_of(bureau.region.path, wish), seed=SEED[::-1], size=9
        )

    assert [(row.kind, row.id) for row in drawn] == naive_draw(SEED, population, 4)
    assert list(drawn) == list(again)
    assert [(row.kind, row.id) for row in other] == naive_draw(SEED[::-1], population, 9)
    assert {row.population for row in (*drawn, *other)} == {9}
    assert drawn[0].fingerprint != other[0].fingerprint


async def test_drawn_items_are_frozen_in_rows_with_their_seed(bureau: Bureau, db: Any) -> None:
    records = {(await bureau.recorded(days_ago=n)).id for n in range(1, 8)}

    outcome = await bureau.drawn(size=3)

    row = await db.fetchrow("select * from inspections where id = $1", outcome.subject_id)
    items = await db.fetch(
        "select * from inspection_items where inspection_id = $1 order by position",
        outcome.subject_id,
    )
    expected = naive_draw(row["seed"], [("RECORD", each) for each in sorted(records)], 3)
    assert [(item["kind"], item["record_id"]) for item in items] == expected
    assert [item["position"] for item in items] == [1, 2, 3]
    assert (row["population"], row["size"], row["status"]) == (7, 3, "DRAWN")
    for statement in (
        "update inspection_items set record_id = record_id + 1 where id = $1",
        "delete from inspection_items where id = $1",
    ):
        with pytest.raises(asyncpg.RaiseError, match="frozen"):
            await db.execute(statement, items[0]["id"])
    with pytest.raises(asyncpg.RaiseError, match="frozen"):
        await db.execute("update inspections set seed = $2 where id = $1", row["id"], SEED)


async def test_only_what_counts_there_and_then_is_drawn(bureau: Bureau, db: Any) -> None:
    inside = await bureau.recorded(days_ago=10)
    await bureau.recorded(days_ago=70)  # before the time
    await bureau.recorded("far", days_ago=11)  # elsewhere
    await bureau.recorded(days_ago=12, status=RecordStatus.NOT_EFFECTIVE)
    await bureau.certified()  # another kind

    outcome = await bureau.drawn()

    drawn = await db.fetch(
        "select record_id from inspection_items where inspection_id = $1", outcome.subject_id
    )
    assert [row["record_id"] for row in drawn] == [inside.id]


async def test_days_are_chinese_and_both_are_included(bureau: Bureau, db: Any) -> None:
    # 2026-05-20 noon in China is NOW; a quarter to midnight in UTC is the next day there.
    evening = NOW.replace(hour=15, minute=59)
    last = await bureau.recorded(starts_at=evening - timedelta(days=1))
    await bureau.recorded(starts_at=evening - timedelta(days=1) + timedelta(hours=1, minutes=31))

    day = TODAY - timedelta(days=1)
    outcome = await bureau.drawn(since=day, until=day)

    drawn = await db.fetch(
        "select record_id from inspection_items where inspection_id = $1", outcome.subject_id
    )
    assert [row["record_id"] for row in drawn] == [last.id]


async def test_draw_may_be_narrowed_to_a_few_teams(bureau: Bureau, db: Any) -> None:
    await bureau.recorded("reading", days_ago=3)
    choir = await bureau.recorded("choir", days_ago=4)

    outcome = await bureau.drawn(team_ids=[bureau.forest.teams["choir"].id])

    drawn = await db.fetch(
        "select record_id, team_id from inspection_items where inspection_id = $1",
        outcome.subject_id,
    )
    assert [tuple(row) for row in drawn] == [(choir.id, bureau.forest.teams["choir"].id)]


async def test_other_department_team_and_volunteer_draw_nothing(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    manager = await bureau.forest.manager("reading")

    for viewer in (bureau.other_officer, manager):
        with pytest.raises(Forbidden):
            await bureau.drawn(viewer)

    assert (
        await db.fetchval("select count(*) from inspections where region_id = $1", bureau.region.id)
        == 0
    )


BAD: dict[str, tuple[dict[str, Any], list[tuple[str, str | None]]]] = {
    "no title": ({"title": ""}, [("REQUIRED", "title")]),
    "long title": ({"title": "查" * 101}, [("TOO_LONG", "title")]),
    "title of two lines": ({"title": "一\n二"}, [("INVALID", "title")]),
    "title read backwards": ({"title": "一\u202e二"}, [("INVALID", "title")]),
    "no such region": ({"region_id": None}, [("NOT_FOUND", "regionCode")]),
    "region of nobody": ({"region_id": 5}, [("NOT_FOUND", "regionCode")]),
    "backwards": (
        {"since": TODAY, "until": TODAY - timedelta(days=1)},
        [("ENDS_BEFORE_START", "until")],
    ),
    "tomorrow": ({"until": TODAY + timedelta(days=1)}, [("IN_THE_FUTURE", "until")]),
    "too long a time": ({"since": TODAY - timedelta(days=2000)}, [("TOO_LONG", "since")]),
    "none": ({"size": 0}, [("INVALID", "size")]),
    "too many": ({"size": 501}, [("TOO_MANY", "size")]),
    "no team": ({"team_ids": []}, [("TOO_MANY", "teamIds")]),
    "missing team": ({"team_ids": [5]}, [("NOT_FOUND", "teamIds")]),
    "nothing there": (
        {"since": TODAY - timedelta(days=900), "until": TODAY - timedelta(days=899)},
        [("NOTHING_TO_DRAW", None)],
    ),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_plan_is_refused_and_nothing_is_drawn(bureau: Bureau, db: Any, case: str) -> None:
    await bureau.recorded()
    given, expected = BAD[case]

    outcome = await bureau.drawn(**given)

    assert codes(outcome) == expected
    assert (
        await db.fetchval("select count(*) from inspections where region_id = $1", bureau.region.id)
        == 0
    )


async def test_team_outside_the_region_is_refused(bureau: Bureau) -> None:
    await bureau.recorded()

    outcome = await bureau.drawn(
        team_ids=[bureau.forest.teams["reading"].id, bureau.elsewhere.teams["far"].id]
    )

    assert codes(outcome) == [("OUTSIDE_REGION", "teamIds")]
