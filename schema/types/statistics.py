"""Figures of regions and of teams: totals, months, what lies below."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from resolvers.metrics import Metric
from resolvers.statistics import ChildTotals, Month, Totals, months
from schema.costs import given
from schema.hours import hours
from schema.info import Info
from schema.pagination import lazy_type, list_of
from schema.visibility import ACCOUNTABLE, attribute, batched, object_type
from schema.whole_numbers import Long

GOAL = 0.13
"""Registered volunteers per resident by 2020 (notice of 2017-08-22)."""

Region = lazy_type("Region", "schema.types.region")
Team = lazy_type("Team", "schema.types.team")
Months = Annotated[
    int, strawberry.argument(description="How many months, the last one at the end (月数)")
]
AsOf = Annotated[
    date | None,
    strawberry.argument(description="Figures up to this day, as known now; today (截至日期)"),
]


def _count(metric: Metric, description: str, *, graphql_type: Any = int) -> Any:
    """A field that is an indicator of totals or of a month."""

    @batched(graphql_type, to=ACCOUNTABLE, description=description)
    def resolve(parents: Sequence[Totals | Month]) -> list[int]:
        return [each.value(metric) for each in parents]

    return resolve


def _count_by_month(metric: Metric, description: str) -> Any:
    """A field that is an indicator kept by month, null up to a day within a month that is over."""
    description = f"{description}; null up to a day within a month that is over"

    @batched(int | None, to=ACCOUNTABLE, description=description)
    def resolve(parents: Sequence[Totals | Month]) -> list[int | None]:
        return [each.value(metric) if each.knows(metric) else None for each in parents]

    return resolve


def _hours(description: str) -> Any:
    @batched(Decimal, to=ACCOUNTABLE, description=description)
    def resolve(parents: Sequence[Totals | Month]) -> list[Decimal]:
        return [hours(each.value(Metric.MINUTES)) for each in parents]

    return resolve


def _share(part: Metric, whole: Callable[[Totals], int | None], description: str) -> Any:
    """A field that is a share, none where the whole is not known."""

    @batched(float | None, to=ACCOUNTABLE, description=description)
    def resolve(parents: Sequence[Totals]) -> list[float | None]:
        wholes = [whole(each) for each in parents]
        return [
            each.value(part) / of if of else None for each, of in zip(parents, wholes, strict=True)
        ]

    return resolve


@object_type(to=ACCOUNTABLE, description="Figures of one month (月度统计)")
class MonthStatistics:
    """What happened in one month, the last one up to its day; the objects are ``Month``."""

    month: date = attribute(to=ACCOUNTABLE, description="First day of the month (月份)")
    volunteers = _count(Metric.VOLUNTEERS, "Volunteers gained in the month (新增志愿者数)")
    active_volunteers = _count_by_month(
        Metric.ACTIVE_VOLUNTEERS, "Volunteers with effective service in it (活跃志愿者数)"
    )
    teams = _count(Metric.TEAMS, "Teams gained in the month (新增队伍数)")
    projects = _count(Metric.PROJECTS, "Projects gained in the month (新增项目数)")
    records = _count(Metric.RECORDS, "Effective records of service in it (有效记录数)")
    minutes = _count(
        Metric.MINUTES, "Effective service in minutes (服务时长, 分钟)", graphql_type=Long
    )
    hours = _hours("Effective service in hours (服务时长, 小时)")


@object_type(to=ACCOUNTABLE, description="Figures of a region or a team (统计)")
class StatisticsTotals:
    """What regions' and teams' figures have in common; the objects are ``Totals``."""

    as_of: datetime = attribute(to=ACCOUNTABLE, description="Moment of the figures (统计时点)")
    day: date = attribute(to=ACCOUNTABLE, description="Last day that they count (截至日期)")
    active_volunteers = _count_by_month(
        Metric.ACTIVE_VOLUNTEERS, "Volunteers with effective service this month (本月活跃志愿者数)"
    )
    memberships = _count(Metric.MEMBERSHIPS, "Memberships in teams (成员人次)")
    teams = _count(Metric.TEAMS, "Enabled teams that are no hubs (队伍数)")
    hubs = _count(Metric.HUBS, "Enabled hubs (枢纽型团体数)")
    disabled_teams = _count(Metric.DISABLED_TEAMS, "Disabled teams and hubs (停用队伍数)")
    projects = _count(Metric.PROJECTS, "Published projects (项目数)")
    served_projects = _count(
        Metric.SERVED_PROJECTS, "Projects with effective service (有时长的项目数)"
    )
    planned_places = _count(Metric.PLANNED_PLACES, "Places of the projects' posts (计划招募人数)")
    filled_places = _count_by_month(Metric.FILLED_PLACES, "Accepted sign-ups (已录用人次)")
    sign_ups = _count(Metric.SIGN_UPS, "Sign-ups of any state (报名人次)")
    no_shows = _count_by_month(Metric.NO_SHOWS, "Sign-ups that did not come (缺席人次)")
    records = _count(Metric.RECORDS, "Effective records of service (有效记录数)")
    minutes = _count(
        Metric.MINUTES, "Effective service in minutes (服务时长, 分钟)", graphql_type=Long
    )
    hours = _hours("Effective service in hours (服务时长, 小时)")
    overdue_records = _count(Metric.OVERDUE_RECORDS, "Records made late (逾期记录数)")
    pending_reviews = _count(
        Metric.PENDING_REVIEWS, "Reviews that wait for teams or departments here (待审核数)"
    )

    @batched(
        list_of(MonthStatistics),
        to=ACCOUNTABLE,
        description="Months, the oldest first, the last up to the day of the figures (按月统计)",
        hints=(given("count", 12),),
    )
    @staticmethod
    async def months(parents: Sequence[Totals], info: Info, count: Months = 12) -> Any:
        return await months(info.context, parents, count)


@object_type(to=ACCOUNTABLE, description="Figures of a region (区划统计)")
class RegionStatistics(StatisticsTotals):
    """The figures of a region; the objects are ``Totals``."""

    volunteers = _count(Metric.VOLUNTEERS, "Enabled volunteers who live here (注册志愿者数)")
    communities = _count(Metric.COMMUNITIES, "Communities and villages (社区、村数)")
    covered_communities = _count(
        Metric.COVERED_COMMUNITIES, "Communities with an enabled team or hub (有队伍的社区、村数)"
    )
    coverage = _share(
        Metric.COVERED_COMMUNITIES,
        lambda each: each.value(Metric.COMMUNITIES),
        "Share of the communities that are covered (社区覆盖率)",
    )
    volunteers_per_resident = _share(
        Metric.VOLUNTEERS,
        lambda each: each.place.population,
        "Registered volunteers per resident, where the population is known (志愿者占常住人口比例)",
    )

    @batched(float, to=ACCOUNTABLE, description="Goal for that share (目标比例)")
    @staticmethod
    def goal(parents: Sequence[Totals]) -> list[float]:
        return [GOAL] * len(parents)


@object_type(to=ACCOUNTABLE, description="Figures of a team and all below it (队伍统计)")
class TeamStatistics(StatisticsTotals):
    """The figures of a team and all below it; the objects are ``Totals``."""

    volunteers = _count(Metric.VOLUNTEERS, "Persons who are members of any of the teams (成员人数)")


@object_type(to=ACCOUNTABLE, description="Figures of a region below (下级区划统计)")
class ChildStatistics:
    """The figures of a region below; the objects are ``ChildTotals``."""

    totals: RegionStatistics = attribute(to=ACCOUNTABLE, description="Totals of the region (总计)")
    months: list[MonthStatistics] = attribute(
        to=ACCOUNTABLE,
        description="Months of records, minutes, active volunteers, oldest first (按月统计)",
    )

    @batched(Region, to=ACCOUNTABLE, description="Region of the figures (区划)")
    @staticmethod
    def region(parents: Sequence[ChildTotals]) -> list[Any]:
        return [each.row for each in parents]


@object_type(to=ACCOUNTABLE, description="Figures of a team below (下级队伍统计)")
class ChildTeamStatistics:
    """The figures of a team below; the objects are ``ChildTotals``."""

    totals: TeamStatistics = attribute(to=ACCOUNTABLE, description="Totals of the team (总计)")
    months: list[MonthStatistics] = attribute(
        to=ACCOUNTABLE,
        description="Months of records, minutes, active volunteers, oldest first (按月统计)",
    )

    @batched(Team, to=ACCOUNTABLE, description="Team of the figures (队伍)")
    @staticmethod
    def team(parents: Sequence[ChildTotals]) -> list[Any]:
        return [each.row for each in parents]
