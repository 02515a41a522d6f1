"""Whose figures a viewer may read (DESIGN §5, DOMAIN §9)."""

from permissions.viewer import Role, Viewer


def sees_figures_of(viewer: Viewer, region_path: str) -> bool:
    """Whether the region lies in what the viewer's hub, department or contract answers for."""
    if viewer.department is not None:
        return region_path.startswith(viewer.department.region_path)
    if viewer.partner is not None:
        return region_path.startswith(viewer.partner.region_path)
    team = viewer.team
    return (
        team is not None and team.hub_level is not None and region_path.startswith(team.region_path)
    )


def sees_figures_of_team(viewer: Viewer, path: str, region_path: str) -> bool:
    """Whether the team is the viewer's or below it, or lies where the viewer's department rules.

    A view team sees the figures of the teams that chose it as well, which is a link and no fact of
    either.
    """
    if viewer.role in {Role.TEAM, Role.HUB} and viewer.team is not None:
        return path.startswith(viewer.team.path)
    if viewer.department is not None or viewer.partner is not None:
        return sees_figures_of(viewer, region_path)
    return False
