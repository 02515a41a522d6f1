"""Leaving a team, letting go, inviting into one, answering (DOMAIN §5 row 7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.enums import InvitePolicy, MembershipStatus, VolunteerStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import joining
from db.queries import membership_changes as queries
from db.queries.entities import MEMBERSHIP, TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather, gather_teams
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.acting_now import as_of_now
from resolvers.guardians import require_guardian
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer
from resolvers.rules import states
from resolvers.team_acts import check_reason

NOT_MEMBER = UserError(
    UserErrorCode.NOT_MEMBER, "teamId", "The volunteer has nothing with this team to end."
)
NO_SUCH_VOLUNTEER = UserError(
    UserErrorCode.NOT_FOUND, "volunteerNo", "No volunteer has this number and this name."
)
NO_SUCH_MEMBERSHIP = UserError(UserErrorCode.NOT_FOUND, "membershipId", "No such membership.")
STOPPED = "This volunteer is disabled or has withdrawn."


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom a team invites; number and name together, so that numbers cannot be tried."""

    team_id: int
    volunteer_no: str
    name: str


async def leave_team(
    database: Writable, viewer: Viewer, team_id: int, idempotency_key: str | None
) -> Outcome:
    """The viewer's membership, ended; an application that waits is taken back.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        write.locking(Rank.VOLUNTEER)
        await joining.lock_volunteer(write, volunteer_id)
        found = await queries.fetch_own(write, volunteer_id, team_id)
        status = MembershipStatus(found["status"]) if found else None
        if found is None or status not in {MembershipStatus.JOINED, MembershipStatus.APPLYING}:
            raise Refused(NOT_MEMBER)
        await queries.set_status(write, found["id"], MembershipStatus.LEFT)
        if status is MembershipStatus.APPLYING:
            write.locking(Rank.REVIEW)
            await queries.withdraw_applications(write, [found["id"]])
        write.record(_event("membership.left", found["id"], team_id, volunteer_id, "owner"))
        return succeeded(found["id"])

    request = Request(action="leaveTeam", key=idempotency_key, input={"team_id": team_id})
    return await perform(database, viewer, request, work)


async def end_membership(
    database: Writable,
    viewer: Viewer,
    membership_id: int,
    reason: str,
    idempotency_key: str | None,
) -> Outcome:
    """A member's place in the team, ended by the team for a reason that the volunteer reads.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the membership and may not end it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        check_reason(reason)
        # The team's place is judged below, and must not change meanwhile.
        await write.lock_tree()
        if membership_id not in await ids_in_scope(write, viewer, MEMBERSHIP, [membership_id]):
            raise Refused(NO_SUCH_MEMBERSHIP)
        ends = await queries.fetch_ends(write, membership_id)
        if ends is None:
            raise Refused(NO_SUCH_MEMBERSHIP)
        team_id, volunteer_id = ends["team_id"], ends["volunteer_id"]
        await write.lock(Rank.TEAM, [team_id], shared=True)
        now = await as_of_now(write, viewer)
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        facts = (await gather(write, "Membership", [membership_id]))[membership_id]
        decision = decide(Action.MEMBERSHIP_END, now, facts)
        if not decision.allowed:
            raise Forbidden("Only a manager of the team, while it works, may do that.")
        if facts.status is not MembershipStatus.JOINED:
            raise Refused.because(
                UserErrorCode.NOT_MEMBER, "membershipId", "The volunteer is no member now."
            )
        await queries.end_for_reason(write, membership_id, reason)
        write.record(
            _event("membership.ended", membership_id, team_id, volunteer_id, decision.because)
        )
        return succeeded(membership_id)

    request = Request(
        action="endMembership",
        key=idempotency_key,
        input={"membership_id": membership_id, "reason": reason},
    )
    return await perform(database, viewer, request, work)


async def invite_volunteer(
    database: Writable, viewer: Viewer, invitation: Invitation, idempotency_key: str | None
) -> Outcome:
    """The membership: waiting for the volunteer, or joined by a policy that says so beforehand.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not invite for it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        team_id = invitation.team_id
        if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
        await write.lock(Rank.TEAM, [team_id], shared=True)
        team = (await gather_teams(write, [team_id]))[team_id]
        decision = decide(Action.MEMBERSHIP_INVITE, viewer, team)
        if not decision.allowed or not team.works:
            raise Forbidden("Only a manager of the team, while it works, may invite.")
        write.locking(Rank.VOLUNTEER)
        found = await queries.lock_invited(write, invitation.volunteer_no, invitation.name)
        if found is None:
            raise Refused(NO_SUCH_VOLUNTEER)
        volunteer_id, policy = found
        now = await joining.fetch_membership(write, volunteer_id=volunteer_id, team_id=team_id)
        status = _invited(now, policy)
        is_joined = status is MembershipStatus.JOINED
        if is_joined:
            await require_guardian(write, volunteer_id, field="volunteerNo")
        membership_id = await joining.store_membership(
            write, team_id=team_id, volunteer_id=volunteer_id, status=status
        )
        name = "membership.joined" if is_joined else "membership.invited"
        write.record(_event(name, membership_id, team_id, volunteer_id, decision.because))
        return succeeded(membership_id)

    request = Request(
        action="inviteVolunteer",
        key=idempotency_key,
        input={
            "team_id": invitation.team_id,
            "volunteer_no": invitation.volunteer_no,
            "name": invitation.name,
        },
    )
    return await perform(database, viewer, request, work)


async def answer_invitation(
    database: Writable,
    viewer: Viewer,
    membership_id: int,
    idempotency_key: str | None,
    *,
    accept: bool,
) -> Outcome:
    """The membership, joined or declined.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer in good standing.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        seen = await ids_in_scope(write, viewer, MEMBERSHIP, [membership_id])
        ends = await queries.fetch_ends(write, membership_id)
        if membership_id not in seen or ends is None:
            raise Refused.because(UserErrorCode.NOT_FOUND, "membershipId", "No such invitation.")
        team_id = ends["team_id"]
        write.locking(Rank.TEAM)
        # The team may have stopped working since it invited; then there is nothing to join.
        is_open = await joining.lock_open_team(write, team_id)
        write.locking(Rank.VOLUNTEER)
        if await joining.lock_volunteer(write, volunteer_id) is not VolunteerStatus.ENABLED:
            raise Forbidden(STOPPED)
        facts = (await gather(write, "Membership", [membership_id]))[membership_id]
        decision = decide(Action.MEMBERSHIP_ANSWER, viewer, facts)
        if not decision.allowed:
            raise Forbidden("Only who was invited may answer.")
        if facts.status is not MembershipStatus.INVITED:
            raise Refused.because(
                UserErrorCode.NOT_INVITED, "membershipId", "No invitation waits here."
            )
        if accept and not is_open:
            raise Refused.because(UserErrorCode.NOT_FOUND, "membershipId", "No such team any more.")
        if accept:
            await require_guardian(write, volunteer_id, field="membershipId")
        status = MembershipStatus.JOINED if accept else MembershipStatus.DECLINED
        await queries.set_status(write, membership_id, status)
        name = "membership.joined" if accept else "membership.declined"
        write.record(_event(name, membership_id, team_id, volunteer_id, decision.because))
        return succeeded(membership_id)

    request = Request(
        action="answerInvitation",
        key=idempotency_key,
        input={"membership_id": membership_id, "accept": accept},
    )
    return await perform(database, viewer, request, work)


def _invited(now: MembershipStatus | None, policy: InvitePolicy) -> MembershipStatus:
    """The state that an invitation leads to.

    Raises:
        Refused: the membership or the volunteer's policy does not allow one.
    """
    field = "volunteerNo"
    match now:
        case MembershipStatus.JOINED:
            raise Refused.because(
                UserErrorCode.ALREADY_MEMBER, field, "The volunteer is a member of this team."
            )
        case MembershipStatus.APPLYING:
            raise Refused.because(
                UserErrorCode.ALREADY_APPLIED, field, "The volunteer has applied: decide that."
            )
        case MembershipStatus.INVITED:
            raise Refused.because(
                UserErrorCode.ALREADY_INVITED, field, "The volunteer was invited already."
            )
    if policy is InvitePolicy.REFUSE:
        raise Refused.because(
            UserErrorCode.INVITATION_REFUSED, field, "The volunteer takes no invitations of teams."
        )
    to = MembershipStatus.JOINED if policy is InvitePolicy.ACCEPT else MembershipStatus.INVITED
    if error := states.MEMBERSHIP.refusal(now, to, field=field):
        raise Refused(error)
    return to


def _event(
    name: str, membership_id: int, team_id: int, volunteer_id: int, because: str
) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.MEMBERSHIP,
        subject_id=membership_id,
        because=because,
        payload={"teamId": team_id, "volunteerId": volunteer_id},
    )
