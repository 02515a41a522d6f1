"""Statistics of one scope: a part of the query root."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from db.ledger.periods import Granularity
from db.queries.entities import REGION, TEAM
from permissions.errors import InvalidInput
from permissions.statistics import sees_figures_of
from resolvers.metrics import Dimension, Metric
from resolvers.statistics import teams_with_figures
from resolvers.statistics_rankings import RankedKind, ranking, team_ranking
from resolvers.statistics_reports import Question, report
from schema.costs import given
from schema.ids import number_of
from schema.info import Info
from schema.inputs.statistics import StatisticsScopeInput
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.types.statistics_reports import StatisticsRank, StatisticsReport
from schema.visibility import ACCOUNTABLE, object_type, root

From = Annotated[
    date | None,
    strawberry.argument(name="from", description="First day; the beginning (起始日期)"),
]
Of = Annotated[
    RankedKind | None,
    strawberry.argument(description="What is ranked; of a region, regions if left out (排名对象)"),
]
Places = Annotated[int, strawberry.argument(description="How many places, at most 100 (前几名)")]
To = Annotated[
    date | None, strawberry.argument(name="to", description="Last day; today (截止日期)")
]


@object_type(to=ACCOUNTABLE, description="Statistics (统计)")
class StatisticsQueries:
    """Queries of statistics."""

    @root(
        to=ACCOUNTABLE,
        description="Indicators of a region or team over a stretch of days (统计报告)",
        graphql_type=StatisticsReport | None,
    )
    @staticmethod
    async def statistics(
        info: Info,
        *,
        scope: StatisticsScopeInput,
        metrics: list[Metric],
        since: From = None,
        until: To = None,
        granularity: Granularity | None = None,
        breakdown: Dimension | None = None,
    ) -> Any:
        number, place = await _place(info, scope)
        if place is None:
            return None
        question = Question(
            metrics=metrics,
            since=since,
            until=until,
            granularity=granularity,
            breakdown=breakdown,
        )
        return await report(info.context, number, place, question)

    @root(
        to=ACCOUNTABLE,
        description=(
            "Regions or teams by an indicator, the most first: those right below a region or team,"
            " or all working teams of a region that are no hubs (排名)"
        ),
        graphql_type=list[StatisticsRank],
        hints=(given("first", 10),),
    )
    @staticmethod
    async def rankings(
        info: Info,
        *,
        scope: StatisticsScopeInput,
        metric: Metric,
        since: From = None,
        until: To = None,
        first: Places = 10,
        of: Of = None,
    ) -> Any:
        number, place = await _place(info, scope)
        if place is None:
            return []
        question = Question(metrics=[metric], since=since, until=until)
        if number < 0 and of is RankedKind.REGIONS:
            raise InvalidInput("of", "Below a team are teams.")
        if number > 0 and of is RankedKind.TEAMS:
            return await team_ranking(info.context, place, question, first=first)
        kind = "regions" if number > 0 else "teams"
        return await ranking(info.context, kind, abs(number), question, first=first)


async def _place(info: Info, scope: StatisticsScopeInput) -> tuple[int, Any]:
    """The scope's number in the ledger and its row; no row where the viewer reads no figures."""
    code, team_id = scope.region_code, scope.team_id
    named = [each for each in (code, team_id) if each is not None and each is not UNSET]
    if len(named) != 1:
        raise InvalidInput("scope", "Name a region or a team, one of them.")
    loaders = info.context.loaders
    if team_id is not None and team_id is not UNSET:
        number = number_of(team_id, "Team", field="scope.teamId")
        (team,) = await loaders.rows(TEAM, [number])
        # SECURITY: a team whose figures are not the viewer's answers as if there were none.
        allowed = team is not None and (await teams_with_figures(info.context, [team]))[0]
        return -number, team if allowed else None
    if code is None or not is_storable(code):
        return 0, None
    (region,) = await loaders.rows(REGION, [region_code(code)], key="code")
    # SECURITY: as above, for regions.
    if region is None or not sees_figures_of(info.context.viewer, region.path):
        return 0, None
    return region.id, region
