"""A project and who asks about it, as they stand inside a write that holds both."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from db.lock_order import Rank
from db.queries import projects as queries
from db.queries.entities import PROJECT
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserErrorCode
from permissions.facts import ProjectFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, ids_in_scope
from resolvers.acting_now import as_of_now

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A project whose locks are held, and who asks, as of now."""

    viewer: Viewer
    project: ProjectFacts

    @property
    def id(self) -> int:
        """The project's id."""
        return self.project.id

    def require(self, action: Action, message: str, *, policy: Policy | None = None) -> str:
        """The edge by which the viewer may do this.

        Raises:
            Forbidden: none leads there.
        """
        decision = decide(action, self.viewer, self.project, policy=policy)
        if not decision.allowed:
            raise Forbidden(f"{message}: {decision.because}.")
        return decision.because


async def hold_project(
    write: Write,
    viewer: Viewer,
    project_id: int,
    *,
    volunteers: Callable[[], Awaitable[Collection[int]]] | None = None,
) -> Held:
    """The project, with its team, the volunteers named, and itself locked in the one order.

    Raises:
        Refused: the viewer does not see it.
        Forbidden: the viewer's team may not act any more.
    """
    await write.lock_tree()
    # SECURITY: a hidden project is a missing one, before anything is said of it.
    seen = await ids_in_scope(write, viewer, PROJECT, [project_id])
    team_id = await queries.fetch_team_of(write, project_id) if seen else None
    if team_id is None:
        raise Refused.because(UserErrorCode.NOT_FOUND, "projectId", "No such project.")
    await write.lock(Rank.TEAM, [team_id], shared=True)
    if volunteers is not None:
        await write.lock(Rank.VOLUNTEER, await volunteers())
    await write.lock(Rank.PROJECT, [project_id])
    now = await as_of_now(write, viewer)
    facts = await gather(write, PROJECT.name, [project_id], volunteer_id=viewer.volunteer_id)
    return Held(now, facts[project_id])
