"""Entering records: one statement for one as for ten thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.enums import RecordStatus
from db.queries.records.overlap import minutes_between, overlaps
from db.write import Write

BETWEEN = "\x1f"  # no text that people type holds it

# The overlap is judged here, on what is committed now that the volunteers are locked.


_GIVEN = {
    "n": "int",
    "volunteer_id": "bigint",
    "project_id": "bigint",
    "post_id": "bigint",
    "sign_up_id": "bigint",
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
    "minutes": "int",
    "activity_name": "text",
    "content": "text",
    "place": "text",
    "targets": "text",
    "contact_name": "text",
    "note": "text",
    "status": "text",
    "publicity_from": "date",
    "publicity_to": "date",
    "is_overdue": "bool",
    "awaits_review": "bool",
    "day_from": "timestamptz",
    "day_to": "timestamptz",
    "of_batch": "int",
    "score": "int",
    "comment": "text",
    "team_path": "text",
}
# One record is said in plain values: PostgreSQL keeps the plan, and no arrays are to be written.
_ONE = "select " + ", ".join(f"${i}::{_GIVEN[name]} as {name}" for i, name in enumerate(_GIVEN, 1))
_MANY = f"""select * from unnest({", ".join(f"${i}::{_GIVEN[name]}[]" for i, name in enumerate(_GIVEN, 1))})
  as g ({", ".join(_GIVEN)})"""  # noqa: S608, E501 - names of ours

# What few records are followed by: each part costs every record, even where it finds nothing.
_FOLLOWED = """, reviewed as (
  insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    reviewer_region_id, applicant_account_id)
  select $28, $34::text, 'PENDING', 'ServiceRecord', id, $29, $35::bigint, $36::bigint, $37::bigint
  from good where awaits_review
), evaluated as (
  insert into evaluations (province, record_id, volunteer_id, team_id, score, comment, status,
    evaluated_on, account_id)
  select $28, id, volunteer_id, $29, score, comment,
    case when $39::bool then 'PENDING' else 'STANDING' end, $38::date, $32::bigint
  from good where score is not null
  returning id, volunteer_id, score
), examined as (
  insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    reviewer_region_id, applicant_account_id)
  select $28, 'EVALUATION', 'PENDING', 'Evaluation', id, $29, $35::bigint, $36::bigint, $37::bigint
  from evaluated where $39::bool
), credited as (
  update volunteers v set effective_minutes = v.effective_minutes + c.minutes,
    evaluation_count = v.evaluation_count + c.evaluations,
    evaluation_total = v.evaluation_total + c.total
  from (
    select volunteer_id, coalesce(sum(minutes) filter (where status = 'EFFECTIVE'), 0) as minutes,
      count(score) filter (where not $39::bool) as evaluations,
      coalesce(sum(score) filter (where not $39::bool), 0) as total
    from good group by volunteer_id
    having count(score) > 0 or bool_or(status = 'EFFECTIVE')
  ) c where v.id = c.volunteer_id
)"""


def _entering(given: str, followed: str) -> str:
    """The statement for records given in a form, with what follows them."""
    return f"""
with given as materialized (
  select g.*, nextval('service_records_id_seq') as id from ({given}) g
), judged as materialized (
  select g.*, {overlaps("g.volunteer_id", "g.starts_at", "g.ends_at")} as clashes,
    g.of_batch + g.minutes + {minutes_between("g.volunteer_id", "g.day_from", "g.day_to")}
      as of_day
  from given g
), good as materialized (
  select * from judged where not clashes and of_day <= $26::int order by n
), entered as (
  insert into service_records (id, province, volunteer_id, team_id, project_id, post_id,
    sign_up_id, region_path, team_path, starts_at, ends_at, minutes, status, source,
    activity_name, content, place, targets, contact_name, recorder_id, recorder_name,
    publicity_from, publicity_to,
    is_overdue, is_flagged, note)
  select id, $28, volunteer_id, $29, project_id, post_id, sign_up_id, $30, team_path,
    starts_at, ends_at, minutes, status, $31::text, activity_name, content, place,
    string_to_array(targets, '{BETWEEN}'), contact_name, $32::bigint, $33::text, publicity_from,
    publicity_to, is_overdue, of_day > $27::int, note
  from good
){followed}
select n, id, clashes, of_day from judged order by n
"""  # noqa: S608 - expressions of ours


_STATEMENTS = {
    (is_one, is_followed): _entering(_ONE if is_one else _MANY, _FOLLOWED if is_followed else "")
    for is_one in (True, False)
    for is_followed in (True, False)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record to be entered, ``n`` its place among those that were given.

    ``day`` are the midnights around it, ``of_batch`` the minutes that the batch holds of them;
    without a ``team_path`` the database looks up where the team hung on that day.
    """

    n: int
    volunteer_id: int
    project_id: int | None
    post_id: int | None
    sign_up_id: int | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    activity_name: str
    content: str
    place: str
    targets: Sequence[str]
    contact_name: str
    note: str | None
    status: str
    publicity_from: date | None
    publicity_to: date | None
    is_overdue: bool
    awaits_review: bool
    day: tuple[datetime, datetime]
    of_batch: int
    score: int | None = None
    comment: str | None = None
    team_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """By whom records are entered, for which team, and what a day may hold."""

    team_id: int
    province: str
    region_path: str
    source: str
    recorder_id: int | None
    recorder_name: str | None
    today: date
    most_a_day: int
    alert_above: int
    review_kind: str
    reviewer: tuple[int | None, int | None]
    applicant_id: int | None
    reviews_evaluations: bool = False


async def enter(write: Write, records: Sequence[NewRecord], by: Entered) -> list[Any]:
    """What became of each record: its id, whether its time is taken, the minutes of its day.

    What is taken, or makes a day too long, is not entered.
    """
    is_one, is_followed = len(records) == 1, any(map(_is_followed, records))
    rows = [_row(each) for each in records]
    following = (by.review_kind, *by.reviewer, by.applicant_id, by.today, by.reviews_evaluations)
    return await write.run(
        _STATEMENTS[is_one, is_followed],
        *(rows[0] if is_one else map(list, zip(*rows, strict=True))),
        by.most_a_day,
        by.alert_above,
        by.province,
        by.team_id,
        by.region_path,
        by.source,
        by.recorder_id,
        by.recorder_name,
        *(following if is_followed else ()),
    )


def _is_followed(record: NewRecord) -> bool:
    """Whether more rows come of a record than its own."""
    is_effective = record.status == RecordStatus.EFFECTIVE
    return is_effective or record.awaits_review or record.score is not None


def _row(record: NewRecord) -> tuple[Any, ...]:
    """The values of a record, in the order of ``_GIVEN``."""
    return (
        record.n,
        record.volunteer_id,
        record.project_id,
        record.post_id,
        record.sign_up_id,
        record.starts_at,
        record.ends_at,
        record.minutes,
        record.activity_name,
        record.content,
        record.place,
        BETWEEN.join(record.targets),
        record.contact_name,
        record.note,
        record.status,
        record.publicity_from,
        record.publicity_to,
        record.is_overdue,
        record.awaits_review,
        *record.day,
        record.of_batch,
        record.score,
        record.comment,
        record.team_path,
    )
