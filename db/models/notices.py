"""Notices to whoever belongs to an area, and who has read them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.models.base import Base, Now, Replicated, replica_identity


class Notice(Replicated, Base):
    """A notice of a hub to its subtree, or of a department or station to a region (通知公告).

    One row for all its readers: whom it is for is found out when they ask.
    """

    __tablename__ = "notices"
    __table_args__ = (
        replica_identity("notices"),
        Index("ix_notices_team_id", "team_id"),
        Index("ix_notices_region_id", "region_id"),
        CheckConstraint("num_nonnulls(team_id, region_id) = 1", "one_issuer"),
        CheckConstraint("team_id is null or not of_station", "station_is_of_a_region"),
        CheckConstraint("cardinality(readers) > 0", "has_readers"),
        CheckConstraint(
            "(withdrawn_at is null) = (withdraw_reason is null)", "withdrawn_has_a_reason"
        ),
    )

    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("teams.id"), comment="The hub that issued it, to its subtree"
    )
    region_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id"), comment="The region of the department or station, and below"
    )
    of_station: Mapped[bool] = mapped_column(server_default="false")
    readers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    title: Mapped[str]
    body: Mapped[str]
    issuer_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None]


class NoticeRead(Base):
    """That an account has marked a notice as read."""

    __tablename__ = "notice_reads"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    read_at: Mapped[Now]
