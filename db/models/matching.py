"""Needs, offers, and the answers that bring them together (供需对接)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import AnswerSide, AnswerStatus, MatchStatus
from db.models.base import Base, Now, Replicated, replica_identity, stored

OPEN = text("status = 'OPEN'")


class Need(Replicated, Base):
    """Help that a team looks for: when, where, of what kind, for whom, by how many people."""

    __tablename__ = "needs"
    __table_args__ = (
        replica_identity("needs"),
        Index("ix_needs_team_id", "team_id"),
        Index("ix_needs_region_id", "region_id"),
        Index("ix_needs_open", "ends_at", postgresql_where=OPEN),
        CheckConstraint("starts_at < ends_at", "starts_before_end"),
        CheckConstraint("people between 1 and 10000", "people_counted"),
        CheckConstraint("found between 0 and people", "found_within_people"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    title: Mapped[str]
    description: Mapped[str]
    place: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    targets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    people: Mapped[int]
    found: Mapped[int] = mapped_column(server_default="0", comment="People of accepted answers")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    contact_name: Mapped[str]
    contact_phone: Mapped[str]
    status: Mapped[MatchStatus] = mapped_column(stored(MatchStatus, "status"))
    close_reason: Mapped[str | None]
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("projects.id"), comment="The team's project that came of it"
    )
    created_at: Mapped[Now]


class Offer(Replicated, Base):
    """Help that a team or a volunteer offers: of what kind, where, when, with which skills."""

    __tablename__ = "offers"
    __table_args__ = (
        replica_identity("offers"),
        Index("ix_offers_team_id", "team_id"),
        Index("ix_offers_volunteer_id", "volunteer_id"),
        Index("ix_offers_region_id", "region_id"),
        Index("ix_offers_open", "ends_at", postgresql_where=OPEN),
        CheckConstraint("num_nonnulls(team_id, volunteer_id) = 1", "one_offerer"),
        CheckConstraint("starts_at < ends_at", "starts_before_end"),
    )

    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    title: Mapped[str]
    description: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[MatchStatus] = mapped_column(stored(MatchStatus, "status"))
    close_reason: Mapped[str | None]
    created_at: Mapped[Now]


class NeedAnswer(Replicated, Base):
    """A team or volunteer that would help with a need; who did not ask decides.

    ``team_id`` is the team in need, and ``from_team_id`` or ``volunteer_id`` who would help.
    """

    __tablename__ = "need_answers"
    __table_args__ = (
        replica_identity("need_answers"),
        Index("ix_need_answers_need_id", "need_id"),
        Index("ix_need_answers_team_id", "team_id"),
        Index("ix_need_answers_from_team_id", "from_team_id"),
        Index("ix_need_answers_volunteer_id", "volunteer_id"),
        Index(
            "ux_need_answers_one_open",
            "need_id",
            text("coalesce(from_team_id, 0)"),
            text("coalesce(volunteer_id, 0)"),
            unique=True,
            postgresql_where=text("status in ('PENDING', 'ACCEPTED')"),
        ),
        CheckConstraint("num_nonnulls(from_team_id, volunteer_id) = 1", "one_offerer"),
        CheckConstraint("people >= 1 and (volunteer_id is null or people = 1)", "people_counted"),
        CheckConstraint("(status = 'PENDING') = (decided_at is null)", "decided_has_a_date"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    from_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    asked_by: Mapped[AnswerSide] = mapped_column(stored(AnswerSide, "asked_by"))
    applicant_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id"), comment="Who asked; they do not decide for the other side"
    )
    status: Mapped[AnswerStatus] = mapped_column(stored(AnswerStatus, "status"))
    people: Mapped[int] = mapped_column(SmallInteger)
    message: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[Now]
    decided_at: Mapped[datetime | None]
