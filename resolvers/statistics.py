"""Figures of regions and teams as of a day: totals, months, what lies below (DESIGN §9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.enums import TeamStatus
from db.ledger.periods import Stretch, first_of_month, last_of_month, month_of
from loaders.statistics import Ask, Child, Figures
from permissions.context import RequestContext
from permissions.errors import InvalidInput
from permissions.statistics import sees_figures_below, sees_figures_of_team
from permissions.viewer import Role
from resolvers.metrics import SOURCES, Metric

MOST_MONTHS = 36
OLDEST = date(2000, 1, 1)

_BY_MONTH = frozenset(
    name for source in SOURCES.values() if source.by_month for name in source.names
)
_BY_DAY = frozenset(
    name
    for source in SOURCES.values()
    if not source.by_month
    for name in (*source.names, *(source.team_names or ()))
)
# What a month tells of; the rest of the totals is read at its end.
MONTHLY = (
    Metric.VOLUNTEERS,
    Metric.ACTIVE_VOLUNTEERS,
    Metric.TEAMS,
    Metric.PROJECTS,
    Metric.RECORDS,
    Metric.MINUTES,
)


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of a scope up to a day; the objects behind statistics of regions and teams."""

    scope: int
    figures: Figures
    day: date
    today: date
    as_of: datetime
    place: Any = None

    def knows(self, metric: Metric) -> bool:
        """Whether the indicator is kept up to this day: some are by whole months alone."""
        return not SOURCES[metric].by_month or ends_month(self.day, self.today)

    def value(self, metric: Metric) -> int:
        """An indicator; 0 of what it does not know."""
        source = SOURCES[metric]
        return self.figures.sum(
            source.of(self.scope), _periods(metric, self.day, self.today), quantity=source.quantity
        )


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month, or so far up to a day of it, and how stocks changed in it."""

    scope: int
    figures: Figures
    month: date
    day: date
    today: date

    def knows(self, metric: Metric) -> bool:
        """Whether the indicator is kept up to this day: some are by whole months alone."""
        return not SOURCES[metric].by_month or self.is_whole

    @property
    def is_whole(self) -> bool:
        """Whether all of it is counted, of the current one as far as it has come."""
        return last_of_month(self.month) <= self.day or self.day == self.today

    @property
    def periods(self) -> Mapping[int, int]:
        """The periods that it is the sum of."""
        if self.is_whole:
            return {month_of(self.month): 1}
        return Stretch(self.month, self.day).periods(self.today)

    def value(self, metric: Metric) -> int:
        """An indicator; 0 of what it does not know."""
        source = SOURCES[metric]
        return self.figures.sum(source.of(self.scope), self.periods, quantity=source.quantity)


@dataclass(frozen=True, slots=True)
class ChildTotals:
    """A region or team below, its totals and its months."""

    row: Any
    totals: Totals
    months: Sequence[Month]


def today_of(context: RequestContext) -> date:
    """The day of the request in China."""
    return context.now.astimezone(CHINA).date()


async def totals(
    context: RequestContext, scopes: Sequence[int], rows: Sequence[Any], as_of: date | None
) -> Sequence[Totals]:
    """The totals of scopes up to a day, today if none is given.

    Raises:
        InvalidInput: a day to come, or before the system.
    """
    today = today_of(context)
    day = check_day("asOf", as_of or today, today)
    found = await context.loaders.figures(scopes, totals_ask(day, today))
    return [
        Totals(scope, figures, day, today, context.now, row)
        for scope, figures, row in zip(scopes, found, rows, strict=True)
    ]


async def months(
    context: RequestContext, given: Sequence[Totals], count: int
) -> Sequence[Sequence[Month]]:
    """So many months of each scope, the last being that of its day.

    Raises:
        InvalidInput: none or too many.
    """
    _check_count(count)
    if not given:
        return []
    known = given[0]
    firsts = _months_until(known.day, count)
    names = frozenset(
        name
        for metric in MONTHLY
        for name in (*SOURCES[metric].names, *(SOURCES[metric].team_names or ()))
    )
    ask = Ask(names=names, periods=_month_periods(firsts, known.day, known.today))
    found = await context.loaders.figures([each.scope for each in given], ask)
    return [
        [Month(each.scope, figures, first, each.day, each.today) for first in firsts]
        for each, figures in zip(given, found, strict=True)
    ]


async def children(
    context: RequestContext, kind: str, parents: Sequence[int], count: int, as_of: date | None
) -> Sequence[Sequence[ChildTotals]]:
    """The regions or teams right below each parent with totals and months, in one statement.

    Raises:
        InvalidInput: as ``totals`` and ``months``.
    """
    _check_count(count)
    today = today_of(context)
    day = check_day("asOf", as_of or today, today)
    firsts = _months_until(day, count)
    base = totals_ask(day, today)
    monthly = {
        name
        for metric in (Metric.ACTIVE_VOLUNTEERS, Metric.RECORDS)
        for name in SOURCES[metric].names
    }
    ask = Ask(
        names=base.names - monthly,
        periods=base.periods,
        more_names=base.more_names | monthly,
        more_periods=base.periods | base.more_periods | _month_periods(firsts, day, today),
    )
    found = await below(context, kind, parents, ask)
    sign = 1 if kind == "regions" else -1
    return [
        [
            ChildTotals(
                child.row,
                Totals(sign * child.row.id, child.figures, day, today, context.now, child.row),
                [Month(sign * child.row.id, child.figures, first, day, today) for first in firsts],
            )
            for child in shown
        ]
        for shown in found
    ]


async def below(
    context: RequestContext, kind: str, parents: Sequence[int], ask: Ask
) -> Sequence[Sequence[Child]]:
    """The regions or teams right below each parent whose figures the viewer reads."""
    found = await context.loaders.child_figures(kind, parents, ask)
    if kind == "regions":  # whoever answers for a region answers for those below it
        return found
    viewer = context.viewer
    # SECURITY: a team below need not be the viewer's to see because the one above is.
    return [
        [
            each
            for each in children_of_one
            if sees_figures_below(
                viewer, each.row.path, each.row.region_path, TeamStatus(each.row.status)
            )
        ]
        for children_of_one in found
    ]


async def teams_with_figures(context: RequestContext, rows: Sequence[Any]) -> Sequence[bool]:
    """Of which teams the viewer may read the figures: view teams of who chose them as well."""
    viewer = context.viewer
    seen = [sees_figures_of_team(viewer, row.path, row.region_path) for row in rows]
    others = [row.id for row, yes in zip(rows, seen, strict=True) if not yes]
    if not others or viewer.team is None or viewer.role not in {Role.TEAM, Role.HUB}:
        return seen
    chose = await context.loaders.chose_team(viewer.team.id, others)
    by_link = {team_id for team_id, yes in zip(others, chose, strict=True) if yes}
    return [yes or row.id in by_link for row, yes in zip(rows, seen, strict=True)]


def totals_ask(day: date, today: date) -> Ask:
    """What totals up to a day are read from."""
    periods = frozenset(Stretch(None, day).periods(today))
    if not ends_month(day, today):
        return Ask(names=_BY_DAY, periods=periods)
    return Ask(
        names=_BY_DAY,
        periods=periods,
        more_names=_BY_MONTH,
        more_periods=periods | {month_of(day)},
    )


def ends_month(day: date, today: date) -> bool:
    """Whether a day is the last of its month, or the last that has come."""
    return day in {today, last_of_month(day)}


def check_day(field: str, day: date, today: date) -> date:
    """The day, if figures may be asked for up to it.

    Raises:
        InvalidInput: it has not come yet, or lies before the system.
    """
    if not OLDEST <= day <= today:
        raise InvalidInput(field, f"{field} must be from {OLDEST} to today.")
    return day


def months_between(since: date, until: date) -> int:
    """How many months days from one to another lie in."""
    return (until.year - since.year) * 12 + until.month - since.month + 1


def _periods(metric: Metric, day: date, today: date) -> Mapping[int, int]:
    """Of which periods a total up to a day is the sum."""
    if metric is Metric.ACTIVE_VOLUNTEERS:
        return {month_of(day): 1}
    return Stretch(None, day).periods(today)


def _month_periods(firsts: Sequence[date], day: date, today: date) -> frozenset[int]:
    """What months up to a day are read from."""
    months = [Month(0, Figures(), first, day, today) for first in firsts]
    return frozenset(period for month in months for period in month.periods)


def _months_until(day: date, count: int) -> Sequence[date]:
    return [first_of_month(day, back) for back in reversed(range(count))]


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST_MONTHS:
        raise InvalidInput("months", f"months must be from 1 to {MOST_MONTHS}.")
