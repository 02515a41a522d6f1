"""One installation with a tree of offices and two stations for each module."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from db.session import Database
from tests.administrators.offices import Offices
from tests.api.client import running
from tests.servers import Databases
from tests.small_world import Planter, empty_station
from tests.stations.sites import Sites


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sites(url: str, redis_url: str) -> AsyncIterator[Sites]:
    async with Database(url) as database, running(url, redis_url) as client:
        yield await Sites.open(await Offices.open(Planter(database), client))
