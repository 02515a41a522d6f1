"""Whatever is written, in whatever order, folded whenever: the ledger agrees with the tables."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
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
from tests.statistics.busy_steps import STEPS, act
from tests.statistics.busy_world import BusyWorld

IS_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
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
FOLD = "fold"
FOLDS = 6
# Every plan takes all steps, in an order of its own.
BAG = [
    *(name for name, often in STEPS.items() for _ in range(often.times)),
    *([FOLD] * FOLDS),
]

numbers = st.integers(0, 10_000)
plans = st.tuples(
    st.permutations(BAG),
    st.lists(st.tuples(numbers, numbers), min_size=len(BAG), max_size=len(BAG)),
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


async def appended(db: Any, after: int) -> tuple[int, set[str]]:
    """The last row that was appended to the ledger, and the names of all since the given one."""
    rows = await db.fetch("select id, kind, dims from ledger_pending where id > $1", after)
    names = {kind for _, kind, _ in rows}
    names |= {f"{kind}/{each}" for _, kind, dims in rows for each in dims}
    return max((row["id"] for row in rows), default=after), names


def test_ledger_agrees_after_any_writes_folded_at_any_moments(busy_url: str) -> None:
    moved: Counter[tuple[str, str]] = Counter()
    figures: set[str] = set()

    @settings(
        max_examples=150 if IS_NIGHTLY else 5,
        deadline=None,
        derandomize=not IS_NIGHTLY,
        # To make a plan of seventy steps smaller takes minutes.
        phases=[*Phase] if IS_NIGHTLY else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(plan=plans)
    def agrees(plan: tuple[list[str], list[tuple[int, int]]]) -> None:
        asyncio.run(run(list(zip(*plan, strict=True))))

    async def run(plan: list[tuple[str, tuple[int, int]]]) -> None:
        async with Database(busy_url) as database, connected(busy_url) as db:
            busy = await BusyWorld.plant(database, db)
            last, _ = await appended(db, 0)
            for name, (a, b) in plan:
                if name == FOLD:
                    moved[name, "row"] += await fold(db, limit=1 + a % 40) or 0
                else:
                    await act(busy, name, a, b)
                    last, names = await appended(db, last)
                    figures.update(names)
                    moved.update((name, each) for each in names)
            assert [str(each) for each in await verify(db)] == []
            before = await read_all(db)
            figures.update(name for _, name, _ in before)
            while await fold(db):
                pass
            assert await read_all(db) == before
            await rebuild(db)
            assert [str(each) for each in await verify(db)] == []

    agrees()

    # Or it would have agreed on nothing.
    missed = {(name, kind) for name, often in STEPS.items() for kind in often.moves} - {*moved}
    assert missed == set()
    assert figures >= NAMES
    assert moved[FOLD, "row"] > FOLDS
