"""What is done about rewards: fields of the mutation root."""

from typing import Any

from db.clock import CHINA
from resolvers.outcomes import Outcome
from resolvers.rewards.keeping import add_item, change_item, end_rule, set_rule
from resolvers.rewards.redeeming import cancel, grant, redeem, settle_points
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.rewards import (
    AddRewardItemInput,
    CancelRedemptionInput,
    ChangeRewardItemInput,
    EndRewardRuleInput,
    GrantRedemptionInput,
    RedeemRewardInput,
    SetRewardRuleInput,
    SettleRewardPointsInput,
)
from schema.payloads.rewards import (
    RedemptionPayload,
    RewardItemPayload,
    RewardRulePayload,
    SettleRewardPointsPayload,
)
from schema.region_named import region_named
from schema.types.reward import REDEEMERS
from schema.visibility import EVERYONE, OVERSEERS, VOLUNTEERS, object_type, root

FIELD = "input.redemptionId"
NOWHERE = 0


@object_type(to=EVERYONE, description="What is done about rewards (激励回馈办理)")
class RewardMutations:
    """Fields of the mutation root."""

    @root(
        to=OVERSEERS,
        description="Set a rule by which points of a region are earned (设置积分规则)",
        graphql_type=RewardRulePayload,
    )
    @staticmethod
    async def set_reward_rule(info: Info, input: SetRewardRuleInput) -> Any:
        context = info.context
        region = await region_named(info, input.region_code)
        outcome = await set_rule(
            context.database,
            context.viewer,
            input.rule(NOWHERE if region is None else region.id),
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=OVERSEERS,
        description="End a rule; what was earned by it stays (停止积分规则)",
        graphql_type=RewardRulePayload,
    )
    @staticmethod
    async def end_reward_rule(info: Info, input: EndRewardRuleInput) -> Any:
        context = info.context
        outcome = await end_rule(
            context.database,
            context.viewer,
            number_of(input.rule_id, "RewardRule", field="input.ruleId"),
            input.last_day,
            or_none(input.idempotency_key),
            today=context.now.astimezone(CHINA).date(),
        )
        return await _done(info, outcome)

    @root(
        to=OVERSEERS,
        description="Put a reward into a region's catalogue (新增回馈项目)",
        graphql_type=RewardItemPayload,
    )
    @staticmethod
    async def add_reward_item(info: Info, input: AddRewardItemInput) -> Any:
        context = info.context
        region = await region_named(info, input.region_code)
        outcome = await add_item(
            context.database,
            context.viewer,
            input.item(NOWHERE if region is None else region.id),
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=OVERSEERS,
        description="Change a reward, or withdraw it (修改回馈项目)",
        graphql_type=RewardItemPayload,
    )
    @staticmethod
    async def change_reward_item(info: Info, input: ChangeRewardItemInput) -> Any:
        context = info.context
        outcome = await change_item(
            context.database,
            context.viewer,
            number_of(input.item_id, "RewardItem", field="input.itemId"),
            input.change,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=VOLUNTEERS,
        description="Bring the own points to what the rules come to today (结算积分)",
        graphql_type=SettleRewardPointsPayload,
    )
    @staticmethod
    async def settle_reward_points(info: Info, input: SettleRewardPointsInput) -> Any:
        context = info.context
        outcome = await settle_points(
            context.database, context.viewer, or_none(input.idempotency_key), now=context.now
        )
        return await _done(info, outcome)

    @root(
        to=VOLUNTEERS,
        description="Redeem own points against a reward; service hours stay as they are (兑换)",
        graphql_type=RedemptionPayload,
    )
    @staticmethod
    async def redeem_reward(info: Info, input: RedeemRewardInput) -> Any:
        context = info.context
        outcome = await redeem(
            context.database,
            context.viewer,
            number_of(input.item_id, "RewardItem", field="input.itemId"),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=OVERSEERS,
        description="Note that a reward was handed over (发放)",
        graphql_type=RedemptionPayload,
    )
    @staticmethod
    async def grant_redemption(info: Info, input: GrantRedemptionInput) -> Any:
        context = info.context
        outcome = await grant(
            context.database,
            context.viewer,
            number_of(input.redemption_id, "Redemption", field=FIELD),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=REDEEMERS,
        description="Cancel a redemption; points and stock are given back (取消兑换)",
        graphql_type=RedemptionPayload,
    )
    @staticmethod
    async def cancel_redemption(info: Info, input: CancelRedemptionInput) -> Any:
        context = info.context
        outcome = await cancel(
            context.database,
            context.viewer,
            number_of(input.redemption_id, "Redemption", field=FIELD),
            (or_none(input.reason) or "").strip() or None,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
