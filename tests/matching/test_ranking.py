"""The ranked search: points are those that the schema tells, for whoever computes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from db.enums import RegionLevel
from db.models import Region
from db.queries.matching.entities import NEED, OFFER
from db.queries.matching.searching import Wish
from permissions.viewer import PUBLIC
from tests.matching.square import CATEGORIES, END, START, Square
from tests.small_world import NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")

SKILLS = ("普通话", "急救", "摄影")


def steps_between(one: str, other: str) -> int:
    """How many steps lead from one region to another, up and down the tree."""
    left, right = one.split("/")[:-1], other.split("/")[:-1]
    common = 0
    while common < min(len(left), len(right)) and left[common] == right[common]:
        common += 1
    return len(left) + len(right) - 2 * common


def points(wish: Wish, form: Any, path: str) -> int | None:
    """The points as the description of the schema has them; None for what does not fit."""
    shared = len(set(wish.categories) & set(form.categories))
    if wish.categories and not shared:
        return None
    total = 40 * shared // max(len(wish.categories), 1)
    total += 20 * len(set(wish.skills) & set(form.skills)) // max(len(wish.skills), 1)
    if wish.region_path is not None:
        total += max(0, 30 - 6 * steps_between(wish.region_path, path))
    if wish.since is not None and wish.until is not None:
        overlap = min(wish.until, form.ends_at) - max(wish.since, form.starts_at)
        if overlap <= timedelta():
            return None
        whole = wish.until - wish.since
        total += 30 * round(overlap.total_seconds()) // round(whole.total_seconds())
    return total


async def tree(square: Square) -> Sequence[Region]:
    """A county with two towns, three villages, and another county: all under one province."""
    root = square.forest.region
    made = [root]
    for number, parent in enumerate([0, 0, 1, 1, 2], start=1):
        above = made[parent]
        region_id = root.id + 2**20 * number
        region = Region(
            id=region_id,
            province="50",
            parent_id=above.id,
            path=f"{above.path}{region_id}/",
            depth=above.depth + 1,
            level=RegionLevel.TOWN,
            code=f"M{region_id}",
            name=f"镇{number}",
            short_name=f"镇{number}",
        )
        await square.planter.add(region)
        made.append(region)
    made.append(await square.planter.region())
    return made


async def test_points_and_order_are_what_the_schema_tells(square: Square, db: Any) -> None:
    draw = Random(11)  # noqa: S311 - not for secrets
    regions = await tree(square)
    forms: dict[int, tuple[Any, str]] = {}
    for _ in range(40):
        region = draw.choice(regions)
        since = START + timedelta(hours=draw.randrange(240))
        form = square.need_form(
            region_id=region.id,
            categories=tuple(draw.sample(CATEGORIES, draw.randint(1, 3))),
            skills=tuple(draw.sample(SKILLS, draw.randint(0, 3))),
            starts_at=since,
            ends_at=since + timedelta(hours=draw.randint(1, 200)),
        )
        outcome = await square.need(
            **{
                name: getattr(form, name)
                for name in ("region_id", "categories", "skills", "starts_at", "ends_at")
            }
        )
        assert outcome.subject_id is not None, outcome.errors
        forms[outcome.subject_id] = (form, region.path)
    other = {row["id"] for row in await db.fetch("select id from needs")} - set(forms)

    for _ in range(40):
        since = START + timedelta(hours=draw.randrange(240))
        timed = draw.random() < 0.7
        wish = Wish(
            categories=tuple(draw.sample(CATEGORIES, draw.randint(0, 2))),
            skills=tuple(draw.sample(SKILLS, draw.randint(0, 2))),
            region_path=draw.choice([None, draw.choice(regions).path]),
            since=since if timed else None,
            until=since + timedelta(hours=draw.randint(1, 90)) if timed else None,
        )
        found = [
            (row.id, row.score) for row in await square.search(NEED, wish) if row.id not in other
        ]
        expected = [
            (number, score)
            for number, (form, path) in forms.items()
            if (score := points(wish, form, path)) is not None
        ]
        expected.sort(key=lambda each: (-each[1], forms[each[0]][0].starts_at, each[0]))
        assert found == expected, wish


async def test_parts_add_up_to_the_score(square: Square) -> None:
    number = (await square.offer(square.helper)).subject_id
    wish = Wish(
        categories=("CULTURE", "MEDICAL"),
        skills=("普通话",),
        region_path=square.forest.region.path,
        since=START,
        until=START + timedelta(days=20),
    )

    (row,) = [each for each in await square.search(OFFER, wish) if each.id == number]

    assert (row.of_categories, row.of_skills, row.of_region, row.of_time) == (20, 20, 30, 15)
    assert row.score == 85


async def test_search_finds_only_what_is_open_in_time_and_in_scope(square: Square) -> None:
    wish = Wish(categories=("MEDICAL",), region_path=square.forest.region.path)
    need = (await square.need(categories=("MEDICAL",), people=1)).subject_id
    closed = (await square.need(categories=("MEDICAL",))).subject_id
    await square.closed(closed)
    own = (await square.offer(categories=("MEDICAL",))).subject_id

    async def found(entity: Any, viewer: Any = PUBLIC, now: datetime = NOW) -> set[int]:
        return {row.id for row in await square.search(entity, wish, viewer, now=now)}

    assert need in await found(NEED)
    assert closed not in await found(NEED, square.manager)
    assert need not in await found(NEED, now=END)
    # A volunteer's offer is for teams that work.
    assert own not in await found(OFFER)
    assert own in await found(OFFER, square.helper)
    assert own not in await found(OFFER, await square.someone())

    answer = (await square.answer(need)).subject_id
    await square.decided(answer)
    assert need not in await found(NEED), "who has found everybody looks for nobody"
