"""Carries committed events from the outbox to whoever listens on Redis."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncEngine

from db.errors import DatabaseRefusal
from db.outbox import BATCH, DeliveryFailed, PublishedEvent, publish

log = logging.getLogger(__name__)

CHANNEL = "volunteer-gateway:events"
PAUSE_AFTER_FAILURE = timedelta(seconds=5)


async def carry_events(
    engine: AsyncEngine, redis: Any, *, every: timedelta = timedelta(milliseconds=500)
) -> None:
    """Publishes what is in the outbox, again and again, until cancelled.

    While Redis is away events stay where they are and are published when it is back.
    """

    async def deliver(events: Sequence[PublishedEvent]) -> None:
        try:
            async with redis.pipeline(transaction=False) as pipeline:
                for event in events:
                    pipeline.publish(CHANNEL, _message(event))
                await pipeline.execute()
        except RedisError as error:
            raise DeliveryFailed from error

    while True:
        pause = every
        try:
            if await publish(engine, deliver) == BATCH:
                pause = timedelta()
        except (DatabaseRefusal, DeliveryFailed) as error:
            log.warning("events_not_carried", extra={"error": type(error).__name__})
            pause = PAUSE_AFTER_FAILURE
        await asyncio.sleep(pause.total_seconds())


def _message(event: PublishedEvent) -> bytes:
    return orjson.dumps(
        {
            "id": event.id,
            "name": event.name,
            "subjectType": event.subject_type,
            "subjectId": event.subject_id,
            "payload": event.payload,
            "at": event.at,
        }
    )
