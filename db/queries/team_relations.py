"""The teams that a team chose beside its contact team: view teams, the organisation it is of."""

from collections.abc import Collection

from db.write import Write

_VIEWS = "select view_team_id from team_view_links where team_id = $1"
_REMOVE = "delete from team_view_links where team_id = $1 and view_team_id = any($2::bigint[])"
_ADD = """
insert into team_view_links (team_id, view_team_id, since)
select $1, unnest($2::bigint[]), (now() at time zone 'Asia/Shanghai')::date
"""
_SET_ORG = "update teams set affiliated_org_id = $2, updated_at = now() where id = $1"


async def fetch_view_teams(write: Write, team_id: int) -> frozenset[int]:
    """The view teams of a team; to be read under its lock."""
    return frozenset(row["view_team_id"] for row in await write.run(_VIEWS, team_id))


async def change_view_teams(
    write: Write, team_id: int, *, added: Collection[int], removed: Collection[int]
) -> None:
    """Takes view teams away and adds others; those that stay keep their day."""
    await write.run(_REMOVE, team_id, sorted(removed))
    await write.run(_ADD, team_id, sorted(added))


async def set_affiliated_org(write: Write, team_id: int, org_id: int | None) -> None:
    """Says which organisation a team is of."""
    await write.run(_SET_ORG, team_id, org_id)
