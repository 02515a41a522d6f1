"""Star rating: how many hours may apply for how many stars (DOMAIN §7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

MINUTES_IN_HOUR = 60


@dataclass(frozen=True, slots=True)
class StarThreshold:
    """So many stars may be applied for from so many effective hours on."""

    stars: int
    hours: int


NATIONAL: Sequence[StarThreshold] = (
    StarThreshold(1, 100),
    StarThreshold(2, 300),
    StarThreshold(3, 600),
    StarThreshold(4, 1000),
    StarThreshold(5, 1500),
)


def stars_for(minutes: int, thresholds: Sequence[StarThreshold] = NATIONAL) -> int:
    """The most stars that the minutes may apply for; quality is judged by people."""
    reached = (each.stars for each in thresholds if minutes >= each.hours * MINUTES_IN_HOUR)
    return max(reached, default=0)


def minutes_to_next(minutes: int, thresholds: Sequence[StarThreshold] = NATIONAL) -> int | None:
    """How many minutes are missing to the next star; None at the last."""
    wanted = (each.hours * MINUTES_IN_HOUR - minutes for each in thresholds)
    return min((each for each in wanted if each > 0), default=None)
