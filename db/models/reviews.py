"""Reviews, feedback on the trial, and messages to accounts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import ReviewKind, ReviewState
from db.models.base import Base, BytesText, Now, Replicated, replica_identity, stored


class Review(Replicated, Base):
    """Who must act next on what: one queue for everything that is decided (DESIGN §4).

    The reviewer is a team or a department (a region), never both; ``team_id`` and ``team_path``
    name the team the item belongs to, so that scope is one range. A membership or sign-up is the
    team's own business and has the team itself as reviewer.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        replica_identity("reviews"),
        Index("ix_reviews_reviewer_team", "reviewer_team_id", "state", "id"),
        Index("ix_reviews_reviewer_region", "reviewer_region_id", "state", "id"),
        Index("ix_reviews_team_id", "team_id"),
        Index("ix_reviews_applicant", "applicant_account_id", "id"),
        Index(
            "ux_reviews_one_pending",
            "kind",
            "subject_type",
            "subject_id",
            unique=True,
            postgresql_where=text("state = 'PENDING'"),
        ),
        CheckConstraint("num_nonnulls(reviewer_team_id, reviewer_region_id) = 1", "one_reviewer"),
        CheckConstraint("(state = 'PENDING') = (decided_at is null)", "decided_has_a_date"),
    )

    kind: Mapped[ReviewKind] = mapped_column(stored(ReviewKind, "kind"))
    state: Mapped[ReviewState] = mapped_column(stored(ReviewState, "state"))
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    reviewer_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    reviewer_region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    applicant_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    change: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    opinion: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_as: Mapped[str | None]
    created_at: Mapped[Now]
    decided_at: Mapped[datetime | None]


class TrialFeedback(Replicated, Base):
    """One unit's answers to the feedback form of the 2021 trial (annex 1 of the notice)."""

    __tablename__ = "trial_feedback"
    __table_args__ = (
        replica_identity("trial_feedback"),
        Index("ix_trial_feedback_region_id", "region_id"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    unit: Mapped[str]
    filled_on: Mapped[date]
    contact_name: Mapped[str]
    contact_phone: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class Notification(Replicated, Base):
    """A message to an account, read or not."""

    __tablename__ = "notifications"
    __table_args__ = (
        replica_identity("notifications"),
        Index("ix_notifications_account_id_id", "account_id", "id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    event: Mapped[BytesText]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Now]
    read_at: Mapped[datetime | None]
