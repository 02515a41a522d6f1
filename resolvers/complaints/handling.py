"""What who holds a complaint does before deciding it: take it on, look into it, hand it on."""

from dataclasses import dataclass

from db.enums import ComplaintStatus
from db.queries import complaints as queries
from db.queries import offices
from db.write import Writable
from permissions.actions import Action
from permissions.complaint_rules import is_competent
from permissions.edges import Policy
from permissions.errors import UserError, UserErrorCode
from permissions.facts import OfficeFacts
from permissions.gather import gather_teams
from permissions.reviewers import Reviewer
from permissions.viewer import Viewer
from resolvers.acting import Refused, refuse_if_any
from resolvers.complaints.holding import Act, Held, act, checked, held_by, not_competent
from resolvers.complaints.routing import Handler, competent
from resolvers.complaints.telling import tell_complainant, tell_handlers
from resolvers.outcomes import Outcome
from resolvers.texts import name_errors

LONGEST_NAME = 100
STEPS = {
    ComplaintStatus.ACCEPTED: ("acceptComplaint", Action.COMPLAINT_ACCEPT, "accepted"),
    ComplaintStatus.INVESTIGATING: (
        "investigateComplaint",
        Action.COMPLAINT_INVESTIGATE,
        "investigating",
    ),
}
ONE_TARGET = UserError(
    UserErrorCode.INVALID, "toTeamId", "Hand it on to a team, a department, or elsewhere: to one."
)
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "toTeamId", "No such team.")
NO_SUCH_OFFICE = UserError(
    UserErrorCode.NOT_FOUND,
    "toOfficeCode",
    "No region of this code has a civil-affairs department.",
)
COMPETENT_ITSELF = UserError(
    UserErrorCode.INVALID, "complaintId", "Who holds it is competent; name another, or take it on."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """To whom a complaint is handed on; to nobody named, it goes to who is competent.

    ``elsewhere`` is an authority outside the system, which the complainant is told of.
    """

    complaint_id: int
    reason: str
    to_team_id: int | None = None
    to_office_code: str | None = None
    elsewhere: str | None = None


async def advance_complaint(
    database: Writable,
    viewer: Viewer,
    complaint_id: int,
    to: ComplaintStatus,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The complaint, taken on or being looked into.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the complaint and does not handle it.
    """
    name, action, event = STEPS[to]

    async def do(held: Held) -> None:
        held.require(to)
        await queries.set_status(held.write, held.row.id, to)
        row = await held.keep(event, None)
        await tell_complainant(held.write, row, event)

    given = Act(
        name=name,
        action=action,
        complaint_id=complaint_id,
        key=idempotency_key,
        input={},
        policy=policy,
    )
    return await act(database, viewer, given, do)


async def transfer_complaint(
    database: Writable,
    viewer: Viewer,
    transfer: Transfer,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The complaint, with who is competent, or answered with an authority elsewhere.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the complaint and does not handle it.
    """

    async def do(held: Held) -> None:
        reason = checked("reason", transfer.reason)
        elsewhere = _elsewhere(transfer)
        held.require(ComplaintStatus.TRANSFERRED)
        if elsewhere is None:
            to = Handler.of(await _target(held, transfer))
        else:
            to = Handler(held.row.handler_team_id, held.row.handler_region_id)
        await queries.hand_on(
            held.write,
            held.row.id,
            team_id=to.team_id,
            region_id=to.region_id,
            elsewhere=elsewhere,
        )
        row = await held.keep("transferred", reason, isElsewhere=elsewhere is not None)
        await tell_complainant(held.write, row, "transferred")
        if elsewhere is None:
            await tell_handlers(held.write, row, "received")

    given = Act(
        name="transferComplaint",
        action=Action.COMPLAINT_HANDLE,
        complaint_id=transfer.complaint_id,
        key=idempotency_key,
        input={
            "reason": transfer.reason,
            "team": transfer.to_team_id,
            "office": transfer.to_office_code,
            "elsewhere": transfer.elsewhere,
        },
        policy=policy,
    )
    return await act(database, viewer, given, do)


def _elsewhere(transfer: Transfer) -> str | None:
    named = (transfer.to_team_id, transfer.to_office_code, transfer.elsewhere)
    if sum(each is not None for each in named) > 1:
        raise Refused(ONE_TARGET)
    if transfer.elsewhere is None:
        return None
    name = transfer.elsewhere.strip()
    if not name:
        raise Refused.because(UserErrorCode.REQUIRED, "elsewhere", "Name the authority.")
    refuse_if_any(name_errors("elsewhere", name, longest=LONGEST_NAME))
    return name


async def _target(held: Held, transfer: Transfer) -> Reviewer:
    """Who gets it, and is competent.

    Raises:
        Refused: there is none such, or another is competent.
    """
    field = "toTeamId"
    target: Reviewer
    if transfer.to_team_id is not None:
        teams = await gather_teams(held.write, [transfer.to_team_id])
        found = teams.get(transfer.to_team_id)
        # Only working teams handle anything, and those are public.
        if found is None or not found.works:
            raise Refused(NO_SUCH_TEAM)
        target = found
    elif transfer.to_office_code is not None:
        field = "toOfficeCode"
        office = await offices.find_office(held.write, transfer.to_office_code)
        if office is None:
            raise Refused(NO_SUCH_OFFICE)
        target = OfficeFacts(*office)
    elif held.facts.team is None:
        raise Refused(COMPETENT_ITSELF)
    else:
        target = await competent(held.write, held.facts.subject_type, held.facts.team)
    if Handler.of(target) == Handler(held.row.handler_team_id, held.row.handler_region_id):
        raise Refused(COMPETENT_ITSELF)
    if not is_competent(held_by(held.facts, target)):
        raise Refused(await not_competent(held.write, held.facts, field))
    return target
