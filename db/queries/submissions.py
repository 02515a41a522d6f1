"""Contributed articles as writing, reviewing and editing them reads and writes them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from db.enums import SubmissionStatus
from db.write import Write

_IS_MEMBER = """
select exists (select from memberships
  where team_id = $1 and volunteer_id = $2 and status = 'JOINED')
"""
_INSERT = """
insert into submissions (province, team_id, volunteer_id, author_account_id, title, body, status)
select province, id, $2, $3, $4, $5, 'DRAFT' from teams where id = $1 returning id
"""
_ROWS = """
select id, team_id, volunteer_id, author_account_id, status
from submissions where id = any($1::bigint[]) order by id
"""
_UPDATE = """
update submissions set title = coalesce($2, title), body = coalesce($3, body), changed_at = $4
where id = $1
"""
_SET = """
update submissions set status = $2::text, opinion = $3, changed_at = $4,
  published_at = case when $2::text = 'PUBLISHED' then $4 else published_at end
where id = any($1::bigint[])
"""
_ASK = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id,
  reviewer_team_id, reviewer_region_id, applicant_account_id)
select s.province, 'SUBMISSION', 'PENDING', 'Submission', s.id, s.team_id, $2, $3, $4
from submissions s where s.id = $1 returning id
"""
_WITHDRAW = """
update reviews set state = 'WITHDRAWN', decided_at = now(), decided_by_id = $2, decided_as = $3
where id = any(array(
  select id from reviews where kind = 'SUBMISSION' and subject_type = 'Submission'
    and subject_id = $1 and state = 'PENDING'
  order by id for update))
"""


@dataclass(frozen=True, slots=True)
class SubmissionLocked:
    """An article under its lock."""

    id: int
    team_id: int
    volunteer_id: int | None
    author_account_id: int
    status: SubmissionStatus


async def is_member(write: Write, *, team_id: int, volunteer_id: int) -> bool:
    """Whether the volunteer has joined the team."""
    found: bool = (await write.run(_IS_MEMBER, team_id, volunteer_id))[0][0]
    return found


async def insert(
    write: Write, team_id: int, volunteer_id: int | None, title: str, body: str
) -> int:
    """The id of a draft for a team."""
    rows = await write.run(_INSERT, team_id, volunteer_id, write.account_id, title, body)
    submission_id: int = rows[0]["id"]
    return submission_id


async def fetch(write: Write, ids: Collection[int]) -> Mapping[int, SubmissionLocked]:
    """The articles; to be read under their locks."""
    return {
        row["id"]: SubmissionLocked(
            row["id"],
            row["team_id"],
            row["volunteer_id"],
            row["author_account_id"],
            SubmissionStatus(row["status"]),
        )
        for row in await write.run(_ROWS, sorted(ids))
    }


async def update(
    write: Write, submission_id: int, title: str | None, body: str | None, *, now: datetime
) -> None:
    """Changes what an article says; None leaves it."""
    await write.run(_UPDATE, submission_id, title, body, now)


async def set_status(
    write: Write,
    ids: Collection[int],
    status: SubmissionStatus,
    opinion: str | None,
    *,
    now: datetime,
) -> None:
    """Brings articles to a state, with what was said of it."""
    await write.run(_SET, sorted(ids), status.value, opinion, now)


async def insert_review(
    write: Write, submission_id: int, *, team_id: int | None, region_id: int | None
) -> int:
    """The id of the review that an article waits for."""
    rows = await write.run(_ASK, submission_id, team_id, region_id, write.account_id)
    review_id: int = rows[0]["id"]
    return review_id


async def withdraw_review(write: Write, submission_id: int) -> None:
    """Takes back what waits; the caller has entered the reviews' rank."""
    await write.run(_WITHDRAW, submission_id, write.account_id, write.capacity)
