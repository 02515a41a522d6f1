"""Deadlines in working days: holidays, moved working days, and years nobody has named yet."""

from datetime import date

import pytest

from resolvers.rules.working_days import (
    add_working_days,
    is_overdue,
    is_working_day,
    recording_deadline,
)


@pytest.mark.parametrize(
    ("ended_on", "deadline"),
    [
        (date(2026, 9, 28), date(2026, 10, 16)),  # over the national holiday, with 调休
        (date(2026, 2, 10), date(2026, 3, 2)),  # over the spring festival
        (date(2026, 5, 22), date(2026, 6, 5)),  # ordinary weeks
        (date(2026, 5, 23), date(2026, 6, 5)),  # a Saturday ends like its Friday
        (date(2031, 10, 1), date(2031, 10, 15)),  # no calendar: Monday to Friday
    ],
)
def test_tenth_working_day_after_the_end(ended_on: date, deadline: date) -> None:
    """DOMAIN §11.30."""
    assert recording_deadline(ended_on) == deadline


def test_deadline_counts_over_the_end_of_the_calendar() -> None:
    """DOMAIN §11.30."""
    last_known = date(2026, 12, 30)

    assert add_working_days(last_known, 3) == date(2027, 1, 4)


def test_moved_working_day_counts_and_holiday_does_not() -> None:
    """DOMAIN §11.30."""
    assert is_working_day(date(2026, 10, 10))  # a Saturday, worked
    assert not is_working_day(date(2026, 10, 5))  # a Monday, free


def test_last_day_is_in_time_and_the_next_is_not() -> None:
    ended_on = date(2026, 9, 28)

    assert not is_overdue(ended_on, today=date(2026, 10, 16))
    assert is_overdue(ended_on, today=date(2026, 10, 17))
