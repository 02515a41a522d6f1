"""What is asked of the queue of reviews beside its list: a part of the query root."""

from typing import Any

from db.queries.review_counts import review_counts
from resolvers.review_ages import ReviewAge, beginnings
from schema.costs import PAGE, sized
from schema.info import Info
from schema.inputs.filters import ReviewFilter
from schema.pagination import NO_FILTERS
from schema.types.review import ReviewCount
from schema.visibility import MANAGERS, object_type, root


@object_type(to=MANAGERS, description="Queue of reviews (审核队列)")
class ReviewQueries:
    """Queries of the queue."""

    @root(
        to=MANAGERS,
        description="How many reviews wait, by kind and age (待审核数量)",
        graphql_type=list[ReviewCount],
        hints=(sized(PAGE),),
    )
    @staticmethod
    async def review_counts(info: Info, *, filter: ReviewFilter | None = None) -> Any:
        context = info.context
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        scope, starts = context.scope("Review"), beginnings(context.now)
        return await context.snapshot.fetch(
            review_counts(scope, filters.chosen),
            today=starts[ReviewAge.TODAY],
            days_3=starts[ReviewAge.WITHIN_3_DAYS],
            days_7=starts[ReviewAge.WITHIN_7_DAYS],
            **scope.values,
            **filters.values,
        )
