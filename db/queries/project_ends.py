"""Projects that time closes, and what becomes of the sign-ups that are open then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.lock_order import Rank
from db.write import Write

_DUE = """
select id, team_id from projects
where status = 'RUNNING' and ends_at <= $1 order by ends_at, id limit $2
"""
_ABSENT = """
select distinct volunteer_id from sign_ups
where project_id = any($1::bigint[]) and status = 'ACCEPTED'
"""
# A project to which somebody was accepted since the volunteers were locked waits for the next turn.
_CLOSE = """
update projects set status = 'CLOSED', updated_at = now() where id = any(array(
  select p.id from projects p
  where p.id = any($1::bigint[]) and p.status = 'RUNNING' and p.ends_at <= $2
    and not exists (select from sign_ups s where s.project_id = p.id and s.status = 'ACCEPTED'
                    and s.volunteer_id <> all($3::bigint[]))
  order by p.id for update skip locked))
returning id
"""
# Whoever was accepted and did not come is a no-show, unless the project itself stood still at its
# end; what nobody decided on is over.
_END_SIGN_UPS = """
with ended as (
  select s.id, s.post_id, s.volunteer_id, s.team_id, s.project_id,
    case when s.status = 'ACCEPTED' and coalesce(p.resumed_at < p.ends_at, true)
      then 'NO_SHOW' else 'CANCELLED' end as status,
    s.status = 'ACCEPTED' as held_a_place
  from sign_ups s join projects p on p.id = s.project_id
  where s.project_id = any($1::bigint[]) and s.status in ('APPLIED', 'INVITED', 'ACCEPTED')
  order by s.id for update of s
), blamed as (
  update volunteers v set no_show_count = v.no_show_count + b.times
  from (select volunteer_id, count(*) as times from ended where status = 'NO_SHOW'
        group by volunteer_id) b
  where v.id = b.volunteer_id
), freed as (
  update posts p set joined = p.joined - f.places
  from (select post_id, count(*) as places from ended
        where held_a_place and status = 'CANCELLED' group by post_id) f
  where p.id = f.post_id
), written as (
  update sign_ups s set status = e.status, decided_at = now() from ended e where s.id = e.id
)
select id, volunteer_id, team_id, project_id, post_id, status from ended order by id
"""


@dataclass(frozen=True, slots=True)
class EndedSignUp:
    """A sign-up that ended with its project."""

    id: int
    volunteer_id: int
    team_id: int
    project_id: int
    post_id: int
    status: str


async def close_due(
    write: Write, *, now: datetime, limit: int
) -> tuple[list[int], Sequence[EndedSignUp]]:
    """The projects, in id order, that have now ended, and the sign-ups that ended with them."""
    ended = await write.run(_DUE, now, limit)
    if not ended:
        return [], ()
    due = [row["id"] for row in ended]
    # Counting holds a project's team, which whoever acts for the team holds before its projects.
    await write.lock(Rank.TEAM, {row["team_id"] for row in ended}, shared=True)
    absent = [row["volunteer_id"] for row in await write.run(_ABSENT, due)]
    await write.lock(Rank.VOLUNTEER, absent)
    write.locking(Rank.PROJECT)
    closed = sorted(row["id"] for row in await write.run(_CLOSE, due, now, absent))
    return closed, [EndedSignUp(*row) for row in await write.run(_END_SIGN_UPS, closed)]
