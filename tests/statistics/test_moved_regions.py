"""Of months before a redistricting nothing can be worked out by how regions lie since."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from db.enums import RegionLevel
from db.ledger.folding import fold_all
from db.ledger.periods import ALL_TIME
from db.ledger.triggers import SET_DAY
from db.models import Membership, Region
from loaders.statistics import Child, Figures
from resolvers.publication import Moved, Publication
from tests.api.client import running
from tests.small_world import Planter
from tests.statistics.test_suppression import MONTH, NOW, Row

LONG_AGO = datetime(2024, 1, 10, 4, tzinfo=UTC)
ASK = """
query ($code: String!, $month: Date!) {
  publicStatistics(regionCode: $code, month: $month) {
    minutes volunteers children { region { name } minutes volunteers teams }
  }
}
"""
HOLD = "select from teams where region_id = $1 for update"
MOVE = "update regions set parent_id = $2, path = $3 where id = $1"
FOLLOW = (
    "update teams set region_path = $2 where region_id = $1",
    "update volunteers set region_path = $2 where region_id = $1",
)


async def serve(planter: Planter, there: Region, persons: int, minutes: int) -> None:
    """A team of so many, all of whom live there; one of them served."""
    team = await planter.team(there, registered_at=LONG_AGO, created_at=LONG_AGO)
    for nth in range(persons):
        volunteer = await planter.volunteer(there, registered_at=LONG_AGO)
        await planter.add(
            Membership(
                province="50",
                team_id=team.id,
                volunteer_id=volunteer.id,
                status="JOINED",
                joined_at=LONG_AGO,
                applied_at=LONG_AGO,
            )
        )
        if not nth:
            await planter.record(
                volunteer, team, starts_at=LONG_AGO, minutes=minutes, status="EFFECTIVE"
            )


async def move(db: Any, town: Region, gained: Region, day: date) -> None:
    """The town joins another district, with its team and who lives there."""
    await fold_all(db)
    async with db.transaction():
        await db.execute(SET_DAY, day)
        path = f"{gained.path}{town.id}/"
        await db.execute(HOLD, town.id)
        await db.execute(MOVE, town.id, gained.id, path)
        for follow in FOLLOW:
            await db.execute(follow, town.id, path)
    await fold_all(db)


@pytest.fixture
async def joined(planter: Planter, db: Any) -> Mapping[str, Region]:
    """A town with a large team that has joined another district; few serve right in both."""
    city = await planter.region(level=RegionLevel.PROVINCE)
    lost, gained = [await planter.region(city) for _ in range(2)]
    kept, town, other = [
        await planter.region(above, level=RegionLevel.TOWN) for above in (lost, lost, gained)
    ]
    for there, persons, minutes in (
        *((kept, 15, 200), (town, 40, 600), (other, 12, 100)),
        *((lost, 2, 30), (gained, 3, 50)),
    ):
        await serve(planter, there, persons, minutes)
    await move(db, town, gained, date(2025, 2, 10))
    return {"city": city, "lost": lost, "gained": gained, "town": town}


def told(answer: Any) -> tuple[int | None, Iterable[tuple[int | None, int | None, int]]]:
    figures = answer.good["publicStatistics"]
    below = [(each["minutes"], each["volunteers"], each["teams"]) for each in figures["children"]]
    return figures["minutes"], below


async def test_before_it_nothing_is_told_below_who_gained_or_lost(
    joined: Mapping[str, Region], url: str, redis_url: str
) -> None:
    async with running(url, redis_url) as client:
        asked = {
            name: told(await client.ask(ASK, {"code": each.code, "month": "2025-01-01"}))
            for name, each in joined.items()
        }

    assert asked == {
        "city": (980, [(830, 57, 3), (150, 15, 2)]),
        "lost": (830, [(None, None, 1)]),
        "gained": (150, [(None, None, 1), (None, None, 1)]),
        "town": (None, []),
    }


async def test_after_it_the_town_covers_nobody_whose_hours_it_has_no_part_in(
    joined: Mapping[str, Region], url: str, redis_url: str
) -> None:
    """As many hours as before it came: none are the town's, and all but a hundred are of three."""
    async with running(url, redis_url) as client:
        asked = [
            told(await client.ask(ASK, {"code": joined["gained"].code, "month": month}))
            for month in ("2025-01-01", "2025-02-01")
        ]

    assert asked == [
        (150, [(None, None, 1), (None, None, 1)]),
        (150, [(None, None, 1), (None, 12, 1)]),
    ]


def large(people: int, minutes: int, teams: int = 1) -> Figures:
    return Figures(
        {
            ("people", ALL_TIME): (people, 0),
            ("member", ALL_TIME): (people, 0),
            ("volunteer", ALL_TIME): (people, 0),
            ("record", ALL_TIME): (0, minutes),
            ("team/size:2", ALL_TIME): (teams, 0),
        }
    )


def test_no_more_large_teams_than_there_are_stand_for_ten_persons() -> None:
    children = [Child(Row(1), large(12, 100)), Child(Row(2), large(40, 600))]

    figures = Publication(MONTH, NOW).of(Row(0), [0], large(15, 150), [children])

    assert figures.minutes == 150
    assert figures.children[0].minutes is None


@pytest.mark.parametrize(
    ("since", "grown", "told"),
    [
        (date(2026, 6, 1), 100, [None, None]),
        (date(2026, 5, 31), 100, [None, 600]),
        (date(2026, 5, 31), 5, [None, 600]),
        (date(2026, 5, 31), 4, [None, None]),
    ],
)
def test_after_it_hours_are_covered_by_what_was_served_since(
    since: date, grown: int, told: Sequence[int | None]
) -> None:
    """Forty minutes right there, and as many that the town brought along: nothing seems to rest."""
    children = [Child(Row(1), large(30, 100)), Child(Row(2), large(40, 600))]
    moved = {0: Moved(since, 700 - grown)}

    figures = Publication(MONTH, NOW, moved).of(Row(0), [0], large(70, 700, teams=2), [children])

    is_over = since < date(2026, 6, 1)
    assert [each.volunteers for each in figures.children] == ([30, 40] if is_over else [None] * 2)
    assert [each.minutes for each in figures.children] == told
