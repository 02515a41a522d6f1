"""A station with tables and a ward, for each module."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from db.session import Database
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station
from tests.voices.ward import Ward


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
async def ward(database: Database) -> Ward:
    return await Ward.plant(Planter(database))


@pytest.fixture
async def db(url: str) -> AsyncIterator[Any]:
    """A connection beside the gateway's, to see what was stored."""
    async with connected(url) as connection:
        yield connection
