"""Transitions that fall due by time alone, a batch at a time."""

from dataclasses import dataclass
from datetime import date, datetime

from db.lock_order import Rank
from db.locks import Lock
from db.write import Write

_TAKE_TURN = f"select pg_try_advisory_xact_lock({Lock.CLOCK})"
_BEGUN = """
select id, team_id from projects where status = 'WAITING' and starts_at <= $1 order by id limit $2
"""
_START = """
update projects set status = 'RUNNING', updated_at = now() where id = any(array(
  select id from projects where id = any($1::bigint[]) and status = 'WAITING' and starts_at <= $2
  order by id for update skip locked))
returning id
"""
_RECORDS = """
select id, volunteer_id from service_records
where status = 'NOT_EFFECTIVE' and publicity_to < $1
order by publicity_to, id limit $2
"""
# The records are read again under the locks of their volunteers.
_MAKE_EFFECTIVE = """
with due as (
  update service_records set status = 'EFFECTIVE'
  where id = any($1::bigint[]) and status = 'NOT_EFFECTIVE' and publicity_to < $2
  returning id, volunteer_id, team_id, minutes
), earned as (
  select volunteer_id, sum(minutes)::bigint as minutes from due group by volunteer_id
), credited as (
  update volunteers v set effective_minutes = v.effective_minutes + e.minutes
  from earned e where v.id = e.volunteer_id
)
select id, volunteer_id, team_id, minutes from due order by id
"""
_DELETE_KEYS = """
delete from idempotency_keys where ctid = any(array(
  select ctid from idempotency_keys where created_at < $1 limit $2 for update skip locked))
returning true
"""
_DELETE_SESSIONS = """
delete from sign_in_sessions where id = any(array(
  select id from sign_in_sessions where expires_at < $1 limit $2 for update skip locked))
returning true
"""


@dataclass(frozen=True, slots=True)
class EffectiveRecord:
    """A record that has become effective."""

    id: int
    volunteer_id: int
    team_id: int
    minutes: int


async def take_turn(write: Write) -> bool:
    """Whether this write is the clock's; false while another process's is."""
    rows = await write.run(_TAKE_TURN)
    turn: bool = rows[0][0]
    return turn


async def start_projects(write: Write, *, now: datetime, limit: int) -> list[int]:
    """The projects, in id order, that have now begun."""
    begun = await write.run(_BEGUN, now, limit)
    if not begun:
        return []
    # Counting holds a project's team, which whoever acts for the team holds before its projects.
    await write.lock(Rank.TEAM, {row["team_id"] for row in begun}, shared=True)
    write.locking(Rank.PROJECT)
    return sorted(row["id"] for row in await write.run(_START, [row["id"] for row in begun], now))


async def advance_records(write: Write, *, today: date, limit: int) -> list[EffectiveRecord]:
    """The records whose publicity is over, effective now, their minutes credited."""
    rows = await write.run(_RECORDS, today, limit)
    if not rows:
        return []
    await write.lock(Rank.VOLUNTEER, {row["volunteer_id"] for row in rows})
    found = await write.run(_MAKE_EFFECTIVE, [row["id"] for row in rows], today)
    return [EffectiveRecord(*row) for row in found]


async def delete_expired_keys(write: Write, *, before: datetime, limit: int) -> int:
    """How many idempotency keys were too old."""
    return len(await write.run(_DELETE_KEYS, before, limit))


async def delete_expired_sessions(write: Write, *, before: datetime, limit: int) -> int:
    """How many refresh tokens had expired by then."""
    return len(await write.run(_DELETE_SESSIONS, before, limit))
