"""The statistics ledger: what is not yet folded, the totals, who was counted once (DESIGN §9)."""

from datetime import date

from sqlalchemy import Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BytesText, OptionalBytesText, WithId


class LedgerPending(WithId, Base):
    """A change of the statistics that is not yet folded into totals (``db.ledger.facts``).

    Written by triggers, in the statement that changes what is counted.
    """

    __tablename__ = "ledger_pending"

    kind: Mapped[BytesText]
    day: Mapped[date]
    region_path: Mapped[BytesText]
    team_path: Mapped[OptionalBytesText]
    person: Mapped[int | None]
    thing: Mapped[int | None]
    dims: Mapped[list[str]] = mapped_column(ARRAY(Text))
    n: Mapped[int]
    quantity: Mapped[int]


class LedgerPast(WithId, Base):
    """What a fact was from the day it began until another, where no row tells it any more.

    It belongs to a team, or else to a region, wherever that lay. Values of breakdowns stand each
    for itself. Written by triggers; a rebuild reads it.
    """

    __tablename__ = "ledger_past"
    __table_args__ = (
        Index("ix_ledger_past_team_id_until", "team_id", "until"),
        Index("ix_ledger_past_region_id_until", "region_id", "until"),
    )

    kind: Mapped[BytesText]
    began: Mapped[date]
    until: Mapped[date]
    region_id: Mapped[int | None]
    team_id: Mapped[int | None]
    person: Mapped[int | None]
    thing: Mapped[int | None]
    dims: Mapped[list[str]] = mapped_column(ARRAY(Text))
    n: Mapped[int]
    quantity: Mapped[int]


class LedgerRegion(WithId, Base):
    """Where a region lay until a day."""

    __tablename__ = "ledger_regions"
    __table_args__ = (Index("ix_ledger_regions_region_id", "region_id"),)

    region_id: Mapped[int]
    path: Mapped[BytesText]
    until: Mapped[date]


class LedgerCode(Base):
    """The number that stands for a figure: ``kind``, or ``kind/dimension:value``."""

    __tablename__ = "ledger_codes"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[BytesText] = mapped_column(unique=True)


class _Total:
    """A folded figure of one scope and period.

    ``scope`` is the id of a region, or minus the id of a team. ``period`` is 0 for all time, else
    a month as 202611 or a day as 20261122.
    """

    scope: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    period: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    n: Mapped[int]
    quantity: Mapped[int]


class LedgerTotal(_Total, Base):
    """Totals, in two parts: most are of days, and few of those are read."""

    __tablename__ = "ledger_totals"
    __table_args__ = ({"postgresql_partition_by": "RANGE (period)"},)


class LedgerDayTotal(_Total, Base):
    """Totals of days."""

    __tablename__ = "ledger_totals_days"


class LedgerLongTotal(_Total, Base):
    """Totals of all time and of months, in two parts: most are of teams."""

    __tablename__ = "ledger_totals_long"
    __table_args__ = ({"postgresql_partition_by": "RANGE (scope)"},)


class LedgerTeamTotal(_Total, Base):
    """Totals of teams, of all time and of months."""

    __tablename__ = "ledger_totals_teams"


class LedgerRegionTotal(_Total, Base):
    """Totals of regions, of all time and of months: as many as places, months and figures make."""

    __tablename__ = "ledger_totals_regions"


class LedgerLeaf(WithId, Base):
    """Where one who is counted once in each scope was counted, from when on, and how often."""

    __tablename__ = "ledger_leaves"
    __table_args__ = (Index("ix_ledger_leaves_who_period", "who", "period"),)

    kind: Mapped[BytesText]
    who: Mapped[int]
    period: Mapped[int] = mapped_column(Integer)
    day: Mapped[date]
    region_path: Mapped[BytesText]
    team_path: Mapped[OptionalBytesText]
    n: Mapped[int]


class LedgerSize(Base):
    """How many members a team came by in a month and how many minutes it served, as far as folded.

    ``month`` is 0 for all time.
    """

    __tablename__ = "ledger_sizes"

    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    members: Mapped[int]
    minutes: Mapped[int]


class LedgerPlace(WithId, Base):
    """Where a team is counted from a month on, as a ``team`` or a ``hub``, as far as folded."""

    __tablename__ = "ledger_places"
    __table_args__ = (Index("ix_ledger_places_team_id", "team_id"),)

    team_id: Mapped[int]
    kind: Mapped[BytesText]
    region_path: Mapped[BytesText]
    team_path: Mapped[BytesText]
    month: Mapped[int] = mapped_column(Integer)
    n: Mapped[int]
