"""What was decided on reviews, and the form of what that does to their subjects."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from db.lock_order import Rank
from db.queries.deciding import ReviewKnown
from db.write import Write
from permissions.errors import UserError

FIELD = "ids"


@dataclass(frozen=True, slots=True)
class Dates:
    """When a project begins and ends, as its reviewer sets it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was decided on reviews of one kind, and the edge that allowed each."""

    approves: bool
    opinion: str | None
    because: Mapping[int, str]
    now: datetime
    dates: Dates | None = None


Refusals = Mapping[int, UserError]


class Effect(Protocol):
    """What a decision on reviews of a kind does."""

    @property
    def must_say_why(self) -> bool:
        """Whether a rejection needs an opinion."""
        ...

    async def rows(
        self, write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The rows to lock."""
        ...

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Does it; the reviews, by id, whose subject does not allow it, and why."""
        ...
