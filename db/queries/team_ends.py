"""What dissolving a team reads and ends beside its own row."""

from collections.abc import Sequence
from typing import Any

from db.write import Write

_CHILDREN = """
select id, branch_of_id from teams where contact_team_id = $1 and status <> 'DISSOLVED' order by id
"""
_DISSOLVE = """
update teams set status = 'DISSOLVED', status_reason = $2, successor_id = $3, updated_at = now()
where id = $1
"""
_SUCCEED = "update teams set successor_id = $2 where successor_id = $1 and id <> $2"
_DROP_VIEWS = "delete from team_view_links where team_id = $1 or view_team_id = $1"
_END_MEMBERSHIPS = """
update memberships set status = 'LEFT', left_at = now(), end_reason = $2
where team_id = $1 and status in ('JOINED', 'APPLYING', 'INVITED') returning id
"""
_WITHDRAW = """
update reviews set state = 'WITHDRAWN', decided_at = now(), decided_by_id = $3, decided_as = $4
where team_id = $1 and state = 'PENDING' and kind = any($2::text[]) returning id
"""
_TO_SUCCESSOR = """
update reviews set reviewer_team_id = $2, reviewer_region_id = null
where team_id = $1 and reviewer_team_id = $1 and state = 'PENDING' returning id
"""
_DRAFT_PROJECTS = """
update projects set status = 'DRAFT', updated_at = now()
where team_id = $1 and status = 'PENDING' returning id
"""
_PENDING_PROJECTS = "select id from projects where team_id = $1 and status = 'PENDING' order by id"


async def fetch_children(write: Write, team_id: int) -> Sequence[Any]:
    """The teams directly below that are not dissolved, and whose branches they are."""
    return await write.run(_CHILDREN, team_id)


async def dissolve(write: Write, team_id: int, reason: str, successor_id: int) -> None:
    """Ends a team; teams that it has succeeded are its successor's from now on."""
    await write.run(_DISSOLVE, team_id, reason, successor_id)
    await write.run(_SUCCEED, team_id, successor_id)
    await write.run(_DROP_VIEWS, team_id)


async def end_memberships(write: Write, team_id: int, reason: str) -> int:
    """How many members, applicants and invited volunteers the team had."""
    return len(await write.run(_END_MEMBERSHIPS, team_id, reason))


async def withdraw_reviews(write: Write, team_id: int, kinds: Sequence[str]) -> int:
    """How many of the team's own wishes ended with it; the caller is at reviews."""
    rows = await write.run(_WITHDRAW, team_id, kinds, write.account_id, write.capacity)
    return len(rows)


async def pass_reviews(write: Write, team_id: int, successor_id: int) -> int:
    """How many reviews that the team itself would decide are the successor's now."""
    return len(await write.run(_TO_SUCCESSOR, team_id, successor_id))


async def fetch_pending_projects(write: Write, team_id: int) -> list[int]:
    """The projects that wait for their reviewer."""
    return [row["id"] for row in await write.run(_PENDING_PROJECTS, team_id)]


async def draft_projects(write: Write, team_id: int) -> None:
    """Brings projects that waited back to drafts."""
    await write.run(_DRAFT_PROJECTS, team_id)
