"""Fixtures that all tests share."""

from collections.abc import Awaitable, Callable

import pytest

from db.migrate import upgrade

pytest_plugins = ["tests.servers"]

STATION = 50


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], Awaitable[None]]:
    """The template of the databases: every table, no rows."""

    async def make_tables(url: str) -> None:
        await upgrade(url, station=STATION)

    return make_tables
