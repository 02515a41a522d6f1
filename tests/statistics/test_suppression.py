"""From everything published, and the rule itself, each withheld count may be one of many.

The solver reads what is served, by ``Publication``, of every station of its size that there can be:
those that look alike leave open what each of their withheld counts is.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.ledger.periods import ALL_TIME, Stretch
from loaders.statistics import Child, Figures
from resolvers.publication import Publication, published_cells
from resolvers.suppression import LEAST, withheld

MOST = 24
FEWEST = 5
MONTH = date(2026, 5, 1)
AFTER = date(2026, 6, 1)
TODAY = date(2026, 6, 15)
NOW: Mapping[int, int] = {ALL_TIME: 1}

Counts = tuple[int, ...]
Seen = tuple[int | None, ...]


class Row(NamedTuple):
    """A region, as much as is asked of it."""

    id: int


class Station(NamedTuple):
    """A topmost region: people right in it, regions below, and of each what is below that.

    Every tuple is of those below, and at its end of those right in the region itself.
    """

    districts: tuple[Counts, ...]
    rest: int

    @property
    def counts(self) -> Counts:
        """The whole, the districts, what lies in each; then the rests, which are never told."""
        sums = tuple(sum(part) for part in self.districts)
        below = tuple(count for part in self.districts for count in part[:-1])
        rests = tuple(part[-1] for part in self.districts if len(part) > 1)
        return (sum(sums) + self.rest, *sums, *below, self.rest, *rests)


@cache
def figures(count: int) -> Figures:
    return Figures({("volunteer", ALL_TIME): (count, 0)})


@cache
def served(counts: Counts, place: int | None = None, below: Counts = ()) -> Seen:
    """What is served of the topmost region and of those right below it, or of one of these.

    ``counts`` end with those right in the topmost region. Remembered by all that is asked of.
    """
    children = [Child(Row(n), figures(count)) for n, count in enumerate(counts[:-1], 1)]
    chain, levels = [0], [children]
    if place is not None:
        chain.append(place + 1)
        levels.append([Child(Row(10 + n), figures(count)) for n, count in enumerate(below)])
    told = Publication(MONTH, NOW).of(Row(chain[-1]), chain, figures(sum(counts)), levels)
    return (told.volunteers, *(child.volunteers for child in told.children))


def published_of(station: Station) -> Seen:
    """All that is served of a station, in the order of its counts."""
    sums = (*(sum(part) for part in station.districts), station.rest)
    above = served(sums)
    below: list[int | None] = []
    for place, part in enumerate(station.districts):
        if len(part) == 1:
            continue  # its own answer is looked at below
        own, *children = served(sums, place, part[:-1])
        assert own == above[1 + place], "one answer tells what the other withholds"
        below += children
    return (*above, *below)


def hidden_at(places: int) -> Callable[[], list[set[int]]]:
    return lambda: [set() for _ in range(places)]


def found_in(
    worlds: Iterable[tuple[Hashable, Sequence[int]]], places: int
) -> dict[Any, list[set[int]]]:
    """What each publication leaves possible of each count: all worlds that look just like it."""
    found: dict[Any, list[set[int]]] = defaultdict(hidden_at(places))
    for seen, counts in worlds:
        for count, may_be in zip(counts, found[seen], strict=True):
            may_be.add(count)
    return found


def check(found: Mapping[Seen, Sequence[set[int]]]) -> None:
    """Every count is told, and is no small one, or may be one of many; so is a rest, if any."""
    assert found
    for seen, values in found.items():
        for may_be in values[len(seen) :]:
            follows = len(may_be) < FEWEST
            assert not follows or may_be == {0} or min(may_be) >= LEAST, (seen, values)
        for count, may_be in zip(seen, values, strict=False):
            if count is None:
                assert len(may_be) >= FEWEST, (seen, values)
            else:
                assert count >= LEAST, (seen, values)
                assert may_be == {count}


def parts(cells: int, total: int) -> Iterator[Counts]:
    """Every way in which a total can fall into cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in parts(cells - 1, total - first):
            yield first, *others


def stations(total: int, shape: Sequence[int], *, rests: bool) -> Iterator[Station]:
    """Every station of a total whose districts have so many regions below each."""
    for above in parts(len(shape) + rests, total):
        sums, rest = (above[:-1], above[-1]) if rests else (above, 0)
        each = [
            [*parts(cells + rests, count)] if cells else [(count,)]
            for cells, count in zip(shape, sums, strict=True)
        ]
        for below in product(*each):
            yield Station(
                tuple(
                    part if rests or not cells else (*part, 0)
                    for cells, part in zip(shape, below, strict=True)
                ),
                rest,
            )


def solved(worlds: Iterable[Station], places: int) -> dict[Seen, list[set[int]]]:
    return found_in(((published_of(world), world.counts) for world in worlds), places)


@pytest.mark.parametrize("rests", [False, True])
@pytest.mark.parametrize(
    ("cells", "totals"), [(2, range(10, 61)), (3, range(10, 35)), (4, (10, 19, 28))]
)
def test_withheld_count_can_be_one_of_five_at_least(
    cells: int, totals: Iterable[int], *, rests: bool
) -> None:
    for total in totals:
        worlds = stations(total, [0] * (cells - rests), rests=rests)
        check(solved(worlds, 2 + cells - rests))


@pytest.mark.parametrize("total", range(LEAST, MOST + 12))
def test_two_levels_tell_no_more_than_one(total: int) -> None:
    check(solved(stations(total, [2, 2], rests=False), 10))


@pytest.mark.parametrize("total", [10, 14, 19, 22])
def test_two_levels_tell_no_more_where_people_are_right_in_the_regions(total: int) -> None:
    check(solved(stations(total, [2, 0], rests=True), 7))


@pytest.mark.parametrize("total", [39, 46])
def test_published_district_gives_nobody_away_below_it(total: int) -> None:
    """Where the second district is told, whatever looks alike has as many in it."""
    found = solved(
        (
            Station((part, (LEAST,)), rest)
            for *part, rest in parts(4, total - LEAST)
            for part in [tuple(part)]
        ),
        7,
    )

    told = {seen: values for seen, values in found.items() if seen[2] is not None}
    assert any(None not in seen[:4] for seen in told), "nothing is told of what lies below"
    check(told)


def test_region_tells_of_itself_what_is_told_of_it_from_above() -> None:
    for total in (9, 10, 29, 30):
        for world in stations(total, [0, 0], rests=True):
            sums = (*(sum(part) for part in world.districts), world.rest)
            assert [served(sums, place) for place in (0, 1)] == [(n,) for n in served(sums)[1:]]


def test_whole_too_small_to_be_told_hides_everything() -> None:
    for total in range(LEAST):
        for world in stations(total, [2, 0], rests=True):
            assert {*published_of(world)} == {None}


@pytest.mark.parametrize("totals", [(10, 10), (12, 13), (20, 19)])
def test_two_months_tell_no_more_than_one(totals: tuple[int, int]) -> None:
    """Of a closed month and the one after it, read off the same figures."""
    worlds = []
    for now, before in product(*(parts(2, total) for total in totals)):
        rows = [
            Figures({("volunteer", ALL_TIME): (n, 0), ("volunteer", 202606): (n - was, 0)})
            for n, was in zip((sum(now), *now), (sum(before), *before), strict=True)
        ]
        children = [Child(Row(n), each) for n, each in enumerate(rows[1:], 1)]
        seen: list[int | None] = []
        for month, until in ((AFTER, TODAY), (MONTH, date(2026, 5, 31))):
            publication = Publication(month, Stretch(None, until).periods(TODAY))
            told = publication.of(Row(0), [0], rows[0], [children])
            seen += [told.volunteers, *(child.volunteers for child in told.children)]
        worlds.append((tuple(seen), (sum(now), *now, sum(before), *before)))

    check(found_in(worlds, 6))


@pytest.mark.parametrize(
    ("labels", "totals"), [(2, range(10, 40)), (3, range(10, 36)), (7, range(10, 13))]
)
def test_breakdown_leaves_each_withheld_value_one_of_five(labels: int, totals: range) -> None:
    """A value that nobody has is not among them, and so may be told."""
    names = [f"{n}" for n in range(labels)]
    places = {name: n for n, name in enumerate(names)}
    for total in totals:
        worlds = []
        for counts in parts(labels, total):
            sums = dict(zip(names, counts, strict=True))
            cells = published_cells(sums, places)
            worlds.append((tuple((cell.value, cell.volunteers) for cell in cells), counts))
        for seen, values in found_in(worlds, labels).items():
            for name, count in seen:
                may_be = values[places[name]]
                assert len(may_be) >= FEWEST if count is None else may_be == {count}, (seen, values)
                assert count is None or count >= LEAST


def test_taking_the_smallest_sibling_along_would_give_it_away() -> None:
    """The control: the usual rule, by size, read by who knows it."""

    def by_size(counts: Counts) -> Seen:
        order = sorted(range(len(counts)), key=lambda place: counts[place])
        small = [place for place in order if counts[place] < LEAST]
        hidden = order[: max(2, len(small))] if small else []
        return tuple(None if n in hidden else count for n, count in enumerate(counts))

    looking_alike = {world[0] for world in parts(3, 29) if by_size(world) == by_size((9, 10, 10))}
    assert len(looking_alike) < FEWEST


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_small_counts_are_withheld_and_never_alone(counts: list[int]) -> None:
    hidden = withheld(counts)

    assert {place for place, count in enumerate(counts) if count < LEAST} <= hidden
    assert len(hidden) != 1 or len(counts) == 1
