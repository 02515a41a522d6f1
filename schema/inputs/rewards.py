"""What mutations of rewards are given, and what lists are narrowed by."""

from datetime import date
from typing import Any

import strawberry
from strawberry import UNSET

from db.enums import RedemptionStatus, RewardItemStatus, RewardRuleKind
from db.queries.rewards.changing import ItemChange, NewItem, NewRule
from schema.filters import FilterBuilder
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.types.reward import REDEEMERS
from schema.visibility import EVERYONE, OVERSEERS, VOLUNTEERS, input_field, input_type

CODE = "Code of the region (区划代码)"
ITEM = "Global id of the reward (回馈项目标识)"


@input_type(to=EVERYONE, description="Which rewards (回馈项目筛选)")
class RewardItemFilter:
    """Narrows a catalogue."""

    status: list[RewardItemStatus] | None = input_field(to=EVERYONE, description="States (状态)")
    region: str | None = input_field(
        to=EVERYONE, description="Code of a region; those of it and below (区划代码)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        return await _filters(self, info)


@input_type(to=REDEEMERS, description="Which redemptions (兑换记录筛选)")
class RedemptionFilter:
    """Narrows a list of redemptions."""

    status: list[RedemptionStatus] | None = input_field(to=REDEEMERS, description="States (状态)")
    region: str | None = input_field(
        to=REDEEMERS, description="Code of a region; those of it and below (区划代码)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        return await _filters(self, info)


@input_type(to=OVERSEERS, description="Rule by which points are earned (设置积分规则)")
class SetRewardRuleInput:
    """A rule of a region."""

    region_code: str = input_field(to=OVERSEERS, description=CODE, required=True)
    kind: RewardRuleKind = input_field(to=OVERSEERS, description="By what (类型)", required=True)
    step: int = input_field(
        to=OVERSEERS,
        description="Minutes that are needed each time, or the star (条件)",
        required=True,
    )
    points: int = input_field(
        to=OVERSEERS, description="Points that it gives (积分)", required=True
    )
    valid_from: date = input_field(
        to=OVERSEERS, description="First day of the service that counts (起始日期)", required=True
    )
    valid_to: date | None = input_field(
        to=OVERSEERS, description="Last day of the service that counts (截止日期)"
    )
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)

    def rule(self, region_id: int) -> NewRule:
        """The rule."""
        return NewRule(
            region_id=region_id,
            kind=self.kind,
            step=self.step,
            points=self.points,
            valid_from=self.valid_from,
            valid_to=or_none(self.valid_to),
        )


@input_type(to=OVERSEERS, description="Rule to end (停止积分规则)")
class EndRewardRuleInput:
    """A rule that counts no service after a day."""

    rule_id: strawberry.ID = input_field(
        to=OVERSEERS, description="Global id of the rule (规则标识)", required=True
    )
    last_day: date = input_field(
        to=OVERSEERS, description="Last day, not before today (截止日期)", required=True
    )
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)


@input_type(to=OVERSEERS, description="Reward to offer (新增回馈项目)")
class AddRewardItemInput:
    """A reward for a region's catalogue."""

    region_code: str = input_field(to=OVERSEERS, description=CODE, required=True)
    name: str = input_field(
        to=OVERSEERS, description="Name, at most 50 characters (名称)", required=True
    )
    description: str = input_field(to=OVERSEERS, description="In words (说明)", default="")
    price: int = input_field(
        to=OVERSEERS, description="Price in the region's points (所需积分)", required=True
    )
    stock: int | None = input_field(
        to=OVERSEERS, description="How many there are; none: without end (库存)"
    )
    valid_from: date = input_field(to=OVERSEERS, description="First day (起始日期)", required=True)
    valid_to: date | None = input_field(to=OVERSEERS, description="Last day (截止日期)")
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)

    def item(self, region_id: int) -> NewItem:
        """The reward."""
        return NewItem(
            region_id=region_id,
            name=self.name.strip(),
            description=self.description.strip(),
            price=self.price,
            stock=or_none(self.stock),
            valid_from=self.valid_from,
            valid_to=or_none(self.valid_to),
        )


@input_type(to=OVERSEERS, description="Reward to change (修改回馈项目)")
class ChangeRewardItemInput:
    """What changes of a reward; what is left out stays."""

    item_id: strawberry.ID = input_field(to=OVERSEERS, description=ITEM, required=True)
    price: int | None = input_field(to=OVERSEERS, description="Price in points (所需积分)")
    stock: int | None = input_field(
        to=OVERSEERS, description="How many are left; null: without end (库存)"
    )
    valid_to: date | None = input_field(
        to=OVERSEERS, description="Last day; null: without end (截止日期)"
    )
    status: RewardItemStatus | None = input_field(
        to=OVERSEERS, description="Whether it is offered (状态)"
    )
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)

    @property
    def change(self) -> ItemChange:
        """The change."""
        return ItemChange(
            price=or_none(self.price),
            sets_stock=self.stock is not UNSET,
            stock=or_none(self.stock),
            sets_valid_to=self.valid_to is not UNSET,
            valid_to=or_none(self.valid_to),
            status=or_none(self.status),
        )


@input_type(to=VOLUNTEERS, description="Settlement of the own points (结算积分)")
class SettleRewardPointsInput:
    """What a settlement is given."""

    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=VOLUNTEERS, description="Reward to redeem (兑换)")
class RedeemRewardInput:
    """A reward for the volunteer's points."""

    item_id: strawberry.ID = input_field(to=VOLUNTEERS, description=ITEM, required=True)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=OVERSEERS, description="Redemption to grant (发放)")
class GrantRedemptionInput:
    """A reward that is handed over."""

    redemption_id: strawberry.ID = input_field(
        to=OVERSEERS, description="Global id of the redemption (兑换标识)", required=True
    )
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)


@input_type(to=REDEEMERS, description="Redemption to cancel (取消兑换)")
class CancelRedemptionInput:
    """A redemption that is cancelled; points and stock are given back."""

    redemption_id: strawberry.ID = input_field(
        to=REDEEMERS, description="Global id of the redemption (兑换标识)", required=True
    )
    reason: str | None = input_field(
        to=REDEEMERS, description="Why; needed of who keeps the rewards (原因)"
    )
    idempotency_key: str | None = input_field(to=REDEEMERS, description=KEY)


async def _filters(given: Any, info: Info) -> Filters:
    builder = FilterBuilder()
    builder.members("status", given.status, "f_status")
    await builder.region(info, given.region)
    return builder.built()
