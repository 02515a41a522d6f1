"""A partner's contract, held to at each request: what it takes, what is left, what ends when."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from graphql import OperationDefinitionNode

from db.clock import CHINA
from gateway.document_usage import DocumentUses
from gateway.rate_limit import DAY, MINUTE, Bucket, Budgets, Taken
from gateway.trusted_requests import Chosen
from permissions.errors import LimitExceeded, RateLimited
from resolvers.partners import Contract

REQUESTS_MINUTE = "requestsPerMinute"
REQUESTS_DAY = "requestsPerDay"
COST_MINUTE = "costPerMinute"
COST_DAY = "costPerDay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a request cost, what that leaves, and how its document ends."""

    cost: int
    taken: Taken | None
    sunset_on: date | None

    @property
    def headers(self) -> Mapping[str, str]:
        """What the client is told of it in headers."""
        headers = dict(sunset_headers(self.sunset_on))
        if self.taken is not None:
            left = self.taken.left
            headers["X-Cost-Estimated"] = str(self.cost)
            headers["X-Cost-Remaining"] = str(min(left[COST_MINUTE], left[COST_DAY]))
            headers["X-Requests-Remaining"] = str(min(left[REQUESTS_MINUTE], left[REQUESTS_DAY]))
        return headers

    @property
    def extensions(self) -> Mapping[str, object]:
        """What a partner is told of it beside the data."""
        if self.taken is None:
            return {}
        return {"cost": {"estimated": self.cost, "remaining": self.taken.left}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """Counts what registered documents are used for, and takes from partners' budgets."""

    budgets: Budgets
    uses: DocumentUses

    async def charge(
        self,
        contract: Contract | None,
        chosen: Chosen,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        *,
        day: date,
        is_run: bool,
    ) -> Charge | None:
        """What a request takes; one that is not run costs nothing but is a request.

        Raises:
            LimitExceeded, RateLimited: as ``take``.
        """
        trusted = chosen.trusted
        if contract is None and trusted is None:
            return None
        cost = math.ceil(chosen.prepared.price(operation).price(variables)) if is_run else 0
        taken = await self.take(contract, cost) if contract is not None else None
        if trusted is not None:
            self.uses.count(trusted.row, day, cost)
        sunset_on = trusted.sunset_on if trusted is not None else None
        return Charge(cost=cost, taken=taken, sunset_on=sunset_on)

    async def take(self, contract: Contract, cost: int) -> Taken:
        """What is left after a request of this cost.

        Raises:
            LimitExceeded: the request costs more than the contract gives in a minute.
            RateLimited: there is not enough left at the moment.
        """
        pace = contract.pace
        if cost > min(pace.cost_per_minute, pace.cost_per_day):
            raise LimitExceeded(
                "cost", f"The request costs {cost}, and the contract gives less in a minute."
            )
        taken = await self.budgets.take(
            f"partner:{contract.partner_id}",
            (
                Bucket(REQUESTS_MINUTE, pace.requests_per_minute, MINUTE, 1),
                Bucket(REQUESTS_DAY, pace.requests_per_day, DAY, 1),
                Bucket(COST_MINUTE, pace.cost_per_minute, MINUTE, cost),
                Bucket(COST_DAY, pace.cost_per_day, DAY, cost),
            ),
        )
        if taken.short is not None:
            raise RateLimited(taken.short, taken.retry_after_seconds)
        return taken


def sunset_headers(last: date | None) -> Mapping[str, str]:
    """What announces a document's last day (RFC 8594): the moment after it, in our time zone."""
    if last is None:
        return {}
    end = datetime.combine(last, time.max, CHINA).astimezone(UTC)
    return {"Sunset": f"{end:%a, %d %b %Y %H:%M:%S} GMT"}
