"""Reports: indicators of a scope over a stretch of days, in parts, by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.ledger.periods import Granularity, Stretch, first_of_month, last_of_month, stretches
from loaders.statistics import Ask, Figures
from permissions.context import RequestContext
from permissions.errors import InvalidInput
from resolvers.metrics import (
    BREAKDOWNS,
    MULTI_VALUED,
    SOURCES,
    Dimension,
    Metric,
    label_of,
    order_of,
)
from resolvers.statistics import OLDEST, check_day, today_of

MOST_PARTS = 400
MOST_METRICS = 18


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of an indicator."""

    metric: Metric
    value: int


@dataclass(frozen=True, slots=True)
class Point:
    """The indicators of one part of a series."""

    period: date
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Cell:
    """An indicator for one value of a breakdown."""

    metric: Metric
    value: str
    figure: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The cells of a breakdown; with ``is_multi_valued`` they do not sum up to the total."""

    dimension: Dimension
    is_multi_valued: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Report:
    """Indicators of one scope over a stretch of days; the place is a region's or a team's row."""

    place: Any
    since: date | None
    until: date
    as_of: datetime
    totals: Sequence[Figure]
    series: Sequence[Point]
    breakdown: Breakdown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a report tells: over which days, how fine, of what, by what."""

    metrics: Sequence[Metric]
    since: date | None = None
    until: date | None = None
    granularity: Granularity | None = None
    breakdown: Dimension | None = None


async def report(context: RequestContext, scope: int, place: Any, question: Question) -> Report:
    """The report of a scope, in one statement.

    Stocks are counted as of the end of a stretch, what happens is counted in it.

    Raises:
        InvalidInput: days, metrics or a breakdown that cannot be.
    """
    today = today_of(context)
    metrics = list(dict.fromkeys(question.metrics))
    whole = whole_of(question, today)
    check_metrics(scope, metrics, question.breakdown, whole, today)
    parts = _parts(whole, question, metrics)
    beginnings, periods = _broken_down(scope, metrics, question.breakdown, whole, today)
    ask = Ask(
        names=frozenset(name for metric in metrics for name in SOURCES[metric].of(scope)),
        periods=frozenset(
            period
            for stretch in (whole, *parts)
            for metric in metrics
            for period in periods_of(metric, stretch, today)
        ),
        beginnings=beginnings,
        their_periods=periods,
    )
    (found,) = await context.loaders.figures([scope], ask)
    return Report(
        place=place,
        since=whole.since,
        until=whole.until,
        as_of=context.now,
        totals=_figures(scope, found, metrics, whole, today),
        series=[
            Point(part.since or part.until, _figures(scope, found, metrics, part, today))
            for part in parts
        ],
        breakdown=_cells(scope, found, metrics, question.breakdown, whole=whole, today=today),
    )


def whole_of(question: Question, today: date) -> Stretch:
    """The days of a question.

    Raises:
        InvalidInput: days to come, before the system, or out of order.
    """
    until = check_day("to", question.until or today, today)
    since = question.since
    if since is not None and not OLDEST <= since <= until:
        raise InvalidInput("from", f"from must be from {OLDEST} to the last day.")
    return Stretch(since, until)


def check_metrics(
    scope: int, metrics: Sequence[Metric], breakdown: Dimension | None, whole: Stretch, today: date
) -> None:
    """Whether metrics are known of a scope, by such a breakdown, for such days.

    Raises:
        InvalidInput: they are not.
    """
    if not metrics:
        raise InvalidInput("metrics", "Name at least one metric.")
    elsewhere = [metric.value for metric in metrics if not SOURCES[metric].of(scope)]
    if elsewhere:
        raise InvalidInput("metrics", f"{', '.join(elsewhere)} is counted of regions.")
    monthly = [metric.value for metric in metrics if SOURCES[metric].by_month]
    ends = _is_of_months(whole, today)
    if monthly and not ends:
        raise InvalidInput("to", f"{', '.join(monthly)} is counted by whole months.")
    if breakdown is None:
        return
    if not ends:
        raise InvalidInput("to", "Breakdowns are counted by whole months.")
    for metric in metrics:
        is_kept = breakdown in BREAKDOWNS.get(metric, {})
        if not is_kept or SOURCES[metric].of(scope) != SOURCES[metric].names:
            raise InvalidInput("breakdown", f"{metric.value} is not broken down by that here.")


def _is_of_months(stretch: Stretch, today: date) -> bool:
    """Whether it is whole months, the current one as far as it has come."""
    until = last_of_month(today) if stretch.until == today else stretch.until
    return Stretch(stretch.since, until).is_of_months


def _parts(whole: Stretch, question: Question, metrics: Sequence[Metric]) -> Sequence[Stretch]:
    if question.granularity is None:
        return ()
    if question.granularity is Granularity.DAY and any(SOURCES[each].by_month for each in metrics):
        raise InvalidInput("granularity", "One of the metrics is counted by whole months.")
    since = whole.since or first_of_month(whole.until, 11)
    years = (whole.until - since).days // 365
    if question.granularity is Granularity.DAY and (whole.until - since).days >= MOST_PARTS:
        raise InvalidInput("from", f"A series has at most {MOST_PARTS} parts.")
    if question.granularity is Granularity.MONTH and years * 12 > MOST_PARTS:
        raise InvalidInput("from", f"A series has at most {MOST_PARTS} parts.")
    return list(stretches(since, whole.until, question.granularity))


def periods_of(metric: Metric, stretch: Stretch, today: date) -> Mapping[int, int]:
    """Of which periods a metric is the sum."""
    source = SOURCES[metric]
    until = stretch.until
    if source.by_month and until == today:
        until = last_of_month(today)
    if metric is Metric.ACTIVE_VOLUNTEERS:
        # Who was active is counted in each month by itself: that of the end.
        return Stretch(first_of_month(until), until).periods(today)
    return Stretch(None if source.stock else stretch.since, until).periods(today)


def value_of(scope: int, found: Figures, metric: Metric, stretch: Stretch, today: date) -> int:
    """An indicator of a scope over a stretch."""
    source = SOURCES[metric]
    return found.sum(source.of(scope), periods_of(metric, stretch, today), quantity=source.quantity)


def _figures(
    scope: int, found: Figures, metrics: Sequence[Metric], stretch: Stretch, today: date
) -> Sequence[Figure]:
    return [Figure(metric, value_of(scope, found, metric, stretch, today)) for metric in metrics]


def _broken_down(
    scope: int, metrics: Sequence[Metric], by: Dimension | None, whole: Stretch, today: date
) -> tuple[frozenset[str], frozenset[int]]:
    """The beginnings of the names of a breakdown, and their periods."""
    if by is None:
        return frozenset(), frozenset()
    beginnings = {f"{SOURCES[metric].of(scope)[0]}/{BREAKDOWNS[metric][by]}:" for metric in metrics}
    periods = {period for metric in metrics for period in _cell_periods(metric, whole, today)}
    return frozenset(beginnings), frozenset(periods)


def _cell_periods(metric: Metric, whole: Stretch, today: date) -> Mapping[int, int]:
    until = last_of_month(today) if whole.until == today else whole.until
    # What happens is broken down by month alone, so that all time is all its months.
    since = None if SOURCES[metric].stock else whole.since or OLDEST
    return Stretch(since, until).periods(today)


def _cells(
    scope: int,
    found: Figures,
    metrics: Sequence[Metric],
    by: Dimension | None,
    *,
    whole: Stretch,
    today: date,
) -> Breakdown | None:
    if by is None:
        return None
    cells = []
    for metric in metrics:
        source = SOURCES[metric]
        beginning = f"{source.of(scope)[0]}/{BREAKDOWNS[metric][by]}:"
        periods = _cell_periods(metric, whole, today)
        sums: dict[str, int] = {}
        for name in {name for name, _ in found.amounts if name.startswith(beginning)}:
            label = label_of(metric, by, name.removeprefix(beginning), whole.until.year)
            value = found.sum([name], periods, quantity=source.quantity)
            sums[label] = sums.get(label, 0) + value
        place = order_of(metric, by)
        ordered = sorted(sums.items(), key=lambda each: (place.get(each[0], 0), -each[1], each[0]))
        cells += [Cell(metric, label, value) for label, value in ordered if value]
    return Breakdown(by, by in MULTI_VALUED, cells)
