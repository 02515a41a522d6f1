"""Needs, offers and answers: what the rule is told of them, who may read them, who does what."""

from collections.abc import Collection
from dataclasses import dataclass

from db.enums import AnswerSide, AnswerStatus, MatchStatus
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    OTHER_DUTY,
    OWN_APPLICATION,
    OWN_TEAM,
    OWNER,
    SUBJECT_STOPPED,
    TEAM_STOPPED,
    Decision,
    Policy,
    acting_team,
    acting_volunteer,
    allow,
    as_reviewer,
    for_own_team,
    is_own,
    is_volunteer,
    refuse,
    rules_over,
)
from permissions.facts import TeamFacts, VolunteerFacts
from permissions.reading import PUBLIC, in_contract_over, inside, inside_or_office
from permissions.reviewers import reviewer_of
from permissions.viewer import ActingTeam, Role, Viewer

ANSWERED = allow("own answer")
LOOKING = allow("team that may look for help")
NOT_OPEN = refuse("not open any more")
OWN_NEED = refuse("the team's own need")
NO_HELPER = refuse("acting neither as a volunteer nor for a team")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFacts:
    """A need of a team, and the teams and volunteers that have answered it."""

    id: int
    team: TeamFacts
    status: MatchStatus
    team_ids: Collection[int] = frozenset()
    volunteer_ids: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """An offer of a team or of a volunteer, for a region."""

    id: int
    team: TeamFacts | None
    volunteer_id: int | None
    region_path: str
    status: MatchStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAnswerFacts:
    """An answer: ``team`` is in need, and ``from_team`` or a volunteer would help.

    ``account_id`` is the volunteer's, ``applicant_account_id`` that of who asked for their side.
    """

    id: int
    team: TeamFacts
    from_team: TeamFacts | None
    volunteer_id: int | None
    asked_by: AnswerSide
    status: AnswerStatus
    account_id: int | None = None
    applicant_account_id: int | None = None


def reads_need(viewer: Viewer, need: NeedFacts) -> Decision:
    """Open needs of working teams are public; others are seen from inside, and by who answered."""
    is_public = need.status is MatchStatus.OPEN and need.team.works
    if viewer.role is Role.PARTNER:
        return in_contract_over(viewer, need.team.office.region_path) if is_public else NO_EDGE
    if is_public:
        return PUBLIC
    acting, volunteer = acting_team(viewer), acting_volunteer(viewer)
    if acting is not None and acting.id in need.team_ids:
        return ANSWERED
    if volunteer is not None and volunteer in need.volunteer_ids:
        return ANSWERED
    return inside_or_office(viewer, need.team)


def reads_offer(viewer: Viewer, offer: OfferFacts) -> Decision:
    """Open offers of teams are public; a volunteer's are for working teams and the department."""
    if offer.team is not None:
        is_public = offer.status is MatchStatus.OPEN and offer.team.works
        if viewer.role is Role.PARTNER:
            path = offer.team.office.region_path
            return in_contract_over(viewer, path) if is_public else NO_EDGE
        return PUBLIC if is_public else inside_or_office(viewer, offer.team)
    if is_volunteer(viewer, offer.volunteer_id):
        return OWNER
    if rules_over(viewer, offer.region_path):
        return DEPARTMENT
    acting = acting_team(viewer)
    looks = acting is not None and acting.works and offer.status is MatchStatus.OPEN
    return LOOKING if looks else NO_EDGE


def reads_answer(viewer: Viewer, answer: NeedAnswerFacts) -> Decision:
    """Both sides; the hubs above the team in need, and its department."""
    if is_volunteer(viewer, answer.volunteer_id):
        return OWNER
    if answer.from_team is not None and is_own(viewer, answer.from_team):
        return OWN_TEAM
    return inside(viewer, answer.team)


def publishes(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """The team's own manager."""
    return for_own_team(viewer, team)


def offers(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """The volunteer."""
    return OWNER if is_volunteer(viewer, volunteer.id) else NO_EDGE


def closes_need(viewer: Viewer, need: NeedFacts, policy: Policy) -> Decision:
    """The team, or its reviewer."""
    return _own_or_reviewer(viewer, need.team, policy)


def closes_offer(viewer: Viewer, offer: OfferFacts, policy: Policy) -> Decision:
    """Who offers; of a team its reviewer, of a volunteer the department over the region."""
    if offer.team is not None:
        return _own_or_reviewer(viewer, offer.team, policy)
    if rules_over(viewer, offer.region_path):
        return DEPARTMENT
    return OWNER if is_volunteer(viewer, offer.volunteer_id) else NO_EDGE


def answers(viewer: Viewer, need: NeedFacts, _policy: Policy) -> Decision:
    """A volunteer, or the manager of another team, while the need is open."""
    if need.status is not MatchStatus.OPEN:
        return NOT_OPEN
    if not need.team.works:
        return SUBJECT_STOPPED
    if acting_volunteer(viewer) is not None:
        return OWNER
    acting = acting_team(viewer)
    if acting is None:
        return NO_HELPER
    return OWN_NEED if acting.id == need.team.id else _acts(acting)


def invites(viewer: Viewer, need: NeedFacts, _policy: Policy) -> Decision:
    """The manager of the team in need, while it is open."""
    return for_own_team(viewer, need.team) if need.status is MatchStatus.OPEN else NOT_OPEN


def decides(viewer: Viewer, answer: NeedAnswerFacts, _policy: Policy) -> Decision:
    """The side that did not ask; never who asked, for whichever side they act now."""
    if viewer.account_id is not None and viewer.account_id == answer.applicant_account_id:
        return OWN_APPLICATION
    if answer.asked_by is AnswerSide.NEED:
        return _as_offerer(viewer, answer)
    if answer.volunteer_id is not None and (
        answer.volunteer_id == viewer.volunteer_id
        or (answer.account_id is not None and answer.account_id == viewer.account_id)
    ):
        return OWN_APPLICATION
    return for_own_team(viewer, answer.team)


def withdraws(viewer: Viewer, answer: NeedAnswerFacts, _policy: Policy) -> Decision:
    """Who asked, while it waits; once accepted, either side."""
    if answer.status is AnswerStatus.PENDING:
        if answer.asked_by is AnswerSide.NEED:
            return for_own_team(viewer, answer.team)
        return _as_offerer(viewer, answer)
    own = _as_offerer(viewer, answer)
    return own if own.allowed else for_own_team(viewer, answer.team)


def _as_offerer(viewer: Viewer, answer: NeedAnswerFacts) -> Decision:
    if answer.from_team is not None:
        return for_own_team(viewer, answer.from_team)
    return OWNER if is_volunteer(viewer, answer.volunteer_id) else NO_EDGE


def _acts(acting: ActingTeam) -> Decision:
    if not acting.works:
        return TEAM_STOPPED
    return OWN_TEAM if acting.is_named() else OTHER_DUTY


def _own_or_reviewer(viewer: Viewer, team: TeamFacts, policy: Policy) -> Decision:
    own = for_own_team(viewer, team)
    return own if own.allowed else as_reviewer(viewer, team, reviewer_of(team), policy)
