"""One station with a tree of offices for each module."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from db import passwords
from db.session import Database
from tests.administrators.offices import Offices
from tests.api.client import running
from tests.counting_hasher import CountingHasher
from tests.servers import Databases
from tests.small_world import Planter, empty_station


@pytest.fixture(scope="module", autouse=True)
def hasher() -> Iterator[CountingHasher]:
    """A cheap hasher, for these tests sign in often."""
    hasher = CountingHasher()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", hasher)
        yield hasher


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def offices(url: str, redis_url: str) -> AsyncIterator[Offices]:
    async with Database(url) as database, running(url, redis_url) as client:
        yield await Offices.open(Planter(database), client)
