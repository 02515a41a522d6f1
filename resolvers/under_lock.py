"""Who asks and what is asked about, as they stand inside a write that holds the tree."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from db.queries import moving, pages
from db.queries.entities import Entity
from db.write import Write
from permissions.errors import Forbidden
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.viewer import Viewer
from permissions.visible import visible


async def as_of_now(
    write: Write, viewer: Viewer, team_ids: Collection[int]
) -> tuple[Viewer, Mapping[int, TeamFacts]]:
    """The viewer and the teams as they stand under the tree lock.

    The viewer was established before it: its team may hang elsewhere by now, or be disabled.

    Raises:
        Forbidden: the viewer's team may not act any more.
    """
    own, office = viewer.team, viewer.department
    teams = await gather_teams(write, {*team_ids, *((own.id,) if own is not None else ())})
    if own is not None:
        now = teams[own.id]
        if not now.works:
            raise Forbidden("This team may not act.")
        own = replace(
            own,
            path=now.path,
            region_path=now.office.region_path,
            status=now.status,
            permission_group=now.group,
        )
    if office is not None:
        path = await moving.fetch_region_path(write, office.region_id)
        office = replace(office, region_path=path or "")
    return replace(viewer, team=own, department=office), teams


async def in_scope(write: Write, viewer: Viewer, entity: Entity, ids: Collection[int]) -> set[int]:
    """The ids of rows that the viewer may see; what is hidden and what is missing are alike."""
    scope = visible(entity.name, viewer)
    row = entity.row.only((), "lookup_key")
    rows = await write.fetch(
        pages.by_key(entity, "id", scope, row), keys=sorted(ids), **scope.values
    )
    return {each.id for each in rows}
