"""The one order in which a write takes its locks, so that no two writes wait for each other."""

from enum import IntEnum


class Rank(IntEnum):
    """What is locked; a write goes up, each rank once (DESIGN §4)."""

    TREE = 1
    COMPLAINT = 2  # before what is done about it
    INSPECTION = 3  # before the measures that it leads to
    TEAM = 4
    VOLUNTEER = 5
    PROJECT = 6
    SUBMISSION = 7
    REVIEW = 8
    CERTIFICATE = 9
    NEED = 10
    REWARD = 11
    REDEMPTION = 12


LOCKED_TABLE = {
    Rank.COMPLAINT: "complaints",
    Rank.INSPECTION: "inspections",
    Rank.TEAM: "teams",
    Rank.VOLUNTEER: "volunteers",
    Rank.PROJECT: "projects",
    Rank.SUBMISSION: "submissions",
    Rank.REVIEW: "reviews",
    Rank.CERTIFICATE: "certificates",
    Rank.NEED: "needs",
    Rank.REWARD: "reward_items",
    Rank.REDEMPTION: "redemptions",
}


class LockOrderBroken(RuntimeError):
    """A bug: a write took a lock after one of the same or a higher rank."""


class LockOrder:
    """How far up one write has come."""

    def __init__(self) -> None:
        self._held: Rank | None = None

    def enter(self, rank: Rank) -> None:
        """Notes the locks of a rank; a second call for one rank could cross another write's."""
        if self._held is not None and rank <= self._held:
            raise LockOrderBroken(f"{rank.name} must be locked before {self._held.name}, once.")
        self._held = rank
