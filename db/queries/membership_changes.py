"""Memberships as leaving, inviting and withdrawing read and change them."""

from collections.abc import Sequence
from typing import Any

from db.enums import InvitePolicy, MembershipStatus
from db.write import Write

_OWN = """
select id, team_id, status from memberships where volunteer_id = $1 and team_id = $2
"""
_TEAM_OF = "select team_id, volunteer_id from memberships where id = $1"
_STATUS = "select status from memberships where id = $1"
_SET = """
update memberships set status = $2::text,
  joined_at = case when $2::text = 'JOINED' then now() else joined_at end,
  left_at = case when $2::text = 'LEFT' then now() end
where id = $1
"""
_END = """
update memberships set status = 'LEFT', left_at = now(), end_reason = $2 where id = $1
"""
_WITHDRAW_REVIEWS = """
update reviews set state = 'WITHDRAWN', decided_at = now(), decided_by_id = $2, decided_as = $3
where id = any(array(
  select id from reviews
  where kind = 'MEMBERSHIP' and subject_type = 'Membership' and subject_id = any($1::bigint[])
    and state = 'PENDING' order by id for update))
"""
_INVITED = """
select id, status, team_invite_policy from volunteers
where volunteer_no = $1 and name = $2 and status = 'ENABLED' for update
"""
_LEAVE_ALL = """
update memberships set status = 'LEFT', left_at = now()
where volunteer_id = $1 and status in ('JOINED', 'APPLYING', 'INVITED') returning id
"""
_OPEN_PROJECTS = """
select distinct project_id from sign_ups
where volunteer_id = $1 and status in ('APPLIED', 'INVITED', 'ACCEPTED')
order by project_id
"""
_END_SIGN_UPS = """
with ended as (
  select id, post_id, status from sign_ups
  where volunteer_id = $1 and status in ('APPLIED', 'INVITED', 'ACCEPTED')
), freed as (
  update posts p set joined = p.joined - 1
  from ended e where e.status = 'ACCEPTED' and p.id = e.post_id
)
update sign_ups s
set status = case when e.status = 'ACCEPTED' then 'WITHDRAWN' else 'CANCELLED' end,
    decided_at = now()
from ended e where s.id = e.id returning s.id
"""
_WITHDRAW = "update volunteers set status = 'WITHDRAWN', updated_at = now() where id = $1"
_WITHDRAW_CONSENTS = """
update consents set withdrawn_at = now() where volunteer_id = $1 and withdrawn_at is null
"""


async def fetch_own(write: Write, volunteer_id: int, team_id: int) -> Any | None:
    """The volunteer's membership in the team; to be read under the volunteer's lock."""
    rows = await write.run(_OWN, volunteer_id, team_id)
    return rows[0] if rows else None


async def fetch_ends(write: Write, membership_id: int) -> Any | None:
    """The team and the volunteer of a membership, which never change."""
    rows = await write.run(_TEAM_OF, membership_id)
    return rows[0] if rows else None


async def fetch_status(write: Write, membership_id: int) -> MembershipStatus:
    """The state of a membership that exists; to be read under the volunteer's lock."""
    return MembershipStatus((await write.run(_STATUS, membership_id))[0]["status"])


async def set_status(write: Write, membership_id: int, status: MembershipStatus) -> None:
    """Brings a membership to a state."""
    await write.run(_SET, membership_id, status.value)


async def end_for_reason(write: Write, membership_id: int, reason: str) -> None:
    """Ends a membership in the team's name."""
    await write.run(_END, membership_id, reason)


async def withdraw_applications(write: Write, membership_ids: Sequence[int]) -> None:
    """Takes back what waits for the teams' decision; the caller has entered the reviews' rank."""
    await write.run(_WITHDRAW_REVIEWS, membership_ids, write.account_id, write.capacity)


async def lock_invited(
    write: Write, volunteer_no: str, name: str
) -> tuple[int, InvitePolicy] | None:
    """The volunteer of that number and that name, locked, and how invitations are answered."""
    rows = await write.run(_INVITED, volunteer_no, name)
    if not rows:
        return None
    return rows[0]["id"], InvitePolicy(rows[0]["team_invite_policy"])


async def leave_all(write: Write, volunteer_id: int) -> list[int]:
    """The memberships, applications and invitations that end here."""
    return [row["id"] for row in await write.run(_LEAVE_ALL, volunteer_id)]


async def fetch_open_projects(write: Write, volunteer_id: int) -> list[int]:
    """The projects with a sign-up that still counts; to be read under the volunteer's lock."""
    return [row["project_id"] for row in await write.run(_OPEN_PROJECTS, volunteer_id)]


async def end_sign_ups(write: Write, volunteer_id: int) -> int:
    """How many sign-ups ended, their places free again; the projects are locked."""
    return len(await write.run(_END_SIGN_UPS, volunteer_id))


async def withdraw_volunteer(write: Write, volunteer_id: int) -> None:
    """The volunteer has withdrawn, and with that every consent."""
    await write.run(_WITHDRAW, volunteer_id)
    await write.run(_WITHDRAW_CONSENTS, volunteer_id)
