"""Whose figures a viewer may read."""

from permissions.viewer import Viewer


def sees_figures_of(viewer: Viewer, region_path: str) -> bool:
    """Whether the region lies in what the viewer's hub or department answers for."""
    if viewer.department is not None:
        return region_path.startswith(viewer.department.region_path)
    team = viewer.team
    return (
        team is not None and team.hub_level is not None and region_path.startswith(team.region_path)
    )
