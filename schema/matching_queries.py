"""Needs, offers and answers as they are listed and searched: a part of the query root."""

from typing import Annotated, Any

from db.queries.entity import Entity
from db.queries.matching.entities import NEED, NEED_ANSWER, OFFER
from resolvers.matching.searching import search
from schema.costs import CONNECTION, PAGE, given
from schema.info import Info
from schema.inputs.matching import MatchFilter, MatchWish, NeedAnswerFilter
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.types.matching import (
    NeedAnswerConnection,
    NeedConnection,
    NeedMatch,
    OfferConnection,
    OfferMatch,
)
from schema.visibility import EVERYONE, PERSONS, argument, object_type, root

HowMany = Annotated[int, argument(description="How many at most, up to 100 (最多几项)")]


@object_type(to=EVERYONE, description="Needs and offers (供需对接)")
class MatchingQueries:
    """Fields of the query root."""

    @root(
        to=EVERYONE,
        description="Needs, the newest first (服务需求列表)",
        graphql_type=NeedConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def needs(
        info: Info,
        *,
        filter: MatchFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, NEED, filter, Cut(first, after, last, before))

    @root(
        to=EVERYONE,
        description="Offers, the newest first (服务供给列表)",
        graphql_type=OfferConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def offers(
        info: Info,
        *,
        filter: MatchFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, OFFER, filter, Cut(first, after, last, before))

    @root(
        to=PERSONS,
        description="Answers of one's own side, the newest first (对接意向列表)",
        graphql_type=NeedAnswerConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def need_answers(
        info: Info,
        *,
        filter: NeedAnswerFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, NEED_ANSWER, filter, Cut(first, after, last, before))

    @root(
        to=EVERYONE,
        description="Open needs that fit, the best first, of equals the earlier (匹配需求)",
        graphql_type=list[NeedMatch],
        hints=(given("first", PAGE),),
    )
    @staticmethod
    async def search_needs(info: Info, wish: MatchWish, first: HowMany = PAGE) -> Any:
        return await search(info.context, NEED, await wish.wish(info), most=first)

    @root(
        to=EVERYONE,
        description="Open offers that fit, the best first, of equals the earlier (匹配供给)",
        graphql_type=list[OfferMatch],
        hints=(given("first", PAGE),),
    )
    @staticmethod
    async def search_offers(info: Info, wish: MatchWish, first: HowMany = PAGE) -> Any:
        return await search(info.context, OFFER, await wish.wish(info), most=first)


async def _list(info: Info, entity: Entity, narrowed_by: Any, cut: Cut) -> Any:
    args = page_args(info, entity, entity.orders["NEWEST"], cut)
    filters = await narrowed_by.filters(info) if narrowed_by is not None else NO_FILTERS
    narrowed = args.narrowed(filters.chosen, filters.values)
    return await info.context.loaders.page(entity, narrowed)
