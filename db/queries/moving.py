"""Moves of teams: what is read to judge one, and the reviews that they leave."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from db.enums import ReviewState
from db.write import Write

_REGION_PATH = "select path from regions where id = $1"
_REVIEW = """
select r.id, r.team_id, r.reviewer_team_id, r.state, r.applicant_account_id, r.change::text
from reviews r where r.id = $1 and r.kind = 'TEAM_MOVE'
"""
_LOCK_PENDING_MOVE = """
select id, reviewer_team_id from reviews
where kind = 'TEAM_MOVE' and subject_type = 'Team' and subject_id = $1 and state = 'PENDING'
for update
"""
_LOCK_PENDING = """
select id, kind, team_id, reviewer_team_id, reviewer_region_id, change::text from reviews
where state = 'PENDING' and (team_id = any($1::bigint[]) or reviewer_team_id = any($2::bigint[])
  or reviewer_region_id = any($3::bigint[]))
order by id for update
"""
_INSERT_REVIEW = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
  applicant_account_id, change, opinion, decided_by_id, decided_as, decided_at)
select t.province, 'TEAM_MOVE', $2::text, 'Team', t.id, t.id, $3, $4, $5::text::jsonb, $6, $7, $8,
  case when $2::text <> 'PENDING' then now() end
from teams t where t.id = $1
returning id
"""
_DECIDE = """
update reviews set state = $2, opinion = $3, decided_by_id = $4, decided_as = $5,
  decided_at = now()
where id = $1 and state = 'PENDING' returning id
"""
_REROUTE = """
update reviews r set reviewer_team_id = n.team_id, reviewer_region_id = n.region_id
from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as n (id, team_id, region_id)
where r.id = n.id
"""
_REDIRECT = """
update reviews
set reviewer_team_id = $2, change = change || jsonb_build_object('contactTeamId', $2::bigint)
where id = $1
"""
_SET_GROUPS = """
update teams t set permission_group = n.permission_group, updated_at = now()
from unnest($1::bigint[], $2::text[]) as n (id, permission_group)
where t.id = n.id
"""


async def fetch_region_path(write: Write, region_id: int) -> str | None:
    """Where a region lies now; None if there is none."""
    rows = await write.run(_REGION_PATH, region_id)
    return rows[0]["path"] if rows else None


async def fetch_move_review(write: Write, review_id: int) -> Any | None:
    """A review of a move, unlocked: what it says may be over once its locks are held."""
    rows = await write.run(_REVIEW, review_id)
    return rows[0] if rows else None


async def lock_pending_move(write: Write, team_id: int) -> Any | None:
    """The move that the team has asked for and that still waits."""
    rows = await write.run(_LOCK_PENDING_MOVE, team_id)
    return rows[0] if rows else None


async def lock_pending_reviews(
    write: Write,
    team_ids: Collection[int],
    *,
    of_reviewers: Collection[int] = (),
    of_offices: Collection[int] = (),
) -> Sequence[Any]:
    """What waits of these teams, or for these teams or departments, locked in id order.

    The caller has entered the rank of reviews.
    """
    return await write.run(
        _LOCK_PENDING, sorted(team_ids), sorted(of_reviewers), sorted(of_offices)
    )


async def insert_move_review(
    write: Write,
    *,
    team_id: int,
    to: int,
    state: ReviewState,
    change: Mapping[str, Any],
    applicant: int | None = None,
    opinion: str | None = None,
    decided_by: int | None = None,
    decided_as: str | None = None,
) -> int:
    """The id of the review that a move leaves: waiting, or decided already when it was forced."""
    rows = await write.run(
        _INSERT_REVIEW,
        team_id,
        state.value,
        to,
        applicant,
        json.dumps(change, ensure_ascii=False),
        opinion,
        decided_by,
        decided_as,
    )
    review_id: int = rows[0]["id"]
    return review_id


async def decide_review(
    write: Write, review_id: int, state: ReviewState, *, opinion: str | None
) -> None:
    """Ends a waiting review, in the name of who writes."""
    await write.run(_DECIDE, review_id, state.value, opinion, write.account_id, write.capacity)


async def reroute_reviews(
    write: Write, reviewers: Mapping[int, tuple[int | None, int | None]]
) -> None:
    """Gives reviews, by id, to another reviewer: a team, or the department of a region."""
    if reviewers:
        teams, regions = zip(*reviewers.values(), strict=True)
        await write.run(_REROUTE, list(reviewers), list(teams), list(regions))


async def redirect_move(write: Write, review_id: int, to: int) -> None:
    """Asks another contact team for a move that waits."""
    await write.run(_REDIRECT, review_id, to)


async def set_groups(write: Write, groups: Mapping[int, str]) -> None:
    """Gives teams their permission groups."""
    if groups:
        await write.run(_SET_GROUPS, list(groups), list(groups.values()))
