"""Deciding a complaint: upheld, with what is done about it, or dismissed, with the reason."""

from dataclasses import dataclass
from datetime import datetime

from db.enums import ComplaintMeasure, ComplaintStatus
from db.queries import complaints as queries
from db.write import Writable
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused
from resolvers.complaints.holding import Act, Held, act, checked
from resolvers.complaints.measures import take_measure
from resolvers.complaints.telling import tell_complainant, tell_concerned
from resolvers.outcomes import Outcome

MEASURE_REQUIRED = UserError(
    UserErrorCode.REQUIRED, "measure", "Say what is done about a complaint that is upheld."
)
NO_MEASURE = UserError(
    UserErrorCode.INVALID, "measure", "Nothing is done about a complaint that is dismissed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a complaint comes to: upheld with a measure, or dismissed; and why."""

    complaint_id: int
    upholds: bool
    outcome: str
    measure: ComplaintMeasure | None = None


async def decide_complaint(
    database: Writable,
    viewer: Viewer,
    ruling: Ruling,
    idempotency_key: str | None,
    *,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The complaint, decided; the measure is carried out at once.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the complaint and does not handle it.
    """
    to = ComplaintStatus.UPHELD if ruling.upholds else ComplaintStatus.DISMISSED

    async def do(held: Held) -> None:
        outcome = checked("outcome", ruling.outcome)
        if ruling.upholds and ruling.measure is None:
            raise Refused(MEASURE_REQUIRED)
        if ruling.measure is not None and not ruling.upholds:
            raise Refused(NO_MEASURE)
        held.require(to)
        if ruling.measure is not None:
            await take_measure(held, ruling.measure, outcome, policy=policy, now=now)
        await queries.settle(held.write, held.row.id, to, ruling.measure, outcome, now=now)
        name = to.value.lower()
        measure = None if ruling.measure is None else ruling.measure.value
        row = await held.keep(name, outcome, measure=measure)
        await tell_complainant(held.write, row, name)
        if ruling.upholds:
            await tell_concerned(held.write, row, measure=measure)

    given = Act(
        name="decideComplaint",
        action=Action.COMPLAINT_DECIDE,
        complaint_id=ruling.complaint_id,
        key=idempotency_key,
        input={
            "upholds": ruling.upholds,
            "outcome": ruling.outcome,
            "measure": None if ruling.measure is None else ruling.measure.value,
        },
        policy=policy,
    )
    return await act(database, viewer, given, do)
