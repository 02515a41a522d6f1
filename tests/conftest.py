"""Fixtures that all tests share."""

import pytest

from db.migrate import upgrade
from tests.servers import Prepare

pytest_plugins = ["tests.servers"]

STATION = 50


@pytest.fixture(scope="session")
def prepare_database() -> Prepare:
    """The template of the databases: every table, no rows."""

    async def make_tables(url: str) -> None:
        await upgrade(url, station=STATION)

    return make_tables
