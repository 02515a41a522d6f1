"""Evaluations of a volunteer's service, of one record or of a whole project."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.queries.records.local_policy import reviews_evaluations
from db.write import Write

# A second evaluation takes the place of the first; the volunteer's average moves by the difference.
_STORE = """
with before as (
  select score, status from evaluations
  where ($1::bigint is not null and record_id = $1)
    or (record_id is null and project_id = $2 and volunteer_id = $3)
), replaced as (
  update evaluations set score = $5, comment = $6, evaluated_on = $7, account_id = $8,
    status = $9::text
  where ($1::bigint is not null and record_id = $1)
    or (record_id is null and project_id = $2 and volunteer_id = $3)
  returning id
), stored as (
  insert into evaluations (province, record_id, project_id, volunteer_id, team_id, score, comment,
    evaluated_on, account_id, status)
  select t.province, $1, $2, $3, t.id, $5, $6, $7, $8, $9::text from teams t
  where t.id = $4 and not exists (select from before)
  returning id
), moved as (
  update volunteers v set
    evaluation_count = v.evaluation_count + n.now - n.was,
    evaluation_total = v.evaluation_total + n.now * $5 - n.score
  from (select case when $9::text = 'STANDING' then 1 else 0 end as now,
      (select count(*) from before where status = 'STANDING') as was,
      coalesce((select score from before where status = 'STANDING'), 0) as score) n
  where v.id = $3
)
select id from replaced union all select id from stored
"""
_TAKEN_PART = """
select p.team_id, coalesce(n.team_id, p.team_id) as recorder_id, p.status, p.ends_at,
  exists (select from sign_ups s where s.project_id = p.id and s.volunteer_id = $2
          and s.status in ('ACCEPTED', 'ATTENDED'))
  or exists (select from service_records r where r.project_id = p.id and r.volunteer_id = $2
             and r.status not in ('VOID', 'REJECTED')) as took_part
from projects p left join project_recorders n on n.project_id = p.id where p.id = $1
"""
_REVIEWED = f"""
select {reviews_evaluations("t.region_path")} as reviewed from teams t where t.id = $1
"""  # noqa: S608 - an expression of ours
_FETCH = """
select e.id, e.volunteer_id, e.team_id, e.status, r.status as record_status
from evaluations e left join service_records r on r.id = e.record_id
where e.id = any($1::bigint[])
"""
_SETTLE = """
with settled as (
  update evaluations set status = $2::text where id = any($1::bigint[])
  returning volunteer_id, score
), counted as (
  select volunteer_id, count(*) as n, sum(score) as total from settled
  where $2::text = 'STANDING' group by volunteer_id
)
update volunteers v set evaluation_count = v.evaluation_count + c.n,
  evaluation_total = v.evaluation_total + c.total
from counted c where v.id = c.volunteer_id
"""
_REVIEW = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
  reviewer_region_id, applicant_account_id)
select province, 'EVALUATION', 'PENDING', 'Evaluation', $2, id, $3, $4, $5 from teams where id = $1
on conflict do nothing
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a team thinks of a volunteer's service."""

    record_id: int | None
    project_id: int | None
    volunteer_id: int
    team_id: int
    score: int
    comment: str | None
    evaluated_on: date
    status: str


async def store(write: Write, given: Judgement) -> int:
    """The id of the evaluation; to be stored under the volunteer's lock."""
    rows = await write.run(
        _STORE,
        given.record_id,
        given.project_id,
        given.volunteer_id,
        given.team_id,
        given.score,
        given.comment,
        given.evaluated_on,
        write.account_id,
        given.status,
    )
    return int(rows[0]["id"])


async def fetch_part(write: Write, project_id: int, volunteer_id: int) -> Any | None:
    """The project's recording team, and whether the volunteer took part; None if there is none."""
    rows = await write.run(_TAKEN_PART, project_id, volunteer_id)
    return rows[0] if rows else None


async def are_reviewed(write: Write, team_id: int) -> bool:
    """Whether the region of the team has the contact team review evaluations."""
    rows = await write.run(_REVIEWED, team_id)
    return bool(rows[0]["reviewed"])


async def fetch(write: Write, ids: Collection[int]) -> Mapping[int, Any]:
    """The evaluations, each with the state of its record, if it is of one."""
    return {row["id"]: row for row in await write.run(_FETCH, sorted(ids))}


async def settle(write: Write, ids: Collection[int], status: str) -> None:
    """Brings evaluations that waited to a state; what stands counts."""
    await write.run(_SETTLE, sorted(ids), status)


async def insert_review(
    write: Write, team_id: int, evaluation_id: int, reviewer: tuple[int | None, int | None]
) -> None:
    """Puts an evaluation into a reviewer's queue, unless it is there already."""
    await write.run(_REVIEW, team_id, evaluation_id, *reviewer, write.account_id)
