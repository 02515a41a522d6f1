"""How long a review has waited, by the calendar of China."""

from datetime import UTC, datetime, timedelta

import pytest

from resolvers.review_ages import ReviewAge, age_of, stretch_of

NOW = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)  # noon of the 20th in China
MIDNIGHT = datetime(2026, 5, 19, 16, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("created_at", "age"),
    [
        (NOW, ReviewAge.TODAY),
        (MIDNIGHT, ReviewAge.TODAY),
        (MIDNIGHT - INSTANT, ReviewAge.WITHIN_3_DAYS),
        (MIDNIGHT - timedelta(days=3), ReviewAge.WITHIN_3_DAYS),
        (MIDNIGHT - timedelta(days=3) - INSTANT, ReviewAge.WITHIN_7_DAYS),
        (MIDNIGHT - timedelta(days=7), ReviewAge.WITHIN_7_DAYS),
        (MIDNIGHT - timedelta(days=7) - INSTANT, ReviewAge.OLDER),
        (NOW - timedelta(days=900), ReviewAge.OLDER),
    ],
)
def test_every_moment_is_in_one_stretch(created_at: datetime, age: ReviewAge) -> None:
    def holds(each: ReviewAge) -> bool:
        first, end = stretch_of(each, NOW)
        return (first is None or first <= created_at) and (end is None or created_at < end)

    assert age_of(created_at, NOW) is age
    assert [each for each in ReviewAge if holds(each)] == [age]
