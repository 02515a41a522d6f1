"""Worlds and clients of the tests of the API; all of a module run on one loop and one database."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.api.client import Client, running
from tests.api.people_world import prepare_people
from tests.servers import Databases


@pytest.fixture(scope="module")
def people_url(databases: Databases) -> Iterator[str]:
    """A database with the world of named people."""
    url = databases.clone("people", prepare_people)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def people(people_url: str, redis_url: str) -> AsyncIterator[Client]:
    """A client of a station with the world of named people."""
    async with running(people_url, redis_url) as client:
        yield client
