"""Service records and their revisions, evaluations, certificates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.enums import CertificateStatus, RecordSource, RecordStatus
from db.models.base import Base, BytesText, Now, Replicated, replica_identity, stored


class ServiceRecord(Replicated, Base):
    """One volunteer's service at one time, in whole minutes (DOMAIN §3.4, §6.4, §7.1).

    Append-only: a correction is a new revision, a void has a reason, nothing is deleted.
    ``region_path`` is that of the team that recorded it, on the day of the service.
    """

    __tablename__ = "service_records"
    __table_args__ = (
        replica_identity("service_records"),
        Index(
            "ix_service_records_volunteer_id_starts_at",
            "volunteer_id",
            text("starts_at desc"),
            text("id desc"),
        ),
        Index(
            "ix_service_records_team_id_starts_at",
            "team_id",
            text("starts_at desc"),
            text("id desc"),
        ),
        Index("ix_service_records_project_id_id", "project_id", "id"),
        Index(
            "ix_service_records_due",
            "publicity_to",
            postgresql_where=text("status = 'NOT_EFFECTIVE'"),
        ),
        Index("ix_service_records_region_path_starts_at", "region_path", "starts_at"),
        Index(
            "ux_service_records_upstream",
            "source_system",
            "source_id",
            unique=True,
            postgresql_where=text("source_system is not null"),
        ),
        CheckConstraint("ends_at > starts_at or status = 'OPEN'", "ends_after_start"),
        CheckConstraint(
            "ends_at is not null or status in ('OPEN', 'VOID')", "only_open_has_no_end"
        ),
        CheckConstraint(
            "minutes >= 0 and minutes * interval '1 minute' <= ends_at - starts_at",
            "minutes_within_times",
        ),
        CheckConstraint("(status = 'VOID') = (void_reason is not null)", "void_has_a_reason"),
        CheckConstraint("revision > 0", "revision_positive"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id"))
    region_path: Mapped[BytesText]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int]
    status: Mapped[RecordStatus] = mapped_column(stored(RecordStatus, "status"))
    source: Mapped[RecordSource] = mapped_column(stored(RecordSource, "source"))
    content: Mapped[str]
    place: Mapped[str]
    targets: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    contact_name: Mapped[str | None]
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorder_name: Mapped[str | None]
    recorded_at: Mapped[Now]
    publicity_from: Mapped[date | None]
    publicity_to: Mapped[date | None]
    is_overdue: Mapped[bool] = mapped_column(server_default="false")
    is_flagged: Mapped[bool] = mapped_column(server_default="false")
    revision: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    void_reason: Mapped[str | None]
    note: Mapped[str | None]
    source_system: Mapped[str | None]
    source_id: Mapped[str | None]
    original_organisation: Mapped[str | None]


class ServiceRecordRevision(Replicated, Base):
    """What a record said before it was corrected, and who corrected it why."""

    __tablename__ = "service_record_revisions"
    __table_args__ = (
        replica_identity("service_record_revisions"),
        Index(
            "ux_service_record_revisions_record_id_revision", "record_id", "revision", unique=True
        ),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"))
    revision: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class Evaluation(Replicated, Base):
    """A team's evaluation of a volunteer's service (Order 67 §10)."""

    __tablename__ = "evaluations"
    __table_args__ = (
        replica_identity("evaluations"),
        Index("ix_evaluations_volunteer_id", "volunteer_id"),
        Index("ux_evaluations_record_id", "record_id", unique=True),
        CheckConstraint("score between 1 and 5", "score_range"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class Certificate(Replicated, Base):
    """An immutable signed snapshot of service records (DOMAIN §3.5, §6.5)."""

    __tablename__ = "certificates"
    __table_args__ = (
        replica_identity("certificates"),
        Index("ix_certificates_volunteer_id", "volunteer_id"),
        Index("ix_certificates_team_id", "team_id"),
        CheckConstraint(
            "status = 'REQUESTED' or (signature is not null and issued_at is not null)",
            "issued_is_signed",
        ),
        CheckConstraint(
            "(status = 'REVOKED') = (revoke_reason is not null)", "revoked_has_a_reason"
        ),
    )

    certificate_no: Mapped[BytesText] = mapped_column(unique=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("teams.id"), comment="The recording team; none when the volunteer printed it"
    )
    status: Mapped[CertificateStatus] = mapped_column(stored(CertificateStatus, "status"))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)
    minutes: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str | None]
    issued_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]
    is_outdated: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[Now]
