"""The sealer: lays the chain behind the writers, who never wait for it or for each other.

One process at a time seals, in order of what it sees; an entry that becomes visible late is sealed
when it is seen. A process that dies leaves what it had not committed to the next.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from db.audit import queries
from db.audit.chain import Link
from db.audit.heads import SignedHead, sign_head
from db.errors import DatabaseRefusal
from db.keys import Key
from db.write import Write, open_write

log = logging.getLogger(__name__)

BATCH = 2_000
SIGN_EVERY = timedelta(hours=1)
PAUSE_AFTER_FAILURE = timedelta(seconds=5)


async def seal(
    engine: AsyncEngine, key: Key, *, now: datetime, batch: int = BATCH
) -> tuple[int, SignedHead | None]:
    """Seals the oldest entries, and signs the head once an hour; how many, and the head.

    While another process seals, nothing.
    """
    async with open_write(engine, account_id=None, capacity="sealer", action="seal") as write:
        (turn,) = await write.run(queries.TAKE_TURN)
        if not turn[0]:
            return 0, None
        (sealed,) = await write.run(queries.SEAL, batch)
        return sealed[0], await _sign(write, key, now)


async def _sign(write: Write, key: Key, now: datetime) -> SignedHead | None:
    found = await write.run(queries.LATEST)
    if not found:
        return None
    (latest,) = found
    if latest["signed_no"] == latest["chain_no"]:
        return None
    if latest["signed_at"] is not None and now - latest["signed_at"] < SIGN_EVERY:
        return None
    head = sign_head(key, latest["station"], Link(latest["chain_no"], latest["hash"]), now)
    await write.run(
        queries.INSERT_HEAD,
        head.link.no,
        head.link.hash,
        head.signed_at,
        head.key_id,
        head.signature,
    )
    return head


async def keep_sealed(
    engine: AsyncEngine, key: Key, *, every: timedelta = timedelta(seconds=1)
) -> None:
    """Seals what was written, again and again, until cancelled; a failed round is tried again."""
    while True:
        pause = every
        try:
            sealed, head = await seal(engine, key, now=datetime.now(UTC))
            if sealed == BATCH:
                pause = timedelta()
            if head is not None:
                log.info("audit_head_signed", extra={"head": str(head.link), "key_id": head.key_id})
        except DatabaseRefusal as error:
            log.warning("audit_not_sealed", extra={"error": type(error).__name__})
            pause = PAUSE_AFTER_FAILURE
        await asyncio.sleep(pause.total_seconds())
