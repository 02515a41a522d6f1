"""Who may read which row: the pure twin of ``visible``, entity by entity."""

from collections.abc import Callable, Mapping
from typing import Any

from db.enums import ProjectStatus
from permissions import facts
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    OWN_TEAM,
    OWNER,
    Decision,
    acting_team,
    allow,
    is_own,
    lies_below,
    rules_over,
)
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


def reads_team(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    """Teams that work are public; others are seen from inside, above and beside."""
    if viewer.role is Role.PARTNER:
        return _under_contract(viewer, team) if team.works else NO_EDGE
    if team.works:
        return PUBLIC
    inside = _inside(viewer, team)
    if inside.allowed:
        return inside
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
    return TIE if _is_tied(viewer, project.known_to) else _inside(viewer, project.team)


def reads_personal(
    viewer: Viewer,
    row: facts.MembershipFacts | facts.SignUpFacts | facts.RecordFacts | facts.CertificateFacts,
) -> Decision:
    """What follows a person: the person, the team, those above it, its department."""
    if viewer.role is Role.VOLUNTEER and viewer.volunteer_id == row.volunteer_id:
        return OWNER
    return NO_EDGE if row.team is None else _inside(viewer, row.team)


def reads_volunteer(viewer: Viewer, volunteer: facts.VolunteerFacts) -> Decision:
    """The person; the teams that they are tied to; who answers for the region."""
    if viewer.role is Role.VOLUNTEER and viewer.volunteer_id == volunteer.id:
        return OWNER
    if rules_over(viewer, volunteer.region_path):
        return DEPARTMENT
    if lies_in_area(viewer, volunteer.region_path) and manages_region(viewer):
        return RESIDENT
    edges = (_inside(viewer, team) for team in volunteer.tied_to)
    return next((edge for edge in edges if edge.allowed), NO_EDGE)


def reads_review(viewer: Viewer, review: facts.ReviewFacts) -> Decision:
    """Who applied, the team it is of, those above, its department, and who must decide."""
    if viewer.role in {Role.PUBLIC, Role.PARTNER}:
        return NO_EDGE
    if viewer.account_id is not None and viewer.account_id == review.applicant_account_id:
        return APPLICANT
    reviewer = review.reviewer
    if isinstance(reviewer, facts.TeamFacts) and is_own(viewer, reviewer):
        return REVIEWER
    if isinstance(reviewer, facts.OfficeFacts) and rules_over(viewer, reviewer.region_path):
        return REVIEWER
    return _inside(viewer, review.team)


def reads_administrator(viewer: Viewer, administrator: facts.AdministratorFacts) -> Decision:
    """The departments of the region, and of those above."""
    return DEPARTMENT if rules_over(viewer, administrator.region_path) else NO_EDGE


def _inside(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    """The team itself, the teams above a hub's, the department of its region."""
    acting = viewer.acting
    if acting is not None:
        if acting.id == team.id:
            return OWN_TEAM
        if viewer.role is Role.HUB and lies_below(team, acting):
            return TEAM_ABOVE
    return DEPARTMENT if rules_over(viewer, team.office.region_path) else NO_EDGE


def manages_region(viewer: Viewer) -> bool:
    """Whether the viewer acts for a hub with 区域内志愿者管理."""
    return viewer.role is Role.HUB and viewer.team is not None and viewer.team.manages_region


def lies_in_area(viewer: Viewer, region_path: str) -> bool:
    """Whether a region is that of the hub the viewer acts for, or below it."""
    hub = viewer.team if viewer.role is Role.HUB else None
    return (
        hub is not None
        and hub.hub_level is not None
        and hub.region_path != ""
        and region_path.startswith(hub.region_path)
    )


def _is_tied(viewer: Viewer, known_to: object) -> bool:
    return viewer.role is Role.VOLUNTEER and viewer.volunteer_id in known_to  # type: ignore[operator]


def in_contract(viewer: Viewer, region_path: str) -> bool:
    """Whether a region is that of the contract of the partner who calls, or below it."""
    partner = viewer.partner if viewer.role is Role.PARTNER else None
    return (
        partner is not None
        and partner.region_path != ""
        and region_path.startswith(partner.region_path)
    )


def _under_contract(viewer: Viewer, team: facts.TeamFacts) -> Decision:
    return PARTNER if in_contract(viewer, team.office.region_path) else NO_EDGE


READERS: Mapping[type[Any], Callable[[Viewer, Any], Decision]] = {
    facts.RegionFacts: lambda _viewer, _region: PUBLIC,
    facts.AdministratorFacts: reads_administrator,
    facts.StationFacts: lambda _viewer, _station: PUBLIC,
    facts.TeamFacts: reads_team,
    facts.AttachmentFacts: lambda viewer, stretch: _inside(viewer, stretch.team),
    facts.ProjectFacts: reads_project,
    facts.PostFacts: lambda viewer, post: reads_project(viewer, post.project),
    facts.VolunteerFacts: reads_volunteer,
    facts.MembershipFacts: reads_personal,
    facts.SignUpFacts: reads_personal,
    facts.RecordFacts: reads_personal,
    facts.CertificateFacts: reads_personal,
    facts.ReviewFacts: reads_review,
}
