"""A bureau that draws checks, for each module."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from db.session import Database
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station
from tests.supervision.bureau import Bureau


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest_asyncio.fixture(loop_scope="module")
async def bureau(database: Database) -> Bureau:
    return await Bureau.open(Planter(database))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    """A connection beside the gateway's, to see what was stored."""
    async with connected(url) as connection:
        yield connection
