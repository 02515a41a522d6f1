"""Projects as making, changing and publishing them reads and writes them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import ProjectStatus, StoppedBy
from db.write import Write

_TEAM = "select team_id from projects where id = $1"
_PROVINCE = "select province, region_id from teams where id = $1"
_REGION_CODE = "select code from regions where id = $1"
_SIDES = """
select array(select team_id from project_teams where project_id = $1 order by team_id) as teams,
  array(select other_id from project_exclusions where project_id = $1 order by other_id) as others,
  (select count(*) from posts where project_id = $1) as posts
"""
_CLEAR_TEAMS = "delete from project_teams where project_id = $1"
_ADD_TEAMS = "insert into project_teams (project_id, team_id) select $1, unnest($2::bigint[])"
_CLEAR_EXCLUSIONS = "delete from project_exclusions where project_id = $1 or other_id = $1"
_ADD_EXCLUSIONS = """
insert into project_exclusions (project_id, other_id)
select $1, o from unnest($2::bigint[]) as o union all select o, $1 from unnest($2::bigint[]) as o
"""
_OF_TEAM = "select id from projects where team_id = $1 and id = any($2::bigint[])"
_PUBLISH = """
update projects p set status = n.status, published_at = $3, opinion = $4, updated_at = now()
from unnest($1::bigint[], $2::text[]) as n (id, status) where p.id = n.id
"""
_SET = """
update projects set status = $2, opinion = coalesce($3, opinion), updated_at = now()
where id = any($1::bigint[])
"""
_STOP = """
update projects set status = 'DISABLED', status_before = status, stopped_by = $2,
  status_reason = $3, updated_at = now()
where id = $1
"""
_START = """
update projects set status = status_before, status_before = null, stopped_by = null,
  status_reason = $2, resumed_at = now(), updated_at = now()
where id = $1
"""
_CLOSE = """
update projects set status = 'CLOSED', status_before = null, stopped_by = null,
  status_reason = $2, updated_at = now()
where id = $1
"""
_ASK = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id,
  reviewer_team_id, reviewer_region_id, applicant_account_id, change)
select p.province, 'PROJECT_PUBLICATION', 'PENDING', 'Project', p.id, p.team_id, $2, $3, $4,
  $5::text::jsonb
from projects p where p.id = $1 returning id
"""
_WITHDRAW = """
update reviews set state = 'WITHDRAWN', decided_at = now(), decided_by_id = $2, decided_as = $3
where id = any(array(
  select id from reviews where kind = 'PROJECT_PUBLICATION' and subject_type = 'Project'
    and subject_id = $1 and state = 'PENDING' order by id for update))
returning id
"""
_STANDING = """
select id, status, status_before, scope, starts_at, ends_at
from projects where id = any($1::bigint[])
"""
_SET_DATES = """
update projects set starts_at = $2, ends_at = $3,
  recruit_starts_at = case when recruit_starts_at is not null
    then least(recruit_starts_at, $3::timestamptz - interval '1 minute') end,
  recruit_ends_at = case when recruit_ends_at is not null
    then least(recruit_ends_at, $3::timestamptz) end,
  updated_at = now()
where id = $1
"""


@dataclass(frozen=True, slots=True)
class Sides:
    """What stands beside a project's row."""

    team_ids: tuple[int, ...]
    exclusive_ids: tuple[int, ...]
    posts: int


async def fetch_team_of(write: Write, project_id: int) -> int | None:
    """The team of a project, which a redistricting alone changes; None if there is none such."""
    rows = await write.run(_TEAM, project_id)
    return rows[0]["team_id"] if rows else None


async def fetch_home(write: Write, team_id: int) -> tuple[str, int]:
    """The province and the region of a team that exists."""
    row = (await write.run(_PROVINCE, team_id))[0]
    return row["province"], row["region_id"]


async def fetch_region_code(write: Write, region_id: int) -> str:
    """The code of a region that exists."""
    code: str = (await write.run(_REGION_CODE, region_id))[0]["code"]
    return code


async def fetch_sides(write: Write, project_id: int) -> Sides:
    """The teams it recruits from, the projects it excludes, and how many posts it has."""
    row = (await write.run(_SIDES, project_id))[0]
    return Sides(tuple(row["teams"]), tuple(row["others"]), row["posts"])


async def set_allowed_teams(write: Write, project_id: int, team_ids: Collection[int]) -> None:
    """The teams whose members may sign up, and no others."""
    await write.run(_CLEAR_TEAMS, project_id)
    await write.run(_ADD_TEAMS, project_id, sorted(set(team_ids)))


async def set_exclusions(write: Write, project_id: int, other_ids: Collection[int]) -> None:
    """The projects that exclude this one and that it excludes, and no others."""
    await write.run(_CLEAR_EXCLUSIONS, project_id)
    await write.run(_ADD_EXCLUSIONS, project_id, sorted(set(other_ids)))


async def fetch_own(write: Write, team_id: int, ids: Collection[int]) -> frozenset[int]:
    """Those of the projects that are the team's."""
    return frozenset(row["id"] for row in await write.run(_OF_TEAM, team_id, sorted(ids)))


async def fetch_standing(write: Write, ids: Collection[int]) -> Mapping[int, Any]:
    """What publishing goes by, of each project; to be read under their locks."""
    return {row["id"]: row for row in await write.run(_STANDING, sorted(ids))}


async def publish(
    write: Write, statuses: Mapping[int, ProjectStatus], *, now: datetime, opinion: str | None
) -> None:
    """Publishes projects, each into the state that its dates say."""
    await write.run(
        _PUBLISH, list(statuses), [each.value for each in statuses.values()], now, opinion
    )


async def set_status(
    write: Write, ids: Collection[int], status: ProjectStatus, *, opinion: str | None = None
) -> None:
    """Brings projects to a state; an opinion stands until there is another."""
    await write.run(_SET, sorted(ids), status.value, opinion)


async def set_dates(write: Write, project_id: int, starts_at: datetime, ends_at: datetime) -> None:
    """Gives a project the dates that its reviewer sets; recruitment ends with it at last."""
    await write.run(_SET_DATES, project_id, starts_at, ends_at)


async def stop(write: Write, project_id: int, by: StoppedBy, reason: str) -> None:
    """Disables a project, which remembers what it was."""
    await write.run(_STOP, project_id, by.value, reason)


async def start(write: Write, project_id: int, reason: str) -> None:
    """Enables a project again, as what it was."""
    await write.run(_START, project_id, reason)


async def close(write: Write, project_id: int, reason: str | None) -> None:
    """Closes a project before its end."""
    await write.run(_CLOSE, project_id, reason)


async def insert_review(
    write: Write,
    project_id: int,
    *,
    reviewer_team_id: int | None,
    reviewer_region_id: int | None,
    change: Mapping[str, Any],
) -> int:
    """The id of the review that a publication waits for."""
    rows = await write.run(
        _ASK,
        project_id,
        reviewer_team_id,
        reviewer_region_id,
        write.account_id,
        json.dumps(change, ensure_ascii=False),
    )
    review_id: int = rows[0]["id"]
    return review_id


async def withdraw_review(write: Write, project_id: int) -> list[int]:
    """The reviews that waited and are taken back; the caller has entered the reviews' rank."""
    return [
        row["id"]
        for row in await write.run(_WITHDRAW, project_id, write.account_id, write.capacity)
    ]
