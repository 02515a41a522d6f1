"""Volunteers, their sealed identities, memberships, consents and personal file."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.enums import (
    ConsentKind,
    IdentityType,
    InvitePolicy,
    MembershipStatus,
    RealNameStatus,
    ReviewState,
    Sex,
    VolunteerStatus,
)
from db.models.base import Base, BytesText, Now, Replicated, replica_identity, stored


class Volunteer(Replicated, Base):
    """A registered volunteer (DOMAIN §3.2); the ID number lives apart, in ``VolunteerIdentity``.

    ``effective_minutes``, the evaluations' count and total, and ``no_show_count`` move with the
    records, evaluations and sign-ups that change them, under the lock of this row.
    """

    __tablename__ = "volunteers"
    __table_args__ = (
        replica_identity("volunteers"),
        Index("ix_volunteers_sort_key_id", "sort_key", "id"),
        Index("ix_volunteers_region_path", "region_path"),
        Index("ix_volunteers_name_grams", "name_grams", postgresql_using="gin"),
        CheckConstraint("star between 0 and 5", "star_range"),
        CheckConstraint("effective_minutes >= 0 and no_show_count >= 0", "totals_not_negative"),
    )

    volunteer_no: Mapped[BytesText] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    name: Mapped[str]
    sort_key: Mapped[BytesText]
    name_grams: Mapped[list[str]] = mapped_column(ARRAY(Text))
    nickname: Mapped[str | None]
    sex: Mapped[Sex] = mapped_column(stored(Sex, "sex"))
    born_on: Mapped[date]
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    region_path: Mapped[BytesText]
    nationality: Mapped[str] = mapped_column(server_default="156")
    ethnicity: Mapped[str | None]
    political_status: Mapped[str | None]
    education: Mapped[str | None]
    employment: Mapped[str | None]
    mobile: Mapped[str | None]
    mobile_public: Mapped[bool] = mapped_column(server_default="false")
    email: Mapped[str | None]
    address: Mapped[str | None]
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    service_categories: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    status: Mapped[VolunteerStatus] = mapped_column(stored(VolunteerStatus, "status"))
    real_name_status: Mapped[RealNameStatus] = mapped_column(
        stored(RealNameStatus, "real_name_status")
    )
    real_name_checked_at: Mapped[datetime | None]
    project_invite_policy: Mapped[InvitePolicy] = mapped_column(
        stored(InvitePolicy, "project_invite_policy"), server_default=InvitePolicy.ASK.value
    )
    team_invite_policy: Mapped[InvitePolicy] = mapped_column(
        stored(InvitePolicy, "team_invite_policy"), server_default=InvitePolicy.ASK.value
    )
    star: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    effective_minutes: Mapped[int] = mapped_column(server_default="0")
    evaluation_count: Mapped[int] = mapped_column(server_default="0")
    evaluation_total: Mapped[int] = mapped_column(server_default="0")
    no_show_count: Mapped[int] = mapped_column(server_default="0")
    registered_at: Mapped[datetime]
    updated_at: Mapped[Now]
    erased_at: Mapped[datetime | None] = mapped_column(
        comment="When the person was erased; the row then names nobody (PIPL art. 47)"
    )


class VolunteerIdentity(Base):
    """The sealed ID number of a volunteer; destroyed on erasure, with nothing else lost (PIPL §47).

    ``blind_index`` is a keyed hash, one key for the nation: one person is one volunteer.
    """

    __tablename__ = "volunteer_identities"

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    id_type: Mapped[IdentityType] = mapped_column(stored(IdentityType, "id_type"))
    sealed_number: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str]
    blind_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class Membership(Replicated, Base):
    """A volunteer's place in a team."""

    __tablename__ = "memberships"
    __table_args__ = (
        replica_identity("memberships"),
        Index("ux_memberships_team_id_volunteer_id", "team_id", "volunteer_id", unique=True),
        Index("ix_memberships_volunteer_id_team_id", "volunteer_id", "team_id"),
        Index("ix_memberships_team_id_status_id", "team_id", "status", "id"),
        CheckConstraint("status <> 'JOINED' or joined_at is not null", "joined_has_a_date"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    status: Mapped[MembershipStatus] = mapped_column(stored(MembershipStatus, "status"))
    applied_at: Mapped[Now]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(comment="Why the team ended the membership")


class Consent(Replicated, Base):
    """What a person, or a guardian, agreed to; withdrawn but never deleted."""

    __tablename__ = "consents"
    __table_args__ = (
        replica_identity("consents"),
        Index("ix_consents_volunteer_id", "volunteer_id"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    kind: Mapped[ConsentKind] = mapped_column(stored(ConsentKind, "kind"))
    scope: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    recipient: Mapped[str | None]
    purpose: Mapped[str]
    given_by: Mapped[str | None]
    given_at: Mapped[Now]
    withdrawn_at: Mapped[datetime | None]


class CorrectionRequest(Replicated, Base):
    """What a person says is wrong in the real-name data, until a department decides (PIPL art. 46).

    An asked for ID number is sealed like the one that is kept; both go when the person is erased.
    """

    __tablename__ = "correction_requests"
    __table_args__ = (
        replica_identity("correction_requests"),
        Index(
            "ux_correction_requests_one_pending",
            "volunteer_id",
            unique=True,
            postgresql_where=text("state = 'PENDING'"),
        ),
        Index("ix_correction_requests_volunteer_id", "volunteer_id"),
        CheckConstraint("(state = 'PENDING') = (decided_at is null)", "decided_has_a_date"),
        CheckConstraint(
            "num_nonnulls(id_type, sealed_number, key_id, blind_index) in (0, 4)",
            "number_is_whole",
        ),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    state: Mapped[ReviewState] = mapped_column(stored(ReviewState, "state"))
    name: Mapped[str | None]
    born_on: Mapped[date | None]
    sex: Mapped[Sex | None] = mapped_column(stored(Sex, "sex"))
    id_type: Mapped[IdentityType | None] = mapped_column(stored(IdentityType, "id_type"))
    sealed_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str | None]
    blind_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    real_name_status: Mapped[RealNameStatus] = mapped_column(
        stored(RealNameStatus, "real_name_status")
    )
    reason: Mapped[str]
    opinion: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_as: Mapped[str | None]
    created_at: Mapped[Now]
    decided_at: Mapped[datetime | None]
