"""Reports of indicators over a stretch of days, and rankings."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from db.ledger.periods import Granularity
from db.queries.rows import RegionRow, TeamRow
from gateway.engine.rows import is_instance_of
from resolvers.metrics import Dimension, Metric
from resolvers.statistics_rankings import Ranked, RankedKind
from resolvers.statistics_reports import Breakdown, Report
from schema.pagination import lazy_type
from schema.visibility import ACCOUNTABLE, attribute, batched, enum_type, object_type
from schema.whole_numbers import Long

Region = lazy_type("Region", "schema.types.region")
Team = lazy_type("Team", "schema.types.team")

enum_type(to=ACCOUNTABLE, description="Indicator of the statistics (统计指标)")(Metric)
enum_type(to=ACCOUNTABLE, description="Breakdown of an indicator (统计维度)")(Dimension)
enum_type(to=ACCOUNTABLE, description="How fine a series is (统计粒度)")(Granularity)
enum_type(to=ACCOUNTABLE, description="What a ranking compares (排名对象)")(RankedKind)

_is_region = is_instance_of(RegionRow, RegionRow.Part)
_is_team = is_instance_of(TeamRow, TeamRow.Part)


def _places(parents: Sequence[Any], is_type_of: Any) -> list[Any]:
    return [each.place if is_type_of(each.place, None) else None for each in parents]


@object_type(to=ACCOUNTABLE, description="Value of an indicator (指标值)")
class StatisticsFigure:
    """The value of an indicator; the objects are ``Figure``."""

    metric: Metric = attribute(to=ACCOUNTABLE, description="Indicator (指标)")
    value: Long = attribute(to=ACCOUNTABLE, description="Value of the indicator (数值)")


@object_type(to=ACCOUNTABLE, description="Part of a series (时间序列点)")
class StatisticsPoint:
    """One part of a series; the objects are ``Point``."""

    period: date = attribute(to=ACCOUNTABLE, description="First day of the part (起始日期)")
    figures: list[StatisticsFigure] = attribute(
        to=ACCOUNTABLE, description="Indicators of the part (指标值)"
    )


@object_type(to=ACCOUNTABLE, description="Cell of a breakdown (分组统计项)")
class StatisticsCell:
    """An indicator for one value; the objects are ``Cell``."""

    metric: Metric = attribute(to=ACCOUNTABLE, description="Indicator (指标)")
    value: str = attribute(
        to=ACCOUNTABLE, description="Value of the dimension: a code, or bounds of a scale (维度值)"
    )
    figure: Long = attribute(to=ACCOUNTABLE, description="Value of the indicator (数值)")


@object_type(to=ACCOUNTABLE, description="Breakdown of indicators (分组统计)")
class StatisticsBreakdown:
    """The cells of a breakdown; the objects are ``Breakdown``."""

    dimension: Dimension = attribute(to=ACCOUNTABLE, description="Dimension (维度)")
    is_multi_valued: bool = attribute(
        to=ACCOUNTABLE,
        description="Whether one row counts in several cells, which then exceed the total (多值)",
    )
    cells: list[StatisticsCell] = attribute(
        to=ACCOUNTABLE, description="Cells: scales in their order, else the largest first (分组)"
    )


@object_type(to=ACCOUNTABLE, description="Report of indicators (统计报告)")
class StatisticsReport:
    """Indicators of one scope over a stretch of days; the objects are ``Report``."""

    as_of: datetime = attribute(to=ACCOUNTABLE, description="Moment of the figures (统计时点)")
    totals: list[StatisticsFigure] = attribute(
        to=ACCOUNTABLE,
        description="Stocks as of the last day, what happens within the days (总计)",
    )
    series: list[StatisticsPoint] = attribute(
        to=ACCOUNTABLE, description="Parts of the days, if a granularity was given (时间序列)"
    )

    @batched(date | None, to=ACCOUNTABLE, description="First day (起始日期)", name="from")
    @staticmethod
    def since(parents: Sequence[Report]) -> list[date | None]:
        return [each.since for each in parents]

    @batched(date, to=ACCOUNTABLE, description="Last day (截止日期)", name="to")
    @staticmethod
    def until(parents: Sequence[Report]) -> list[date]:
        return [each.until for each in parents]

    @batched(Region | None, to=ACCOUNTABLE, description="Region of the report (区划)")
    @staticmethod
    def region(parents: Sequence[Report]) -> list[Any]:
        return _places(parents, _is_region)

    @batched(Team | None, to=ACCOUNTABLE, description="Team of the report (队伍)")
    @staticmethod
    def team(parents: Sequence[Report]) -> list[Any]:
        return _places(parents, _is_team)

    @batched(
        StatisticsBreakdown | None,
        to=ACCOUNTABLE,
        description="Totals by the dimension that was given (分组统计)",
    )
    @staticmethod
    def breakdown(parents: Sequence[Report]) -> list[Breakdown | None]:
        return [each.breakdown for each in parents]


@object_type(to=ACCOUNTABLE, description="Place in a ranking (排名)")
class StatisticsRank:
    """A place in a ranking; the objects are ``Ranked``."""

    rank: int = attribute(to=ACCOUNTABLE, description="Rank from 1; equal figures share one (名次)")
    value: Long = attribute(to=ACCOUNTABLE, description="Value of the indicator (数值)")

    @batched(Region | None, to=ACCOUNTABLE, description="Region, of regions (区划)")
    @staticmethod
    def region(parents: Sequence[Ranked]) -> list[Any]:
        return _places(parents, _is_region)

    @batched(Team | None, to=ACCOUNTABLE, description="Team, of teams (队伍)")
    @staticmethod
    def team(parents: Sequence[Ranked]) -> list[Any]:
        return _places(parents, _is_team)
