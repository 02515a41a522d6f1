"""The columns of ``teams`` that seeding fills."""

from dataclasses import dataclass
from datetime import date, datetime

from db.enums import (
    HubLevel,
    PermissionGroup,
    RegistrationStatus,
    TeamKind,
    TeamStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team as it is copied; what is not given is as for an ordinary enabled one."""

    id: int
    province: str
    team_no: str
    name: str
    sort_key: str
    name_grams: list[str]
    kind: TeamKind = TeamKind.GROUP
    registration_status: RegistrationStatus = RegistrationStatus.UNREGISTERED
    hub_level: HubLevel | None = None
    permission_group: PermissionGroup = PermissionGroup.BASIC
    status: TeamStatus = TeamStatus.ENABLED
    status_reason: str | None = None
    contact_team_id: int | None
    branch_of_id: int | None = None
    affiliated_org_id: int | None = None
    path: str
    depth: int
    region_id: int
    region_path: str
    registration_authority_id: int | None = None
    uscc: str | None = None
    responsible_unit: str | None = None
    responsible_unit_kind: str | None = None
    competent_unit: str | None = None
    competent_unit_kind: str | None = None
    address: str | None = None
    founded_on: date
    planned_size: int | None = None
    service_categories: list[str]
    intro: str | None = None
    principal_name: str
    principal_mobile: str
    contact_name: str
    contact_mobile: str
    registered_at: datetime | None
