"""A volunteer's file beside the records: trainings, awards, stars, records handed on."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import AwardGrantor, RegionLevel, TransferStatus
from db.models.base import Base, Now, Replicated, WithId, replica_identity, stored


class Training(Replicated, Base):
    """A training of a volunteer; part of the personal file, never service time (DOMAIN §3.4)."""

    __tablename__ = "trainings"
    __table_args__ = (
        replica_identity("trainings"),
        Index("ix_trainings_volunteer_id", "volunteer_id"),
        CheckConstraint("minutes > 0", "minutes_positive"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str]
    content: Mapped[str | None]
    minutes: Mapped[int]
    organiser: Mapped[str]
    held_on: Mapped[date]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class Award(Replicated, Base):
    """An award or commendation of a volunteer.

    A government's is recorded on the material shown; another's says how it was verified.
    """

    __tablename__ = "awards"
    __table_args__ = (
        replica_identity("awards"),
        Index("ix_awards_volunteer_id", "volunteer_id"),
        CheckConstraint(
            "grantor = 'GOVERNMENT' or verification is not null", "others_are_verified"
        ),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str]
    granted_by: Mapped[str]
    granted_on: Mapped[date]
    grantor: Mapped[AwardGrantor] = mapped_column(
        stored(AwardGrantor, "grantor"), server_default=AwardGrantor.GOVERNMENT.value
    )
    material: Mapped[str | None]
    verification: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class StarThreshold(WithId, Base):
    """From how many hours on a region gives a star, and who may; no region is the nation's scale.

    ``rated_by`` is the lowest level whose department or hub gives it, ``least_score`` the average
    evaluation that it asks for; None asks for nothing.
    """

    __tablename__ = "star_thresholds"
    __table_args__ = (
        Index(
            "ux_star_thresholds_region_id_stars",
            "region_id",
            "stars",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("stars between 1 and 5", "stars_range"),
        CheckConstraint("hours > 0", "hours_positive"),
        CheckConstraint("least_score between 1 and 5", "least_score_range"),
    )

    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    stars: Mapped[int] = mapped_column(SmallInteger)
    hours: Mapped[int]
    least_score: Mapped[float | None] = mapped_column(Numeric(3, 2))
    rated_by: Mapped[RegionLevel | None] = mapped_column(stored(RegionLevel, "rated_by"))


class StarRating(Replicated, Base):
    """Stars that a volunteer was given, or that were taken back: the history of ``star``."""

    __tablename__ = "star_ratings"
    __table_args__ = (
        replica_identity("star_ratings"),
        Index("ix_star_ratings_volunteer_id", "volunteer_id", "id"),
        CheckConstraint("stars between 0 and 5", "stars_range"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    stars: Mapped[int] = mapped_column(SmallInteger)
    stars_before: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int]
    reason: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    capacity: Mapped[str]
    rated_at: Mapped[Now]


class RecordTransfer(Replicated, Base):
    """Records that a volunteer has one team hand to another, by a consent (转移、接续).

    The receiving team reads them while the consent stands; its own records stay its own.
    """

    __tablename__ = "record_transfers"
    __table_args__ = (
        replica_identity("record_transfers"),
        Index("ix_record_transfers_volunteer_id", "volunteer_id", "id"),
        Index("ix_record_transfers_to_team_id", "to_team_id", "id"),
        Index("ix_record_transfers_consent_id", "consent_id"),
        CheckConstraint("team_id <> to_team_id", "between_two_teams"),
        CheckConstraint("(status = 'REQUESTED') = (answered_at is null)", "answered_has_a_date"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    to_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consents.id"))
    status: Mapped[TransferStatus] = mapped_column(stored(TransferStatus, "status"))
    note: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[Now]


class TransferredRecord(Base):
    """A record that was handed on, and in which revision."""

    __tablename__ = "transferred_records"

    transfer_id: Mapped[int] = mapped_column(ForeignKey("record_transfers.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("service_records.id"), primary_key=True, index=True
    )
    revision: Mapped[int] = mapped_column(SmallInteger)
