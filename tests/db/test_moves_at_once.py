"""Many moves at once: whatever comes in between, the forest stays a forest."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import pytest

from db.enums import HubLevel, PermissionGroup
from db.errors import LockUnavailable
from db.session import Database
from permissions.edges import Policy
from permissions.viewer import Viewer
from resolvers.moves import Answer, Wish, answer_move, move_team
from tests.db.forest import Forest
from tests.db.tree_oracle import check_tree
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station

TODAY = date(2026, 5, 20)
TEAMS = 22
WORKERS = 6
MOVES_EACH = 12


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


@pytest.fixture
async def forest(database: Database) -> Forest:
    """A city hub over two chains and a bush, so that moves meet the depth bound and each other."""
    planter = Planter(database)
    forest = Forest(planter, await planter.region())
    await forest.plant("city", hub_level=HubLevel.CITY)
    for n in range(TEAMS):
        under = "city" if n % 11 == 0 else f"t{n - 1}" if n < 16 else "t3"
        await forest.plant(f"t{n}", under, permission_group=PermissionGroup.JUNIOR_TEAM)
    return forest


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_forced_moves_from_many_connections_keep_the_forest(
    db: Any, forest: Forest, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - draws of a test
    city = await forest.manager("city")
    names = [name for name in forest.teams if name != "city"]
    wishes = [
        (chance.choice(names), chance.choice([*forest.teams])) for _ in range(WORKERS * MOVES_EACH)
    ]
    outcomes: Counter[str] = Counter()

    async def work(mine: list[tuple[str, str]]) -> None:
        for team, to in mine:
            wish = Wish(
                team_id=forest.teams[team].id, contact_team_id=forest.teams[to].id, reason="试"
            )
            try:
                outcome = await move_team(forest.planter.database, city, wish, None, today=TODAY)
            except LockUnavailable:
                outcomes["LOCK"] += 1
                continue
            outcomes[outcome.errors[0].code.value if outcome.errors else "MOVED"] += 1

    await asyncio.gather(*(work(wishes[n::WORKERS]) for n in range(WORKERS)))

    await check_tree(db, today=TODAY)
    assert outcomes["MOVED"] >= WORKERS
    assert outcomes["CYCLE"] > 0  # else the draw asked nothing of the rule
    epoch = await db.fetchval("select tree_epoch from installation")
    assert epoch == 1 + outcomes["MOVED"]


async def test_two_moves_that_would_close_a_cycle_do_not_both_happen(
    db: Any, forest: Forest
) -> None:
    await forest.plant("a", "city", permission_group=PermissionGroup.JUNIOR_TEAM)
    await forest.plant("b", "city", permission_group=PermissionGroup.JUNIOR_TEAM)
    city = await forest.manager("city")
    a, b = forest.teams["a"].id, forest.teams["b"].id

    outcomes = await asyncio.gather(
        *(
            move_team(
                forest.planter.database,
                city,
                Wish(team_id=team, contact_team_id=to, reason="试"),
                None,
                today=TODAY,
            )
            for team, to in ((a, b), (b, a))
        )
    )

    assert sorted(bool(outcome.errors) for outcome in outcomes) == [False, True]
    await check_tree(db, today=TODAY)


async def test_of_two_answers_to_one_request_one_is_too_late(db: Any, forest: Forest) -> None:
    await forest.plant("host", "city", permission_group=PermissionGroup.JUNIOR_TEAM)
    asked = await move_team(
        forest.planter.database,
        await forest.manager("t21"),
        Wish(team_id=forest.teams["t21"].id, contact_team_id=forest.teams["host"].id),
        None,
        today=TODAY,
    )
    assert asked.subject_id is not None
    review_id = asked.subject_id

    async def answered(host: Viewer, *, accept: bool) -> list[str]:
        outcome = await answer_move(
            forest.planter.database,
            host,
            Answer(review_id=review_id, accept=accept),
            None,
            policy=Policy(),
            today=TODAY,
        )
        return [error.code.value for error in outcome.errors]

    hosts = [await forest.manager("host"), await forest.manager("host")]
    errors = await asyncio.gather(answered(hosts[0], accept=True), answered(hosts[1], accept=False))

    assert sorted(errors) == [[], ["ALREADY_DECIDED"]]
    await check_tree(db, today=TODAY)
