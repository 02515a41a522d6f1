"""What disabling and enabling a team reads and changes: the team, its projects, its subtree."""

from typing import Any

from db.enums import TeamStatus
from db.paths import path_end
from db.write import Write

_STATUS = """
select t.status, exists (select from reviews r where r.kind = 'TEAM_CHANGE'
  and r.subject_type = 'Team' and r.subject_id = t.id and r.state = 'PENDING') as is_changing
from teams t where t.id = $1
"""
_SET = "update teams set status = $2, status_reason = $3, updated_at = now() where id = $1"
_PROJECTS = """
select id from projects where team_id = $1 and status = any($2::text[]) order by id
"""
_DISABLE_PROJECTS = """
update projects set status_before = status, status = 'DISABLED', stopped_by = 'WITH_TEAM',
  updated_at = now()
where id = any($1::bigint[]) and status in ('WAITING', 'RUNNING', 'MAKE_UP') returning id
"""
_ENABLE_PROJECTS = """
update projects set status = status_before, status_before = null, stopped_by = null,
  resumed_at = now(), updated_at = now()
where id = any($1::bigint[]) and status = 'DISABLED' and stopped_by = 'WITH_TEAM' returning id
"""
_SUBTREE = "select id from teams where path >= $1 and path < $2 order by id"


async def fetch_status(write: Write, team_id: int) -> tuple[TeamStatus, bool]:
    """The state of a team, and whether a change of its data waits."""
    row: Any = (await write.run(_STATUS, team_id))[0]
    return TeamStatus(row["status"]), row["is_changing"]


async def set_status(write: Write, team_id: int, status: TeamStatus, reason: str) -> None:
    """Brings a team to a state, for a reason."""
    await write.run(_SET, team_id, status.value, reason)


async def fetch_projects(write: Write, team_id: int, statuses: list[str]) -> list[int]:
    """The team's projects in one of the states."""
    return [row["id"] for row in await write.run(_PROJECTS, team_id, statuses)]


async def disable_projects(write: Write, ids: list[int]) -> list[int]:
    """The projects that were disabled; each remembers what it was, and that it is for the team."""
    return sorted(row["id"] for row in await write.run(_DISABLE_PROJECTS, ids))


async def enable_projects(write: Write, ids: list[int]) -> list[int]:
    """The projects that stopped with their team and are again what they were."""
    return sorted(row["id"] for row in await write.run(_ENABLE_PROJECTS, ids))


async def fetch_subtree(write: Write, path: str) -> list[int]:
    """The ids of a team and all below it."""
    return [row["id"] for row in await write.run(_SUBTREE, path, path_end(path))]
