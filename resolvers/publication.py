"""What is published of regions: counts of a month, small ones withheld; worked out, not fetched.

A closed month, because the difference of two days' counts would give a person away, and teams and
projects with them, which are no persons. What lies in a withheld region is withheld. A breakdown
is published for provinces alone, and one at a time: crossed with regions below it could be solved.
``tests/statistics/test_suppression.py`` reads all of it, for every small station there can be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from loaders.statistics import Child, Figures
from resolvers.metrics import SOURCES, Metric
from resolvers.suppression import LEAST, published

METRICS = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.HUBS, Metric.PROJECTS, Metric.MINUTES)
NAMES = frozenset(name for metric in METRICS for name in SOURCES[metric].names)


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


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published of a month, whose figures are the sum of signed periods."""

    month: date
    periods: Mapping[int, int]

    def of(
        self, region: Any, chain: Sequence[int], top: Figures, levels: Sequence[Sequence[Child]]
    ) -> PublicFigures:
        """What is published of a region and of those right below it.

        ``chain`` leads from a topmost region, whose figures are ``top``, to the region itself;
        ``levels`` are the regions right below each of it.
        """
        own, is_hidden = top, self._value(top, Metric.VOLUNTEERS) < LEAST
        for below, step in zip(levels, [*chain[1:], None], strict=True):
            seen = self._below(own, below, is_hidden=is_hidden)
            if step is None:
                return self._figures(region, own, seen, is_hidden=is_hidden)
            place = next(n for n, child in enumerate(below) if child.row.id == step)
            own, is_hidden = below[place].figures, seen[place].volunteers is None
        raise AssertionError  # the chain ends in the region itself

    def _value(self, figures: Figures, metric: Metric) -> int:
        source = SOURCES[metric]
        return figures.sum(source.names, self.periods, quantity=source.quantity)

    def _below(
        self, above: Figures, children: Sequence[Child], *, is_hidden: bool
    ) -> list[PublicFigures]:
        """What is published of each child."""
        counts = [self._value(child.figures, Metric.VOLUNTEERS) for child in children]
        rest = self._value(above, Metric.VOLUNTEERS) - sum(counts)
        seen = published(counts, rest)
        return [
            self._figures(child.row, child.figures, (), is_hidden=is_hidden or count is None)
            for child, count in zip(children, seen, strict=True)
        ]

    def _figures(
        self, region: Any, own: Figures, below: Sequence[PublicFigures], *, is_hidden: bool
    ) -> PublicFigures:
        """What is published of a region; hours of withheld persons are withheld as well."""
        return PublicFigures(
            region=region,
            month=self.month,
            volunteers=None if is_hidden else self._value(own, Metric.VOLUNTEERS),
            teams=self._value(own, Metric.TEAMS),
            hubs=self._value(own, Metric.HUBS),
            projects=self._value(own, Metric.PROJECTS),
            minutes=None if is_hidden else self._value(own, Metric.MINUTES),
            children=below,
        )


def published_cells(sums: Mapping[str, int], places: Mapping[str, int]) -> Sequence[PublicCell]:
    """What is published of a breakdown: values that anybody has, in the order of their scale.

    Nothing, if all are withheld: of ten people, which values they have would tell how many each.
    """
    labels = sorted((label for label, n in sums.items() if n), key=lambda x: (places.get(x, 0), x))
    counts = published([sums[label] for label in labels], 0)
    if all(count is None for count in counts):
        return ()
    return [PublicCell(label, count) for label, count in zip(labels, counts, strict=True)]
