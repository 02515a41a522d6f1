"""Leaving the system: withdrawing, with every record kept, and being erased (PIPL art. 47)."""

from collections.abc import Mapping

from db.enums import VolunteerStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import joining
from db.queries import membership_changes as queries
from db.queries.erasing import erase
from db.queries.matching import leaving
from db.write import Writable, Write
from permissions.errors import Forbidden, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, require_account
from resolvers.membership_changes import STOPPED
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer


async def withdraw_volunteer(
    database: Writable, viewer: Viewer, idempotency_key: str | None
) -> Outcome:
    """The viewer's volunteer, withdrawn: out of every team and project; records stay as they are.

    The account stays, so that the person can still read and have corrected what is kept of them.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer in good standing.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        write.locking(Rank.VOLUNTEER)
        if await joining.lock_volunteer(write, volunteer_id) is not VolunteerStatus.ENABLED:
            raise Forbidden(STOPPED)
        await write.lock(Rank.PROJECT, await queries.fetch_open_projects(write, volunteer_id))
        sign_ups = await queries.end_sign_ups(write, volunteer_id)
        left = await queries.leave_all(write, volunteer_id)
        write.locking(Rank.REVIEW)
        await queries.withdraw_applications(write, left)
        await leaving.leave(write, volunteer_id)
        await queries.withdraw_volunteer(write, volunteer_id)
        ended: dict[str, Json] = {"memberships": len(left), "signUps": sign_ups}
        write.record(
            DomainEvent(
                name="volunteer.withdrawn",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because="owner",
                payload=ended,
                detail=ended,
                standing_of=(require_account(viewer),),
            )
        )
        return succeeded(volunteer_id)

    return await perform(
        database, viewer, Request(action="withdrawVolunteer", key=idempotency_key), work
    )


async def erase_volunteer(
    database: Writable, viewer: Viewer, idempotency_key: str | None
) -> Outcome:
    """The viewer's volunteer, who has withdrawn, erased: nobody can tell whose the records were.

    Who registers later with the same document is a new volunteer.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        write.locking(Rank.VOLUNTEER)
        if await joining.lock_volunteer(write, volunteer_id) is not VolunteerStatus.WITHDRAWN:
            raise Refused.because(
                UserErrorCode.WRONG_STATE, None, "Withdraw first; then everything can be erased."
            )
        await leaving.erase(write, volunteer_id)
        account_id = await erase(write, volunteer_id)
        write.record(
            DomainEvent(
                name="volunteer.erased",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because="owner",
                standing_of=() if account_id is None else (account_id,),
            )
        )
        return succeeded(volunteer_id)

    return await perform(
        database, viewer, Request(action="eraseVolunteer", key=idempotency_key), work
    )
