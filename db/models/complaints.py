"""Complaints, and what was done about each, step by step."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import ComplaintMeasure, ComplaintReminder, ComplaintStatus, ComplaintTopic
from db.models.base import Base, Now, Replicated, replica_identity, stored


class Complaint(Replicated, Base):
    """A complaint about a team, project, volunteer, record or certificate (DOMAIN §6.6).

    ``team_id`` is the team that it is about, or whose project, member, record or certificate it
    is about; the handler, a team or the department of a region, is who holds it now. Who
    complained is shown to nobody it is about.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        replica_identity("complaints"),
        Index("ix_complaints_team_id", "team_id"),
        Index("ix_complaints_handler_team_id_id", "handler_team_id", "id"),
        Index("ix_complaints_handler_region_id_id", "handler_region_id", "id"),
        Index("ix_complaints_complainant_account_id_id", "complainant_account_id", "id"),
        Index(
            "ix_complaints_decided",
            "decided_at",
            postgresql_where=text("status in ('UPHELD', 'DISMISSED')"),
        ),
        Index(
            "ix_complaints_due",
            "due_at",
            postgresql_where=text(
                "closed_at is null and decided_at is null and reminded is distinct from 'PAST'"
            ),
        ),
        Index(
            "ux_complaints_one_open",
            "complainant_account_id",
            "subject_type",
            "subject_id",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
        CheckConstraint("num_nonnulls(handler_team_id, handler_region_id) = 1", "one_handler"),
        CheckConstraint("status <> 'CLOSED' or closed_at is not null", "closed_has_a_date"),
        CheckConstraint(
            "status not in ('UPHELD', 'DISMISSED') or num_nulls(outcome, decided_at) = 0",
            "decided_has_an_outcome",
        ),
    )

    subject_type: Mapped[str]
    subject_id: Mapped[int]
    topic: Mapped[ComplaintTopic] = mapped_column(stored(ComplaintTopic, "topic"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    about_volunteer_id: Mapped[int | None] = mapped_column(
        ForeignKey("volunteers.id"), comment="The volunteer it is about, who never reads it"
    )
    handler_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    handler_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    complainant_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    discloses_name: Mapped[bool] = mapped_column(server_default="false")
    text: Mapped[str]
    status: Mapped[ComplaintStatus] = mapped_column(stored(ComplaintStatus, "status"))
    transferred_to: Mapped[str | None] = mapped_column(
        comment="The authority outside the system that the complainant was told of"
    )
    measure: Mapped[ComplaintMeasure | None] = mapped_column(stored(ComplaintMeasure, "measure"))
    outcome: Mapped[str | None]
    appeals: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_at: Mapped[Now]
    due_at: Mapped[datetime] = mapped_column(
        comment="By when who holds it is to decide, or was; an appeal sets it anew"
    )
    reminded: Mapped[ComplaintReminder | None] = mapped_column(
        stored(ComplaintReminder, "reminded"),
        comment="What who holds it now was told of that day",
    )
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ComplaintStep(Replicated, Base):
    """A state that a complaint came to, who held it then, and what was said."""

    __tablename__ = "complaint_steps"
    __table_args__ = (
        replica_identity("complaint_steps"),
        Index("ix_complaint_steps_complaint_id_id", "complaint_id", "id"),
        CheckConstraint("num_nonnulls(handler_team_id, handler_region_id) = 1", "one_handler"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    status: Mapped[ComplaintStatus] = mapped_column(stored(ComplaintStatus, "status"))
    handler_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    handler_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    measure: Mapped[ComplaintMeasure | None] = mapped_column(stored(ComplaintMeasure, "measure"))
    note: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]
