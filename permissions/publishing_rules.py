"""Rules of what is published to read: contributed articles and notices (row 17)."""

from db.enums import SubmissionStatus
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    NOT_SIGNED_IN,
    OWN_APPLICATION,
    OWNER,
    SUBJECT_STOPPED,
    Decision,
    Policy,
    acting_team,
    acting_volunteer,
    allow,
    as_reviewer,
    for_own_team,
    refuse,
    rules_over,
)
from permissions.facts import NoticeFacts, SubmissionFacts, TeamFacts
from permissions.reviewers import reviewer_of
from permissions.viewer import Role, Viewer

# What others than its author see of an article; and what the station's editor works on.
HANDED_IN = frozenset(SubmissionStatus) - {SubmissionStatus.DRAFT, SubmissionStatus.WITHDRAWN}
EDITED = frozenset(
    {SubmissionStatus.REVIEWED, SubmissionStatus.PUBLISHED, SubmissionStatus.OFFLINE}
)

EDITOR = allow("station editor")
NO_EDITOR = refuse("no editor of the station")
NOT_HANDED_IN = refuse("the article was not handed in")
NOT_REVIEWED = refuse("the contact team has not passed it on")
NO_HUB = refuse("only hubs issue notices")


def writes_submission(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """The team's manager, or a volunteer who is tied to it."""
    volunteer = acting_volunteer(viewer)
    if volunteer is None:
        return for_own_team(viewer, team)
    if not team.works:
        return SUBJECT_STOPPED
    return OWNER if volunteer in team.known_to else NO_EDGE


def keeps_submission(viewer: Viewer, article: SubmissionFacts, _policy: Policy) -> Decision:
    """The volunteer who wrote it; of a team's own, the team."""
    if article.volunteer_id is None:
        return for_own_team(viewer, article.team)
    return OWNER if acting_volunteer(viewer) == article.volunteer_id else NO_EDGE


def reviews_submission(viewer: Viewer, article: SubmissionFacts, policy: Policy) -> Decision:
    """The contact team, before the station's editor; nobody what was not handed in."""
    if viewer.account_id is not None and viewer.account_id == article.author_account_id:
        return OWN_APPLICATION
    if article.status not in HANDED_IN:
        return NOT_HANDED_IN
    return as_reviewer(viewer, article.team, reviewer_of(article.team), policy)


def publishes_submission(viewer: Viewer, article: SubmissionFacts, _policy: Policy) -> Decision:
    """The station's editor, after the contact team, and not of their own article."""
    if not is_editor(viewer):
        return NO_EDITOR
    if viewer.account_id == article.author_account_id:
        return OWN_APPLICATION
    return EDITOR if article.status in EDITED else NOT_REVIEWED


def issues_notice(viewer: Viewer, notice: NoticeFacts, _policy: Policy) -> Decision:
    """A hub to its subtree; a department to its region or one below; a station by its editor."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if notice.team is not None:
        acting = acting_team(viewer)
        if acting is not None and acting.hub_level is None:
            return NO_HUB
        return for_own_team(viewer, notice.team)
    if notice.of_station:
        return EDITOR if is_editor(viewer) else NO_EDITOR
    if notice.office is not None and rules_over(viewer, notice.office.region_path):
        return DEPARTMENT
    return NO_EDGE


def withdraws_notice(viewer: Viewer, notice: NoticeFacts, policy: Policy) -> Decision:
    """Who may issue it; and the department over the hub's region."""
    own = issues_notice(viewer, notice, policy)
    if own.allowed or notice.team is None:
        return own
    return DEPARTMENT if rules_over(viewer, notice.team.office.region_path) else own


def is_editor(viewer: Viewer) -> bool:
    """Whether the viewer is named an editor of the station, in whatever capacity."""
    is_person = viewer.role not in {Role.PUBLIC, Role.PARTNER}
    return is_person and viewer.account_id is not None and "is_station_editor" in viewer.flags
