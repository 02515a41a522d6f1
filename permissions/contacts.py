"""How much of a person's name and contacts a viewer is shown (DOMAIN §8)."""

from enum import StrEnum

from db.paths import is_ancestor
from permissions.edges import rules_over
from permissions.reading import manages_region
from permissions.viewer import Role, Viewer


class Shown(StrEnum):
    """How a datum is shown."""

    FULL = "FULL"
    MASKED = "MASKED"
    ABSENT = "ABSENT"


def team_contacts(viewer: Viewer, *, path: str, region_path: str) -> Shown:
    """How a team's principal and contact are shown, unless their owner made them public.

    In full to the team itself, the hubs above it and its department, as in ``reading.inside``; to
    others the name masked and no number.
    """
    acting, hub = viewer.acting, viewer.hub
    if acting is not None and acting.path == path:
        return Shown.FULL
    if hub is not None and is_ancestor(hub.path, path):
        return Shown.FULL
    return Shown.FULL if rules_over(viewer, region_path) else Shown.ABSENT


def review_contacts(
    viewer: Viewer,
    *,
    team: tuple[str, str] | None,
    reviewer_team_id: int | None,
    office_path: str | None,
) -> Shown:
    """How persons are shown in what a review asks for: to its reviewer as to who manages the team.

    ``team`` is the path and the region's path of the team that the viewer may see, if it is seen;
    ``office_path`` that of the region whose department decides.
    """
    acting = viewer.acting
    if acting is not None and acting.id == reviewer_team_id:
        return Shown.FULL
    # As in the queue: a department sees what those of the regions inside its own decide.
    if office_path is not None and rules_over(viewer, office_path):
        return Shown.FULL
    if team is None:
        return Shown.ABSENT
    return team_contacts(viewer, path=team[0], region_path=team[1])


def depends_on_ties(viewer: Viewer) -> bool:
    """Whether a volunteer's own ties to the viewer's team change what the viewer is shown.

    They do for who stands above other teams without 区域内志愿者管理: their own members they
    manage, those of the teams below they only count.
    """
    return viewer.hub is not None and not manages_region(viewer)


def volunteer_name(viewer: Viewer, volunteer_id: int, *, is_tied: bool) -> Shown:
    """How a volunteer's name is shown.

    In full to the person and to who manages them, masked to a hub that only stands above.
    ``is_tied`` says whether they are tied to the viewer's own team.
    """
    if volunteer_id == viewer.volunteer_id or _manages(viewer, is_tied=is_tied):
        return Shown.FULL
    return Shown.MASKED


def volunteer_contacts(
    viewer: Viewer, volunteer_id: int, *, is_tied: bool, is_public: bool
) -> Shown:
    """How a volunteer's phone is shown.

    Whole to the person and, if its owner made it public, to all who see the person; 3+4 to who
    manages them; to others not at all.
    """
    if volunteer_id == viewer.volunteer_id or is_public:
        return Shown.FULL
    return Shown.MASKED if _manages(viewer, is_tied=is_tied) else Shown.ABSENT


def _manages(viewer: Viewer, *, is_tied: bool) -> bool:
    if viewer.role is Role.TEAM or viewer.role is Role.DEPARTMENT or manages_region(viewer):
        return True
    return is_tied and viewer.hub is not None


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
