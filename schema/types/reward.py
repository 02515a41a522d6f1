"""Rewards: rules, catalogue, redemptions, and a volunteer's own points (激励回馈)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from strawberry import ID

from db.enums import RedemptionStatus, RewardEntryKind, RewardItemStatus, RewardRuleKind
from db.queries.entities import REGION, VOLUNTEER
from db.queries.rewards.entities import REWARD_ITEM, RedemptionRow, RewardItemRow
from db.queries.rewards.reading import AccountRow, EntryRow, RuleRow
from gateway.engine.rows import is_instance_of
from resolvers.rewards.reading import list_entries
from schema.costs import sized
from schema.ids import encode, id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import referred
from schema.types.masked import masked_name_field
from schema.types.node import Node
from schema.types.region import Region
from schema.types.volunteer import Volunteer
from schema.visibility import EVERYONE, OVERSEERS, VOLUNTEERS, attribute, batched, object_type

# Who redeems, and who may keep a region's rewards.
REDEEMERS = OVERSEERS | VOLUNTEERS


@object_type(to=EVERYONE, description="Reward in a region's catalogue (回馈项目)")
class RewardItem(Node):
    """A reward; the objects are ``RewardItemRow``."""

    is_type_of = staticmethod(is_instance_of(RewardItemRow))

    id = id_field("RewardItem")
    name: str = attribute(to=EVERYONE, description="Name (名称)")
    description: str = attribute(to=EVERYONE, description="In words (说明)")
    price: int = attribute(to=EVERYONE, description="Price in the region's points (所需积分)")
    stock: int | None = attribute(
        to=EVERYONE, description="How many are left; none: without end (库存)"
    )
    valid_from: date = attribute(to=EVERYONE, description="First day (起始日期)")
    valid_to: date | None = attribute(to=EVERYONE, description="Last day (截止日期)")
    status: RewardItemStatus = attribute(to=EVERYONE, description="Whether it is offered (状态)")

    @batched(
        Region | None,
        to=EVERYONE,
        description="Region whose points it costs (区划)",
        needs=("region_id",),
    )
    @staticmethod
    async def region(parents: Sequence[RewardItemRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])


@object_type(to=REDEEMERS, description="Reward that was asked for (兑换记录)")
class Redemption(Node):
    """A redemption; the objects are ``RedemptionRow``."""

    is_type_of = staticmethod(is_instance_of(RedemptionRow))

    id = id_field("Redemption")
    price: int = attribute(to=REDEEMERS, description="Points that it cost (所用积分)")
    status: RedemptionStatus = attribute(to=REDEEMERS, description="State (状态)")
    reason: str | None = attribute(to=REDEEMERS, description="Why it was cancelled (取消原因)")
    created_at: datetime = attribute(to=REDEEMERS, description="When it was asked for (申请时间)")
    decided_at: datetime | None = attribute(
        to=REDEEMERS, description="When it was granted or cancelled (办理时间)"
    )
    masked_name = masked_name_field()

    @batched(
        RewardItem | None,
        to=REDEEMERS,
        description="Reward, as long as the viewer may see it (回馈项目)",
        needs=("item_id",),
    )
    @staticmethod
    async def item(parents: Sequence[RedemptionRow], info: Info) -> Any:
        return await referred(info, REWARD_ITEM, [row.item_id for row in parents])

    @batched(
        Region | None, to=REDEEMERS, description="Region of the points (区划)", needs=("region_id",)
    )
    @staticmethod
    async def region(parents: Sequence[RedemptionRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])

    @batched(
        Volunteer | None,
        to=REDEEMERS,
        description="Volunteer, if the viewer may see them (志愿者)",
        needs=("volunteer_id",),
    )
    @staticmethod
    async def volunteer(parents: Sequence[RedemptionRow], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [row.volunteer_id for row in parents])


@object_type(to=EVERYONE, description="How points of a region are earned (积分规则)")
class RewardRule:
    """A rule; the objects are ``RuleRow``."""

    kind: RewardRuleKind = attribute(to=EVERYONE, description="By what (类型)")
    step: int = attribute(
        to=EVERYONE, description="Minutes that are needed each time, or the star (条件)"
    )
    points: int = attribute(to=EVERYONE, description="Points that it gives (积分)")
    valid_from: date = attribute(
        to=EVERYONE, description="First day of the service that counts (起始日期)"
    )
    valid_to: date | None = attribute(to=EVERYONE, description="Last day of it (截止日期)")

    @batched(ID, to=EVERYONE, description="Global id (全局标识)", name="id")
    @staticmethod
    def rule_id(parents: Sequence[RuleRow]) -> list[ID]:
        return [encode("RewardRule", row.id) for row in parents]

    @batched(Region | None, to=EVERYONE, description="Region of the points (区划)")
    @staticmethod
    async def region(parents: Sequence[RuleRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])


@object_type(to=VOLUNTEERS, description="Row of the own ledger of rewards (积分流水)")
class RewardEntry:
    """A row of the ledger; the objects are ``EntryRow``."""

    kind: RewardEntryKind = attribute(to=VOLUNTEERS, description="What it is (类型)")
    points: int = attribute(
        to=VOLUNTEERS, description="Points added or, below zero, taken (积分变动)"
    )
    created_at: datetime = attribute(to=VOLUNTEERS, description="When (时间)")

    @batched(ID | None, to=VOLUNTEERS, description="Redemption that it is of (兑换记录标识)")
    @staticmethod
    def redemption_id(parents: Sequence[EntryRow]) -> list[ID | None]:
        found = (row.redemption_id for row in parents)
        return [None if each is None else encode("Redemption", each) for each in found]


@object_type(to=VOLUNTEERS, description="Own points in one region (积分账户)")
class RewardAccount:
    """Points; the objects are ``AccountRow``."""

    points: int = attribute(to=VOLUNTEERS, description="What is left, as last settled (积分余额)")
    earned: int = attribute(to=VOLUNTEERS, description="What was earned in all (累计所得)")

    @batched(Region | None, to=VOLUNTEERS, description="Region of the points (区划)")
    @staticmethod
    async def region(parents: Sequence[AccountRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])

    @batched(
        list[RewardEntry],
        to=VOLUNTEERS,
        description="The newest 100 rows of the ledger (积分流水)",
        hints=(sized(20),),
    )
    @staticmethod
    async def entries(parents: Sequence[AccountRow], info: Info) -> Any:
        return await list_entries(info.context, parents)


RewardItemConnection = connection_of("RewardItem", RewardItem, to=EVERYONE, term="回馈项目")
RedemptionConnection = connection_of("Redemption", Redemption, to=REDEEMERS, term="兑换记录")
