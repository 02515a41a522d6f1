"""The outbox: events of committed writes, handed on at least once."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from db.events import Json
from db.write import open_write

BATCH = 500

# Publishers of several processes take different rows; one that dies gives its rows back.
_TAKE = """
select id, event, subject_type, subject_id, payload::text as payload, created_at from outbox
where published_at is null order by id limit $1 for update skip locked
"""
_DONE = "update outbox set published_at = now() where id = any($1::bigint[])"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """An event as subscribers are told of it; ``id`` names it when it comes twice."""

    id: int
    name: str
    subject_type: str
    subject_id: int
    payload: dict[str, Json]
    at: datetime


class DeliveryFailed(Exception):
    """Events could not be handed on; they stay in the outbox."""


Deliver = Callable[[Sequence[PublishedEvent]], Awaitable[None]]


async def publish(engine: AsyncEngine, deliver: Deliver, *, batch: int = BATCH) -> int:
    """Hands the oldest unpublished events to ``deliver``; returns how many.

    They count as published when ``deliver`` returns; when it raises, or the process dies, they
    come again.

    Raises:
        DeliveryFailed: ``deliver`` lost its connection.
    """
    async with open_write(engine, account_id=None, capacity="publisher", action="publish") as write:
        rows = await write.run(_TAKE, batch)
        if not rows:
            return 0
        try:
            await deliver([_event(row) for row in rows])
        except OSError as error:  # else the write would take it for its own connection's
            raise DeliveryFailed from error
        await write.run(_DONE, [row["id"] for row in rows])
    return len(rows)


def _event(row: Mapping[str, Any]) -> PublishedEvent:
    return PublishedEvent(
        id=row["id"],
        name=row["event"],
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        payload=json.loads(row["payload"]),
        at=row["created_at"],
    )
