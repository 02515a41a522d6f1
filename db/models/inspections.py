"""Random checks of records and certificates: what was drawn, what teams handed in, what came."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import InspectedKind, InspectionKind, InspectionStatus, InspectionVerdict, MeasureKind
from db.models.base import Base, Now, Replicated, replica_identity, stored


class Inspection(Replicated, Base):
    """A random check that a department draws (O67 §21).

    The seed, the number of what could be drawn and its fingerprint are kept, so that anybody who
    may see them can repeat the draw; the table itself refuses to change them.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        replica_identity("inspections"),
        Index("ix_inspections_region_id", "region_id"),
        CheckConstraint("since <= until", "since_before_until"),
        CheckConstraint("octet_length(seed) = 32", "seed_is_long"),
        CheckConstraint(
            "status not in ('MATERIALS_ASKED', 'EXAMINED', 'PUBLISHED') or asked_at is not null",
            "asked_has_a_date",
        ),
        CheckConstraint(
            "(status = 'PUBLISHED') = (published_at is not null)", "published_has_a_date"
        ),
        CheckConstraint(
            "(status = 'CANCELLED') = (cancel_reason is not null)", "cancelled_has_a_reason"
        ),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    title: Mapped[str]
    kind: Mapped[InspectionKind] = mapped_column(stored(InspectionKind, "kind"))
    status: Mapped[InspectionStatus] = mapped_column(stored(InspectionStatus, "status"))
    since: Mapped[date]
    until: Mapped[date]
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    population: Mapped[int] = mapped_column(comment="How many could be drawn")
    fingerprint: Mapped[int] = mapped_column(comment="Of all that could be drawn, under the seed")
    size: Mapped[int] = mapped_column(comment="How many were drawn")
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]
    asked_at: Mapped[datetime | None]
    summary: Mapped[str | None] = mapped_column(comment="What is published with the result")
    published_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]


class InspectionScope(Base):
    """A team to which a draw was narrowed; without any, all of the region."""

    __tablename__ = "inspection_scopes"

    inspection_id: Mapped[int] = mapped_column(
        ForeignKey("inspections.id"), primary_key=True, autoincrement=False
    )
    team_id: Mapped[int] = mapped_column(
        ForeignKey("teams.id"), primary_key=True, autoincrement=False
    )


class InspectionTeam(Replicated, Base):
    """A team's part in a check: what it was asked, and what it handed in."""

    __tablename__ = "inspection_teams"
    __table_args__ = (
        replica_identity("inspection_teams"),
        Index("ux_inspection_teams_team", "inspection_id", "team_id", unique=True),
        Index("ix_inspection_teams_team_id", "team_id"),
        Index(
            "ix_inspection_teams_due",
            "due_on",
            postgresql_where=text("handed_in_at is null and due_on is not null"),
        ),
        CheckConstraint("(handed_in_at is null) = (statement is null)", "handed_in_whole"),
    )

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    due_on: Mapped[date | None]
    statement: Mapped[str | None]
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    handed_in_at: Mapped[datetime | None]


class InspectionItem(Replicated, Base):
    """One record or certificate that was drawn, and what was found of it."""

    __tablename__ = "inspection_items"
    __table_args__ = (
        replica_identity("inspection_items"),
        Index("ux_inspection_items_position", "inspection_id", "position", unique=True),
        Index("ix_inspection_items_team_id", "team_id"),
        Index("ix_inspection_items_record_id", "record_id"),
        Index("ix_inspection_items_certificate_id", "certificate_id"),
        CheckConstraint(
            "(kind = 'RECORD') = (record_id is not null)"
            " and (kind = 'CERTIFICATE') = (certificate_id is not null)",
            "one_subject",
        ),
        CheckConstraint("(verdict is null) = (found_at is null)", "found_has_a_date"),
    )

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    kind: Mapped[InspectedKind] = mapped_column(stored(InspectedKind, "kind"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    draw_key: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of the seed and the subject; the draw is the smallest"
    )
    verdict: Mapped[InspectionVerdict | None] = mapped_column(stored(InspectionVerdict, "verdict"))
    finding: Mapped[str | None]
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    found_at: Mapped[datetime | None]


class InspectionMeasure(Replicated, Base):
    """What a bad finding led to; a warning and a suspension are the team's, the rest an item's."""

    __tablename__ = "inspection_measures"
    __table_args__ = (
        replica_identity("inspection_measures"),
        Index("ix_inspection_measures_inspection_id", "inspection_id"),
        Index("ix_inspection_measures_team_id", "team_id"),
        CheckConstraint(
            "(kind in ('WARNING', 'SUSPENSION')) = (item_id is null)", "item_of_its_kind"
        ),
    )

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_items.id"))
    kind: Mapped[MeasureKind] = mapped_column(stored(MeasureKind, "kind"))
    reason: Mapped[str]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]
