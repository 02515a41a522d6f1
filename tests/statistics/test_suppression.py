"""From everything published, and the rule itself, each withheld count may be one of many."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.suppression import LEAST, published, withheld

MOST = 24
FEWEST = 5

Published = tuple[int | None, ...]


def worlds(cells: int, total: int) -> Iterator[tuple[int, ...]]:
    """Every way in which a total can fall into cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in worlds(cells - 1, total - first):
            yield first, *others


def possible(cells: int, total: int, *, with_rest: bool) -> dict[Published, list[set[int]]]:
    """What each publication leaves possible for each cell: all worlds that look just like it."""
    found: dict[Published, list[set[int]]] = {}
    for world in worlds(cells, total):
        counts, rest = (world[:-1], world[-1]) if with_rest else (world, 0)
        seen = tuple(published(counts, rest))
        values = found.setdefault(seen, [set() for _ in counts])
        for count, may_be in zip(counts, values, strict=True):
            may_be.add(count)
    return found


@pytest.mark.parametrize("with_rest", [False, True])
@pytest.mark.parametrize(("cells", "most"), [(2, 60), (3, 48), (4, 34)])
def test_withheld_count_can_be_one_of_five_at_least(
    cells: int, most: int, *, with_rest: bool
) -> None:
    for total in range(LEAST, most + 1):
        for seen, values in possible(cells, total, with_rest=with_rest).items():
            for count, may_be in zip(seen, values, strict=True):
                if count is None:
                    assert len(may_be) >= FEWEST, (total, seen, values)
                else:
                    assert count >= LEAST


def tree_worlds(total: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way in which a total can fall into two regions of two each."""
    for above in worlds(2, total):
        below = [list(worlds(2, count)) for count in above]
        yield from product(*below)


def publish_tree(world: tuple[tuple[int, ...], ...]) -> tuple[Published, ...]:
    """The regions, then those within each; what lies in a withheld region is withheld."""
    above = published([sum(part) for part in world], 0)
    below = [
        tuple(published(part, 0)) if count is not None else (None,) * len(part)
        for count, part in zip(above, world, strict=True)
    ]
    return tuple(above), *below


@pytest.mark.parametrize("total", range(LEAST, MOST + 12))
def test_two_levels_tell_no_more_than_one(total: int) -> None:
    found: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in range(6)])
    for world in tree_worlds(total):
        counts = [sum(part) for part in world] + [count for part in world for count in part]
        for count, may_be in zip(counts, found[publish_tree(world)], strict=True):
            may_be.add(count)

    for seen, values in found.items():
        flat = [count for part in seen for count in part]  # type: ignore[attr-defined]
        for count, may_be in zip(flat, values, strict=True):
            assert count is not None or len(may_be) >= FEWEST, (seen, values)


def test_taking_the_smallest_sibling_along_would_give_it_away() -> None:
    """The control: the usual rule, by size, read by who knows it."""

    def by_size(counts: tuple[int, ...]) -> Published:
        order = sorted(range(len(counts)), key=lambda place: counts[place])
        small = [place for place in order if counts[place] < LEAST]
        hidden = order[: max(2, len(small))] if small else []
        return tuple(None if n in hidden else count for n, count in enumerate(counts))

    looking_alike = {world[0] for world in worlds(3, 29) if by_size(world) == by_size((9, 10, 10))}
    assert len(looking_alike) < FEWEST


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_small_counts_are_withheld_and_never_alone(counts: list[int]) -> None:
    hidden = withheld(counts)

    assert {place for place, count in enumerate(counts) if count < LEAST} <= hidden
    assert len(hidden) != 1 or len(counts) == 1
