"""A decision in words: the walk up the tree, and the edge that grants or is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from db.enums import ReviewKind
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy, acting_team, rules_over
from permissions.facts import MoveFacts, OfficeFacts, ReviewFacts, TeamFacts, VolunteerFacts
from permissions.reading import inside, lies_in_area, manages_region
from permissions.reviewers import OWN_BUSINESS, Reviewer, reviewer_for, reviewer_of
from permissions.viewer import Viewer

# A team chooses whom it asks: where it wants to hang, and who is to raise its group.
ASKED_BY_NAME = frozenset({ReviewKind.TEAM_MOVE, ReviewKind.PERMISSION_GROUP})
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
    if isinstance(subject, VolunteerFacts):
        steps.extend(_person(viewer, subject, may_name_all=may_name_all))
    if isinstance(team, TeamFacts):
        steps.extend(_walk(viewer, team, may_name_all=may_name_all))
        if action in REVIEWING:
            steps.append(_reviewer(viewer, reviewer_of(team), may_name_all=may_name_all))
    if isinstance(subject, MoveFacts):
        to = _described(viewer, subject.to, may_name_all=may_name_all)
        steps.append(f"It is to hang under {to}.")
    if isinstance(subject, ReviewFacts):
        steps.append(_reviewer(viewer, subject.reviewer, may_name_all=may_name_all))
        if _is_found_by_tree(subject):
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


def _person(viewer: Viewer, person: VolunteerFacts, *, may_name_all: bool) -> Iterator[str]:
    """Where the person lives as seen by who asks, and the ties that who asks may read."""
    if viewer.office_path:
        where = "inside" if rules_over(viewer, person.region_path) else "outside"
        yield f"The person lives {where} the region of your department."
    if viewer.hub is not None and viewer.hub.hub_level is not None:
        where = "inside" if lies_in_area(viewer, person.region_path) else "outside"
        right = "with" if manages_region(viewer) else "without"
        yield (
            f"The person lives {where} the region of your hub, {right} the right to manage the"
            " region's volunteers."
        )
    for team in person.tied_to:
        # SECURITY: a tie to a team elsewhere is nobody's to hear of.
        if may_name_all or inside(viewer, team).allowed:
            yield f"The person is tied to {_described(viewer, team, may_name_all=may_name_all)}."


def _is_found_by_tree(review: ReviewFacts) -> bool:
    """Whether the tree says who reviews it: no team was asked by name, none decides its own."""
    reviewer = review.reviewer
    if review.kind in OWN_BUSINESS:
        return False
    if not isinstance(reviewer, TeamFacts):
        return review.kind is not ReviewKind.COMPLAINT
    return reviewer.id != review.team.id and review.kind not in ASKED_BY_NAME


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
