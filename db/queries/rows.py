"""The rows of every entity: which columns a reader may ask for, in order."""

from datetime import date, datetime
from typing import Any

from db.enums import (
    CertificateStatus,
    EntityStatus,
    HubLevel,
    InvitePolicy,
    MembershipStatus,
    PermissionGroup,
    ProjectStatus,
    RealNameStatus,
    RecruitScope,
    RegionLevel,
    RegistrationStatus,
    ReviewKind,
    ReviewState,
    Sex,
    SignUpStatus,
    StationPhase,
    StoppedBy,
    TeamKind,
    TeamStatus,
    VolunteerStatus,
)
from db.rows import Row


class RegionRow(Row):
    """A region."""

    id: int
    parent_id: int | None
    path: str
    level: RegionLevel
    code: str
    division_code: str | None
    name: str
    short_name: str
    population: int | None
    population_year: int | None
    population_source: str | None
    valid_from: date | None
    valid_to: date | None


class StationRow(Row):
    """A station."""

    id: int
    number: int
    code: str
    name: str
    host: str
    is_national: bool
    region_id: int
    phase: StationPhase
    batch: int | None
    service_categories: list[str] | None
    page: str
    support: str


class ServiceCategoryRow(Row):
    """A category of service; the code stands for the id."""

    code: str
    name: str


class TeamRow(Row):
    """A team."""

    id: int
    team_no: str
    name: str
    kind: TeamKind
    registration_status: RegistrationStatus
    hub_level: HubLevel | None
    is_hub: bool
    permission_group: PermissionGroup
    status: TeamStatus
    status_reason: str | None
    contact_team_id: int | None
    branch_of_id: int | None
    affiliated_org_id: int | None
    successor_id: int | None
    path: str
    depth: int
    region_id: int
    region_path: str
    registration_authority_id: int | None
    uscc: str | None
    entity_status: EntityStatus | None
    entity_checked_at: datetime | None
    responsible_unit: str | None
    competent_unit: str | None
    address: str | None
    lng: float | None
    lat: float | None
    founded_on: date | None
    planned_size: int | None
    service_categories: list[str]
    intro: str | None
    principal_name: str
    principal_mobile: str
    principal_mobile_public: bool
    contact_name: str
    contact_mobile: str
    contact_mobile_public: bool
    registered_at: datetime | None


class TeamAttachmentRow(Row):
    """A stretch of a team's history on the tree."""

    id: int
    team_id: int
    contact_team_id: int | None
    valid_from: date
    valid_to: date | None
    is_forced: bool
    reason: str | None


class VolunteerRow(Row):
    """A volunteer."""

    id: int
    volunteer_no: str
    account_id: int | None
    name: str
    nickname: str | None
    sex: Sex
    born_on: date
    region_id: int
    ethnicity: str | None
    political_status: str | None
    education: str | None
    employment: str | None
    mobile: str | None
    mobile_public: bool
    email: str | None
    address: str | None
    skills: list[str]
    service_categories: list[str]
    status: VolunteerStatus
    real_name_status: RealNameStatus
    project_invite_policy: InvitePolicy
    team_invite_policy: InvitePolicy
    star: int
    effective_minutes: int
    evaluation_count: int
    evaluation_total: int
    no_show_count: int
    registered_at: datetime


class MembershipRow(Row):
    """A membership."""

    id: int
    team_id: int
    volunteer_id: int
    status: MembershipStatus
    applied_at: datetime
    joined_at: datetime | None
    left_at: datetime | None
    end_reason: str | None


class ProjectRow(Row):
    """A project."""

    id: int
    project_no: str
    team_id: int
    name: str
    status: ProjectStatus
    stopped_by: StoppedBy | None
    status_reason: str | None
    opinion: str | None
    scope: RecruitScope
    region_id: int
    address: str | None
    lng: float | None
    lat: float | None
    starts_at: datetime
    ends_at: datetime
    recruit_starts_at: datetime | None
    recruit_ends_at: datetime | None
    categories: list[str]
    targets: list[str]
    guarantees: list[str]
    min_minutes_required: int
    description: str
    risk_notice: str | None
    cover_file_id: int | None
    proof_file_id: int | None
    declarations: list[str]
    contact_name: str
    contact_mobile: str
    contact_mobile_public: bool
    contact_landline: str | None
    contact_landline_public: bool
    contact_email: str | None
    contact_email_public: bool
    published_at: datetime | None


class PostRow(Row):
    """A post of a project."""

    id: int
    project_id: int
    post_no: int
    name: str
    planned: int
    joined: int
    description: str | None
    conditions: str | None


class SignUpRow(Row):
    """A sign-up."""

    id: int
    project_id: int
    post_id: int
    team_id: int
    volunteer_id: int
    status: SignUpStatus
    applied_at: datetime
    decided_at: datetime | None
    reason: str | None
    checked_in_at: datetime | None
    checked_out_at: datetime | None


class CertificateRow(Row):
    """A certificate."""

    id: int
    certificate_no: str
    volunteer_id: int
    team_id: int | None
    status: CertificateStatus
    minutes: int
    issued_at: datetime | None
    remark: str | None
    is_outdated: bool
    revoke_reason: str | None
    key_id: str | None
    created_at: datetime


class ReviewRow(Row):
    """A review."""

    id: int
    kind: ReviewKind
    state: ReviewState
    subject_type: str
    subject_id: int
    team_id: int
    reviewer_team_id: int | None
    reviewer_region_id: int | None
    applicant_account_id: int | None
    change: str
    opinion: str | None
    created_at: datetime
    decided_at: datetime | None


class KeptCountRow(Row):
    """What the ledger counts of a list, and how many rows the list has more and fewer."""

    parent_key: Any
    number: int
    more: int
    fewer: int


class CountRow(Row):
    """How many rows a parent has."""

    parent_key: Any
    count: int
