"""The phases of a station: from the system of before, through the trial, to the formal run."""

from collections.abc import Mapping

from db.enums import StationPhase

NEXT: Mapping[StationPhase, frozenset[StationPhase]] = {
    StationPhase.LEGACY: frozenset({StationPhase.TRIAL}),
    StationPhase.TRIAL: frozenset({StationPhase.FORMAL, StationPhase.LEGACY}),
    StationPhase.FORMAL: frozenset(),
}
"""What may follow; a trial may be broken off, the formal run may not."""

LAST_BATCH = 99


def is_back(now: StationPhase, to: StationPhase) -> bool:
    """Whether a step leads back, which wants a reason."""
    order = list(StationPhase)
    return order.index(to) < order.index(now)
