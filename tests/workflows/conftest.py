"""A station with tables and nothing in them, for each module."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from db.ledger.verifying import verify
from db.session import Database
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station
from tests.workflows.district import District
from tests.workflows.tutorial import prepare_bare


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module", autouse=True)
def ledger_agrees(url: str) -> Iterator[None]:
    """Whatever a module wrote, the statistics agree with it in the end."""
    yield

    async def differences() -> list[str]:
        async with connected(url) as connection:
            return [str(each) for each in await verify(connection)]

    assert asyncio.run(differences()) == []


@pytest.fixture(scope="module")
def bare_url(databases: Databases) -> Iterator[str]:
    """A station of real regions where nobody acts yet, but for one department user."""
    url = databases.clone("bare", prepare_bare)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
def planter(database: Database) -> Planter:
    return Planter(database)


@pytest.fixture(scope="module")
def planted(url: str) -> District:
    """A district for all tests of a module; each adds what it changes."""

    async def plant() -> District:
        async with Database(url) as database:
            return await District.plant(Planter(database))

    return asyncio.run(plant())


@pytest.fixture
def shared(planted: District, planter: Planter) -> District:
    """The module's district, planted into by this test."""
    planted.planter = planted.forest.planter = planter
    return planted


@pytest.fixture
async def db(url: str) -> AsyncIterator[Any]:
    """A connection beside the gateway's, to see what was stored."""
    async with connected(url) as connection:
        yield connection
