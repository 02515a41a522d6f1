"""Rules of what is done to teams, moves, groups and reviews (DOMAIN §5 rows 1-6, 17, 18)."""

from db.enums import ReviewKind, TeamAdminRole, TeamStatus
from db.paths import is_ancestor
from permissions.edges import (
    AUTHORITY,
    CONTACT_TEAM,
    DEPARTMENT,
    NO_EDGE,
    NO_REVIEWER,
    NOT_SIGNED_IN,
    OFFICE,
    OTHER_DUTY,
    OWN_APPLICATION,
    OWN_TEAM,
    SUBJECT_STOPPED,
    TEAM_STOPPED,
    Decision,
    Policy,
    acting_team,
    allow,
    as_reviewer,
    for_own_team,
    is_own_account,
    refuse,
    rules_over,
)
from permissions.facts import (
    GroupFacts,
    MoveFacts,
    ReviewFacts,
    TeamFacts,
)
from permissions.groups import may_be_set, may_set, setting_hub
from permissions.reviewers import OWN_BUSINESS, reviewer_of, takes_teams
from permissions.rights import Right, holds
from permissions.viewer import Role, Viewer

# What a volunteer asks of a team is decided there first, and above on appeal (rows 10, 16).
FIRST_DECIDED_INSIDE = (ReviewKind.LATE_HOURS, ReviewKind.EVALUATION, ReviewKind.COMPLAINT)
# What others ask of a team, or say of it, is not the team's to take back.
OTHERS_ASKED = OWN_BUSINESS | {ReviewKind.COMPLAINT}
SIGNED_IN = allow("signed in")
UNDER_ITSELF = refuse("a team cannot hang under itself")
TAKES_NO_TEAMS = refuse("the contact team may not take teams")
MANAGES_NO_MEMBERS = refuse("without the right to manage members")
BEYOND_BOUNDS = refuse("above what may be set for this team")


def registers(viewer: Viewer, contact: TeamFacts, _policy: Policy) -> Decision:
    """Any signed-in person, under a team that takes teams (rows 1, 2, 4)."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if not contact.works:
        return SUBJECT_STOPPED
    return SIGNED_IN if takes_teams(contact) else TAKES_NO_TEAMS


def updates(viewer: Viewer, team: TeamFacts, policy: Policy) -> Decision:
    """The team, also while it waits or was refused; its reviewer (row 5)."""
    acting = acting_team(viewer)
    if acting is not None and acting.id == team.id:
        if acting.status in {TeamStatus.DISABLED, TeamStatus.DISSOLVED}:
            return TEAM_STOPPED
        return OWN_TEAM if acting.is_named() else OTHER_DUTY
    return as_reviewer(viewer, team, reviewer_of(team), policy)


def reviews(viewer: Viewer, team: TeamFacts, policy: Policy) -> Decision:
    """The reviewer of the team (rows 1 to 5, 18): never the team itself."""
    return as_reviewer(viewer, team, reviewer_of(team), policy)


def enables(viewer: Viewer, team: TeamFacts, policy: Policy) -> Decision:
    """The superior team or department (row 18); a dissolved team stays so."""
    if team.status is TeamStatus.DISSOLVED:
        return refuse("the team is dissolved")
    return reviews(viewer, team, policy)


def manages(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """The team's own manager."""
    return for_own_team(viewer, team)


def asks_to_move(viewer: Viewer, move: MoveFacts, _policy: Policy) -> Decision:
    """The team itself, to a team that takes teams (row 5)."""
    return _placeable(move) or for_own_team(viewer, move.team)


def accepts_move(viewer: Viewer, move: MoveFacts, policy: Policy) -> Decision:
    """The new contact team; by quick review a team above both; a department over both."""
    return _undecidable(viewer, move) or _accepts(viewer, move.team, move.to, policy)


def forces_move(viewer: Viewer, move: MoveFacts, _policy: Policy) -> Decision:
    """A working hub above both ends, or a department over both (row 5); never who asked for one."""
    if refusal := _undecidable(viewer, move):
        return refusal
    if rules_over(viewer, move.team.office.region_path) and rules_over(
        viewer, move.to.office.region_path
    ):
        return DEPARTMENT
    acting = acting_team(viewer)
    if acting is None or acting.hub_level is None:
        return NO_EDGE
    if not acting.works:
        return TEAM_STOPPED
    above = is_ancestor(acting.path, move.team.path) and move.to.path.startswith(acting.path)
    if not above:
        return refuse("not above both ends of the move")
    return allow("superior of both") if acting.is_named() else NO_EDGE


def sets_group(viewer: Viewer, given: GroupFacts, _policy: Policy) -> Decision:
    """The hub that sets the team's group, within its own rights; else a department (row 6)."""
    team = given.team
    if is_own_account(viewer, given.applicant_account_id):
        return OWN_APPLICATION
    if setting_hub(team) is None:
        office = (team.authority if team.is_legal else None) or team.office
        if not rules_over(viewer, office.region_path):
            return refuse("set by a department")
        edge = AUTHORITY if office == team.authority else OFFICE
        return edge if may_be_set(given.group, team, by=None) else BEYOND_BOUNDS
    acting = acting_team(viewer)
    if acting is None or not any(
        above.id == acting.id and may_set(above, team) for above in team.ancestors()
    ):
        return NO_EDGE
    if not acting.is_named():
        return OTHER_DUTY
    edge = CONTACT_TEAM if team.contact and team.contact.id == acting.id else allow("hub above")
    return edge if may_be_set(given.group, team, by=acting.permission_group) else BEYOND_BOUNDS


def decides(viewer: Viewer, review: ReviewFacts, policy: Policy) -> Decision:
    """Who must decide the review, or may in their place; never who applied or whom it is about."""
    account = viewer.account_id
    if account is None:
        return NOT_SIGNED_IN
    if account in (review.applicant_account_id, review.about_account_id):
        return OWN_APPLICATION
    if review.kind in _DECIDED_OTHERWISE:
        return _DECIDED_OTHERWISE[review.kind](viewer, review, policy)
    team, reviewer = review.team, review.reviewer
    is_own = isinstance(reviewer, TeamFacts) and reviewer.id == team.id
    if is_own and review.kind not in FIRST_DECIDED_INSIDE:
        return NO_REVIEWER
    return as_reviewer(viewer, team, reviewer, policy)


def decides_in_bulk(viewer: Viewer, review: ReviewFacts, policy: Policy) -> Decision:
    """As one at a time; a team needs quick review for what is not its own business."""
    decision = decides(viewer, review, policy)
    acting = acting_team(viewer)
    if not decision.allowed or acting is None or review.kind in OWN_BUSINESS:
        return decision
    if not policy.quick_review:
        return refuse("quick review is switched off")
    if not acting.reviews_quickly:
        return refuse("without the right of quick review, one at a time")
    return decision


def withdraws(viewer: Viewer, review: ReviewFacts, _policy: Policy) -> Decision:
    """The account that applied, or the team whose own item it is: no complaint about it."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if viewer.account_id == review.applicant_account_id:
        return allow("applicant")
    return NO_EDGE if review.kind in OTHERS_ASKED else for_own_team(viewer, review.team)


def _decides_own(viewer: Viewer, review: ReviewFacts, _policy: Policy) -> Decision:
    """The team itself: its members by who may manage them, its records by who is named for them."""
    team, reviewer = review.team, review.reviewer
    if not isinstance(reviewer, TeamFacts):
        return NO_REVIEWER
    if reviewer.id != team.id:
        # Its successor decides what a dissolved team left undecided.
        succeeds = team.status is TeamStatus.DISSOLVED and team.successor_id == reviewer.id
        if not succeeds or review.kind is ReviewKind.MEMBERSHIP:
            return NO_REVIEWER
        return for_own_team(viewer, reviewer, TeamAdminRole.RECORDER, TeamAdminRole.REVIEWER)
    if review.kind is ReviewKind.MEMBERSHIP:
        return _own_members(viewer, team)
    return for_own_team(viewer, team, TeamAdminRole.RECORDER, TeamAdminRole.REVIEWER)


def _accepts(viewer: Viewer, team: TeamFacts, to: TeamFacts, policy: Policy) -> Decision:
    """The receiving side of a move, which the moved team's own superior does not speak for."""
    if to.path.startswith(team.path):
        return UNDER_ITSELF
    if viewer.role is Role.DEPARTMENT and not rules_over(viewer, to.office.region_path):
        return refuse("not over both ends of the move")
    acting = acting_team(viewer)
    if acting is not None and acting.id != to.id and not is_ancestor(acting.path, to.path):
        return NO_EDGE
    return as_reviewer(viewer, team, to, policy)


def _decides_move(viewer: Viewer, review: ReviewFacts, policy: Policy) -> Decision:
    """The new contact team; where it is gone, who the review has come to since."""
    if not isinstance(review.reviewer, TeamFacts):
        return as_reviewer(viewer, review.team, review.reviewer, policy)
    return _accepts(viewer, review.team, review.reviewer, policy)


def _decides_group(viewer: Viewer, review: ReviewFacts, policy: Policy) -> Decision:
    """One of the hubs that may set the team's group; quick review raises nobody."""
    team, reviewer = review.team, review.reviewer
    if not isinstance(reviewer, TeamFacts):
        return as_reviewer(viewer, team, reviewer, policy)
    acting = acting_team(viewer)
    if acting is None:
        return NO_EDGE
    setter = next((each for each in (reviewer, *team.ancestors()) if each.id == acting.id), None)
    if setter is None or not may_set(setter, team):
        return NO_EDGE
    if not acting.may_review:
        return OTHER_DUTY
    return CONTACT_TEAM if team.contact and team.contact.id == acting.id else allow("hub above")


def _own_members(viewer: Viewer, team: TeamFacts) -> Decision:
    own = for_own_team(viewer, team, TeamAdminRole.REVIEWER)
    acting = acting_team(viewer)
    if not own.allowed or acting is None:
        return own
    manages_members = holds(acting.permission_group, Right.MANAGE_OWN_MEMBERS)
    return own if manages_members else MANAGES_NO_MEMBERS


def _undecidable(viewer: Viewer, move: MoveFacts) -> Decision | None:
    """What is wrong with the place, or with who would decide on it."""
    if misplaced := _placeable(move):
        return misplaced
    return OWN_APPLICATION if is_own_account(viewer, move.applicant_account_id) else None


def _placeable(move: MoveFacts) -> Decision | None:
    """What is wrong with the place itself, whoever asks."""
    if move.to.path.startswith(move.team.path):
        return UNDER_ITSELF
    return None if takes_teams(move.to) else TAKES_NO_TEAMS


# Kinds of reviews that more than their reviewer has a say in, or fewer than those above it.
_DECIDED_OTHERWISE = {
    **dict.fromkeys(OWN_BUSINESS, _decides_own),
    ReviewKind.TEAM_MOVE: _decides_move,
    ReviewKind.PERMISSION_GROUP: _decides_group,
}
