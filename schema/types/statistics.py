"""Figures of regions."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from db.queries.region_statistics import MonthRow, TotalsRow
from db.queries.rows import RegionRow
from schema.hours import hours
from schema.info import Info
from schema.pagination import lazy_type
from schema.visibility import OVERSEERS, attribute, batched, object_type

SHANGHAI = ZoneInfo("Asia/Shanghai")

Region = lazy_type("Region", "schema.types.region")


class Figures(NamedTuple):
    """The totals of a region, and the moment they hold for."""

    totals: TotalsRow
    as_of: datetime


class Month(NamedTuple):
    """One month, with or without service."""

    month: date
    records: int
    minutes: int


class ChildFigures(NamedTuple):
    """A region below, its totals and its months."""

    region: RegionRow
    totals: TotalsRow
    months: Sequence[Month]
    as_of: datetime


@object_type(to=OVERSEERS, description="Totals of a region (区划统计)")
class RegionStatistics:
    """The totals of a region; the objects are ``Figures`` or ``ChildFigures``."""

    as_of: datetime = attribute(to=OVERSEERS, description="Moment of the figures (统计时点)")

    @batched(int, to=OVERSEERS, description="Enabled volunteers who live here (注册志愿者数)")
    @staticmethod
    def volunteers(parents: Sequence[Figures]) -> list[int]:
        return [each.totals.volunteers for each in parents]

    @batched(int, to=OVERSEERS, description="Enabled teams that are no hubs (队伍数)")
    @staticmethod
    def teams(parents: Sequence[Figures]) -> list[int]:
        return [each.totals.teams for each in parents]

    @batched(int, to=OVERSEERS, description="Enabled hubs (枢纽型团体数)")
    @staticmethod
    def hubs(parents: Sequence[Figures]) -> list[int]:
        return [each.totals.hubs for each in parents]

    @batched(int, to=OVERSEERS, description="Published projects (项目数)")
    @staticmethod
    def projects(parents: Sequence[Figures]) -> list[int]:
        return [each.totals.projects for each in parents]

    @batched(int, to=OVERSEERS, description="Effective service records (有效记录数)")
    @staticmethod
    def records(parents: Sequence[Figures]) -> list[int]:
        return [each.totals.records for each in parents]

    @batched(int, to=OVERSEERS, description="Effective service in minutes (服务时长, 分钟)")
    @staticmethod
    def minutes(parents: Sequence[Figures]) -> list[int]:
        return [each.totals.minutes for each in parents]

    @batched(Decimal, to=OVERSEERS, description="Effective service in hours (服务时长, 小时)")
    @staticmethod
    def hours(parents: Sequence[Figures]) -> list[Decimal]:
        return [hours(each.totals.minutes) for each in parents]


@object_type(to=OVERSEERS, description="Figures of one month (月度统计)")
class MonthStatistics:
    """The figures of one month; the objects are ``Month``."""

    month: date = attribute(to=OVERSEERS, description="First day of the month (月份)")
    records: int = attribute(to=OVERSEERS, description="Effective service records (有效记录数)")
    minutes: int = attribute(
        to=OVERSEERS, description="Effective service in minutes (服务时长, 分钟)"
    )

    @batched(Decimal, to=OVERSEERS, description="Effective service in hours (服务时长, 小时)")
    @staticmethod
    def hours(parents: Sequence[Month]) -> list[Decimal]:
        return [hours(each.minutes) for each in parents]


@object_type(to=OVERSEERS, description="Figures of a region below (下级区划统计)")
class ChildStatistics:
    """The figures of a region below; the objects are ``ChildFigures``."""

    months: list[MonthStatistics] = attribute(
        to=OVERSEERS, description="Months, the oldest first, without gaps (按月统计)"
    )

    @batched(Region, to=OVERSEERS, description="Region of the figures (区划)")
    @staticmethod
    def region(parents: Sequence[ChildFigures]) -> list[RegionRow]:
        return [each.region for each in parents]

    @batched(RegionStatistics, to=OVERSEERS, description="Totals of the region (总计)")
    @staticmethod
    def totals(parents: Sequence[ChildFigures]) -> Sequence[ChildFigures]:
        return parents


def first_of_months(now: date, months: int) -> date:
    """The first day of the first of so many months, the current one being the last."""
    index = now.year * 12 + now.month - months
    return date(index // 12, index % 12 + 1, 1)


def filled(rows: Sequence[MonthRow], first: date, months: int) -> list[Month]:
    """All months since the first, with zeros where nothing happened."""
    found = {row.month: row for row in rows}
    series = []
    for offset in range(months):
        index = first.year * 12 + first.month - 1 + offset
        month = date(index // 12, index % 12 + 1, 1)
        row = found.get(month)
        series.append(Month(month, row.records if row else 0, row.minutes if row else 0))
    return series


async def figures(info: Info, paths: Sequence[str]) -> list[Figures]:
    """The totals of regions, as of now."""
    totals = await info.context.loaders.region_totals(paths)
    return [Figures(each, info.context.now) for each in totals]


async def child_figures(
    info: Info, children: Sequence[Sequence[RegionRow]], months: int
) -> list[list[ChildFigures]]:
    """The totals and months of all children of all parents, in two statements."""
    now = info.context.now.astimezone(SHANGHAI).date()
    first = first_of_months(now, months)
    paths = [row.path for below in children for row in below]
    totals = iter(await info.context.loaders.region_totals(paths))
    series = iter(await info.context.loaders.region_months(paths, first))
    return [
        [
            ChildFigures(row, next(totals), filled(next(series), first, months), info.context.now)
            for row in below
        ]
        for below in children
    ]
