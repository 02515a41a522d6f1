"""Rules of what is settled for a place, and of what a department decides about persons there."""

from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    NOT_SIGNED_IN,
    OTHER_DUTY,
    OWN_APPLICATION,
    TEAM_STOPPED,
    Decision,
    Policy,
    acting_team,
    allow,
    refuse,
    rules_over,
)
from permissions.facts import RegionFacts, VolunteerFacts
from permissions.viewer import Viewer


def settles_policy(viewer: Viewer, region: RegionFacts, _policy: Policy) -> Decision:
    """The department over the region, and the region's own hub."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if rules_over(viewer, region.path):
        return DEPARTMENT
    acting = acting_team(viewer)
    if acting is None or acting.hub_level is None or acting.region_path != region.path:
        return NO_EDGE
    if not acting.works:
        return TEAM_STOPPED
    return allow("hub of the region") if acting.is_named() else OTHER_DUTY


def decides_correction(viewer: Viewer, volunteer: VolunteerFacts, _policy: Policy) -> Decision:
    """The department whose duty the real-name check is; never the person."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if viewer.volunteer_id == volunteer.id or viewer.account_id == volunteer.account_id:
        return OWN_APPLICATION
    if rules_over(viewer, volunteer.region_path):
        return DEPARTMENT
    return refuse("decided by a department over the residence")
