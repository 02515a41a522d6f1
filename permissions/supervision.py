"""Random checks: what the rule is told of them, who may read them, who does what (O67 §21-22)."""

from collections.abc import Collection
from dataclasses import dataclass

from db.enums import InspectionStatus, InspectionVerdict, TeamAdminRole
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    Decision,
    Policy,
    for_own_team,
    refuse,
    rules_over,
)
from permissions.facts import RegionFacts, TeamFacts
from permissions.reading import PUBLIC, in_contract_over, inside
from permissions.viewer import Role, Viewer

BY_DEPARTMENT = refuse("done by a department over the region")
IN_ORDER = refuse("nothing bad was found")
BAD = frozenset({InspectionVerdict.DEFECTIVE, InspectionVerdict.FORGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionFacts:
    """A random check of a region, and the teams that it asked; before it asked, nobody's."""

    id: int
    region_path: str
    status: InspectionStatus
    asked: Collection[TeamFacts] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionItemFacts:
    """A record or certificate that was drawn, of the team that recorded or issued it."""

    id: int
    region_path: str
    team: TeamFacts
    is_asked: bool
    verdict: InspectionVerdict | None = None


def reads_inspection(viewer: Viewer, inspection: InspectionFacts) -> Decision:
    """Results are public; before, the departments over it, and the teams that were asked."""
    is_public = inspection.status is InspectionStatus.PUBLISHED
    if viewer.role is Role.PARTNER:
        return in_contract_over(viewer, inspection.region_path) if is_public else NO_EDGE
    if is_public:
        return PUBLIC
    if rules_over(viewer, inspection.region_path):
        return DEPARTMENT
    edges = (_of_team(viewer, team) for team in inspection.asked)
    return next((edge for edge in edges if edge.allowed), NO_EDGE)


def reads_item(viewer: Viewer, item: InspectionItemFacts) -> Decision:
    """The departments over the check; once it was asked, the team and the hubs above it."""
    if rules_over(viewer, item.region_path):
        return DEPARTMENT
    return _of_team(viewer, item.team) if item.is_asked else NO_EDGE


def draws(viewer: Viewer, region: RegionFacts, _policy: Policy) -> Decision:
    """A department over the region."""
    return DEPARTMENT if rules_over(viewer, region.path) else BY_DEPARTMENT


def leads(viewer: Viewer, inspection: InspectionFacts, _policy: Policy) -> Decision:
    """A department over the region of the check."""
    return DEPARTMENT if rules_over(viewer, inspection.region_path) else BY_DEPARTMENT


def hands_in(viewer: Viewer, team: TeamFacts, _policy: Policy) -> Decision:
    """The team's manager or recorder."""
    return for_own_team(viewer, team, TeamAdminRole.RECORDER)


def measures(viewer: Viewer, item: InspectionItemFacts, _policy: Policy) -> Decision:
    """A department over the check and over the team as it now lies, after a bad finding."""
    if not rules_over(viewer, item.region_path):
        return BY_DEPARTMENT
    if item.verdict not in BAD:
        return IN_ORDER
    return DEPARTMENT if rules_over(viewer, item.team.office.region_path) else BY_DEPARTMENT


def _of_team(viewer: Viewer, team: TeamFacts) -> Decision:
    """The team itself and the hubs above; the department of its region is not the check's."""
    return NO_EDGE if viewer.role is Role.DEPARTMENT else inside(viewer, team)
