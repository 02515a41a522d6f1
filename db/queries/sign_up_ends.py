"""How sign-ups end: attended, not attended, or called off with their projects."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from db.write import Write

# A place that was given is free again; what was never decided is over.
_CANCEL = """
with ended as (
  select id, post_id, status from sign_ups
  where project_id = any($1::bigint[]) and status in ('APPLIED', 'INVITED', 'ACCEPTED')
  order by id for update
), freed as (
  update posts p set joined = p.joined - e.places
  from (select post_id, count(*) as places from ended where status = 'ACCEPTED'
        group by post_id) e
  where p.id = e.post_id
)
update sign_ups s set status = 'CANCELLED', decided_at = now()
from ended e where s.id = e.id returning s.id
"""
_ATTEND = """
with found as (
  select id, volunteer_id, status from sign_ups
  where id = any($1::bigint[]) and status in ('ACCEPTED', 'NO_SHOW')
  order by id for update
), forgiven as (
  update volunteers v set no_show_count = v.no_show_count - f.times
  from (select volunteer_id, count(*) as times from found where status = 'NO_SHOW'
        group by volunteer_id) f
  where v.id = f.volunteer_id
)
update sign_ups s set status = 'ATTENDED' from found f where s.id = f.id returning s.id
"""
_OF_RECORDS = """
select distinct sign_up_id from service_records
where id = any($1::bigint[]) and sign_up_id is not null
"""
_CHECK_IN = """
update sign_ups set status = 'ATTENDED', checked_in_at = $2, checked_out_at = null where id = $1
"""
_CHECK_OUT = "update sign_ups set checked_out_at = $2 where id = $1"
_OPEN_OF_SIGN_UP = """
select id, starts_at from service_records
where volunteer_id = $1 and sign_up_id = $2 and status = 'OPEN'
order by starts_at desc limit 1
"""
_OPEN_OF_VOLUNTEER = """
select id from service_records where volunteer_id = $1 and status = 'OPEN' and starts_at >= $2
"""


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record that a check-in opened."""

    id: int
    starts_at: datetime


async def cancel_open(write: Write, project_ids: Collection[int]) -> list[int]:
    """The sign-ups that end with projects which were called off; the projects are locked."""
    return sorted(row["id"] for row in await write.run(_CANCEL, sorted(project_ids)))


async def attend(write: Write, ids: Collection[int]) -> list[int]:
    """The sign-ups of these that are attended now, as a record shows; volunteers are locked.

    Whoever was taken for a no-show is none.
    """
    return sorted(row["id"] for row in await write.run(_ATTEND, sorted(ids)))


async def attend_as_recorded(write: Write, record_ids: Collection[int]) -> list[int]:
    """The sign-ups that are attended now, for these records show it; volunteers are locked."""
    ids = [row["sign_up_id"] for row in await write.run(_OF_RECORDS, sorted(record_ids))]
    return await attend(write, ids) if ids else []


async def check_in(write: Write, sign_up_id: int, at: datetime) -> None:
    """The volunteer is there."""
    await write.run(_CHECK_IN, sign_up_id, at)


async def check_out(write: Write, sign_up_id: int, at: datetime) -> None:
    """The volunteer has left."""
    await write.run(_CHECK_OUT, sign_up_id, at)


async def fetch_open_record(write: Write, volunteer_id: int, sign_up_id: int) -> OpenRecord | None:
    """The record that the last check-in of a sign-up opened, if it is open still."""
    rows = await write.run(_OPEN_OF_SIGN_UP, volunteer_id, sign_up_id)
    return OpenRecord(*rows[0]) if rows else None


async def fetch_open_records(write: Write, volunteer_id: int, since: datetime) -> list[int]:
    """The volunteer's records that were opened after a moment and are open still."""
    return [row["id"] for row in await write.run(_OPEN_OF_VOLUNTEER, volunteer_id, since)]
