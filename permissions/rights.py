"""The nine permission groups by five rights, as the seed's annex has them (渝民发〔2020〕17号)."""

from collections.abc import Mapping
from enum import StrEnum

from db.enums import PermissionGroup, TeamStatus

# The states in which a team works: it stands in public, acts, and reviews others (DOMAIN §6.1).
WORKING = frozenset({TeamStatus.ENABLED, TeamStatus.CHANGE_PENDING})


class Right(StrEnum):
    """One of the five columns of the table."""

    MANAGE_OWN_MEMBERS = "MANAGE_OWN_MEMBERS"
    PUBLISH_WITHOUT_REVIEW = "PUBLISH_WITHOUT_REVIEW"
    ALLOW_SUB_TEAM_REGISTRATION = "ALLOW_SUB_TEAM_REGISTRATION"
    QUICK_REVIEW_SUB_TEAMS = "QUICK_REVIEW_SUB_TEAMS"
    MANAGE_REGION_VOLUNTEERS = "MANAGE_REGION_VOLUNTEERS"


_OWN = frozenset({Right.MANAGE_OWN_MEMBERS})
_TEAM = _OWN | {Right.ALLOW_SUB_TEAM_REGISTRATION}
_MIDDLE = _TEAM | {Right.PUBLISH_WITHOUT_REVIEW}
_SENIOR = _MIDDLE | {Right.MANAGE_REGION_VOLUNTEERS}

RIGHTS: Mapping[PermissionGroup, frozenset[Right]] = {
    PermissionGroup.PENDING: frozenset(),
    PermissionGroup.BASIC: _OWN,
    PermissionGroup.JUNIOR_PROJECT: _OWN | {Right.PUBLISH_WITHOUT_REVIEW},
    PermissionGroup.JUNIOR_TEAM: _TEAM,
    PermissionGroup.JUNIOR_QUICK: _TEAM | {Right.QUICK_REVIEW_SUB_TEAMS},
    PermissionGroup.MIDDLE: _MIDDLE,
    PermissionGroup.MIDDLE_QUICK: _MIDDLE | {Right.QUICK_REVIEW_SUB_TEAMS},
    PermissionGroup.SENIOR: _SENIOR,
    PermissionGroup.SENIOR_QUICK: _SENIOR | {Right.QUICK_REVIEW_SUB_TEAMS},
}


def holds(group: PermissionGroup, right: Right) -> bool:
    """Whether a team of the group has the right; an unknown group has none."""
    return right in RIGHTS.get(group, frozenset())
