"""Who asks and what is asked about, as they stand inside a write that holds the tree."""

from collections.abc import Collection, Mapping

from db.enums import TeamStatus
from db.write import Write
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.rights import WORKING
from permissions.viewer import Viewer
from resolvers.acting_now import refreshed


async def as_of_now(
    write: Write,
    viewer: Viewer,
    team_ids: Collection[int],
    *,
    acting: Collection[TeamStatus] = WORKING,
) -> tuple[Viewer, Mapping[int, TeamFacts]]:
    """The viewer and the teams as they stand under the tree lock.

    The viewer was established before it: its team may hang elsewhere by now, or be disabled.

    Raises:
        Forbidden: the viewer's team may not act any more.
    """
    own = {viewer.team.id} if viewer.team is not None else set()
    teams = await gather_teams(write, {*team_ids, *own})
    return await refreshed(write, viewer, teams, acting=acting), teams
