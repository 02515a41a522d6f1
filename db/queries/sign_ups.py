"""Sign-ups, changed under the locks of their volunteers and projects."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.enums import InvitePolicy, ProjectStatus, RecruitScope, SignUpStatus, VolunteerStatus
from db.write import Write

_PROJECT = """
select p.id, p.team_id, p.status, p.scope, p.starts_at, p.ends_at, p.recruit_starts_at,
  coalesce(p.recruit_ends_at, p.ends_at) as recruit_ends_at, p.min_minutes_required,
  p.no_review_password_hash
from projects p where p.id = $1
"""
_PEOPLE = """
select v.id, v.status, v.born_on, v.effective_minutes,
  exists (select from consents c where c.volunteer_id = v.id and c.kind = 'GUARDIAN'
          and c.withdrawn_at is null) as has_guardian,
  exists (select from project_teams t join memberships m on m.team_id = t.team_id
          where t.project_id = p.id and m.volunteer_id = v.id and m.status = 'JOINED')
    as is_member,
  exists (select from project_exclusions e join sign_ups s on s.project_id = e.other_id
          where e.project_id = p.id and s.volunteer_id = v.id
            and s.status in ('ACCEPTED', 'ATTENDED')) as is_excluded,
  p.ends_at - p.starts_at <= $3 and exists (
    select from sign_ups s join projects q on q.id = s.project_id
    where s.volunteer_id = v.id and s.status = 'ACCEPTED' and q.id <> p.id
      and q.status in ('WAITING', 'RUNNING') and q.ends_at - q.starts_at <= $3
      and q.starts_at < p.ends_at and p.starts_at < q.ends_at) as is_engaged
from projects p, volunteers v
where p.id = $1 and v.id = any($2::bigint[])
"""
_OF = """
select id, status from sign_ups where project_id = $1 and volunteer_id = $2
order by id desc limit 1
"""
_ENDS = """
select id, project_id, volunteer_id, team_id from sign_ups where id = any($1::bigint[]) order by id
"""
_ROWS = """
select id, project_id, post_id, volunteer_id, team_id, status, checked_in_at, checked_out_at
from sign_ups where id = any($1::bigint[]) order by id
"""
_STORE = """
insert into sign_ups (province, project_id, post_id, team_id, volunteer_id, status, decided_at)
select p.province, p.id, $2, p.team_id, $3, $4::text,
  case when $4::text = 'ACCEPTED' then now() end
from projects p where p.id = $1 returning id
"""
_AGAIN = """
update sign_ups set post_id = $2, status = $3::text, applied_at = now(), reason = null,
  decided_at = case when $3::text = 'ACCEPTED' then now() end,
  checked_in_at = null, checked_out_at = null
where id = $1
"""
_SET = """
update sign_ups set status = $2, decided_at = now(), reason = $3 where id = $1
"""
_SET_POST = "update sign_ups set post_id = $2 where id = $1"
_TAKE_PLACE = "update posts set joined = joined + 1 where id = $1 and joined < planned returning id"
_FREE_PLACE = "update posts set joined = joined - 1 where id = $1"
_POST = "select id, project_id, planned, joined from posts where id = $1"
_INVITED = """
select id, project_invite_policy from volunteers where volunteer_no = $1 and name = $2
"""


@dataclass(frozen=True, slots=True)
class Recruiting:
    """A project as signing up to it goes by."""

    id: int
    team_id: int
    status: ProjectStatus
    scope: RecruitScope
    starts_at: datetime
    ends_at: datetime
    recruit_starts_at: datetime | None
    recruit_ends_at: datetime
    min_minutes: int
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as signing up to one project goes by."""

    id: int
    status: VolunteerStatus
    born_on: date
    effective_minutes: int
    has_guardian: bool
    is_member: bool
    is_excluded: bool
    is_engaged: bool


@dataclass(frozen=True, slots=True)
class SignUpStanding:
    """A sign-up under its locks."""

    id: int
    project_id: int
    post_id: int
    volunteer_id: int
    team_id: int
    status: SignUpStatus
    checked_in_at: datetime | None
    checked_out_at: datetime | None


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a post."""

    id: int
    project_id: int
    planned: int
    joined: int

    @property
    def is_full(self) -> bool:
        """Whether none is left."""
        return self.joined >= self.planned


async def fetch_project(write: Write, project_id: int) -> Recruiting:
    """A project that exists."""
    row = (await write.run(_PROJECT, project_id))[0]
    return Recruiting(
        row["id"],
        row["team_id"],
        ProjectStatus(row["status"]),
        RecruitScope(row["scope"]),
        *row[4:],
    )


async def fetch_people(
    write: Write, project_id: int, volunteer_ids: Collection[int], *, fixed_hours: Any
) -> Mapping[int, Person]:
    """Volunteers as they stand to a project; to be read under their locks.

    Of two projects that each last no longer than ``fixed_hours`` the times can be told to meet.
    """
    rows = await write.run(_PEOPLE, project_id, sorted(volunteer_ids), fixed_hours)
    return {row["id"]: Person(row["id"], VolunteerStatus(row["status"]), *row[2:]) for row in rows}


async def fetch_of(
    write: Write, project_id: int, volunteer_id: int
) -> tuple[int, SignUpStatus] | None:
    """The volunteer's sign-up to the project, the last if there are several."""
    rows = await write.run(_OF, project_id, volunteer_id)
    return (rows[0]["id"], SignUpStatus(rows[0]["status"])) if rows else None


async def fetch_ends(write: Write, ids: Collection[int]) -> Mapping[int, Any]:
    """The project, its team and the volunteer of each sign-up, which never change."""
    return {row["id"]: row for row in await write.run(_ENDS, sorted(ids))}


async def fetch(write: Write, ids: Collection[int]) -> Mapping[int, SignUpStanding]:
    """Sign-ups by id; to be read under the locks of their projects."""
    return {
        row["id"]: SignUpStanding(**{**row, "status": SignUpStatus(row["status"])})
        for row in await write.run(_ROWS, sorted(ids))
    }


async def store(
    write: Write, project_id: int, post_id: int, volunteer_id: int, status: SignUpStatus
) -> int:
    """The id of a new sign-up."""
    sign_up_id: int = (await write.run(_STORE, project_id, post_id, volunteer_id, status.value))[0][
        "id"
    ]
    return sign_up_id


async def store_again(write: Write, sign_up_id: int, post_id: int, status: SignUpStatus) -> None:
    """Begins anew a sign-up that had ended."""
    await write.run(_AGAIN, sign_up_id, post_id, status.value)


async def set_status(
    write: Write, sign_up_id: int, status: SignUpStatus, *, reason: str | None = None
) -> None:
    """Brings a sign-up to a state."""
    await write.run(_SET, sign_up_id, status.value, reason)


async def set_post(write: Write, sign_up_id: int, post_id: int) -> None:
    """Gives a sign-up another post."""
    await write.run(_SET_POST, sign_up_id, post_id)


async def take_place(write: Write, post_id: int) -> bool:
    """Whether there was a place, which is taken now."""
    return bool(await write.run(_TAKE_PLACE, post_id))


async def free_place(write: Write, post_id: int) -> None:
    """Gives a place back."""
    await write.run(_FREE_PLACE, post_id)


async def fetch_places(write: Write, post_id: int) -> Places | None:
    """The places of a post; to be read under its project's lock."""
    rows = await write.run(_POST, post_id)
    return Places(*rows[0]) if rows else None


async def fetch_invited(
    write: Write, volunteer_no: str, name: str
) -> tuple[int, InvitePolicy] | None:
    """The volunteer of that number and that name, and how invitations are answered."""
    rows = await write.run(_INVITED, volunteer_no, name)
    return (rows[0]["id"], InvitePolicy(rows[0]["project_invite_policy"])) if rows else None
