"""The tables of a region's figures: totals, months, the regions right below, breakdowns.

All are of whole months, the current one as far as it has come: what there is, is counted at their
end; what happens is counted within them, and where a table sums it up since the beginning, its
column says so.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from db.ledger.periods import last_of_month
from db.queries.categories import SERVICE_CATEGORIES
from permissions.context import RequestContext
from resolvers.exports.names import DIMENSIONS, HOURS, METRICS, MONTH, REGION_COLUMNS
from resolvers.exports.progress import Progress
from resolvers.exports.sheets import Cell, Sheet
from resolvers.metrics import BREAKDOWNS, SOURCES, Dimension, Metric
from resolvers.rules.hours import hours_of
from resolvers.statistics import (
    OLDEST,
    ChildTotals,
    Month,
    children,
    months,
    months_between,
    today_of,
    totals,
)
from resolvers.statistics_reports import Question, report

BY_MONTH = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.PROJECTS, Metric.RECORDS, Metric.MINUTES)
BELOW = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.HUBS, Metric.PROJECTS)
SERVED_BELOW = (Metric.RECORDS, Metric.MINUTES)
SUMMED = tuple(metric for metric in METRICS if metric is not Metric.ACTIVE_VOLUNTEERS)
BROKEN_DOWN = tuple((metric, by) for metric, known in BREAKDOWNS.items() for by in known)
BASE_STEPS = 3
WITHIN, SINCE_BEGINNING = "（期内）", "（累计）"


async def region_sheets(
    context: RequestContext, region: Any, since: date, until: date, progress: Progress
) -> Sequence[Sheet]:
    """The tables of a region from the first day of a month to the last one of a month, or today."""
    # What was asked for to the end of a day that was not over may be made on the next.
    until = min(last_of_month(until), today_of(context))
    count = months_between(since, until)
    steps = BASE_STEPS + len(BROKEN_DOWN)
    await progress(0, steps)
    (whole,) = await totals(context, [region.id], [region], until)
    (series,) = await months(context, [whole], count)
    sums = list(await _totals(context, region, since, until))
    await progress(1, steps)
    (below,) = await children(context, "regions", [region.id], count, until)
    await progress(BASE_STEPS, steps)
    served = [METRICS[each] for each in SERVED_BELOW] + [HOURS]
    sheets = [
        Sheet(
            title="总计",
            columns=("指标", f"截至 {until}", f"{since} 至 {until} 期内增加"),
            rows=sums,
        ),
        Sheet(
            title="按月",
            columns=(MONTH, *(METRICS[each] for each in BY_MONTH), HOURS),
            rows=[_month(each) for each in series],
        ),
        Sheet(
            title="下级区划",
            columns=(
                *REGION_COLUMNS,
                *(METRICS[each] for each in BELOW),
                *(name + WITHIN for name in served),
                *(name + SINCE_BEGINNING for name in served),
            ),
            rows=[_child(each) for each in below],
        ),
        Sheet(
            title="下级区划按月",
            columns=(*REGION_COLUMNS, MONTH, METRICS[Metric.RECORDS], METRICS[Metric.MINUTES]),
            rows=list(_children_by_month(below)),
        ),
    ]
    categories = {row.code: row.name for row in await context.snapshot.fetch(SERVICE_CATEGORIES)}
    rows: list[Sequence[Cell]] = []
    for done, (metric, by) in enumerate(BROKEN_DOWN, BASE_STEPS + 1):
        question = Question(metrics=[metric], since=since, until=until, breakdown=by)
        found = await report(context, region.id, region, question)
        counted = "期末" if SOURCES[metric].stock else "期内"
        for cell in found.breakdown.cells if found.breakdown else ():
            name = categories.get(cell.value) if by is Dimension.CATEGORY else None
            value = name or cell.value
            rows.append((METRICS[metric], counted, DIMENSIONS[by], value, cell.figure))
        await progress(done, steps)
    columns = ("指标", "统计口径", "分类", "类别", "数量")
    sheets.append(Sheet(title="分类", columns=columns, rows=rows))
    return sheets


async def _totals(
    context: RequestContext, region: Any, since: date, until: date
) -> Iterator[Sequence[Cell]]:
    """Each indicator up to the end, and what it gained within the months."""

    async def up_to(day: date, metrics: Sequence[Metric]) -> dict[Metric, int]:
        if day < OLDEST:
            return dict.fromkeys(metrics, 0)
        told = await report(context, region.id, region, Question(metrics=metrics, until=day))
        return {each.metric: each.value for each in told.totals}

    at_end = await up_to(until, SUMMED)
    before = await up_to(since - timedelta(days=1), SUMMED)
    # Who was active is counted in each month by itself.
    active = await up_to(until, [Metric.ACTIVE_VOLUNTEERS])

    def rows() -> Iterator[Sequence[Cell]]:
        for metric, name in METRICS.items():
            if metric in active:
                yield f"{name}（末月）", None, active[metric]
            else:
                yield name, at_end[metric], at_end[metric] - before[metric]
        ends, begins = at_end[Metric.MINUTES], before[Metric.MINUTES]
        yield HOURS, hours_of(ends), hours_of(ends - begins)

    return rows()


def _month(month: Month) -> Sequence[Cell]:
    values = [month.value(each) for each in BY_MONTH]
    return (f"{month.month:%Y-%m}", *values, hours_of(month.value(Metric.MINUTES)))


def _child(child: ChildTotals) -> Sequence[Cell]:
    values = [child.totals.value(each) for each in BELOW]
    within = [sum(month.value(each) for month in child.months) for each in SERVED_BELOW]
    in_all = [child.totals.value(each) for each in SERVED_BELOW]
    return (
        *(child.row.code, child.row.name, *values),
        *(*within, hours_of(within[-1])),
        *(*in_all, hours_of(in_all[-1])),
    )


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
