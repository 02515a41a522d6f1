"""Rewards and what was asked for, as lists read them."""

from datetime import date, datetime

from db import models
from db.enums import RedemptionStatus, RewardItemStatus
from db.queries.conditions import in_region_named, one_of
from db.queries.entity import Entity, Order
from db.rows import Row


class RewardItemRow(Row):
    """A reward in a region's catalogue."""

    id: int
    region_id: int
    name: str
    description: str
    price: int
    stock: int | None
    valid_from: date
    valid_to: date | None
    status: RewardItemStatus
    created_at: datetime


class RedemptionRow(Row):
    """A reward that a volunteer asked for."""

    id: int
    item_id: int
    region_id: int
    volunteer_id: int
    price: int
    status: RedemptionStatus
    reason: str | None
    created_at: datetime
    decided_at: datetime | None


REWARD_ITEM = Entity(
    "RewardItem",
    models.RewardItem.__table__,
    RewardItemRow,
    None,
    {"NEWEST": Order(86, "id", descending=True), "PRICE": Order(87, "price")},
    {"status": one_of("status"), "region": in_region_named},
)
REDEMPTION = Entity(
    "Redemption",
    models.Redemption.__table__,
    RedemptionRow,
    None,
    {"NEWEST": Order(88, "id", descending=True)},
    {"status": one_of("status"), "region": in_region_named},
)
