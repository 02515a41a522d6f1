"""What everyone may know of a region: counts at the end of a closed month, small ones withheld.

A closed month, because the difference of two days' counts would give a person away, and teams and
projects with them, which are no persons. What lies in a withheld region is withheld. A breakdown
is published for provinces alone, and one at a time: crossed with regions below it could be solved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from db.enums import RegionLevel
from db.ledger.periods import Stretch, first_of_month, last_of_month
from db.paths import path_ids
from loaders.statistics import Ask, Child, Figures
from permissions.context import RequestContext
from permissions.errors import InvalidInput
from resolvers.metrics import BREAKDOWNS, SOURCES, Dimension, Metric, label_of, order_of
from resolvers.statistics import OLDEST, today_of
from resolvers.suppression import LEAST, published

METRICS = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.HUBS, Metric.PROJECTS, Metric.MINUTES)
NAMES = frozenset(name for metric in METRICS for name in SOURCES[metric].names)


class PublicDimension(StrEnum):
    """By what the volunteers of a province are published."""

    SEX = "SEX"
    AGE = "AGE"
    STAR = "STAR"


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What is published of a region for a month; None where it is withheld."""

    region: Any
    month: date
    volunteers: int | None
    teams: int
    hubs: int
    projects: int
    minutes: int | None
    children: Sequence["PublicFigures"] = ()


@dataclass(frozen=True, slots=True)
class PublicCell:
    """The volunteers of one value; None where withheld."""

    value: str
    volunteers: int | None


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
    reader = _Reader(first, periods)
    own, is_hidden = top, reader.value(top, Metric.VOLUNTEERS) < LEAST
    for below, step in zip(levels, [*chain[1:], None], strict=True):
        seen = reader.below(own, below, is_hidden=is_hidden)
        if step is None:
            return reader.figures(region, own, seen, is_hidden=is_hidden)
        place = next(n for n, child in enumerate(below) if child.row.id == step)
        own, is_hidden = below[place].figures, seen[place].volunteers is None
    raise AssertionError  # the chain ends in the region itself


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
    places = order_of(Metric.VOLUNTEERS, dimension)
    labels = sorted((label for label, n in sums.items() if n), key=lambda x: (places.get(x, 0), x))
    counts = published([sums[label] for label in labels], 0)
    return [PublicCell(label, count) for label, count in zip(labels, counts, strict=True)]


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


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the figures of a month."""

    month: date
    periods: Mapping[int, int]

    def value(self, figures: Figures, metric: Metric) -> int:
        source = SOURCES[metric]
        return figures.sum(source.names, self.periods, quantity=source.quantity)

    def below(
        self, above: Figures, children: Sequence[Child], *, is_hidden: bool
    ) -> list[PublicFigures]:
        """What is published of each child."""
        counts = [self.value(child.figures, Metric.VOLUNTEERS) for child in children]
        rest = self.value(above, Metric.VOLUNTEERS) - sum(counts)
        seen = published(counts, rest)
        return [
            self.figures(child.row, child.figures, (), is_hidden=is_hidden or count is None)
            for child, count in zip(children, seen, strict=True)
        ]

    def figures(
        self, region: Any, own: Figures, below: Sequence[PublicFigures], *, is_hidden: bool
    ) -> PublicFigures:
        """What is published of a region; hours of withheld persons are withheld as well."""
        return PublicFigures(
            region=region,
            month=self.month,
            volunteers=None if is_hidden else self.value(own, Metric.VOLUNTEERS),
            teams=self.value(own, Metric.TEAMS),
            hubs=self.value(own, Metric.HUBS),
            projects=self.value(own, Metric.PROJECTS),
            minutes=None if is_hidden else self.value(own, Metric.MINUTES),
            children=below,
        )
