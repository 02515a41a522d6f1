"""Published statistics: a part of the query root."""

from datetime import date
from typing import Annotated, Any

import strawberry

from db.queries.entities import REGION
from resolvers.public_rankings import PublicMetric, public_ranking
from resolvers.public_statistics import public_figures
from resolvers.publication import PublicFigures
from schema.caching import FOR_TODAY
from schema.costs import CHILDREN, sized
from schema.info import Info
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.types.public_statistics import PublicRank, PublicStatistics
from schema.visibility import EVERYONE, object_type, root

Code = Annotated[
    str, strawberry.argument(name="regionCode", description="Code of a region (区划代码)")
]
Month = Annotated[
    date | None,
    strawberry.argument(description="A day of the month; the last closed one (月份)"),
]


@object_type(to=EVERYONE, description="Published statistics (公开统计)")
class PublicStatisticsQueries:
    """Queries of published statistics."""

    @root(
        to=EVERYONE,
        description="Published figures of a region at the end of a closed month (公开统计)",
        graphql_type=PublicStatistics | None,
        hints=(FOR_TODAY,),
    )
    @staticmethod
    async def public_statistics(info: Info, region_code_: Code, month: Month = None) -> Any:
        return await _figures(info, region_code_, month)

    @root(
        to=EVERYONE,
        description="Regions right below one by a published figure, the most first (公开排名)",
        graphql_type=list[PublicRank],
        hints=(sized(CHILDREN), FOR_TODAY),
    )
    @staticmethod
    async def public_rankings(
        info: Info, region_code_: Code, metric: PublicMetric, month: Month = None
    ) -> Any:
        figures = await _figures(info, region_code_, month)
        return public_ranking(figures, metric) if figures is not None else []


async def _figures(info: Info, code: str, month: date | None) -> PublicFigures | None:
    if not is_storable(code):
        return None
    (region,) = await info.context.loaders.rows(REGION, [region_code(code)], key="code")
    return None if region is None else await public_figures(info.context, region, month)
