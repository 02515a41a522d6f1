"""Memberships: a volunteer's way into a team (DOMAIN §5 row 7)."""

from collections.abc import Mapping

from db.enums import MembershipStatus, VolunteerStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import joining
from db.write import Writable, Write
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused
from resolvers.guardians import require_guardian
from resolvers.outcomes import Outcome, refused, require_key, succeeded
from resolvers.profile import require_volunteer

NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
ALREADY_MEMBER = UserError(
    UserErrorCode.ALREADY_MEMBER, "teamId", "The volunteer is a member of this team."
)
ALREADY_APPLIED = UserError(
    UserErrorCode.ALREADY_APPLIED, "teamId", "The volunteer has applied to this team."
)


async def join_team(
    database: Writable, viewer: Viewer, team_id: int, idempotency_key: str | None
) -> Outcome:
    """The viewer's membership in the team: applied for, or joined when the team has invited.

    A team that does not exist and one that the viewer may not see answer alike.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer in good standing.
    """
    volunteer_id = require_volunteer(viewer)
    require_key(idempotency_key)
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="joinTeam",
        idempotency_key=idempotency_key,
        input={"team_id": team_id},
    ) as write:
        if not write.is_repeat:
            try:
                write.outcome = await _join(write, volunteer_id, team_id)
            except Refused as refusal:
                write.outcome = refused(*refusal.errors)
    return Outcome.of(write)


async def _join(write: Write, volunteer_id: int, team_id: int) -> Mapping[str, Json]:
    write.locking(Rank.TEAM)
    # SECURITY: before anything is said of the membership, so that hidden and missing are alike.
    if not await joining.lock_open_team(write, team_id):
        return refused(NO_SUCH_TEAM)
    write.locking(Rank.VOLUNTEER)
    if await joining.lock_volunteer(write, volunteer_id) is not VolunteerStatus.ENABLED:
        raise Forbidden("This volunteer is disabled or has withdrawn.")
    await require_guardian(write, volunteer_id, field="teamId")
    match await joining.fetch_membership(write, volunteer_id=volunteer_id, team_id=team_id):
        case MembershipStatus.JOINED:
            return refused(ALREADY_MEMBER)
        case MembershipStatus.APPLYING:
            return refused(ALREADY_APPLIED)
        case MembershipStatus.INVITED:
            status, name, because = MembershipStatus.JOINED, "membership.joined", "invitation"
        case _:
            status, name, because = MembershipStatus.APPLYING, "membership.applied", "own profile"
    membership_id = await joining.store_membership(
        write, team_id=team_id, volunteer_id=volunteer_id, status=status
    )
    if status is MembershipStatus.APPLYING:
        write.locking(Rank.REVIEW)
        await joining.insert_review(
            write, team_id=team_id, membership_id=membership_id, account_id=write.account_id
        )
    write.record(
        DomainEvent(
            name=name,
            subject_type=SubjectType.MEMBERSHIP,
            subject_id=membership_id,
            because=because,
            payload={"teamId": team_id, "volunteerId": volunteer_id},
        )
    )
    return succeeded(membership_id)
