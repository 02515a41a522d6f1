"""Rules of complaints: who is competent, who handles them, who never may (rows 15, 16)."""

from db.paths import is_ancestor
from permissions.edges import (
    NO_EDGE,
    NO_REVIEWER,
    NOT_SIGNED_IN,
    OFFICE,
    OWN_APPLICATION,
    Decision,
    Policy,
    allow,
    as_reviewer,
    lies_below,
    refuse,
    rules_over,
)
from permissions.facts import ComplaintFacts, OfficeFacts, TeamFacts
from permissions.reviewers import Reviewer, reviewer_of
from permissions.viewer import ActingTeam, Viewer

# What civil affairs look into: organisations, records, certificates (R685 §26, Order 67 §20).
# Complaints about projects and volunteers go to the team first.
OFFICE_MATTERS = frozenset({"Team", "ServiceRecord", "Certificate"})

COMPLAINANT = allow("complainant")
ABOUT_ONESELF = refuse("the complaint is about oneself")
NOT_COMPETENT = refuse("not competent: to be answered with who is")


def handler_for(
    subject_type: str, team: TeamFacts, *, by: ActingTeam | None = None
) -> Reviewer | None:
    """Who is to handle a complaint that concerns the team; None if the facts do not tell.

    ``by`` is the team that complains, which never handles its own complaint.
    """
    if subject_type in OFFICE_MATTERS or team.is_legal:
        return office_over(team)
    if team.works and (by is None or by.id != team.id):
        return team
    return reviewer_of(team)


def office_over(team: TeamFacts) -> OfficeFacts:
    """The department that is competent for the team: where it is registered, or where it lies."""
    return (team.authority if team.is_legal else None) or team.office


def is_competent(complaint: ComplaintFacts) -> bool:
    """Whether who holds the complaint may decide it, as far as the team concerned tells."""
    team, handler = complaint.team, complaint.handler
    if handler is None:
        return False
    if team is None:
        return isinstance(handler, OfficeFacts)
    if isinstance(handler, OfficeFacts):
        return handler.region_path != "" and office_over(team).region_path.startswith(
            handler.region_path
        )
    if complaint.subject_type in OFFICE_MATTERS or team.is_legal:
        return False
    return handler.id == team.id or is_ancestor(handler.path, team.path)


def handles(viewer: Viewer, complaint: ComplaintFacts, policy: Policy) -> Decision:
    """Whom it was sent to and those above; never who complained, nor whom it is about.

    Who lies between the team concerned and a superior that holds it has no say: an appeal is not
    decided by the one it is against.
    """
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if viewer.account_id == complaint.complainant_account_id:
        return OWN_APPLICATION
    if is_about(viewer, complaint):
        return ABOUT_ONESELF
    handler, team = complaint.handler, complaint.team
    if isinstance(handler, OfficeFacts):
        return OFFICE if rules_over(viewer, handler.region_path) else NO_EDGE
    if team is None or handler is None:
        return NO_REVIEWER
    return as_reviewer(viewer, team, handler, policy) if _answers_for(viewer, handler) else NO_EDGE


def _answers_for(viewer: Viewer, handler: TeamFacts) -> bool:
    acting = viewer.acting
    if acting is not None:
        return acting.id == handler.id or lies_below(handler, acting)
    return rules_over(viewer, handler.office.region_path)


def decides(viewer: Viewer, complaint: ComplaintFacts, policy: Policy) -> Decision:
    """Who handles it and is competent."""
    decision = handles(viewer, complaint, policy)
    return NOT_COMPETENT if decision.allowed and not is_competent(complaint) else decision


def complains(viewer: Viewer, complaint: ComplaintFacts, _policy: Policy) -> Decision:
    """Who complained, in whatever capacity."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    return COMPLAINANT if viewer.account_id == complaint.complainant_account_id else NO_EDGE


def is_about(viewer: Viewer, complaint: ComplaintFacts) -> bool:
    """Whether it is about the person who asks, in whatever capacity."""
    return viewer.volunteer_id is not None and viewer.volunteer_id == complaint.about_volunteer_id
