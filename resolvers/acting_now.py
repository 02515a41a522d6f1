"""Who acts, as things stand under the tree lock; the request's standing was read before it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from db.enums import TeamStatus
from db.queries import moving
from db.write import Write
from permissions.errors import Forbidden
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.reviewers import takes_teams
from permissions.rights import WORKING
from permissions.viewer import Viewer


async def as_of_now(write: Write, viewer: Viewer) -> Viewer:
    """The viewer, with its team or department as this write sees it.

    Raises:
        Forbidden: the viewer's team may not act any more.
    """
    own = [viewer.team.id] if viewer.team is not None else []
    return await refreshed(write, viewer, await gather_teams(write, own))


async def refreshed(
    write: Write,
    viewer: Viewer,
    teams: Mapping[int, TeamFacts],
    *,
    acting: Collection[TeamStatus] = WORKING,
) -> Viewer:
    """The viewer, its own team taken from the teams that the write has gathered.

    ``acting`` are the states in which a team may do this.

    Raises:
        Forbidden: the viewer's team is not among them, or may not act any more.
    """
    own, office = viewer.team, viewer.department
    if own is not None:
        now = teams.get(own.id)
        if now is None or now.status not in acting:
            raise Forbidden("This team may not act.")
        own = replace(
            own,
            path=now.path,
            region_path=now.office.region_path,
            status=now.status,
            permission_group=now.group,
            takes_teams=takes_teams(now),
        )
    if office is not None:
        path = await moving.fetch_region_path(write, office.region_id)
        office = replace(office, region_path=path or "")
    return replace(viewer, team=own, department=office)
