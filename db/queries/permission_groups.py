"""Permission groups, as they are asked for and given."""

from collections.abc import Collection, Mapping
from typing import Any

from db.enums import PermissionGroup
from db.write import Write

_BELOW = """
select count(*) from teams where contact_team_id = $1
  and status in ('ENABLED', 'CHANGE_PENDING', 'DISABLED')
"""
_PUBLISHED = """
select count(*) from projects where team_id = $1 and status in ('WAITING', 'RUNNING')
"""
_TEAMS_BELOW = """
select id from teams where path >= $1 and path < left($1, -1) || '0' order by id
"""
_GROUP_OF_CAPACITY = """
select permission_group from teams where 'team:' || team_no = $1
"""
_PENDING = """
select id, change ->> 'permissionGroup' as wanted from reviews
where kind = 'PERMISSION_GROUP' and subject_type = 'Team' and subject_id = $1
  and state = 'PENDING' for update
"""


async def count_below(write: Write, team_id: int) -> int:
    """How many teams hang directly under one."""
    count: int = (await write.run(_BELOW, team_id))[0][0]
    return count


async def count_published(write: Write, team_id: int) -> int:
    """How many projects of a team are published and not over."""
    count: int = (await write.run(_PUBLISHED, team_id))[0][0]
    return count


async def fetch_subtrees(write: Write, paths: Collection[str]) -> list[int]:
    """The ids of teams and all below them."""
    found: set[int] = set()
    for path in sorted(paths):
        found |= {row["id"] for row in await write.run(_TEAMS_BELOW, path)}
    return sorted(found)


async def fetch_group_of_writer(write: Write) -> PermissionGroup | None:
    """The group of the team that the write is made for; None for a department."""
    rows = await write.run(_GROUP_OF_CAPACITY, write.capacity)
    return PermissionGroup(rows[0]["permission_group"]) if rows else None


async def lock_pending(write: Write, team_id: int) -> Any | None:
    """The group that the team has asked for and that still waits; the caller is at reviews."""
    rows = await write.run(_PENDING, team_id)
    return rows[0] if rows else None


def asked_for(change: Mapping[str, Any]) -> PermissionGroup:
    """The group in a review's change."""
    return PermissionGroup(change["permissionGroup"])
