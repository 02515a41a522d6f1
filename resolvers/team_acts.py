"""The common course of what is done to one team: hold the tree, find it, lock it, decide."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from db.enums import TeamStatus
from db.lock_order import Rank
from db.queries.entities import TEAM
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.rights import WORKING
from permissions.viewer import Viewer
from resolvers.acting import Refused, ids_in_scope, refuse_if_any
from resolvers.texts import line_errors
from resolvers.under_lock import as_of_now

LONGEST_REASON = 500
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamId", "No such team.")


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts on which team, as both stand under the locks, and the edge that allows it."""

    viewer: Viewer
    team: TeamFacts
    teams: Mapping[int, TeamFacts]
    because: str

    @property
    def is_own(self) -> bool:
        """Whether the viewer acts for this very team."""
        return self.viewer.acting is not None and self.viewer.acting.id == self.team.id


async def find_team(write: Write, viewer: Viewer, team_id: int, *, exclusive: bool = False) -> None:
    """Holds the tree; fails on a team that the viewer may not see as on one that is not there.

    Raises:
        Refused: NOT_FOUND.
    """
    await write.lock_tree(exclusive=exclusive)
    # SECURITY: a hidden team is a missing one, before anything is said of it.
    if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
        raise Refused(NO_SUCH_TEAM)


async def lock_and_decide(
    write: Write,
    viewer: Viewer,
    team_id: int,
    action: Action,
    *,
    policy: Policy,
    otherwise: str,
    beside: Collection[int] = (),
    subject: Callable[[TeamFacts], Awaitable[object]] | None = None,
    acting: Collection[TeamStatus] = WORKING,
) -> Act:
    """Who acts on the team, locked with those beside it; the tree is held and the team in scope.

    ``subject`` tells, under the locks, what is done to the team; ``acting`` are the states in
    which the viewer's own team may do this.

    Raises:
        Forbidden: the viewer may not; ``otherwise`` says who may.
    """
    await write.lock(Rank.TEAM, {team_id, *beside})
    viewer, teams = await as_of_now(write, viewer, {team_id, *beside}, acting=acting)
    team = teams[team_id]
    about = team if subject is None else await subject(team)
    decision = decide(action, viewer, about, policy=policy)
    if not decision.allowed:
        raise Forbidden(f"{otherwise}: {decision.because}.")
    return Act(viewer, team, teams, decision.because)


def check_reason(reason: str) -> None:
    """Fails on a reason that is missing, too long, or no line of text.

    Raises:
        Refused: what is wrong with it.
    """
    if not reason:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "This has a reason.")
    refuse_if_any(line_errors("reason", reason, longest=LONGEST_REASON))
