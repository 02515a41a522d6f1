"""Volunteers who are disabled or have withdrawn begin nothing, though their accounts still open."""

from db.enums import VolunteerStatus
from db.lock_order import Rank
from db.queries import joining
from db.write import Write
from permissions.errors import Forbidden

STOPPED = "This volunteer is disabled or has withdrawn."


async def lock_enabled(write: Write, volunteer_id: int) -> bool:
    """Whether the volunteer is enabled, and stays so until this write ends."""
    write.locking(Rank.VOLUNTEER)
    return await joining.lock_volunteer(write, volunteer_id) is VolunteerStatus.ENABLED


async def require_enabled(write: Write, volunteer_id: int) -> None:
    """Fails unless the volunteer is enabled.

    Raises:
        Forbidden: the volunteer is disabled or has withdrawn.
    """
    if not await lock_enabled(write, volunteer_id):
        raise Forbidden(STOPPED)
