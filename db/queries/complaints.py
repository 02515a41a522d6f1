"""Complaints as handing them in, handling, appealing and reading them reads and writes them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import ComplaintMeasure, ComplaintStatus, ComplaintTopic
from db.queries.complaint_terms import TIME_TO_DECIDE, TIME_TO_REVIEW
from db.rows import Row
from db.statements import Statement
from db.write import Write

_SUBJECTS = {
    "Team": "select id as team_id, null::bigint as volunteer_id from teams where id = $1",
    "Project": "select team_id, null::bigint as volunteer_id from projects where id = $1",
    "ServiceRecord": "select team_id, volunteer_id from service_records where id = $1",
    "Certificate": "select team_id, volunteer_id from certificates where id = $1",
    "Volunteer": "select null::bigint as team_id, id as volunteer_id from volunteers where id = $1",
}
_VOLUNTEER = "select id from volunteers where volunteer_no = $1 and name = $2"
_HOME = "select region_path from volunteers where id = $1"
_OPEN = """
select count(*) from complaints where complainant_account_id = $1 and closed_at is null
"""
_INSERT = """
insert into complaints (province, subject_type, subject_id, topic, team_id, about_volunteer_id,
  handler_team_id, handler_region_id, complainant_account_id, discloses_name, text, status, due_at)
select coalesce(
    (select province from teams where id = coalesce($4::bigint, $6::bigint)),
    (select province from regions where id = $7::bigint)),
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'SUBMITTED', now() + $11::interval
on conflict (complainant_account_id, subject_type, subject_id) where closed_at is null do nothing
returning id
"""
_ROW = """
select id, subject_type, subject_id, team_id, about_volunteer_id, handler_team_id,
  handler_region_id, complainant_account_id, status, appeals, decided_at
from complaints where id = $1
"""
_HOLD = """
update complaints set status = $2, handler_team_id = $3, handler_region_id = $4,
  transferred_to = $5::text, reminded = null,
  closed_at = case when $5::text is null then null else now() end
where id = $1
"""
_SET = """
update complaints set status = $2::text,
  closed_at = case when $2::text = 'CLOSED' then now() else closed_at end
where id = $1
"""
_DECIDE = """
update complaints set status = $2, measure = $3, outcome = $4, decided_at = $5 where id = $1
"""
_APPEAL = """
update complaints set status = 'SUBMITTED', handler_team_id = $2, handler_region_id = $3,
  measure = null, outcome = null, decided_at = null, appeals = appeals + 1,
  due_at = now() + $4::interval, reminded = null
where id = $1
"""
_STEP = """
insert into complaint_steps (province, complaint_id, status, handler_team_id, handler_region_id,
  measure, note, account_id)
select province, id, status, handler_team_id, handler_region_id, measure, $2, $3
from complaints where id = $1
"""
_CLOSE_DUE = """
update complaints set status = 'CLOSED', closed_at = now() where id = any(array(
  select id from complaints where status in ('UPHELD', 'DISMISSED') and decided_at < $1
  order by id limit $2 for update skip locked))
returning id
"""
# The index of handlers finds them: few teams stop, and few of those hold a complaint.
_STRANDED = """
select c.id from teams t join complaints c on c.handler_team_id = t.id
where t.status in ('DISABLED', 'DISSOLVED') and c.closed_at is null and c.decided_at is null
  and c.id > $1
order by c.id limit $2
"""
_UNDECIDED = """
select id from complaints
where id = any($1::bigint[]) and closed_at is null and decided_at is null order by id
"""
_CLOSED_STEPS = """
insert into complaint_steps (province, complaint_id, status, handler_team_id, handler_region_id)
select province, id, status, handler_team_id, handler_region_id
from complaints where id = any($1::bigint[]) order by id
"""


class StepRow(Row):
    """A state that a complaint came to."""

    complaint_id: int
    status: ComplaintStatus
    handler_team_id: int | None
    handler_region_id: int | None
    measure: ComplaintMeasure | None
    note: str | None
    created_at: datetime


class NameRow(Row):
    """The name that an account is shown by."""

    id: int
    display_name: str


STEPS = Statement(
    """
    select complaint_id, status, handler_team_id, handler_region_id, measure, note, created_at
    from complaint_steps where complaint_id = any($1::bigint[]) order by complaint_id, id
    """,
    ("ids",),
    {},
    StepRow,
)
NAMES = Statement(
    "select id, display_name from accounts where id = any($1::bigint[])", ("ids",), {}, NameRow
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """A complaint that is handed in."""

    subject_type: str
    subject_id: int
    topic: ComplaintTopic
    team_id: int | None
    about_volunteer_id: int | None
    handler_team_id: int | None
    handler_region_id: int | None
    complainant_account_id: int
    discloses_name: bool
    text: str


@dataclass(frozen=True, slots=True)
class ComplaintLocked:
    """A complaint under its lock."""

    id: int
    subject_type: str
    subject_id: int
    team_id: int | None
    about_volunteer_id: int | None
    handler_team_id: int | None
    handler_region_id: int | None
    complainant_account_id: int
    status: ComplaintStatus
    appeals: int
    decided_at: datetime | None


async def fetch_subject(
    write: Write, subject_type: str, subject_id: int
) -> tuple[int | None, int | None]:
    """The team and the volunteer that the subject of a complaint concerns."""
    row = (await write.run(_SUBJECTS[subject_type], subject_id))[0]
    return row["team_id"], row["volunteer_id"]


async def find_volunteer(write: Write, volunteer_no: str, name: str) -> int | None:
    """The volunteer of that number and that name."""
    rows = await write.run(_VOLUNTEER, volunteer_no, name)
    return rows[0]["id"] if rows else None


async def fetch_home(write: Write, volunteer_id: int) -> str:
    """The path of the region where a volunteer lives."""
    path: str = (await write.run(_HOME, volunteer_id))[0]["region_path"]
    return path


async def count_open(write: Write, account_id: int) -> int:
    """How many complaints of the account are not closed."""
    number: int = (await write.run(_OPEN, account_id))[0]["count"]
    return number


async def insert(write: Write, new: NewComplaint) -> int | None:
    """The id of a complaint; None if one of the account about the same is open."""
    rows = await write.run(
        _INSERT,
        new.subject_type,
        new.subject_id,
        new.topic.value,
        new.team_id,
        new.about_volunteer_id,
        new.handler_team_id,
        new.handler_region_id,
        new.complainant_account_id,
        new.discloses_name,
        new.text,
        TIME_TO_DECIDE,
    )
    return rows[0]["id"] if rows else None


async def fetch_locked(write: Write, complaint_id: int) -> ComplaintLocked:
    """The complaint; its lock is held."""
    row: Any = (await write.run(_ROW, complaint_id))[0]
    return ComplaintLocked(**{**dict(row), "status": ComplaintStatus(row["status"])})


async def set_status(write: Write, complaint_id: int, status: ComplaintStatus) -> None:
    """Brings a complaint to a state that changes nothing else."""
    await write.run(_SET, complaint_id, status.value)


async def hand_on(
    write: Write,
    complaint_id: int,
    *,
    team_id: int | None,
    region_id: int | None,
    elsewhere: str | None,
) -> None:
    """Gives a complaint to another handler; to an authority ``elsewhere``, it ends here."""
    status = ComplaintStatus.TRANSFERRED.value
    await write.run(_HOLD, complaint_id, status, team_id, region_id, elsewhere)


async def settle(
    write: Write,
    complaint_id: int,
    status: ComplaintStatus,
    measure: ComplaintMeasure | None,
    outcome: str,
    *,
    now: datetime,
) -> None:
    """Upholds or dismisses a complaint."""
    value = None if measure is None else measure.value
    await write.run(_DECIDE, complaint_id, status.value, value, outcome, now)


async def appeal(
    write: Write, complaint_id: int, *, team_id: int | None, region_id: int | None
) -> None:
    """Submits a complaint again, to a superior, whose time begins."""
    await write.run(_APPEAL, complaint_id, team_id, region_id, TIME_TO_REVIEW)


async def add_step(write: Write, complaint_id: int, note: str | None) -> None:
    """Keeps the state that a complaint has just come to."""
    await write.run(_STEP, complaint_id, note, write.account_id)


async def fetch_stranded(write: Write, *, after: int, limit: int) -> list[int]:
    """Undecided complaints behind one that a team holds which was stopped or has ended."""
    return [row["id"] for row in await write.run(_STRANDED, after, limit)]


async def keep_undecided(write: Write, ids: Collection[int]) -> list[int]:
    """Those of the complaints that nobody has decided or closed."""
    return [row["id"] for row in await write.run(_UNDECIDED, ids)]


async def close_due(write: Write, *, before: datetime, limit: int) -> Sequence[int]:
    """The complaints decided before a moment, closed now."""
    rows = await write.run(_CLOSE_DUE, before, limit)
    ids: Collection[int] = [row["id"] for row in rows]
    await write.run(_CLOSED_STEPS, ids)
    return sorted(ids)
