"""Who sent a request, and in which capacity."""

from dataclasses import dataclass, field
from enum import StrEnum

from db.enums import HubLevel, PermissionGroup, RegionLevel, TeamAdminRole, TeamStatus
from permissions.rights import WORKING, Right, holds


class Role(StrEnum):
    """Which schema a request meets (DESIGN §5)."""

    PUBLIC = "PUBLIC"
    VOLUNTEER = "VOLUNTEER"
    TEAM = "TEAM"
    HUB = "HUB"
    DEPARTMENT = "DEPARTMENT"
    PARTNER = "PARTNER"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingTeam:
    """The team a person acts for, as of this request.

    What follows from these facts is worked out once, for a rule asks it of thousands of rows.
    """

    id: int
    team_no: str
    name: str
    path: str
    region_path: str
    status: TeamStatus
    permission_group: PermissionGroup
    hub_level: HubLevel | None
    takes_teams: bool
    has_branches: bool = False
    roles: frozenset[TeamAdminRole]
    works: bool = field(init=False, repr=False, compare=False)
    may_review: bool = field(init=False, repr=False, compare=False)
    reviews_quickly: bool = field(init=False, repr=False, compare=False)
    manages_region: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        group = self.permission_group
        quick = holds(group, Right.QUICK_REVIEW_SUB_TEAMS)
        regional = self.hub_level is not None and holds(group, Right.MANAGE_REGION_VOLUNTEERS)
        object.__setattr__(self, "works", self.status in WORKING)
        object.__setattr__(self, "may_review", self.is_named(TeamAdminRole.REVIEWER))
        object.__setattr__(self, "reviews_quickly", quick)
        object.__setattr__(self, "manages_region", regional)

    def is_named(self, *roles: TeamAdminRole) -> bool:
        """Whether the person is the team's manager, or named for one of the given duties."""
        return TeamAdminRole.MANAGER in self.roles or not self.roles.isdisjoint(roles)

    @property
    def reviews_others(self) -> bool:
        """Whether it stands above other teams: a hub, or one that takes teams or has branches.

        Until somebody has approved it, it answers for itself alone, as any other team.
        """
        is_above = self.hub_level is not None or self.takes_teams or self.has_branches
        return self.works and is_above


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingDepartment:
    """The civil-affairs department a person acts for: the region it rules over."""

    region_id: int
    region_code: str
    region_name: str
    region_path: str
    region_level: RegionLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingPartner:
    """The partner system that calls, and the region its contract covers."""

    id: int
    name: str
    region_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who sent this request, in one capacity; what is absent grants nothing."""

    role: Role = Role.PUBLIC
    account_id: int | None = None
    display_name: str | None = None
    volunteer_id: int | None = None
    team: ActingTeam | None = None
    department: ActingDepartment | None = None
    partner: ActingPartner | None = None
    flags: frozenset[str] = field(default_factory=frozenset)
    station_ids: frozenset[int] = field(default_factory=frozenset)
    standing_version: int = 0
    tree_epoch: int = 0
    acting: ActingTeam | None = field(init=False, repr=False, compare=False)
    hub: ActingTeam | None = field(init=False, repr=False, compare=False)
    office_path: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        acting = self.team if self.role in {Role.TEAM, Role.HUB} else None
        object.__setattr__(self, "acting", acting)
        # SECURITY: a hub that does not work is none, whatever it was when the request began.
        stands_above = acting is not None and self.role is Role.HUB and acting.works
        object.__setattr__(self, "hub", acting if stands_above else None)
        office = self.department if self.role is Role.DEPARTMENT else None
        object.__setattr__(self, "office_path", "" if office is None else office.region_path)

    @property
    def is_complete(self) -> bool:
        """Whether the facts that make its role are there."""
        match self.role:
            case Role.PUBLIC:
                return True
            case Role.VOLUNTEER:
                return self.account_id is not None
            case Role.TEAM:
                return self.team is not None
            case Role.HUB:
                return self.hub is not None
            case Role.DEPARTMENT:
                return self.department is not None
            case Role.PARTNER:
                return self.partner is not None

    @property
    def capacity(self) -> str:
        """The capacity as the header ``X-Acting-As`` writes it; for the audit log."""
        if self.team is not None:
            return f"team:{self.team.team_no}"
        if self.department is not None:
            return f"department:{self.department.region_code}"
        if self.partner is not None:
            return f"partner:{self.partner.name}"
        return "volunteer" if self.account_id is not None else "public"


PUBLIC = Viewer()
