"""Whose figures a viewer may read (DESIGN §5, DOMAIN §9)."""

from permissions.edges import rules_over
from permissions.reading import in_contract, lies_in_area
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
        return path == acting.path or (viewer.role is Role.HUB and path.startswith(acting.path))
    return rules_over(viewer, region_path) or in_contract(viewer, region_path)
