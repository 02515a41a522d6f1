"""Rules of a team's work: members, projects, sign-ups, records (rows 7-11, 13-16, 19)."""

from db.enums import ProjectStatus, RecruitScope, SignUpStatus, StoppedBy, TeamAdminRole
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
from permissions.facts import (
    CertificateFacts,
    MembershipFacts,
    ProjectFacts,
    RecordFacts,
    RegionFacts,
    SignUpFacts,
    TeamFacts,
    VolunteerFacts,
)
from permissions.reading import RESIDENT, manages_region, reads_project, reads_volunteer
from permissions.reviewers import needs_review, reviewer_of
from permissions.rights import Right, holds
from permissions.viewer import Viewer

RECRUITING = frozenset({ProjectStatus.WAITING, ProjectStatus.RUNNING})
NO_VOLUNTEER = refuse("not acting as a volunteer")
DECIDED_BY_TEAM = refuse("decided by the team")
IS_REVIEWED = refuse("the group's projects are reviewed")

Personal = MembershipFacts | SignUpFacts | RecordFacts | CertificateFacts


def joins(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """A volunteer, a team that works (row 7)."""
    if acting_volunteer(viewer) is None:
        return NO_VOLUNTEER
    return OWNER if team.works else SUBJECT_STOPPED


def invites(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """The team's own manager, with the right to manage members (row 7)."""
    own = for_own_team(viewer, team)
    if own.allowed and not holds(team.group, Right.MANAGE_OWN_MEMBERS):
        return refuse("without the right to manage members")
    return own


def owns(viewer: Viewer, row: Personal, _policy: Policy) -> Decision:
    """The volunteer that it follows."""
    volunteer = acting_volunteer(viewer)
    if volunteer is None:
        return NO_VOLUNTEER
    return OWNER if volunteer == row.volunteer_id else NO_EDGE


def decides_on_member(viewer: Viewer, membership: MembershipFacts, policy: Policy) -> Decision:
    """The team, of others than oneself (row 7)."""
    if is_oneself(viewer, membership):
        return OWN_APPLICATION
    return invites(viewer, membership.team, policy)


def decides_on_row(viewer: Viewer, row: SignUpFacts | RecordFacts, _policy: Policy) -> Decision:
    """The team that organised it, of others than oneself (rows 9, 10)."""
    if is_oneself(viewer, row):
        return OWN_APPLICATION
    return for_own_team(viewer, row.team, TeamAdminRole.RECORDER)


def owns_or_decides(viewer: Viewer, row: SignUpFacts, policy: Policy) -> Decision:
    """The volunteer that signed up, or the team, of others than oneself (row 9)."""
    own = owns(viewer, row, policy)
    return own if own.allowed or own is NO_EDGE else decides_on_row(viewer, row, policy)


def changes_post(viewer: Viewer, row: SignUpFacts, policy: Policy) -> Decision:
    """Who applied, as long as nobody has decided on it; then the team (DOMAIN §6.3)."""
    own = owns(viewer, row, policy)
    if not own.allowed:
        return own if own is NO_EDGE else decides_on_row(viewer, row, policy)
    return own if row.status is SignUpStatus.APPLIED else DECIDED_BY_TEAM


def records(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """谁组织谁记录: the team that organised, by its manager or recorder (row 10)."""
    return for_own_team(viewer, team, TeamAdminRole.RECORDER)


def keeps_record(viewer: Viewer, record: RecordFacts, _policy: Policy) -> Decision:
    """The recording team (row 11)."""
    return for_own_team(viewer, record.team, TeamAdminRole.RECORDER)


def has_project(viewer: Viewer, project: ProjectFacts, _policy: Policy) -> Decision:
    """The project's team."""
    return for_own_team(viewer, project.team)


def publishes(viewer: Viewer, project: ProjectFacts, _policy: Policy) -> Decision:
    """The project's team, if its group publishes without review; never a late entry (row 8)."""
    own = for_own_team(viewer, project.team)
    if not own.allowed:
        return own
    if project.scope is RecruitScope.MAKE_UP:
        return refuse("a late entry is reviewed")
    return IS_REVIEWED if needs_review(project.team) else own


def reviews_project(viewer: Viewer, project: ProjectFacts, policy: Policy) -> Decision:
    """The reviewer of the project's team (row 8)."""
    return as_reviewer(viewer, project.team, reviewer_of(project.team), policy)


def disables_project(viewer: Viewer, project: ProjectFacts, policy: Policy) -> Decision:
    """The project's team, or its reviewer."""
    own = for_own_team(viewer, project.team)
    return own if own.allowed else reviews_project(viewer, project, policy)


def enables_project(viewer: Viewer, project: ProjectFacts, policy: Policy) -> Decision:
    """Who disables it, while its team works; what a superior stopped, the superior (§6.1)."""
    if not project.team.works:
        return SUBJECT_STOPPED
    if project.stopped_by is StoppedBy.SUPERIOR:
        return reviews_project(viewer, project, policy)
    return disables_project(viewer, project, policy)


def signs_up(viewer: Viewer, project: ProjectFacts, _policy: Policy) -> Decision:
    """A volunteer, to a project that may be read and recruits (row 9).

    Who is a member of a listed team, and who knows the password, is seen when it is tried.
    """
    if acting_volunteer(viewer) is None:
        return NO_VOLUNTEER
    if not project.team.works:
        return SUBJECT_STOPPED
    if project.scope is RecruitScope.MAKE_UP or project.status not in RECRUITING:
        return refuse("the project takes no sign-ups")
    return OWNER if reads_project(viewer, project).allowed else NO_EDGE


def records_award(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """A team that the volunteer is tied to (row 13)."""
    acting = acting_team(viewer)
    if acting is None or all(team.id != acting.id for team in volunteer.tied_to):
        return NO_EDGE
    if volunteer.id == viewer.volunteer_id:
        return OWN_APPLICATION
    own = next(team for team in volunteer.tied_to if team.id == acting.id)
    return for_own_team(viewer, own, TeamAdminRole.RECORDER)


def rates(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """A hub with 区域内志愿者管理, or the department, over the residence (row 14)."""
    if volunteer.id == viewer.volunteer_id:
        return OWN_APPLICATION
    if rules_over(viewer, volunteer.region_path):
        return DEPARTMENT
    if reads_volunteer(viewer, volunteer) is RESIDENT:
        return allow("hub that manages the region's volunteers")
    return NO_EDGE


def exports(viewer: Viewer, region: RegionFacts, _policy: Policy) -> Decision:
    """A hub with 区域内志愿者管理, or the department, over the region (row 19)."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if rules_over(viewer, region.path):
        return DEPARTMENT
    hub = viewer.hub
    if hub is None or not manages_region(viewer):
        return refuse("without the right to manage the region's volunteers")
    inside = hub.region_path != "" and region.path.startswith(hub.region_path)
    return allow("hub of the region") if inside else NO_EDGE


def updates_profile(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """The person."""
    return OWNER if acting_volunteer(viewer) == volunteer.id else NO_EDGE


def reveals_id_number(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """The person, and the department whose duty the real-name check is (DOMAIN §8)."""
    if acting_volunteer(viewer) == volunteer.id:
        return OWNER
    return DEPARTMENT if rules_over(viewer, volunteer.region_path) else NO_EDGE


def is_oneself(viewer: Viewer, row: Personal) -> bool:
    """Whether the row is the viewer's own, in whatever capacity the viewer acts."""
    if viewer.volunteer_id is not None and viewer.volunteer_id == row.volunteer_id:
        return True
    return viewer.account_id is not None and viewer.account_id == row.account_id
