"""The outbox: each committed event is handed on, at least once."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from db.events import DomainEvent, SubjectType
from db.outbox import DeliveryFailed, PublishedEvent, publish
from db.session import Database
from tests.servers import Databases
from tests.small_world import connected, empty_station


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


async def happen(database: Database, *numbers: int) -> None:
    async with database.write(account_id=None, capacity="clock", action="a") as write:
        write.record(
            *(
                DomainEvent(
                    name="team.moved",
                    subject_type=SubjectType.TEAM,
                    subject_id=number,
                    because="a test",
                    payload={"n": number},
                )
                for number in numbers
            )
        )


async def test_events_are_handed_on_in_order_and_once(database: Database) -> None:
    await happen(database, 1, 2)
    await happen(database, 3)
    heard: list[PublishedEvent] = []

    async def deliver(events: Sequence[PublishedEvent]) -> None:
        heard.extend(events)

    counts = [await publish(database.engine, deliver, batch=2) for _ in range(3)]

    assert counts == [2, 1, 0]
    assert [(event.name, event.subject_type, event.subject_id) for event in heard] == [
        ("team.moved", "Team", 1),
        ("team.moved", "Team", 2),
        ("team.moved", "Team", 3),
    ]
    assert [event.payload for event in heard] == [{"n": 1}, {"n": 2}, {"n": 3}]


async def test_events_come_again_when_the_delivery_fails(database: Database) -> None:
    await happen(database, 1)
    heard: list[int] = []

    async def deliver(events: Sequence[PublishedEvent]) -> None:
        heard.extend(event.subject_id for event in events)
        if len(heard) == 1:
            raise ConnectionResetError

    with pytest.raises(DeliveryFailed):
        await publish(database.engine, deliver)

    assert await publish(database.engine, deliver) == 1
    assert heard == [1, 1]


async def test_several_publishers_share_the_events(database: Database) -> None:
    await happen(database, *range(100))
    heard: list[int] = []

    async def deliver(events: Sequence[PublishedEvent]) -> None:
        heard.extend(event.subject_id for event in events)
        await asyncio.sleep(0.01)

    async def drain() -> None:
        while await publish(database.engine, deliver, batch=7):
            pass

    await asyncio.gather(*(drain() for _ in range(4)))

    assert sorted(heard) == list(range(100))
