"""A station with tables and nothing in them, for each module; who writes here folds by hand."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from db.session import Database
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
def planter(database: Database) -> Planter:
    return Planter(database)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Any]:
    """A connection of the test's own, beside the gateway's."""
    async with connected(url) as connection:
        yield connection
