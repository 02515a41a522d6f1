"""The station that the runs of this folder ask, one for each module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.fuzz.station import Station, serving
from tests.servers import Databases


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def station(databases: Databases, redis_url: str) -> AsyncIterator[Station]:
    async with serving(databases, redis_url) as station:
        yield station
