"""Records that a check-in opens and a check-out completes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.queries.records.local_policy import reviews_hours
from db.queries.records.overlap import minutes_between, overlaps
from db.write import Write

# The team that records is the one named for a project of cooperating teams, else the project's.
_OPEN = f"""
insert into service_records (province, volunteer_id, team_id, project_id, post_id, sign_up_id,
  region_path, starts_at, minutes, status, source, activity_name, content, place, targets,
  contact_name)
select t.province, s.volunteer_id, t.id, p.id, s.post_id, s.id, t.region_path, $2, 0, 'OPEN',
  'CHECK_IN', p.name, o.name, coalesce(p.address, r.name), p.targets, p.contact_name
from sign_ups s
join projects p on p.id = s.project_id
join posts o on o.id = s.post_id
join regions r on r.id = p.region_id
left join project_recorders n on n.project_id = p.id
join teams t on t.id = coalesce(n.team_id, p.team_id)
where s.id = $1
  and not {overlaps("s.volunteer_id", "$2::timestamptz", "$2::timestamptz + interval '1 minute'")}
returning id, volunteer_id, team_id
"""  # noqa: S608 - expressions of ours
_OPEN_OF = """
select id from service_records where sign_up_id = $1 and status = 'OPEN' order by id limit 1
"""
_FOUND = f"""
select r.id, r.volunteer_id, r.team_id, r.project_id, r.starts_at, r.status, r.province,
  p.scope = 'MAKE_UP' as is_make_up, {reviews_hours("t.region_path")} as reviews_hours
from service_records r join teams t on t.id = r.team_id
left join projects p on p.id = r.project_id
where r.id = $1
"""  # noqa: S608 - an expression of ours
_COMPLETE = f"""
with found as (
  select r.*, {overlaps("r.volunteer_id", "r.starts_at", "$2::timestamptz", itself="r.id")}
      as clashes,
    {minutes_between("r.volunteer_id", "$8::timestamptz", "$9::timestamptz", itself="r.id")}
      as of_day
  from service_records r where r.id = $1 and r.status = 'OPEN'
), completed as (
  update service_records r set ends_at = $2, minutes = $3, status = $4::text,
    publicity_from = $5, publicity_to = $6, is_overdue = $7,
    is_flagged = f.of_day + $3 > $11, recorder_id = $12, recorder_name = $13,
    recorded_at = now()
  from found f
  where r.id = f.id and not f.clashes and f.of_day + $3 <= $10
  returning r.id, r.volunteer_id
), credited as (
  update volunteers v set effective_minutes = v.effective_minutes + $3
  from completed c where v.id = c.volunteer_id and $4::text = 'EFFECTIVE'
)
select f.clashes, f.of_day from found f
"""  # noqa: S608 - expressions of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What completes a record that is open."""

    ends_at: datetime
    minutes: int
    status: str
    publicity_from: date | None
    publicity_to: date | None
    is_overdue: bool
    day: tuple[datetime, datetime]
    most_a_day: int
    alert_above: int
    recorder_id: int | None
    recorder_name: str | None


async def insert_open(write: Write, sign_up_id: int, at: datetime) -> Any | None:
    """The record that a check-in opens; None if the volunteer's time is taken."""
    rows = await write.run(_OPEN, sign_up_id, at)
    return rows[0] if rows else None


async def fetch_open_of(write: Write, sign_up_id: int) -> int | None:
    """The open record of a sign-up, the oldest; to be read under the volunteer's lock."""
    rows = await write.run(_OPEN_OF, sign_up_id)
    return rows[0]["id"] if rows else None


async def fetch_open(write: Write, record_id: int) -> Any | None:
    """What of a record its completion asks; to be read under the volunteer's lock."""
    rows = await write.run(_FOUND, record_id)
    return rows[0] if rows else None


async def complete(write: Write, record_id: int, given: Completion) -> Any:
    """Completes an open record, unless its time is taken or its day too full; what was found."""
    rows = await write.run(
        _COMPLETE,
        record_id,
        given.ends_at,
        given.minutes,
        given.status,
        given.publicity_from,
        given.publicity_to,
        given.is_overdue,
        *given.day,
        given.most_a_day,
        given.alert_above,
        given.recorder_id,
        given.recorder_name,
    )
    return rows[0]
