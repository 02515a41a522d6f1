"""What everyone may know of a region: counts at the end of a closed month (see ``publication``)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from db.enums import RegionLevel
from db.ledger.periods import Stretch, first_of_month, last_of_month
from db.paths import path_ids
from loaders.statistics import Ask, fetch_moved
from permissions.context import RequestContext
from permissions.errors import InvalidInput
from resolvers.metrics import BREAKDOWNS, SOURCES, Dimension, Metric, label_of, order_of
from resolvers.publication import (
    NAMES,
    Moved,
    Publication,
    PublicCell,
    PublicFigures,
    published_cells,
)
from resolvers.statistics import OLDEST, today_of


class PublicDimension(StrEnum):
    """By what the volunteers of a province are published."""

    SEX = "SEX"
    AGE = "AGE"
    STAR = "STAR"


async def public_figures(context: RequestContext, region: Any, month: date | None) -> PublicFigures:
    """The published figures of a region and of those right below it.

    Raises:
        InvalidInput: the month is not closed yet.
    """
    first = closed_month(month, today_of(context))
    periods = Stretch(None, last_of_month(first)).periods(today_of(context))
    ask = Ask(names=NAMES, periods=frozenset(periods))
    chain = path_ids(region.path)
    levels = await context.loaders.child_figures("regions", chain, ask)
    (top,) = await context.loaders.figures([chain[0]], ask)
    moved = await _moved(context, chain)
    return Publication(first, periods, moved).of(region, chain, top, levels)


async def _moved(context: RequestContext, chain: Sequence[int]) -> Mapping[int, Moved]:
    """Those of the regions that gained or lost some."""
    since = await fetch_moved(context.snapshot, chain)
    if not since:
        return {}
    source, today = SOURCES[Metric.MINUTES], today_of(context)
    until = {
        each: Stretch(None, day - timedelta(days=1)).periods(today) for each, day in since.items()
    }
    ask = Ask(names=frozenset(source.names), periods=frozenset().union(*until.values()))
    found = await context.loaders.figures(list(since), ask)
    return {
        each: Moved(since[each], own.sum(source.names, until[each], quantity=source.quantity))
        for each, own in zip(since, found, strict=True)
    }


async def public_breakdown(
    context: RequestContext, figures: PublicFigures, by: PublicDimension
) -> Sequence[PublicCell]:
    """The volunteers of a province by a dimension; nothing where the whole is withheld.

    Raises:
        InvalidInput: the region is no province.
    """
    if figures.region.level != RegionLevel.PROVINCE:
        raise InvalidInput("by", "Breakdowns are published for provinces.")
    if figures.volunteers is None:
        return ()
    today = today_of(context)
    dimension = Dimension(by.value)
    beginning = f"volunteer/{BREAKDOWNS[Metric.VOLUNTEERS][dimension]}:"
    periods = Stretch(None, last_of_month(figures.month)).periods(today)
    ask = Ask(beginnings=frozenset({beginning}), their_periods=frozenset(periods))
    (found,) = await context.loaders.figures([figures.region.id], ask)
    sums: dict[str, int] = {}
    for name in {name for name, _ in found.amounts}:
        label = label_of(
            Metric.VOLUNTEERS, dimension, name.removeprefix(beginning), figures.month.year
        )
        sums[label] = sums.get(label, 0) + found.sum([name], periods, quantity=False)
    return published_cells(sums, order_of(Metric.VOLUNTEERS, dimension))


def closed_month(month: date | None, today: date) -> date:
    """The first day of a month that is over; the last such, if none is given.

    Raises:
        InvalidInput: it is not over.
    """
    last = first_of_month(today, 1)
    first = last if month is None else first_of_month(month)
    if not OLDEST <= first <= last:
        raise InvalidInput("month", "month must be a month that is over.")
    return first
