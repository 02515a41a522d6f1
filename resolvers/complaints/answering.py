"""What the complainant does with a decision: accept it, or appeal to the superior."""

from datetime import datetime

from db.enums import ComplaintStatus
from db.queries import complaints as queries
from db.queries.complaint_terms import TIME_TO_APPEAL
from db.write import Writable
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import UserError, UserErrorCode
from permissions.facts import OfficeFacts, TeamFacts
from permissions.viewer import Viewer
from resolvers.acting import Refused
from resolvers.complaints.holding import FIELD, Act, Held, act, checked
from resolvers.complaints.routing import Handler, superior
from resolvers.complaints.telling import tell_handlers
from resolvers.outcomes import Outcome

NO_SUPERIOR = UserError(
    UserErrorCode.NO_SUPERIOR, FIELD, "Nobody is above who decided this; the law courts are left."
)
TOO_LATE = UserError(
    UserErrorCode.WRONG_STATE, FIELD, f"An appeal is due within {TIME_TO_APPEAL.days} days."
)


async def appeal_complaint(
    database: Writable,
    viewer: Viewer,
    complaint_id: int,
    reason: str,
    idempotency_key: str | None,
    *,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The complaint, submitted again to who is above the one that decided.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the complaint and is not who complained.
    """

    async def do(held: Held) -> None:
        why = checked("reason", reason)
        held.require(ComplaintStatus.SUBMITTED)
        if held.row.decided_at is not None and now > held.row.decided_at + TIME_TO_APPEAL:
            raise Refused(TOO_LATE)
        handler = held.facts.handler
        above = (
            await superior(held.write, handler)
            if isinstance(handler, TeamFacts | OfficeFacts)
            else None
        )
        if above is None:
            raise Refused(NO_SUPERIOR)
        to = Handler.of(above)
        await queries.appeal(held.write, complaint_id, team_id=to.team_id, region_id=to.region_id)
        row = await held.keep("appealed", why, appeals=held.row.appeals + 1)
        await tell_handlers(held.write, held.row, "appealed")
        await tell_handlers(held.write, row, "received")

    given = Act(
        name="appealComplaint",
        action=Action.COMPLAINT_APPEAL,
        complaint_id=complaint_id,
        key=idempotency_key,
        input={"reason": reason},
        policy=policy,
    )
    return await act(database, viewer, given, do)


async def close_complaint(
    database: Writable,
    viewer: Viewer,
    complaint_id: int,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The complaint, closed: who complained accepts what was decided.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the complaint and is not who complained.
    """

    async def do(held: Held) -> None:
        held.require(ComplaintStatus.CLOSED)
        await queries.set_status(held.write, complaint_id, ComplaintStatus.CLOSED)
        await held.keep("closed", None)

    given = Act(
        name="closeComplaint",
        action=Action.COMPLAINT_CLOSE,
        complaint_id=complaint_id,
        key=idempotency_key,
        input={},
        policy=policy,
    )
    return await act(database, viewer, given, do)
