"""Fixtures that all tests share, and how examples are drawn."""

import os
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from db.migrate import upgrade

pytest_plugins = ["tests.servers"]

STATION = 50

# What is drawn, and whether it passes, is the same on every machine, however slow. The profile is
# loaded before any test is read: what @given does without settings of its own is settled then.
settings.register_profile(
    "ci",
    max_examples=500,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile(
    "nightly", settings.get_profile("ci"), max_examples=20_000, derandomize=False
)
settings.register_profile("mutants", settings.get_profile("ci"))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Numbers and texts that stand in the modules read so far would be drawn as well: other examples in
# each process of a run, by what its tests happened to read before, and other ones with each commit.
assert callable(providers._get_local_constants)
providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], Awaitable[None]]:
    """The template of the databases: every table, no rows."""

    async def make_tables(url: str) -> None:
        await upgrade(url, station=STATION)

    return make_tables
