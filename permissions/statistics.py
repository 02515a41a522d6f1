"""Whose figures a viewer may read (DESIGN §5, DOMAIN §9)."""

from db.enums import TeamStatus
from permissions.edges import rules_over
from permissions.reading import in_contract, lies_in_area
from permissions.rights import WORKING
from permissions.viewer import Role, Viewer


def sees_figures_of(viewer: Viewer, region_path: str) -> bool:
    """Whether the region lies in what the viewer's hub, department or contract answers for."""
    return (
        rules_over(viewer, region_path)
        or in_contract(viewer, region_path)
        or lies_in_area(viewer, region_path)
    )


def sees_figures_of_team(viewer: Viewer, path: str, region_path: str) -> bool:
    """Whether the team is the viewer's or below its hub, or lies where its department rules.

    A view team sees the figures of the teams that chose it as well, which is a link and no fact of
    either.
    """
    acting = viewer.acting
    if acting is not None and acting.path != "":
        return path == acting.path or (viewer.hub is not None and path.startswith(acting.path))
    return rules_over(viewer, region_path) or in_contract(viewer, region_path)


def sees_figures_below(viewer: Viewer, path: str, region_path: str, status: TeamStatus) -> bool:
    """Whether a team is shown with its figures among those right below another.

    Who reads a team's figures need not read those below it: they may lie in another region, be no
    longer or not yet enabled, or the team was chosen as view team by the one above alone.
    """
    if viewer.role is Role.PARTNER and status not in WORKING:
        return False
    return sees_figures_of_team(viewer, path, region_path)
