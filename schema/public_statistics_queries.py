"""Published statistics: a part of the query root."""

from datetime import date
from typing import Annotated, Any

import strawberry

from db.queries.entities import REGION
from resolvers.public_statistics import public_figures
from schema.caching import FOR_TODAY
from schema.info import Info
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.types.public_statistics import PublicStatistics
from schema.visibility import EVERYONE, object_type, root


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
    async def public_statistics(
        info: Info,
        region_code_: Annotated[
            str, strawberry.argument(name="regionCode", description="Code of a region (区划代码)")
        ],
        month: Annotated[
            date | None,
            strawberry.argument(description="A day of the month; the last closed one (月份)"),
        ] = None,
    ) -> Any:
        if not is_storable(region_code_):
            return None
        (region,) = await info.context.loaders.rows(REGION, [region_code(region_code_)], key="code")
        if region is None:
            return None
        return await public_figures(info.context, region, month)
