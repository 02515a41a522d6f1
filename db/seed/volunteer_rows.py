"""The columns of volunteers' tables that seeding fills."""

from dataclasses import dataclass
from datetime import date, datetime

from db.enums import (
    AccountStatus,
    ConsentKind,
    IdentityType,
    MembershipStatus,
    RealNameStatus,
    Sex,
    VolunteerStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as it is copied; without a password nobody signs in to it."""

    id: int
    province: str
    username: str
    display_name: str
    password_hash: str | None = None
    status: AccountStatus = AccountStatus.ENABLED
    is_developer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRow:
    """A volunteer as copied; hours and star are counted once the records stand."""

    id: int
    province: str
    volunteer_no: str
    account_id: int
    name: str
    sort_key: str
    name_grams: list[str]
    sex: Sex
    born_on: date
    region_id: int
    region_path: str
    ethnicity: str
    political_status: str
    education: str
    employment: str
    mobile: str
    skills: list[str]
    service_categories: list[str]
    status: VolunteerStatus
    real_name_status: RealNameStatus
    real_name_checked_at: datetime | None
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """A sealed ID number as copied."""

    volunteer_id: int
    id_type: IdentityType
    sealed_number: bytes
    key_id: str
    blind_index: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """A membership as copied."""

    id: int
    province: str
    team_id: int
    volunteer_id: int
    status: MembershipStatus
    applied_at: datetime
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A guardian's consent as copied."""

    province: str
    volunteer_id: int
    kind: ConsentKind
    purpose: str
    given_by: str
    given_at: datetime
