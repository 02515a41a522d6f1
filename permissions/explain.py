"""A decision in words: the walk up the tree, and the edge that grants or is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy, acting_team
from permissions.facts import OfficeFacts, TeamFacts
from permissions.reviewers import Reviewer, reviewer_for, reviewer_of
from permissions.viewer import Viewer

REVIEWING = frozenset(
    {
        Action.TEAM_REVIEW,
        Action.TEAM_UPDATE,
        Action.TEAM_DISABLE,
        Action.TEAM_ENABLE,
        Action.TEAM_DISSOLVE,
        Action.PROJECT_REVIEW,
        Action.PROJECT_DISABLE,
        Action.PROJECT_ENABLE,
        Action.CERTIFICATE_REVOKE,
    }
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and the walk to it, a sentence a step."""

    allowed: bool
    because: str
    steps: tuple[str, ...]


def explain(
    action: Action,
    viewer: Viewer,
    subject: Any,
    *,
    policy: Policy,
    may_name_all: bool = False,
) -> Explanation:
    """Why the viewer may or may not do this to the subject.

    Teams above that the viewer may not read stay unnamed, unless an operator asks.
    """
    decision = decide(action, viewer, subject, policy=policy)
    steps = [_who(viewer)]
    team = subject if isinstance(subject, TeamFacts) else getattr(subject, "team", None)
    if isinstance(team, TeamFacts):
        steps.extend(_walk(viewer, team, may_name_all=may_name_all))
        if action in REVIEWING:
            steps.append(_reviewer(viewer, reviewer_of(team), may_name_all=may_name_all))
    if hasattr(subject, "reviewer"):
        steps.append(_reviewer(viewer, subject.reviewer, may_name_all=may_name_all))
        expected = reviewer_for(subject.kind, subject.team)
        if _key(expected) != _key(subject.reviewer):
            steps.append("By the tree as it is now, another would review it.")
    verdict = "Granted" if decision.allowed else "Refused"
    steps.append(f"{verdict}: {decision.because}.")
    return Explanation(decision.allowed, decision.because, tuple(steps))


def _who(viewer: Viewer) -> str:
    acting = acting_team(viewer)
    if acting is not None:
        level = f"{acting.hub_level} hub" if acting.hub_level else "team"
        duties = ", ".join(sorted(acting.roles))
        return (
            f"You act for {acting.name}, a {level} of group {acting.permission_group},"
            f" {acting.status}, named as {duties}."
        )
    if viewer.department is not None:
        return f"You act for the department of {viewer.department.region_name}."
    if viewer.volunteer_id is not None:
        return "You act as a volunteer."
    return "You act as a signed-in person." if viewer.account_id is not None else "You are nobody."


def _walk(viewer: Viewer, team: TeamFacts, *, may_name_all: bool) -> Iterator[str]:
    yield f"It belongs to {_described(viewer, team, may_name_all=may_name_all)}."
    for above in team.ancestors():
        yield f"  above: {_described(viewer, above, may_name_all=may_name_all)}."
    if team.is_legal:
        yield "  It is a legal person: it answers to its registration authority, to no hub."


def _described(viewer: Viewer, team: TeamFacts, *, may_name_all: bool) -> str:
    if not may_name_all and not decide(Action.READ, viewer, team).allowed:
        return "a team that you may not see"
    level = f"{team.hub_level} hub, " if team.hub_level else ""
    acting = acting_team(viewer)
    mark = " (you act for it)" if acting is not None and acting.id == team.id else ""
    return f"{team.name} ({level}group {team.group}, {team.status}){mark}"


def _reviewer(viewer: Viewer, reviewer: Reviewer | None, *, may_name_all: bool) -> str:
    if reviewer is None:
        return "Nobody can be found to review it."
    if isinstance(reviewer, OfficeFacts):
        return "Its reviewer is a civil-affairs department."
    return f"Its reviewer is {_described(viewer, reviewer, may_name_all=may_name_all)}."


def _key(reviewer: Reviewer | None) -> tuple[str, int] | None:
    if reviewer is None:
        return None
    if isinstance(reviewer, TeamFacts):
        return "team", reviewer.id
    return "region", reviewer.region_id
