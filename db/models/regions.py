"""Regions, how they succeeded each other, and the stations that serve them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import CHAR, Text

from db.enums import RegionLevel, StationPhase, SuccessionKind
from db.models.base import Base, BytesText, Now, Replicated, WithId, replica_identity, stored


class Region(Replicated, Base):
    """A node of the management tree: nation to village, functional zones included.

    ``code`` is how people and programs name a region: the 12-digit division code where the nation
    gave one, else a code of our own (高新区, 万盛经开区 have none; DOMAIN §2).
    """

    __tablename__ = "regions"
    __table_args__ = (
        replica_identity("regions"),
        Index("ix_regions_parent_id_code", "parent_id", "code"),
        CheckConstraint("right(path, length(id::text) + 1) = id::text || '/'", "path_ends_in_id"),
        CheckConstraint("(parent_id is null) = (depth = 1)", "roots_have_no_parent"),
        CheckConstraint("depth between 1 and 8", "depth_bounded"),
        CheckConstraint("division_code ~ '^[0-9]{12}$'", "division_code_digits"),
        CheckConstraint("valid_to >= valid_from", "dates_in_order"),
        CheckConstraint(
            "num_nulls(population, population_year, population_source) in (0, 3)",
            "population_has_year_and_source",
        ),
    )

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    path: Mapped[BytesText] = mapped_column(unique=True)
    depth: Mapped[int] = mapped_column(SmallInteger)
    level: Mapped[RegionLevel] = mapped_column(stored(RegionLevel, "level"))
    code: Mapped[BytesText] = mapped_column(unique=True)
    division_code: Mapped[str | None] = mapped_column(CHAR(12), unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    population: Mapped[int | None]
    population_year: Mapped[int | None] = mapped_column(SmallInteger)
    population_source: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class RegionSuccession(WithId, Base):
    """A dated change of regions: who stands in whose place since when."""

    __tablename__ = "region_successions"
    __table_args__ = (Index("ix_region_successions_new_region_id", "new_region_id"),)

    old_region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    new_region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    kind: Mapped[SuccessionKind] = mapped_column(stored(SuccessionKind, "kind"))
    old_code: Mapped[BytesText]
    effective_on: Mapped[date]
    document: Mapped[str | None]


class Station(WithId, Base):
    """A site of the system: the nation's, a province's, or that of a field of service."""

    __tablename__ = "stations"
    __table_args__ = (CheckConstraint("number between 0 and 8191", "number_fits_ids"),)

    number: Mapped[int] = mapped_column(SmallInteger, unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    host: Mapped[str] = mapped_column(unique=True)
    is_national: Mapped[bool] = mapped_column(server_default="false")
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    phase: Mapped[StationPhase] = mapped_column(stored(StationPhase, "phase"))
    batch: Mapped[int | None] = mapped_column(SmallInteger)
    service_categories: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    page: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    support: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[Now]


class StationAdmin(WithId, Base):
    """A person named to keep a station's page."""

    __tablename__ = "station_admins"
    __table_args__ = (
        Index("ix_station_admins_account_id", "account_id"),
        Index(
            "ux_station_admins_current",
            "station_id",
            "account_id",
            unique=True,
            postgresql_where=text("revoked_at is null"),
        ),
    )

    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[Now]
    revoked_at: Mapped[datetime | None]


class ServiceCategory(Base):
    """A category of service; data, because regions enable and disable them (DOMAIN §3.6)."""

    __tablename__ = "service_categories"

    code: Mapped[BytesText] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    is_enabled: Mapped[bool] = mapped_column(server_default="true")
