"""What befalls complaints by time alone: stranded ones are handed on, holders are reminded."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from db.errors import DatabaseRefusal
from resolvers.complaints.handing_over import hand_over_stranded
from resolvers.complaints.reminding import remind

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)


async def keep_complaints_moving(engine: AsyncEngine, *, every: timedelta = EVERY) -> None:
    """Hands on and reminds, again and again, until cancelled; what failed is tried again."""
    while True:
        try:
            # Handed on before reminded: who holds it no more is told of no day.
            handed = await hand_over_stranded(engine)
            reminded = await remind(engine, now=datetime.now(UTC))
            if handed or reminded:
                log.info("complaints_round", extra={"handed_over": handed, "reminded": reminded})
        except DatabaseRefusal as error:
            log.warning("complaints_round_failed", extra={"error": type(error).__name__})
        await asyncio.sleep(every.total_seconds())
