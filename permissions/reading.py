"""Who may read which row: the pure twin of ``visible``, entity by entity."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from db.enums import FilePurpose, NoticeReader, ProjectStatus, SubmissionStatus
from permissions import facts
from permissions.complaint_rules import COMPLAINANT, is_about
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    OWN_TEAM,
    OWNER,
    Decision,
    acting_team,
    acting_volunteer,
    allow,
    is_own,
    is_volunteer,
    lies_below,
    rules_over,
)
from permissions.publishing_rules import EDITED, EDITOR, HANDED_IN, is_editor
from permissions.reviewers import reviewer_of
from permissions.viewer import Role, Viewer

PUBLISHED = frozenset(
    {
        ProjectStatus.WAITING,
        ProjectStatus.RUNNING,
        ProjectStatus.CLOSED,
        ProjectStatus.MAKE_UP,
    }
)

PUBLIC = allow("public")
TEAM_ABOVE = allow("team above")
VIEW_TEAM = allow("view team")
AREA_HUB = allow("hub of the area")
PARTNER = allow("region of the contract")
TIE = allow("own membership, sign-up or record")
RESIDENT = allow("resident of the hub's region")
APPLICANT = allow("applicant")
REVIEWER = allow("reviewer")
ISSUER = allow("issuer")
READER = allow("addressed to it")


def reads_team(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    """Teams that work are public; others are seen from inside, above and beside."""
    if viewer.role is Role.PARTNER:
        return _under_contract(viewer, team) if team.works else NO_EDGE
    if team.works:
        return PUBLIC
    edge = inside_or_office(viewer, team)
    if edge.allowed:
        return edge
    if _is_tied(viewer, team.known_to):
        return TIE
    acting = acting_team(viewer)
    if acting is not None and acting.id in team.view_team_ids:
        return VIEW_TEAM
    return AREA_HUB if team.is_legal and lies_in_area(viewer, team.office.region_path) else NO_EDGE


def reads_project(viewer: Viewer, project: facts.ProjectFacts) -> Decision:
    """Published projects of teams that work are public; others are seen from inside and above."""
    is_public = project.status in PUBLISHED and project.team.works
    if viewer.role is Role.PARTNER:
        return _under_contract(viewer, project.team) if is_public else NO_EDGE
    if is_public:
        return PUBLIC
    if _is_tied(viewer, project.known_to):
        return TIE
    return inside_or_office(viewer, project.team)


def reads_personal(
    viewer: Viewer,
    row: facts.MembershipFacts | facts.SignUpFacts | facts.RecordFacts | facts.CertificateFacts,
) -> Decision:
    """What follows a person: the person, the team, those above it, its department."""
    if is_volunteer(viewer, row.volunteer_id):
        return OWNER
    return NO_EDGE if row.team is None else inside(viewer, row.team)


def reads_volunteer(viewer: Viewer, volunteer: facts.VolunteerFacts) -> Decision:
    """The person; the teams that they are tied to; who answers for the region."""
    if is_volunteer(viewer, volunteer.id):
        return OWNER
    if rules_over(viewer, volunteer.region_path):
        return DEPARTMENT
    if lies_in_area(viewer, volunteer.region_path) and manages_region(viewer):
        return RESIDENT
    edges = (inside(viewer, team) for team in volunteer.tied_to)
    return next((edge for edge in edges if edge.allowed), NO_EDGE)


def reads_review(viewer: Viewer, review: facts.ReviewFacts) -> Decision:
    """Who applied, the team it is of, those above, its department, and who must decide."""
    if viewer.role in {Role.PUBLIC, Role.PARTNER}:
        return NO_EDGE
    if viewer.account_id is not None and viewer.account_id == review.applicant_account_id:
        return APPLICANT
    return REVIEWER if _is_reviewer(viewer, review.reviewer) else inside(viewer, review.team)


def _is_reviewer(viewer: Viewer, reviewer: facts.TeamFacts | facts.OfficeFacts | None) -> bool:
    if isinstance(reviewer, facts.TeamFacts):
        return is_own(viewer, reviewer)
    return reviewer is not None and rules_over(viewer, reviewer.region_path)


def reads_file(viewer: Viewer, file: facts.FileFacts) -> Decision:
    """A cover as its project; else who sent it, its team, those above, and who must decide."""
    project = file.project
    if (
        file.purpose is FilePurpose.COVER
        and project is not None
        and project.status in PUBLISHED
        and project.team.works
    ):
        return PUBLIC
    if viewer.role in {Role.PUBLIC, Role.PARTNER}:
        return NO_EDGE
    if viewer.account_id == file.owner_account_id:
        return OWNER
    if any(_is_reviewer(viewer, each) for each in file.reviewers):
        return REVIEWER
    return NO_EDGE if file.team is None else inside(viewer, file.team)


def reads_administrator(viewer: Viewer, administrator: facts.AdministratorFacts) -> Decision:
    """The departments of the region, and of those above."""
    return DEPARTMENT if rules_over(viewer, administrator.region_path) else NO_EDGE


def reads_complaint(viewer: Viewer, complaint: facts.ComplaintFacts) -> Decision:
    """Who complained, and who holds it with those above; never whom it is about."""
    if viewer.role in {Role.PUBLIC, Role.PARTNER}:
        return NO_EDGE
    if viewer.account_id is not None and viewer.account_id == complaint.complainant_account_id:
        return COMPLAINANT
    if is_about(viewer, complaint):
        return NO_EDGE
    handler = complaint.handler
    if isinstance(handler, facts.OfficeFacts):
        return REVIEWER if rules_over(viewer, handler.region_path) else NO_EDGE
    return NO_EDGE if handler is None else inside(viewer, handler)


def reads_submission(viewer: Viewer, article: facts.SubmissionFacts) -> Decision:
    """Published articles of teams that work are public; a draft is its author's alone."""
    is_public = article.status is SubmissionStatus.PUBLISHED and article.team.works
    if viewer.role is Role.PARTNER:
        return _under_contract(viewer, article.team) if is_public else NO_EDGE
    if is_public:
        return PUBLIC
    if is_editor(viewer) and article.status in EDITED:
        return EDITOR
    if article.volunteer_id is None:
        if is_own(viewer, article.team):
            return OWN_TEAM
    elif is_volunteer(viewer, article.volunteer_id):
        return OWNER
    return inside_or_office(viewer, article.team) if article.status in HANDED_IN else NO_EDGE


def reads_notice(viewer: Viewer, notice: facts.NoticeFacts) -> Decision:
    """Whom it is for; and who issued it, also after it was withdrawn."""
    if _issued(viewer, notice):
        return ISSUER
    if notice.is_withdrawn:
        return NO_EDGE
    if NoticeReader.ANYONE in notice.readers:
        return PUBLIC
    return READER if _is_for(viewer, notice) else NO_EDGE


def _is_for(viewer: Viewer, notice: facts.NoticeFacts) -> bool:
    """Whether the viewer is of the kind and from the place that a notice is for."""
    readers, acting = notice.readers, viewer.acting
    place = "" if notice.office is None else notice.office.region_path
    if viewer.role is Role.VOLUNTEER:
        return NoticeReader.VOLUNTEERS in readers and _is_tied(viewer, notice.known_to)
    if acting is not None:
        above, own = (
            (place, acting.region_path) if notice.team is None else (notice.team.path, acting.path)
        )
        return NoticeReader.TEAMS in readers and above != "" and own.startswith(above)
    return (
        NoticeReader.DEPARTMENTS in readers and place != "" and viewer.office_path.startswith(place)
    )


def _issued(viewer: Viewer, notice: facts.NoticeFacts) -> bool:
    """Whether the viewer acts for who issued it, or for the department over who did."""
    if notice.team is not None:
        own = is_own(viewer, notice.team)
        return own or rules_over(viewer, notice.team.office.region_path)
    if notice.office is None:
        return False
    if notice.of_station and is_editor(viewer):
        return True
    return rules_over(viewer, notice.office.region_path)


def inside(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    """The team itself, the teams above a hub's, the department of its region."""
    acting = viewer.acting
    if acting is not None:
        if acting.id == team.id:
            return OWN_TEAM
        if viewer.hub is not None and lies_below(team, viewer.hub):
            return TEAM_ABOVE
    return DEPARTMENT if rules_over(viewer, team.office.region_path) else NO_EDGE


def inside_or_office(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    """Those, and the department that decides on a team's affairs, wherever that lies.

    A legal person answers to where it is registered, a branch of a stopped one to where that is;
    what follows the persons in them is their own department's alone.
    """
    edge = inside(viewer, team)
    if edge.allowed or viewer.role is not Role.DEPARTMENT:
        return edge
    return REVIEWER if _is_reviewer(viewer, reviewer_of(team)) else NO_EDGE


# A hub with 区域内志愿者管理, as a standing beside the roles.
HUB_REGION = "HUB_REGION"


def manages_region(viewer: Viewer) -> bool:
    """Whether the viewer acts for a hub with 区域内志愿者管理."""
    return viewer.hub is not None and viewer.hub.manages_region


def lies_in_area(viewer: Viewer, region_path: str) -> bool:
    """Whether a region is that of the hub the viewer acts for, or below it."""
    hub = viewer.hub
    return (
        hub is not None
        and hub.hub_level is not None
        and hub.region_path != ""
        and region_path.startswith(hub.region_path)
    )


def _is_tied(viewer: Viewer, known_to: Collection[int]) -> bool:
    volunteer = acting_volunteer(viewer)
    return volunteer is not None and volunteer in known_to


def in_contract(viewer: Viewer, region_path: str) -> bool:
    """Whether a region is that of the contract of the partner who calls, or below it."""
    partner = viewer.partner if viewer.role is Role.PARTNER else None
    return (
        partner is not None
        and partner.region_path != ""
        and region_path.startswith(partner.region_path)
    )


def in_contract_over(viewer: Viewer, region_path: str) -> Decision:
    """By the contract of the partner who calls, what lies in its region."""
    return PARTNER if in_contract(viewer, region_path) else NO_EDGE


def _under_contract(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    return in_contract_over(viewer, team.office.region_path)


READERS: Mapping[type[Any], Callable[[Viewer, Any], Decision]] = {
    facts.RegionFacts: lambda _viewer, _region: PUBLIC,
    facts.AdministratorFacts: reads_administrator,
    facts.StationFacts: lambda _viewer, _station: PUBLIC,
    facts.TeamFacts: reads_team,
    facts.AttachmentFacts: lambda viewer, stretch: inside(viewer, stretch.team),
    facts.ProjectFacts: reads_project,
    facts.PostFacts: lambda viewer, post: reads_project(viewer, post.project),
    facts.VolunteerFacts: reads_volunteer,
    facts.MembershipFacts: reads_personal,
    facts.SignUpFacts: reads_personal,
    facts.RecordFacts: reads_personal,
    facts.ReviewFacts: reads_review,
    facts.ComplaintFacts: reads_complaint,
    facts.FileFacts: reads_file,
    facts.SubmissionFacts: reads_submission,
    facts.NoticeFacts: reads_notice,
}
