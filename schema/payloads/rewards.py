"""Payloads of what is done about rewards."""

from collections.abc import Sequence
from typing import Any

from strawberry import ID

from db.queries.rewards.entities import REDEMPTION, REWARD_ITEM
from resolvers.outcomes import Outcome
from resolvers.rewards.reading import list_accounts
from schema.ids import encode
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.reward import REDEEMERS, Redemption, RewardAccount, RewardItem
from schema.visibility import OVERSEERS, VOLUNTEERS, batched, object_type


@object_type(to=OVERSEERS, description="Outcome of setting or ending a rule (积分规则操作结果)")
class RewardRulePayload:
    """What was done to a rule; the objects are ``Outcome``."""

    @batched(ID | None, to=OVERSEERS, description="Global id of the rule (规则标识)")
    @staticmethod
    def rule_id(parents: Sequence[Outcome]) -> list[ID | None]:
        found = (each.subject_id for each in parents)
        return [None if each is None else encode("RewardRule", each) for each in found]

    @batched(list[UserErrorType], to=OVERSEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=OVERSEERS, description="Outcome of changing a reward (回馈项目操作结果)")
class RewardItemPayload:
    """What was done to a reward; the objects are ``Outcome``."""

    @batched(RewardItem | None, to=OVERSEERS, description="Reward as it now is (回馈项目)")
    @staticmethod
    async def reward_item(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REWARD_ITEM, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=OVERSEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=REDEEMERS, description="Outcome of redeeming, granting, cancelling (兑换操作结果)")
class RedemptionPayload:
    """What was done to a redemption; the objects are ``Outcome``."""

    @batched(Redemption | None, to=REDEEMERS, description="Redemption as it now is (兑换记录)")
    @staticmethod
    async def redemption(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REDEMPTION, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=REDEEMERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=VOLUNTEERS, description="Outcome of settling points (积分结算结果)")
class SettleRewardPointsPayload:
    """What is there after a settlement; the objects are ``Outcome``."""

    @batched(list[RewardAccount], to=VOLUNTEERS, description="Own points (积分账户)")
    @staticmethod
    async def accounts(parents: Sequence[Outcome], info: Info) -> Any:
        found = await list_accounts(info.context)
        return [found for _ in parents]

    @batched(list[UserErrorType], to=VOLUNTEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
