"""A volunteer's application to a team, as joining reads and writes it."""

from db.enums import MembershipStatus, TeamStatus, VolunteerStatus
from db.write import Write

# What a volunteer sees of a team ends where it stops working (DOMAIN §6.1).
OPEN_TEAM = (TeamStatus.ENABLED.value, TeamStatus.CHANGE_PENDING.value)

_LOCK_TEAM = "select id from teams where id = $1 and status = any($2::text[]) for share"
_LOCK_VOLUNTEER = "select status from volunteers where id = $1 for update"
_MEMBERSHIP = "select status from memberships where volunteer_id = $1 and team_id = $2"
_STORE = """
insert into memberships (province, team_id, volunteer_id, status, joined_at)
select province, id, $2, $3::text, case when $3::text = 'JOINED' then now() end
from teams where id = $1
on conflict (team_id, volunteer_id) do update
set status = excluded.status, joined_at = excluded.joined_at, left_at = null, end_reason = null,
    applied_at = case when excluded.status = 'APPLYING' then now() else memberships.applied_at end
returning id
"""
_INSERT_REVIEW = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id,
                     reviewer_team_id, applicant_account_id)
select province, 'MEMBERSHIP', 'PENDING', 'Membership', $2, id, id, $3 from teams where id = $1
"""


async def lock_open_team(write: Write, team_id: int) -> bool:
    """Whether the team exists and works; it goes on working until the write ends."""
    return bool(await write.run(_LOCK_TEAM, team_id, OPEN_TEAM))


async def lock_volunteer(write: Write, volunteer_id: int) -> VolunteerStatus | None:
    """The state of the volunteer, locked: of two applications at once the second waits here."""
    rows = await write.run(_LOCK_VOLUNTEER, volunteer_id)
    return VolunteerStatus(rows[0]["status"]) if rows else None


async def fetch_membership(
    write: Write, *, volunteer_id: int, team_id: int
) -> MembershipStatus | None:
    """The state of the membership in the team, if there is one; to be read under the lock."""
    rows = await write.run(_MEMBERSHIP, volunteer_id, team_id)
    return MembershipStatus(rows[0]["status"]) if rows else None


async def store_membership(
    write: Write, *, team_id: int, volunteer_id: int, status: MembershipStatus
) -> int:
    """The id of the membership, made or brought to the state."""
    rows = await write.run(_STORE, team_id, volunteer_id, status.value)
    membership_id: int = rows[0]["id"]
    return membership_id


async def insert_review(
    write: Write, *, team_id: int, membership_id: int, account_id: int | None
) -> None:
    """Puts an application into the team's own queue."""
    await write.run(_INSERT_REVIEW, team_id, membership_id, account_id)
