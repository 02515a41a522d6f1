"""The tables of a region's figures: totals, months, the regions right below, breakdowns."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from db.ledger.periods import Stretch, last_of_month
from db.queries.categories import SERVICE_CATEGORIES
from permissions.context import RequestContext
from resolvers.exports.names import DIMENSIONS, HOURS, METRICS, MONTH, REGION_COLUMNS
from resolvers.exports.progress import Progress
from resolvers.exports.sheets import Cell, Sheet
from resolvers.metrics import BREAKDOWNS, SOURCES, Dimension, Metric
from resolvers.rules.hours import hours_of
from resolvers.statistics import ChildTotals, Month, Totals, children, months, today_of, totals
from resolvers.statistics_reports import Question, report

BY_MONTH = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.PROJECTS, Metric.RECORDS, Metric.MINUTES)
BELOW = (
    Metric.VOLUNTEERS,
    Metric.TEAMS,
    Metric.HUBS,
    Metric.PROJECTS,
    Metric.RECORDS,
    Metric.MINUTES,
)
BROKEN_DOWN = tuple((metric, by) for metric, known in BREAKDOWNS.items() for by in known)
MOST_MONTHS = 36
BASE_STEPS = 3


async def region_sheets(
    context: RequestContext, region: Any, since: date, until: date, progress: Progress
) -> Sequence[Sheet]:
    """The tables of a region from a day to a day; stocks are counted up to the last one."""
    steps = BASE_STEPS + len(BROKEN_DOWN)
    await progress(0, steps)
    (whole,) = await totals(context, [region.id], [region], until)
    (series,) = await months(context, [whole], _months_between(since, until))
    await progress(1, steps)
    (below,) = await children(context, "regions", [region.id], _months_between(since, until), until)
    await progress(BASE_STEPS, steps)
    sheets = [
        Sheet(title="总计", columns=("指标", "数量"), rows=list(_totals(whole, until, context))),
        Sheet(
            title="按月",
            columns=(MONTH, *(METRICS[each] for each in BY_MONTH), HOURS),
            rows=[_month(each) for each in series],
        ),
        Sheet(
            title="下级区划",
            columns=(*REGION_COLUMNS, *(METRICS[each] for each in BELOW), HOURS),
            rows=[_child(each) for each in below],
        ),
        Sheet(
            title="下级区划按月",
            columns=(*REGION_COLUMNS, MONTH, METRICS[Metric.RECORDS], METRICS[Metric.MINUTES]),
            rows=list(_children_by_month(below)),
        ),
    ]
    if not _whole_months(since, until, today_of(context)):
        return sheets
    categories = {row.code: row.name for row in await context.snapshot.fetch(SERVICE_CATEGORIES)}
    rows: list[Sequence[Cell]] = []
    for done, (metric, by) in enumerate(BROKEN_DOWN, BASE_STEPS + 1):
        question = Question(metrics=[metric], since=since, until=until, breakdown=by)
        found = await report(context, region.id, region, question)
        for cell in found.breakdown.cells if found.breakdown else ():
            name = categories.get(cell.value) if by is Dimension.CATEGORY else None
            rows.append((METRICS[metric], DIMENSIONS[by], name or cell.value, cell.figure))
        await progress(done, steps)
    sheets.append(Sheet(title="分类", columns=("指标", "分类", "类别", "数量"), rows=rows))
    return sheets


def _totals(whole: Totals, until: date, context: RequestContext) -> Iterator[Sequence[Cell]]:
    for metric, name in METRICS.items():
        # What is kept by month alone has no figure up to a day within one.
        if SOURCES[metric].by_month and not _whole_months(None, until, today_of(context)):
            continue
        yield name, whole.value(metric)
    yield HOURS, hours_of(whole.value(Metric.MINUTES))


def _month(month: Month) -> Sequence[Cell]:
    values = [month.value(each) for each in BY_MONTH]
    return (f"{month.month:%Y-%m}", *values, hours_of(month.value(Metric.MINUTES)))


def _child(child: ChildTotals) -> Sequence[Cell]:
    values = [child.totals.value(each) for each in BELOW]
    hours = hours_of(child.totals.value(Metric.MINUTES))
    return (child.row.code, child.row.name, *values, hours)


def _children_by_month(below: Sequence[ChildTotals]) -> Iterator[Sequence[Cell]]:
    for child in below:
        for month in child.months:
            yield (
                child.row.code,
                child.row.name,
                f"{month.month:%Y-%m}",
                month.value(Metric.RECORDS),
                month.value(Metric.MINUTES),
            )


def _months_between(since: date, until: date) -> int:
    count = (until.year - since.year) * 12 + until.month - since.month + 1
    return min(count, MOST_MONTHS)


def _whole_months(since: date | None, until: date, today: date) -> bool:
    """Whether the days are whole months, the current one as far as it has come."""
    end = last_of_month(today) if until == today else until
    return Stretch(since, end).is_of_months
