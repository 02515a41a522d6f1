"""How much of a person's name and contacts a viewer is shown (DOMAIN §8)."""

from enum import StrEnum

from db.paths import is_ancestor
from permissions.groups import Right, holds
from permissions.viewer import Role, Viewer


class Shown(StrEnum):
    """How a datum is shown."""

    FULL = "FULL"
    MASKED = "MASKED"
    ABSENT = "ABSENT"


def team_contacts(viewer: Viewer, *, path: str, region_path: str) -> Shown:
    """How a team's principal and contact are shown, unless their owner made them public.

    In full to the team itself, those above it and its department; to others the name masked and
    no number.
    """
    team, department = viewer.team, viewer.department
    if team is not None and (team.path == path or is_ancestor(team.path, path)):
        return Shown.FULL
    if department is not None and region_path.startswith(department.region_path):
        return Shown.FULL
    return Shown.ABSENT


def volunteer_name(viewer: Viewer, volunteer_id: int) -> Shown:
    """How a volunteer's name is shown: a hub without 区域内志愿者管理 sees it masked."""
    if volunteer_id == viewer.volunteer_id:
        return Shown.FULL
    if viewer.role is Role.TEAM or viewer.role is Role.DEPARTMENT:
        return Shown.FULL
    if _manages_region(viewer):
        return Shown.FULL
    return Shown.MASKED


def volunteer_contacts(viewer: Viewer, volunteer_id: int) -> Shown:
    """How a volunteer's phone is shown: whole to the person, 3+4 to managers, else not at all."""
    if volunteer_id == viewer.volunteer_id:
        return Shown.FULL
    if viewer.role in {Role.TEAM, Role.DEPARTMENT} or _manages_region(viewer):
        return Shown.MASKED
    return Shown.ABSENT


def _manages_region(viewer: Viewer) -> bool:
    team = viewer.team
    return (
        team is not None
        and team.hub_level is not None
        and holds(team.permission_group, Right.MANAGE_REGION_VOLUNTEERS)
    )


def masked_name(name: str) -> str:
    """``张*`` or ``张*明``: the first character, and of longer names the last."""
    if len(name) < 2:  # noqa: PLR2004
        return "*"
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"  # noqa: PLR2004


def masked_mobile(mobile: str) -> str:
    """``138****5678``; a shorter number is hidden whole."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "****"  # noqa: PLR2004


def show_name(name: str, shown: Shown) -> str | None:
    """A name as it is shown."""
    match shown:
        case Shown.FULL:
            return name
        case Shown.MASKED:
            return masked_name(name)
        case Shown.ABSENT:
            return None


def show_mobile(mobile: str | None, shown: Shown) -> str | None:
    """A phone number as it is shown."""
    if mobile is None or shown is Shown.ABSENT:
        return None
    return mobile if shown is Shown.FULL else masked_mobile(mobile)
