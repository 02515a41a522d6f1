"""What is published of regions: counts of a month, small ones withheld; worked out, not fetched.

A closed month, because the difference of two days' counts would give a person away, and teams and
projects with them, which are no persons. What lies in a withheld region is withheld; and before a
redistricting what lies in a region that gained or lost some by it, for by what was no part of it
its parts could be worked out. Hours are the teams': they are withheld where a region's teams have
fewer than ten persons, whoever lives there. A breakdown is published for provinces alone, and one
at a time: crossed with regions below it could be solved.
``tests/statistics/test_suppression.py`` reads all of it, for every small station there can be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from db.ledger.periods import last_of_month
from db.ledger.scales import KINDS, SIZE_SCALE
from loaders.statistics import Child, Figures
from resolvers.metrics import SOURCES, Metric
from resolvers.suppression import LEAST, OPEN, published

METRICS = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.HUBS, Metric.PROJECTS, Metric.MINUTES)
PERSONS = "people"  # of the teams of a region, each once
# Teams of ten members or more: as many persons, for nobody is a member of one twice.
LARGE_TEAMS = tuple(
    f"{kind}/size:{scale}"
    for kind in KINDS
    for scale in range(SIZE_SCALE.index(LEAST) + 1, len(SIZE_SCALE) + 1)
)
NAMES = frozenset(
    {PERSONS, *LARGE_TEAMS}
    | {name for each in (*METRICS, Metric.MEMBERSHIPS) for name in SOURCES[each].names}
)


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


class Served(NamedTuple):
    """How many persons serve somewhere, and how many minutes they have served."""

    persons: int
    minutes: int


class Moved(NamedTuple):
    """Since when those right below a region are others, and its minutes until then."""

    since: date
    minutes: int


class _Told(NamedTuple):
    """What of a region is not withheld."""

    volunteers: bool
    hours: bool


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published of a month, whose figures are the sum of signed periods.

    ``moved`` tells of regions that gained or lost some.
    """

    month: date
    periods: Mapping[int, int]
    moved: Mapping[int, Moved] = field(default_factory=dict)

    def of(
        self, region: Any, chain: Sequence[int], top: Figures, levels: Sequence[Sequence[Child]]
    ) -> PublicFigures:
        """What is published of a region and of those right below it.

        ``chain`` leads from a topmost region, whose figures are ``top``, to the region itself;
        ``levels`` are the regions right below each of it.
        """
        own, told = top, self._of_top(top)
        for above, below, step in zip(chain, levels, [*chain[1:], None], strict=True):
            parts = self._below(own, below, told, self.moved.get(above))
            if step is None:
                children = [
                    self._figures(child.row, child.figures, (), part)
                    for child, part in zip(below, parts, strict=True)
                ]
                return self._figures(region, own, children, told)
            place = next(n for n, child in enumerate(below) if child.row.id == step)
            own, told = below[place].figures, parts[place]
        raise AssertionError  # the chain ends in the region itself

    def _value(self, figures: Figures, metric: Metric) -> int:
        source = SOURCES[metric]
        return figures.sum(source.names, self.periods, quantity=source.quantity)

    def _served(self, figures: Figures) -> Served:
        persons = figures.sum([PERSONS], self.periods, quantity=False)
        return Served(persons, self._value(figures, Metric.MINUTES))

    def _of_top(self, figures: Figures) -> _Told:
        """What is told of a region that lies in no other."""
        return _Told(
            volunteers=self._value(figures, Metric.VOLUNTEERS) >= LEAST,
            hours=self._served(figures).persons >= LEAST,
        )

    def _below(
        self, above: Figures, children: Sequence[Child], told: _Told, moved: Moved | None
    ) -> list[_Told]:
        """What is told of each child of a region."""
        if moved is not None and moved.since > last_of_month(self.month):
            return [_Told(volunteers=False, hours=False)] * len(children)
        figures = [child.figures for child in children]
        counts = [self._value(each, Metric.VOLUNTEERS) for each in figures]
        right_there = self._value(above, Metric.VOLUNTEERS) - sum(counts)
        seen = published(counts, right_there)
        hidden = hours_withheld(
            [self._served(each) for each in figures],
            self._served_right_in(above, figures, is_whole=moved is None),
        )
        if moved is not None and any(hidden):
            # Who came has served elsewhere until then: what is withheld of them covers others here
            # by no more than what has been served since.
            grown = self._value(above, Metric.MINUTES) - moved.minutes
            hidden = [each or grown < OPEN for each in hidden]
        return [
            _Told(told.volunteers and count is not None, told.hours and not is_hidden)
            for count, is_hidden in zip(seen, hidden, strict=True)
        ]

    def _served_right_in(
        self, above: Figures, children: Sequence[Figures], *, is_whole: bool
    ) -> Served:
        """What is served in a region and in none of its children, by how many persons at least.

        Memberships do not tell: they add up, but one person may have many. Who serves in none of
        the children serves right there, and so does who is a member of a large team there. Where
        children came or went, hours from before do not tell that there are none right there.
        """

        def beside(names: Sequence[str], *, quantity: bool = False) -> int:
            return sum(
                sign * each.sum(names, self.periods, quantity=quantity)
                for sign, part in ((1, [above]), (-1, children))
                for each in part
            )

        minutes = beside(SOURCES[Metric.MINUTES].names, quantity=True)
        if is_whole and not minutes and not beside(SOURCES[Metric.MEMBERSHIPS].names):
            return Served(0, 0)
        persons = LEAST if beside(LARGE_TEAMS) > 0 else beside([PERSONS])
        return Served(max(persons, 1), minutes)

    def _figures(
        self, region: Any, own: Figures, below: Sequence[PublicFigures], told: _Told
    ) -> PublicFigures:
        """What is published of a region."""
        return PublicFigures(
            region=region,
            month=self.month,
            volunteers=self._value(own, Metric.VOLUNTEERS) if told.volunteers else None,
            teams=self._value(own, Metric.TEAMS),
            hubs=self._value(own, Metric.HUBS),
            projects=self._value(own, Metric.PROJECTS),
            minutes=self._value(own, Metric.MINUTES) if told.hours else None,
            children=below,
        )


def hours_withheld(parts: Sequence[Served], rest: Served) -> list[bool]:
    """Of which parts of a published region the hours are withheld.

    Nobody serves where there is neither a member nor an hour: such parts hide no other. ``rest`` is
    what is served in no part; it is never published.
    """
    hidden = [False] * len(parts)
    served = [place for place, part in enumerate(parts) if any(part)]
    # Hours outlive their members: a rest of hours alone could be worked out as well.
    beside = max(rest.persons, 1) if any(rest) else 0
    counts = published([parts[place].persons for place in served], beside)
    for place, count in zip(served, counts, strict=True):
        hidden[place] = count is None
    return hidden


def published_cells(sums: Mapping[str, int], places: Mapping[str, int]) -> Sequence[PublicCell]:
    """What is published of a breakdown: values that anybody has, in the order of their scale.

    Nothing, if all are withheld: of ten people, which values they have would tell how many each.
    """
    labels = sorted((label for label, n in sums.items() if n), key=lambda x: (places.get(x, 0), x))
    counts = published([sums[label] for label in labels], 0)
    if all(count is None for count in counts):
        return ()
    return [PublicCell(label, count) for label, count in zip(labels, counts, strict=True)]
