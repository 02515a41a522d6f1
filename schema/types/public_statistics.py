"""Published figures of regions."""

from asyncio import gather
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from resolvers.public_rankings import PublicMetric, PublicRanked
from resolvers.public_statistics import PublicDimension, public_breakdown
from resolvers.publication import PublicFigures
from schema.caching import FOR_TODAY
from schema.costs import CHILDREN, sized
from schema.hours import hours
from schema.info import Info
from schema.pagination import lazy_type, list_of
from schema.visibility import EVERYONE, attribute, batched, enum_type, object_type
from schema.whole_numbers import Long

Region = lazy_type("Region", "schema.types.region")
Itself = lazy_type("PublicStatistics", "schema.types.public_statistics")

enum_type(to=EVERYONE, description="Published breakdown of volunteers (公开统计维度)")(
    PublicDimension
)

enum_type(to=EVERYONE, description="Published indicator (公开统计指标)")(PublicMetric)


@object_type(to=EVERYONE, description="Place in a published ranking (公开排名)")
class PublicRank:
    """A place in a ranking; the objects are ``PublicRanked``."""

    rank: int = attribute(to=EVERYONE, description="Rank from 1; equal figures share one (名次)")
    value: Long = attribute(to=EVERYONE, description="Published figure (数值)")

    @batched(Region, to=EVERYONE, description="Region of the figure (区划)")
    @staticmethod
    def region(parents: Sequence[PublicRanked]) -> list[Any]:
        return [each.region for each in parents]


@object_type(to=EVERYONE, description="Published cell of a breakdown (公开分组项)")
class PublicCell:
    """The volunteers of one value; the objects are ``PublicCell`` of the resolvers."""

    value: str = attribute(to=EVERYONE, description="Value of the dimension (维度值)")
    volunteers: int | None = attribute(
        to=EVERYONE, description="Volunteers, none where too few to be published (志愿者数)"
    )


@object_type(to=EVERYONE, description="Published figures of a region (公开统计)")
class PublicStatistics:
    """What is published of a region for a month; the objects are ``PublicFigures``."""

    month: date = attribute(
        to=EVERYONE, description="First day of the closed month at whose end they hold (统计月份)"
    )
    volunteers: int | None = attribute(
        to=EVERYONE, description="Volunteers, none where too few to be published (注册志愿者数)"
    )
    teams: int = attribute(to=EVERYONE, description="Enabled teams that are no hubs (队伍数)")
    hubs: int = attribute(to=EVERYONE, description="Enabled hubs (枢纽型团体数)")
    projects: int = attribute(to=EVERYONE, description="Published projects (项目数)")
    minutes: Long | None = attribute(
        to=EVERYONE,
        description="Service in minutes; none where too few serve to publish it (服务时长, 分钟)",
    )

    @batched(list_of(Itself), to=EVERYONE, description="Regions right below, by code (下级区划)")
    @staticmethod
    def children(parents: Sequence[PublicFigures]) -> list[Sequence[PublicFigures]]:
        return [each.children for each in parents]

    @batched(Region, to=EVERYONE, description="Region of the figures (区划)")
    @staticmethod
    def region(parents: Sequence[PublicFigures]) -> list[Any]:
        return [each.region for each in parents]

    @batched(
        Decimal | None,
        to=EVERYONE,
        description="Service in hours; none where too few serve to publish it (服务时长, 小时)",
    )
    @staticmethod
    def hours(parents: Sequence[PublicFigures]) -> list[Decimal | None]:
        return [None if each.minutes is None else hours(each.minutes) for each in parents]

    @batched(
        float | None,
        to=EVERYONE,
        description="Registered volunteers per resident, where both are known (志愿者占人口比例)",
    )
    @staticmethod
    def volunteers_per_resident(parents: Sequence[PublicFigures]) -> list[float | None]:
        return [
            each.volunteers / each.region.population
            if each.volunteers is not None and each.region.population
            else None
            for each in parents
        ]

    @batched(
        list_of(PublicCell),
        to=EVERYONE,
        description="Volunteers of a province by one dimension (分组统计)",
        hints=(sized(CHILDREN), FOR_TODAY),
    )
    @staticmethod
    async def breakdown(
        parents: Sequence[PublicFigures],
        info: Info,
        by: Annotated[PublicDimension, strawberry.argument(description="Dimension (维度)")],
    ) -> Any:
        return await gather(*(public_breakdown(info.context, each, by) for each in parents))
