"""The pace of what may be guessed, counted in buckets that all processes share."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.rate_limit import DAY, MINUTE, Bucket, Budgets
from permissions.errors import RateLimited
from resolvers.certificate_checks import PACE as CERTIFICATE_CHECKS
from resolvers.self_service import REQUESTS, REQUESTS_FOR_ONE, TRIES

ASKER_BYTES = 16

# Enough for a person, and for an office that checks a pile of them; nothing for a guesser.
PACES: Mapping[str, Sequence[Bucket]] = {
    CERTIFICATE_CHECKS: (Bucket("checksPerMinute", 30, MINUTE, 1), Bucket("checks", 2_000, DAY, 1)),
    REQUESTS: (Bucket("codesPerMinute", 5, MINUTE, 1), Bucket("codes", 50, DAY, 1)),
    REQUESTS_FOR_ONE: (Bucket("codesForOne", 3, 10 * MINUTE, 1), Bucket("codesADay", 10, DAY, 1)),
    TRIES: (Bucket("triesPerMinute", 20, MINUTE, 1), Bucket("tries", 200, DAY, 1)),
}


@dataclass(frozen=True, slots=True)
class BudgetThrottle:
    """The pace of each thing, by asker; an asker is kept as a hash only."""

    budgets: Budgets

    async def take(self, what: str, who: str, /) -> None:
        """One attempt more.

        Raises:
            RateLimited: there were too many of late.
        """
        asker = hashlib.blake2s(who.encode(), digest_size=ASKER_BYTES).hexdigest()
        taken = await self.budgets.take(f"{what}:{asker}", PACES[what])
        if taken.short is not None:
            raise RateLimited(taken.short, taken.retry_after_seconds)
