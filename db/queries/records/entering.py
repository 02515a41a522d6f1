"""Entering records: one statement for one as for ten thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.queries.records.overlap import minutes_between, overlaps
from db.write import Write

BETWEEN = "\x1f"  # no text that people type holds it

# The overlap is judged here, on what is committed now that the volunteers are locked.


def _entering(most: str) -> str:
    """The statement, for so many records at most; said of one, PostgreSQL keeps its plan."""
    return f"""
with given as materialized (
  select g.*, nextval('service_records_id_seq') as id
  from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[],
    $7::timestamptz[], $8::int[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
    $14::text[], $15::text[], $16::date[], $17::date[], $18::bool[], $19::bool[],
    $20::timestamptz[], $21::timestamptz[], $22::int[], $23::int[], $24::text[], $39::text[])
    as g (n, volunteer_id, project_id, post_id, sign_up_id, starts_at, ends_at, minutes,
      activity_name, content, place, targets, contact_name, note, status, publicity_from,
      publicity_to, is_overdue, awaits_review, day_from, day_to, of_batch, score, comment,
      team_path)
  {most}
), judged as materialized (
  select g.*, {overlaps("g.volunteer_id", "g.starts_at", "g.ends_at")} as clashes,
    g.of_batch + g.minutes + {minutes_between("g.volunteer_id", "g.day_from", "g.day_to")}
      as of_day
  from given g
), good as materialized (
  select * from judged where not clashes and of_day <= $25::int order by n
), entered as (
  insert into service_records (id, province, volunteer_id, team_id, project_id, post_id,
    sign_up_id, region_path, team_path, starts_at, ends_at, minutes, status, source,
    activity_name, content, place, targets, contact_name, recorder_id, recorder_name,
    publicity_from, publicity_to,
    is_overdue, is_flagged, note)
  select id, $27, volunteer_id, $28, project_id, post_id, sign_up_id, $29, team_path,
    starts_at, ends_at, minutes, status, $30::text, activity_name, content, place,
    string_to_array(targets, '{BETWEEN}'), contact_name, $31::bigint, $32::text, publicity_from,
    publicity_to, is_overdue, of_day > $26::int, note
  from good
), reviewed as (
  insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    reviewer_region_id, applicant_account_id)
  select $27, $33::text, 'PENDING', 'ServiceRecord', id, $28, $34::bigint, $35::bigint, $36::bigint
  from good where awaits_review
), evaluated as (
  insert into evaluations (province, record_id, volunteer_id, team_id, score, comment, status,
    evaluated_on, account_id)
  select $27, id, volunteer_id, $28, score, comment,
    case when $38::bool then 'PENDING' else 'STANDING' end, $37::date, $31::bigint
  from good where score is not null
  returning id, volunteer_id, score
), examined as (
  insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
    reviewer_region_id, applicant_account_id)
  select $27, 'EVALUATION', 'PENDING', 'Evaluation', id, $28, $34::bigint, $35::bigint, $36::bigint
  from evaluated where $38::bool
), credited as (
  update volunteers v set effective_minutes = v.effective_minutes + c.minutes,
    evaluation_count = v.evaluation_count + c.evaluations,
    evaluation_total = v.evaluation_total + c.total
  from (
    select volunteer_id, coalesce(sum(minutes) filter (where status = 'EFFECTIVE'), 0) as minutes,
      count(score) filter (where not $38::bool) as evaluations,
      coalesce(sum(score) filter (where not $38::bool), 0) as total
    from good group by volunteer_id
    having count(score) > 0 or bool_or(status = 'EFFECTIVE')
  ) c where v.id = c.volunteer_id
)
select n, id, clashes, of_day from judged order by n
"""  # noqa: S608 - expressions of ours


_ONE, _MANY = _entering("limit 1"), _entering("")


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
    columns: list[list[Any]] = [
        [each.n for each in records],
        [each.volunteer_id for each in records],
        [each.project_id for each in records],
        [each.post_id for each in records],
        [each.sign_up_id for each in records],
        [each.starts_at for each in records],
        [each.ends_at for each in records],
        [each.minutes for each in records],
        [each.activity_name for each in records],
        [each.content for each in records],
        [each.place for each in records],
        [BETWEEN.join(each.targets) for each in records],
        [each.contact_name for each in records],
        [each.note for each in records],
        [each.status for each in records],
        [each.publicity_from for each in records],
        [each.publicity_to for each in records],
        [each.is_overdue for each in records],
        [each.awaits_review for each in records],
        [each.day[0] for each in records],
        [each.day[1] for each in records],
        [each.of_batch for each in records],
        [each.score for each in records],
        [each.comment for each in records],
    ]
    return await write.run(
        _ONE if len(records) == 1 else _MANY,
        *columns,
        by.most_a_day,
        by.alert_above,
        by.province,
        by.team_id,
        by.region_path,
        by.source,
        by.recorder_id,
        by.recorder_name,
        by.review_kind,
        *by.reviewer,
        by.applicant_id,
        by.today,
        by.reviews_evaluations,
        [each.team_path for each in records],
    )
