"""Service time: guards, days in China, hours of minutes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from db.clock import CHINA
from resolvers.rules.hours import (
    Frame,
    HoursFault,
    HoursPolicy,
    Rounding,
    Span,
    faults,
    hours_of,
    needs_second_look,
)

NINE = datetime(2026, 5, 20, 9, tzinfo=CHINA)
NOW = datetime(2026, 5, 22, 12, tzinfo=CHINA)


def span(hours: float, *, starts_at: datetime = NINE) -> Span:
    return Span(starts_at, starts_at + timedelta(hours=hours))


def test_span_that_fits_has_no_fault() -> None:
    frame = Frame(now=NOW, project=span(8), registered_on=date(2026, 5, 20), of_day={})

    assert faults(span(8), frame) == []


@pytest.mark.parametrize(
    ("given", "frame", "expected"),
    [
        (span(0), Frame(now=NOW), [HoursFault.ENDS_BEFORE_START]),
        (span(-1), Frame(now=NOW), [HoursFault.ENDS_BEFORE_START]),
        (span(0.01), Frame(now=NOW), [HoursFault.ENDS_BEFORE_START]),
        (span(60), Frame(now=NOW), [HoursFault.IN_THE_FUTURE]),
        (span(3), Frame(now=NOW, project=span(2)), [HoursFault.OUTSIDE_PROJECT]),
        (
            span(2),
            Frame(now=NOW, registered_on=date(2026, 5, 21)),
            [HoursFault.BEFORE_REGISTRATION],
        ),
        (
            span(2),
            Frame(now=NOW, of_day={date(2026, 5, 20): 23 * 60}),
            [HoursFault.TOO_LONG_A_DAY],
        ),
    ],
)
def test_span_that_does_not_fit_says_why(
    given: Span, frame: Frame, expected: list[HoursFault]
) -> None:
    assert list(faults(given, frame)) == expected


def test_make_up_project_may_record_what_lies_before_registration() -> None:
    frame = Frame(now=NOW, registered_on=date(2026, 5, 21), is_make_up=True)

    assert faults(span(2), frame) == []


def test_night_is_of_two_days_and_neither_too_long() -> None:
    night = span(8, starts_at=datetime(2026, 5, 20, 22, tzinfo=CHINA))

    assert night.minutes_by_day() == {date(2026, 5, 20): 120, date(2026, 5, 21): 360}
    assert faults(night, Frame(now=NOW), HoursPolicy(most_a_day=360)) == []


def test_spans_that_touch_do_not_overlap() -> None:
    assert not span(2).overlaps(span(2, starts_at=NINE + timedelta(hours=2)))
    assert span(2).overlaps(span(1, starts_at=NINE + timedelta(minutes=119)))


def test_long_day_is_looked_at_twice() -> None:
    assert needs_second_look(span(13), Frame(now=NOW))
    assert not needs_second_look(span(12), Frame(now=NOW))
    assert needs_second_look(span(2), Frame(now=NOW, of_day={date(2026, 5, 20): 11 * 60}))


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [
        (15, "0"),
        (16, "0.5"),
        (45, "0.5"),
        (46, "1"),
        (60, "1"),
        (75, "1"),
        (76, "1.5"),
        (119, "2"),
    ],
)
def test_local_rounding_by_halves(minutes: int, hours: str) -> None:
    assert hours_of(minutes, Rounding.HALF_HOURS) == Decimal(hours)


def test_exact_hours_have_two_decimals() -> None:
    assert [str(hours_of(minutes)) for minutes in (0, 50, 90, 61)] == [
        "0.00",
        "0.83",
        "1.50",
        "1.02",
    ]
