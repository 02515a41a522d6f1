"""Thresholds of stars."""

import pytest

from resolvers.rules.stars import StarThreshold, minutes_to_next, stars_for


@pytest.mark.parametrize(
    ("hours", "stars"),
    [
        (0, 0),
        (99, 0),
        (100, 1),
        (300, 2),
        (599, 2),
        (600, 3),
        (1000, 4),
        (1499, 4),
        (1500, 5),
        (9000, 5),
    ],
)
def test_hours_reach_stars(hours: int, stars: int) -> None:
    assert stars_for(hours * 60) == stars


def test_one_minute_short_is_short() -> None:
    assert stars_for(100 * 60 - 1) == 0
    assert minutes_to_next(100 * 60 - 1) == 1
    assert minutes_to_next(1500 * 60) is None


def test_thresholds_are_data() -> None:
    local = (StarThreshold(1, 50),)

    assert stars_for(50 * 60, local) == 1
