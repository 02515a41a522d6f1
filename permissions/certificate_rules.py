"""Rules of certificates: 谁记录谁证明, and who carries on for a team that is no more (row 12)."""

from db.enums import TeamAdminRole, TeamStatus
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    OTHER_DUTY,
    OWN_APPLICATION,
    OWNER,
    TEAM_STOPPED,
    Decision,
    Policy,
    acting_team,
    acting_volunteer,
    allow,
    as_reviewer,
    for_own_team,
    rules_over,
)
from permissions.facts import CertificateFacts, TeamFacts, VolunteerFacts
from permissions.reading import inside_or_office, reads_personal
from permissions.reviewers import reviewer_of
from permissions.viewer import ActingTeam, Viewer
from permissions.work_rules import is_oneself

SUCCESSOR = allow("successor of the recording team")
SUPERIOR = allow("superior of a dissolved recording team")


def reads(viewer: Viewer, certificate: CertificateFacts) -> Decision:
    """As all that follows a person; and who carries on for the team, or decides on its affairs."""
    own, team = reads_personal(viewer, certificate), certificate.team
    if own.allowed or team is None:
        return own
    acting = acting_team(viewer)
    if acting is not None and not team.works:
        return _heir(acting, team)
    return inside_or_office(viewer, team)


def prints(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """The volunteer, without anybody's approval; and the volunteer asks a team."""
    return OWNER if acting_volunteer(viewer) == volunteer.id else NO_EDGE


def cancels(viewer: Viewer, certificate: CertificateFacts, _policy: Policy) -> Decision:
    """The volunteer who asked."""
    return OWNER if acting_volunteer(viewer) == certificate.volunteer_id else NO_EDGE


def issues(viewer: Viewer, certificate: CertificateFacts, _policy: Policy) -> Decision:
    """The recording team; dissolved, its successor, or without one the nearest team above."""
    if certificate.team is None:
        return NO_EDGE
    if is_oneself(viewer, certificate):
        return OWN_APPLICATION
    return _certifies(viewer, certificate.team)


def revokes(viewer: Viewer, certificate: CertificateFacts, policy: Policy) -> Decision:
    """Who issues it, or the reviewer of the recording team; the volunteer what it printed."""
    if certificate.team is None:
        return cancels(viewer, certificate, policy)
    own = issues(viewer, certificate, policy)
    if own.allowed or own is OWN_APPLICATION:
        return own
    return as_reviewer(viewer, certificate.team, reviewer_of(certificate.team), policy)


def downloads(viewer: Viewer, certificate: CertificateFacts, _policy: Policy) -> Decision:
    """The volunteer, who issues it, and the department over the recording team.

    A hub above sees that there is a certificate, and not the whole name that stands on it.
    """
    if acting_volunteer(viewer) == certificate.volunteer_id:
        return OWNER
    if certificate.team is None:
        return NO_EDGE
    if rules_over(viewer, certificate.team.office.region_path):
        return DEPARTMENT
    return _certifies(viewer, certificate.team)


def _certifies(viewer: Viewer, team: TeamFacts) -> Decision:
    """The recording team, and for one that is no more who carries on."""
    acting = acting_team(viewer)
    if acting is not None and acting.id != team.id and not team.works:
        return _carries_on(acting, team)
    return for_own_team(viewer, team, TeamAdminRole.RECORDER)


def _carries_on(acting: ActingTeam, team: TeamFacts) -> Decision:
    edge = _heir(acting, team)
    if not edge.allowed:
        return edge
    if not acting.works:
        return TEAM_STOPPED
    return edge if acting.is_named(TeamAdminRole.RECORDER) else OTHER_DUTY


def _heir(acting: ActingTeam, team: TeamFacts) -> Decision:
    """Whether a team carries on for one that does not work."""
    if team.successor_id == acting.id:
        return SUCCESSOR
    is_above = team.successor_id is None and _heir_above(team) == acting.id
    return SUPERIOR if is_above else NO_EDGE


def _heir_above(team: TeamFacts) -> int | None:
    """The nearest team above a dissolved one that is not dissolved itself."""
    if team.status is not TeamStatus.DISSOLVED:
        return None
    return next(
        (above.id for above in team.ancestors() if above.status is not TeamStatus.DISSOLVED), None
    )
