"""Service records, their revisions and disputes, evaluations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.enums import DisputeOutcome, EvaluationStatus, RecordSource, RecordStatus
from db.models.base import (
    Base,
    BytesText,
    Now,
    OptionalBytesText,
    Replicated,
    replica_identity,
    stored,
)


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
        # Removing a post asks whether a record names it.
        Index(
            "ix_service_records_post_id",
            "post_id",
            postgresql_where=text("post_id is not null"),
        ),
        Index(
            "ix_service_records_due",
            "publicity_to",
            postgresql_where=text("status = 'NOT_EFFECTIVE'"),
        ),
        Index(
            "ix_service_records_publicity",
            "team_id",
            "publicity_to",
            "id",
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
    team_path: Mapped[OptionalBytesText] = mapped_column(
        comment="Path of the team on the day of the service; filled in when left out"
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int]
    activity_name: Mapped[str] = mapped_column(
        server_default="", comment="What the project or activity was called"
    )
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
    is_bought: Mapped[bool] = mapped_column(
        server_default="false", comment="非法购买: found so by a department; flagged, too"
    )
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


class RecordDispute(Replicated, Base):
    """A volunteer's word that a record is wrong, and what the recording team came to.

    ``due_on`` is the last day on which the answer is prompt (Order 67 §13).
    """

    __tablename__ = "record_disputes"
    __table_args__ = (
        replica_identity("record_disputes"),
        Index("ix_record_disputes_record_id", "record_id", "id"),
        Index(
            "ux_record_disputes_open",
            "record_id",
            unique=True,
            postgresql_where=text("answered_at is null"),
        ),
        Index(
            "ix_record_disputes_team_open",
            "team_id",
            "due_on",
            postgresql_where=text("answered_at is null"),
        ),
        CheckConstraint("num_nulls(outcome, answered_at) in (0, 2)", "answered_whole"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    reason: Mapped[str]
    due_on: Mapped[date]
    created_at: Mapped[Now]
    outcome: Mapped[DisputeOutcome | None] = mapped_column(stored(DisputeOutcome, "outcome"))
    answer: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]


class ProjectRecorder(Base):
    """The team that records the service of a project of cooperating teams (Order 67 §26)."""

    __tablename__ = "project_recorders"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    named_at: Mapped[Now]


class Evaluation(Replicated, Base):
    """A team's evaluation of a volunteer's service, of one record or of a whole project (§10)."""

    __tablename__ = "evaluations"
    __table_args__ = (
        replica_identity("evaluations"),
        Index("ix_evaluations_volunteer_id", "volunteer_id"),
        Index("ux_evaluations_record_id", "record_id", unique=True),
        Index(
            "ux_evaluations_project_id_volunteer_id",
            "project_id",
            "volunteer_id",
            unique=True,
            postgresql_where=text("record_id is null"),
        ),
        CheckConstraint("score between 1 and 5", "score_range"),
        CheckConstraint("num_nonnulls(record_id, project_id) = 1", "of_a_record_or_a_project"),
    )

    record_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str | None]
    status: Mapped[EvaluationStatus] = mapped_column(
        stored(EvaluationStatus, "status"), server_default=EvaluationStatus.STANDING.value
    )
    evaluated_on: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]
