"""Rules of departments among themselves, and of the stations that they answer for."""

from db.enums import RegionLevel
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    NOT_SIGNED_IN,
    Decision,
    Policy,
    allow,
    refuse,
    rules_over,
)
from permissions.facts import AdministratorFacts, RegionFacts, StationFacts
from permissions.viewer import Role, Viewer

# The notice of 2021 hands accounts to 省、市、县; below there are no departments.
LEVELS = frozenset({RegionLevel.PROVINCE, RegionLevel.PREFECTURE, RegionLevel.COUNTY})
# Sites of the system stand for whole areas, down to the county.
AREAS = LEVELS | {RegionLevel.NATION}

DIRECTLY_ABOVE = allow("department directly above")
ABOVE = allow("department above")
OWN_OFFICE = allow("own office")
STATION_ADMIN = allow("administrator of the station")


def issues(viewer: Viewer, region: RegionFacts, _policy: Policy) -> Decision:
    """The department one level up: accounts are passed on from level to level (notice of 2021)."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if not rules_over(viewer, region.path):
        return NO_EDGE
    if region.path == viewer.office_path:
        return refuse("issued by the department above")
    if region.level not in LEVELS:
        return refuse("departments stand from province to county")
    if _parent(region.path) != viewer.office_path:
        return refuse("issued by the department in between")
    return DIRECTLY_ABOVE


def stands_above(viewer: Viewer, administrator: AdministratorFacts, _policy: Policy) -> Decision:
    """Any department above: what has gone wrong is stopped by whoever is there to stop it."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if viewer.account_id == administrator.account_id:
        return refuse("own office")
    if not rules_over(viewer, administrator.region_path):
        return NO_EDGE
    if administrator.region_path == viewer.office_path:
        return refuse("a colleague; the department above decides")
    return ABOVE


def reminds(viewer: Viewer, administrator: AdministratorFacts, _policy: Policy) -> Decision:
    """Any department above, and a colleague: it asks somebody to come, and takes nothing away."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if viewer.account_id == administrator.account_id:
        return refuse("own office")
    return DEPARTMENT if rules_over(viewer, administrator.region_path) else NO_EDGE


def hands_over(viewer: Viewer, administrator: AdministratorFacts, policy: Policy) -> Decision:
    """The person in the office itself, or a department above."""
    is_own = (
        viewer.account_id == administrator.account_id
        and viewer.office_path != ""
        and viewer.office_path == administrator.region_path
    )
    return OWN_OFFICE if is_own else stands_above(viewer, administrator, policy)


def opens_station(viewer: Viewer, region: RegionFacts, _policy: Policy) -> Decision:
    """The department over the region that a sub-platform is to serve."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if region.level not in AREAS:
        return refuse("stations serve the nation, a province, a prefecture or a county")
    return DEPARTMENT if rules_over(viewer, region.path) else NO_EDGE


def keeps_station(viewer: Viewer, station: StationFacts, policy: Policy) -> Decision:
    """Who is named for it, and who answers for it."""
    if viewer.account_id is not None and station.id in viewer.station_ids:
        return STATION_ADMIN
    return answers_for_station(viewer, station, policy)


def answers_for_station(viewer: Viewer, station: StationFacts, _policy: Policy) -> Decision:
    """The department over the station's region."""
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if station.region_path and rules_over(viewer, station.region_path):
        return DEPARTMENT
    return NO_EDGE


def sets_phase(viewer: Viewer, station: StationFacts, policy: Policy) -> Decision:
    """Who switches provinces over in batches: the ministry (notice of 2021).

    A sub-platform is a page of a station that has been switched; its own department opens it.
    """
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    if station.is_sub_platform:
        return answers_for_station(viewer, station, policy)
    is_ministry = (
        viewer.role is Role.DEPARTMENT
        and viewer.department is not None
        and viewer.department.region_level is RegionLevel.NATION
    )
    if is_ministry and rules_over(viewer, station.region_path):
        return allow("ministry")
    return refuse("decided by the ministry")


def _parent(path: str) -> str:
    """The path of the region above; of the topmost none, which no department's is."""
    return path[: path.removesuffix("/").rfind("/") + 1]
