"""Events of committed writes reach who listens on Redis, and wait while Redis is away."""

import asyncio
from datetime import timedelta

import orjson
import pytest
import redis.asyncio

from db.events import DomainEvent, SubjectType
from db.session import Database
from gateway.background import in_background
from gateway.events import CHANNEL, carry_events

SOON = timedelta(milliseconds=20)


async def _joined(database: Database, team: int) -> None:
    async with database.write(account_id=None, capacity="public", action="test") as write:
        write.record(
            DomainEvent(
                name="membership.joined",
                subject_type=SubjectType.MEMBERSHIP,
                subject_id=team,
                because="test",
                payload={"teamId": team},
            )
        )


async def _waiting(database: Database) -> int:
    async with database.write(account_id=None, capacity="public", action="test") as write:
        rows = await write.run("select count(*) from outbox where published_at is null")
    return int(rows[0][0])


async def test_a_committed_event_is_published(database_url: str, redis_url: str) -> None:
    async with Database(database_url) as database, redis.asyncio.from_url(redis_url) as shared:
        async with shared.pubsub() as listener:
            await listener.subscribe(CHANNEL)
            await listener.get_message(timeout=5)
            async with in_background(carry_events(database.engine, shared, every=SOON)):
                await _joined(database, 7)
                message = await listener.get_message(ignore_subscribe_messages=True, timeout=10)

        assert message is not None
        told = orjson.loads(message["data"])
        assert (told["name"], told["subjectId"], told["payload"]) == (
            "membership.joined",
            7,
            {"teamId": 7},
        )


async def test_events_wait_while_redis_is_away(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.events.PAUSE_AFTER_FAILURE", SOON)
    async with Database(database_url) as database:
        before = await _waiting(database)
        away = redis.asyncio.from_url("redis://127.0.0.1:1/0")
        async with away, in_background(carry_events(database.engine, away, every=SOON)):
            await _joined(database, 8)
            await asyncio.sleep(0.3)
        assert await _waiting(database) == before + 1

        shared = redis.asyncio.from_url(redis_url)
        async with shared, in_background(carry_events(database.engine, shared, every=SOON)):
            async with asyncio.timeout(10):
                while await _waiting(database):
                    await asyncio.sleep(0.05)
