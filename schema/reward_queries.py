"""Rewards as they are listed: a part of the query root."""

from typing import Annotated, Any

from db.queries.entity import Entity
from db.queries.rewards.entities import REDEMPTION, REWARD_ITEM
from resolvers.rewards.reading import list_accounts, list_rules
from schema.costs import CONNECTION, sized
from schema.info import Info
from schema.inputs.rewards import RedemptionFilter, RewardItemFilter
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.region_named import region_named
from schema.types.reward import (
    REDEEMERS,
    RedemptionConnection,
    RewardAccount,
    RewardItemConnection,
    RewardRule,
)
from schema.visibility import EVERYONE, VOLUNTEERS, argument, object_type, root

Code = Annotated[str, argument(description="Code of the region (区划代码)")]


@object_type(to=EVERYONE, description="Rewards (激励回馈)")
class RewardQueries:
    """Fields of the query root."""

    @root(
        to=EVERYONE,
        description="Rewards, the newest first (回馈项目列表)",
        graphql_type=RewardItemConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def reward_items(
        info: Info,
        *,
        filter: RewardItemFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, REWARD_ITEM, filter, Cut(first, after, last, before))

    @root(
        to=REDEEMERS,
        description="Redemptions, one's own or a region's, the newest first (兑换记录列表)",
        graphql_type=RedemptionConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def redemptions(
        info: Info,
        *,
        filter: RedemptionFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, REDEMPTION, filter, Cut(first, after, last, before))

    @root(
        to=EVERYONE,
        description="How points are earned in a region and those above it (积分规则)",
        graphql_type=list[RewardRule],
        hints=(sized(10),),
    )
    @staticmethod
    async def reward_rules(info: Info, region_code: Code) -> Any:
        region = await region_named(info, region_code, "path")
        return await list_rules(info.context, None if region is None else region.path)

    @root(
        to=VOLUNTEERS,
        description="Own points, region by region, as last settled (积分账户)",
        graphql_type=list[RewardAccount],
        hints=(sized(2),),
    )
    @staticmethod
    async def reward_accounts(info: Info) -> Any:
        return await list_accounts(info.context)


async def _list(info: Info, entity: Entity, narrowed_by: Any, cut: Cut) -> Any:
    args = page_args(info, entity, entity.orders["NEWEST"], cut)
    filters = await narrowed_by.filters(info) if narrowed_by is not None else NO_FILTERS
    narrowed = args.narrowed(filters.chosen, filters.values)
    return await info.context.loaders.page(entity, narrowed)
