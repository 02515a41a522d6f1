"""Rewards: rules by which points are earned, a catalogue, a ledger, what was asked for."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import RedemptionStatus, RewardEntryKind, RewardItemStatus, RewardRuleKind
from db.models.base import Base, Now, Replicated, replica_identity, stored


class RewardRule(Replicated, Base):
    """How points of a region are earned: so many for each so many minutes, or with a star."""

    __tablename__ = "reward_rules"
    __table_args__ = (
        replica_identity("reward_rules"),
        Index("ix_reward_rules_region_id", "region_id"),
        CheckConstraint("points between 1 and 1000000", "points_bounded"),
        CheckConstraint(
            "(kind = 'MINUTES' and step between 1 and 100000)"
            " or (kind = 'STAR' and step between 1 and 5)",
            "step_of_its_kind",
        ),
        CheckConstraint("valid_to is null or valid_from <= valid_to", "from_before_to"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    kind: Mapped[RewardRuleKind] = mapped_column(stored(RewardRuleKind, "kind"))
    step: Mapped[int] = mapped_column(comment="Minutes, or the star")
    points: Mapped[int]
    valid_from: Mapped[date] = mapped_column(comment="First day of the service that counts")
    valid_to: Mapped[date | None] = mapped_column(comment="Last day of the service that counts")
    created_at: Mapped[Now]


class RewardItem(Replicated, Base):
    """A reward in a region's catalogue, its price in that region's points, and how many are left.

    ``stock`` is null where there is no end of them.
    """

    __tablename__ = "reward_items"
    __table_args__ = (
        replica_identity("reward_items"),
        Index("ix_reward_items_region_id", "region_id"),
        CheckConstraint("price between 1 and 100000000", "price_bounded"),
        CheckConstraint("stock >= 0", "stock_not_negative"),
        CheckConstraint("valid_to is null or valid_from <= valid_to", "from_before_to"),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    name: Mapped[str]
    description: Mapped[str]
    price: Mapped[int]
    stock: Mapped[int | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    status: Mapped[RewardItemStatus] = mapped_column(stored(RewardItemStatus, "status"))
    created_at: Mapped[Now]


class Redemption(Replicated, Base):
    """A reward that a volunteer asked for, at the price of that day."""

    __tablename__ = "redemptions"
    __table_args__ = (
        replica_identity("redemptions"),
        Index("ix_redemptions_volunteer_id", "volunteer_id"),
        Index("ix_redemptions_item_id", "item_id"),
        Index("ix_redemptions_region_id", "region_id", "status"),
        CheckConstraint("(status = 'REQUESTED') = (decided_at is null)", "decided_has_a_date"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("reward_items.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    price: Mapped[int]
    status: Mapped[RedemptionStatus] = mapped_column(stored(RedemptionStatus, "status"))
    reason: Mapped[str | None]
    created_at: Mapped[Now]
    decided_at: Mapped[datetime | None]


class RewardEntry(Replicated, Base):
    """One row of the ledger of rewards, never changed: points earned, redeemed, or given back.

    Points belong to a volunteer in the region whose rule gave them. What is earned may be negative
    where records were voided; service hours are never touched.
    """

    __tablename__ = "reward_entries"
    __table_args__ = (
        replica_identity("reward_entries"),
        Index("ix_reward_entries_volunteer", "volunteer_id", "region_id"),
        Index(
            "ux_reward_entries_redemption",
            "redemption_id",
            "kind",
            unique=True,
            postgresql_where=text("redemption_id is not null"),
        ),
        CheckConstraint(
            "(kind = 'EARNED') = (rule_id is not null)"
            " and (kind <> 'EARNED') = (redemption_id is not null)",
            "one_cause",
        ),
        CheckConstraint(
            "(kind = 'EARNED' and points <> 0) or (kind = 'REDEEMED' and points < 0)"
            " or (kind = 'RETURNED' and points > 0)",
            "sign_of_its_kind",
        ),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    kind: Mapped[RewardEntryKind] = mapped_column(stored(RewardEntryKind, "kind"))
    points: Mapped[int]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("reward_rules.id"))
    redemption_id: Mapped[int | None] = mapped_column(ForeignKey("redemptions.id"))
    created_at: Mapped[Now]
