"""Whatever is written, in whatever order, folded whenever: the ledger agrees with the tables."""

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.ledger.folding import fold
from db.ledger.reading import FIGURES
from db.ledger.rebuilding import rebuild
from db.ledger.verifying import verify
from db.session import Database
from loaders.statistics import Ask, figures_in
from resolvers.metrics import SOURCES
from tests.servers import Databases
from tests.small_world import connected, empty_station
from tests.statistics.busy_world import BusyWorld

EXAMPLES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 6
NAMES = frozenset(
    name for source in SOURCES.values() for name in (*source.names, *(source.team_names or ()))
)
PARTS = frozenset(
    {
        "team/size:",
        "team/hours:",
        "hub/size:",
        "volunteer/skill:",
        "volunteer/id:",
        "record/source:",
    }
)
STEPS = (
    *("register", "withdraw", "join", "join", "leave", "profile", "found", "disable", "enable"),
    *("enable", "move", "project", "project", "post", "stop", "apply", "apply", "apply", "accept"),
    *("accept", "attend", "attend", "enter", "enter", "enter", "enter", "enter", "correct"),
    *("correct", "void", "clock", "clock"),
)

numbers = st.integers(0, 10_000)
plans = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(STEPS), numbers, numbers),
        st.tuples(st.just("fold"), st.integers(1, 30), st.just(0)),
    ),
    min_size=15,
    max_size=60,
)


@pytest.fixture(scope="module")
def busy_url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


async def read_all(db: Any) -> dict[tuple[int, str, int], tuple[int, int]]:
    """Every figure of every scope, of all time and by month, folded or not."""
    scopes = [
        row[0] for row in await db.fetch("select id from regions union all select -id from teams")
    ]
    periods = frozenset({0, *range(202601, 202613)})
    ask = Ask(names=NAMES, periods=periods, beginnings=PARTS, their_periods=periods)
    statement = FIGURES["own"]
    rows = await db.fetch(
        statement.sql,
        *statement.arguments({**ask.parameters, "keys": scopes}),
        record_class=statement.row,
    )
    return {
        (row.scope, name, period): tuple(amount)
        for row in rows
        for (name, period), amount in figures_in(row).amounts.items()
        if tuple(amount) != (0, 0)
    }


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 100,
    suppress_health_check=list(HealthCheck),
)
@given(plan=plans)
def test_ledger_agrees_after_any_writes_folded_at_any_moments(
    busy_url: str, plan: list[tuple[str, int, int]]
) -> None:
    async def run() -> None:
        async with Database(busy_url) as database, connected(busy_url) as db:
            world = await BusyWorld.plant(database, db)
            for name, a, b in plan:
                if name == "fold":
                    await fold(db, limit=a)
                else:
                    await world.act(name, a, b)
            assert [str(each) for each in await verify(db)] == []
            before = await read_all(db)
            while await fold(db):
                pass
            assert await read_all(db) == before
            await rebuild(db)
            assert [str(each) for each in await verify(db)] == []

    asyncio.run(run())
