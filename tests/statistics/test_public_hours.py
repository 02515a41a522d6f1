"""Hours are published where ten persons serve, and of no fewer can they be worked out.

As for counts of persons, the solver reads what is served of every station of its size.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.ledger.periods import ALL_TIME
from loaders.statistics import Child, Figures
from resolvers.publication import Publication, Served, hours_withheld
from resolvers.suppression import LEAST
from tests.statistics.test_suppression import FEWEST, MONTH, NOW, Row, Seen, parts

PLACES = st.builds(Served, st.integers(0, 25), st.integers(0, 900))


@given(st.lists(PLACES, max_size=8), PLACES)
@example([Served(9, 60), Served(0, 0)], Served(0, 30))  # hours of who has left
@example([Served(9, 60), Served(1, 0)], Served(0, 0))
@example([Served(0, 60), Served(30, 60)], Served(0, 0))
def test_what_is_withheld_are_two_at_least_and_ten_persons_together(
    parts: list[Served], rest: Served
) -> None:
    if sum(part.persons for part in parts) + rest.persons < LEAST:
        return  # the whole is withheld, and all of it
    hidden = hours_withheld(parts, rest)

    unknown = [part for part, is_hidden in zip(parts, hidden, strict=True) if is_hidden]
    for part, is_hidden in zip(parts, hidden, strict=True):
        assert is_hidden or part.persons >= LEAST or part == (0, 0)
    if rest != (0, 0):
        unknown.append(rest)
    small = [part for part in unknown if part.persons < LEAST]
    assert not small or len(unknown) > 1
    assert not small or sum(part.persons for part in unknown) >= LEAST


def test_hours_are_told_where_nobody_is_too_few() -> None:
    parts = [Served(10, 60), Served(0, 0), Served(200, 0)]

    assert hours_withheld(parts, Served(0, 0)) == [False] * 3
    assert hours_withheld(parts, Served(12, 90)) == [False] * 3
    assert hours_withheld([Served(9, 60), *parts], Served(0, 0)) == [True, True, False, False]


Places = tuple[Served, ...]


# How many memberships each has of those who serve right in a region.
TIMES = 2


@cache
def figures(served: Places, *, elsewhere: bool = False, more: int = 0) -> Figures:
    """Of who serves in some places; the last of several is what lies right there.

    Whoever serves right there may serve ``elsewhere`` as well, and is no further person. Below,
    some may have ``more`` memberships than one.
    """
    persons, minutes = (sum(each) for each in zip(*served, strict=True))
    there = served[-1].persons if len(served) > 1 else 0
    amounts = {
        "people": (persons - there * elsewhere, 0),
        "member": (persons + there * (TIMES - 1) + more, 0),
        "record": (0, minutes),
    }
    return Figures({(name, ALL_TIME): amount for name, amount in amounts.items()})


@cache
def published_hours(above: Places, below: Places = (), *, elsewhere: bool = False) -> Seen:
    """The hours that are served of a topmost region and of those right below it.

    And of those below the first of these, if they are given. Places end with what is right there.
    """
    children = [Child(Row(n), figures((each,))) for n, each in enumerate(above[:-1], 1)]
    chain, levels = [0], [children]
    if below:
        children[0] = Child(Row(1), figures(below))
        chain.append(1)
        levels.append([Child(Row(10 + n), figures((each,))) for n, each in enumerate(below[:-1])])
    more = below[-1].persons * (TIMES - 1) if below else 0
    top = figures(above, elsewhere=elsewhere, more=more)
    told = Publication(MONTH, NOW).of(Row(chain[-1]), chain, top, levels)
    return (told.minutes, *(child.minutes for child in told.children))


def served_in(cells: int, persons: Sequence[int], minutes: int) -> Iterator[Places]:
    """Every way in which so many minutes are served in cells by such numbers of persons."""
    for each, split in product(product(persons, repeat=cells), parts(cells, minutes)):
        yield tuple(map(Served, each, split))


def check_hours(worlds: Iterable[tuple[Seen, Places]]) -> None:
    """Hours of fewer than ten are told of nobody, and may be anything up to what they can be.

    Of each world, what is seen, and who serves how much in each place: first the places told of.
    """
    found: dict[Seen, list[set[Served]]] = defaultdict(list)
    for seen, places in worlds:
        values = found[seen] or found.setdefault(seen, [])
        values += [set() for _ in places[len(values) :]]
        for place, may_be in zip(places, values, strict=True):
            may_be.add(place)
    assert any(None in seen for seen in found)
    assert any(None not in seen for seen in found)
    for seen, values in found.items():
        if seen[0] is None:  # then nobody knows how many hours there are in all
            assert {*seen} == {None}
            continue
        told = [*seen, *[None] * (len(values) - len(seen))]
        for hours, may_be in zip(told, values, strict=True):
            minutes = {place.minutes for place in may_be}
            if hours is not None:
                assert minutes == {hours}, (seen, values)
            if hours is not None or len(minutes) < min(FEWEST, max(minutes) + 1):
                few = {place for place in may_be if place.persons < LEAST}
                assert few <= {Served(0, 0)}, (seen, values)


def whole(places: Places) -> Served:
    return Served(*(sum(each) for each in zip(*places, strict=True)))


@pytest.mark.parametrize("right_there", ["nobody", "others", "the same"])
@pytest.mark.parametrize(
    ("cells", "persons"),
    [(2, range(24)), (3, (0, 1, *range(8, 12), 20)), (4, (0, 1, 9, 10))],
)
def test_hours_of_few_can_be_anything(cells: int, persons: Sequence[int], right_there: str) -> None:
    """Of fewer minutes than five, anything that they can be; whoever serves right in the region."""
    elsewhere = right_there == "the same"

    def world(places: Places) -> tuple[Seen, Places]:
        if right_there == "nobody":
            places = (*places, Served(0, 0))
        top = whole(places[:-1] if elsewhere else places)._replace(minutes=whole(places).minutes)
        return published_hours(places, elsewhere=elsewhere), (top, *places)

    for minutes in (0, 1, 5, 8) if cells < 4 else (1, 5):
        check_hours(map(world, served_in(cells, persons, minutes)))


def test_hours_beside_a_large_team_are_told() -> None:
    """Though as many serve in the regions below, for all that can be seen: so many are ten."""
    children = [Child(Row(1), figures((Served(40, 600),)))]
    whole_of = figures((Served(40, 600), Served(30, 60)), elsewhere=True)
    large = Figures({**whole_of.amounts, ("hub/size:3", ALL_TIME): (1, 0)})
    told = [
        Publication(MONTH, NOW).of(Row(0), [0], each, [children]).children[0].minutes
        for each in (whole_of, large)
    ]

    assert told == [None, 600]


@pytest.mark.parametrize("rests", [False, True])
def test_hours_of_few_below_a_district_can_be_anything(*, rests: bool) -> None:
    def world(places: Places) -> tuple[Seen, Places]:
        *below, other, right_there = (*places, Served(0, 0))[:5]
        if not rests:
            below.append(Served(0, 0))
        above = (whole(tuple(below)), other, right_there)
        seen, (own, *children) = published_hours(above), published_hours(above, tuple(below))
        assert own == seen[1], "one answer tells what the other withholds"
        places = (whole(above), *above[:2], *below[:2], right_there, *below[2:])
        return (*seen, *children), places

    for minutes in (1, 5):
        check_hours(map(world, served_in(4 if rests else 3, (0, 1, 9, 10, 11), minutes)))
