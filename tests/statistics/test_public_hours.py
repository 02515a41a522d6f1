"""Hours are published where ten persons serve, and of no fewer can they be worked out."""

from hypothesis import example, given
from hypothesis import strategies as st

from resolvers.publication import Served, hours_withheld
from resolvers.suppression import LEAST

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
