"""Which cells of a published table are withheld, so that no small count can be worked out.

Counts under ``LEAST`` are withheld. Their sum follows from the total, so that others are withheld
with them, taken in the order of the table and not by their size, which would tell what it is. They
are enough when the sum leaves every small count anything from 0 to ``LEAST - 1``. Even who knows
this rule finds at least five values possible for each (``tests/statistics/test_suppression.py``).
"""

from collections.abc import Sequence

LEAST = 10
# How many values what is withheld must be able to take.
OPEN = 5


def withheld(counts: Sequence[int]) -> frozenset[int]:
    """The places of the counts to withhold, of a table whose total is published."""
    small = [place for place, count in enumerate(counts) if count < LEAST]
    if not small:
        return frozenset()
    others = [place for place, count in enumerate(counts) if count >= LEAST]
    total = sum(counts[place] for place in small)
    for taken, place in enumerate(others, 1):
        total += counts[place]
        if total >= (LEAST - 1) * len(small) + LEAST * taken:
            return frozenset([*small, *others[:taken]])
    return frozenset(range(len(counts)))


def published(counts: Sequence[int], rest: int) -> list[int | None]:
    """The counts as published, None where withheld.

    ``rest`` is what the total holds beside them; it is never published, and if it is small, it
    must not follow from what is.
    """
    cells = [*counts, rest] if rest else [*counts]
    hidden = withheld(cells)
    return [None if place in hidden else count for place, count in enumerate(counts)]
