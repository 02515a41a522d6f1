"""Records as decisions, disputes, corrections and voids read and change them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.enums import DisputeOutcome, RecordStatus
from db.queries.records.local_policy import reviews_hours
from db.queries.records.overlap import minutes_between, overlaps
from db.write import Write

_ENDS = """
select id, volunteer_id, team_id, project_id from service_records where id = any($1::bigint[])
"""
_FETCH = f"""
select r.id, r.volunteer_id, r.team_id, r.project_id, r.post_id, r.starts_at, r.ends_at, r.minutes,
  r.status, r.source, r.activity_name, r.content, r.place, r.targets, r.contact_name, r.note,
  r.publicity_from, r.publicity_to, r.is_overdue, r.revision, r.recorded_at, r.recorder_name,
  coalesce(p.scope = 'MAKE_UP', false) as is_make_up, p.starts_at as project_starts_at,
  p.ends_at as project_ends_at, v.registered_at, v.status as volunteer_status,
  t.status as team_status, {reviews_hours("t.region_path")} as reviews_hours
from service_records r
join volunteers v on v.id = r.volunteer_id join teams t on t.id = r.team_id
left join projects p on p.id = r.project_id
where r.id = any($1::bigint[]) order by r.id
"""  # noqa: S608 - an expression of ours
# The minutes of a volunteer are those of the records that count; they move with every change.
_SETTLE = """
with settled as (
  update service_records r set status = n.status, publicity_from = n.publicity_from,
    publicity_to = n.publicity_to
  from unnest($1::bigint[], $2::text[], $3::date[], $4::date[])
    as n (id, status, publicity_from, publicity_to)
  where r.id = n.id
  returning r.volunteer_id, r.minutes, r.status
), earned as (
  select volunteer_id, sum(minutes) as minutes from settled
  where status = 'EFFECTIVE' group by volunteer_id
)
update volunteers v set effective_minutes = v.effective_minutes + e.minutes
from earned e where v.id = e.volunteer_id
"""
_LEAVE = """
with left_off as (
  update service_records r set status = $2::text, void_reason = $3
  from (select id, status from service_records where id = any($1::bigint[])) before
  where r.id = before.id
  returning r.id, r.volunteer_id, r.minutes, before.status
), lost as (
  select l.volunteer_id,
    coalesce(sum(l.minutes) filter (where l.status = 'EFFECTIVE'), 0) as minutes,
    count(e.score) as evaluations, coalesce(sum(e.score), 0) as total
  from left_off l
  left join evaluations e on e.record_id = l.id and e.status = 'STANDING' and $2::text = 'VOID'
  group by l.volunteer_id
)
update volunteers v set effective_minutes = v.effective_minutes - l.minutes,
  evaluation_count = v.evaluation_count - l.evaluations,
  evaluation_total = v.evaluation_total - l.total
from lost l
where v.id = l.volunteer_id and (l.minutes > 0 or l.evaluations > 0)
"""
_KEEP = """
insert into service_record_revisions (province, record_id, revision, content, reason, account_id)
select province, id, $5, $2::text::jsonb, $3, $4 from service_records where id = $1
"""
_CORRECT = f"""
with found as (
  select r.id, r.volunteer_id, r.minutes, r.status,
    {overlaps("r.volunteer_id", "$2::timestamptz", "$3::timestamptz", itself="r.id")} as clashes,
    {minutes_between("r.volunteer_id", "$13::timestamptz", "$14::timestamptz", itself="r.id")}
      as of_day
  from service_records r where r.id = $1
), corrected as (
  update service_records r set starts_at = $2, ends_at = $3, minutes = $4, activity_name = $5,
    content = $6, place = $7, targets = $8::text[], contact_name = $9, note = $10,
    status = $11::text, revision = r.revision + 1, is_flagged = r.is_flagged or f.of_day + $4 > $16,
    post_id = $12, publicity_from = $17::date, publicity_to = $18::date, is_overdue = $19
  from found f
  where r.id = f.id and not f.clashes and f.of_day + $4 <= $15
  returning r.volunteer_id
), credited as (
  update volunteers v set effective_minutes = v.effective_minutes
    + case when $11::text = 'EFFECTIVE' then $4 else 0 end
    - case when f.status = 'EFFECTIVE' then f.minutes else 0 end
  from corrected c join found f on f.volunteer_id = c.volunteer_id where v.id = c.volunteer_id
)
select clashes, of_day from found
"""  # noqa: S608 - expressions of ours
_DISPUTE = """
insert into record_disputes (province, record_id, team_id, reason, due_on)
select province, id, team_id, $2, $3 from service_records where id = $1
"""
_ANSWER = """
update record_disputes set outcome = $2, answer = $3, answered_by_id = $4, answered_at = now()
where record_id = $1 and answered_at is null returning id
"""


@dataclass(frozen=True, slots=True)
class Ends:
    """What never changes of a record."""

    id: int
    volunteer_id: int
    team_id: int
    project_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a record says from its next revision on."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    activity_name: str
    content: str
    place: str
    targets: Sequence[str]
    contact_name: str | None
    note: str | None
    status: RecordStatus
    publicity_from: date | None
    publicity_to: date | None
    is_overdue: bool
    post_id: int | None
    day: tuple[datetime, datetime]
    most_a_day: int
    alert_above: int


async def fetch_ends(write: Write, ids: Collection[int]) -> Mapping[int, Ends]:
    """The volunteer, the team and the project of each record."""
    return {row["id"]: Ends(*row) for row in await write.run(_ENDS, sorted(ids))}


async def fetch_records(write: Write, ids: Collection[int]) -> Mapping[int, Any]:
    """The records as they stand; to be read under the locks of their volunteers."""
    return {row["id"]: row for row in await write.run(_FETCH, sorted(ids))}


async def settle(
    write: Write, courses: Mapping[int, tuple[RecordStatus, date | None, date | None]]
) -> None:
    """Brings records that did not count to a state and a publicity; what is effective counts."""
    await write.run(
        _SETTLE,
        list(courses),
        [status.value for status, _, _ in courses.values()],
        [begin for _, begin, _ in courses.values()],
        [end for _, _, end in courses.values()],
    )


async def leave(
    write: Write, ids: Collection[int], status: RecordStatus, *, void_reason: str | None = None
) -> None:
    """Brings records to a state in which they do not count; what counted is taken off.

    The evaluation of a void record counts no more.
    """
    await write.run(_LEAVE, sorted(ids), status.value, void_reason)


async def keep_revision(write: Write, record: Any, reason: str) -> None:
    """Keeps what the record said in a revision that has been corrected."""
    said = {
        "startsAt": record["starts_at"].isoformat(),
        "endsAt": record["ends_at"].isoformat() if record["ends_at"] else None,
        "minutes": record["minutes"],
        "activityName": record["activity_name"],
        "content": record["content"],
        "place": record["place"],
        "targets": record["targets"],
        "contactName": record["contact_name"],
        "note": record["note"],
        "status": record["status"],
    }
    text = json.dumps(said, ensure_ascii=False)
    await write.run(_KEEP, record["id"], text, reason, write.account_id, record["revision"])


async def correct(write: Write, record_id: int, given: Correction) -> Any:
    """Writes the next revision, unless its time is taken or its day too full; what was found."""
    rows = await write.run(
        _CORRECT,
        record_id,
        given.starts_at,
        given.ends_at,
        given.minutes,
        given.activity_name,
        given.content,
        given.place,
        list(given.targets),
        given.contact_name,
        given.note,
        given.status.value,
        given.post_id,
        *given.day,
        given.most_a_day,
        given.alert_above,
        given.publicity_from,
        given.publicity_to,
        given.is_overdue,
    )
    return rows[0]


async def insert_dispute(write: Write, record_id: int, reason: str, due_on: date) -> None:
    """Notes that the volunteer disputes the record, and by when an answer is prompt."""
    await write.run(_DISPUTE, record_id, reason, due_on)


async def answer_dispute(
    write: Write, record_id: int, outcome: DisputeOutcome, answer: str | None
) -> bool:
    """Whether a dispute waited, which is answered now."""
    return bool(await write.run(_ANSWER, record_id, outcome.value, answer, write.account_id))
