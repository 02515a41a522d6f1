"""Periods of figures: 0 for all time, a month as 202611, a day as 20261122 (DESIGN §9).

A figure up to a day is that of all time less what came after, and a figure of a stretch is a sum of
whole months and the days at its ends: never of every day since the beginning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ALL_TIME = 0
FIRST_DAY = 1_000_000
"""Periods from here on are days."""
_ONE = timedelta(days=1)


class Granularity(StrEnum):
    """How fine a series is."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from the first to the last, both included; without a first, since the beginning."""

    since: date | None
    until: date

    def periods(self, today: date) -> Mapping[int, int]:
        """The periods whose sum is the figure of the stretch, each with its sign.

        Nothing counts on a day to come: what is known of all time is known up to today.
        """
        if self.since is not None:
            return dict.fromkeys(_covering(self.since, self.until), 1)
        if self.until >= today:
            return {ALL_TIME: 1}
        later = _covering(self.until + _ONE, last_of_month(today))
        return {ALL_TIME: 1} | dict.fromkeys(later, -1)

    @property
    def is_of_months(self) -> bool:
        """Whether it begins and ends with a month, as breakdowns are kept."""
        begins = self.since is None or self.since.day == 1
        return begins and self.until == last_of_month(self.until)


def month_of(day: date) -> int:
    """The period of a day's month."""
    return day.year * 100 + day.month


def day_of(day: date) -> int:
    """The period of a day."""
    return month_of(day) * 100 + day.day


def first_of_month(day: date, back: int = 0) -> date:
    """The first day of the month so many months before the day's."""
    index = day.year * 12 + day.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def last_of_month(day: date) -> date:
    """The last day of the day's month."""
    return first_of_month(day, -1) - _ONE


def month_sql(day: str) -> str:
    """The period of the month of a day."""
    return f"(date_part('year', {day}) * 100 + date_part('month', {day}))::int"


def day_sql(day: str) -> str:
    """The period of a day."""
    return f"({month_sql(day)} * 100 + date_part('day', {day}))::int"


def stretches(since: date, until: date, by: Granularity) -> Iterator[Stretch]:
    """The parts of a stretch by calendar day, month or year, in order."""
    begin = since
    while begin <= until:
        match by:
            case Granularity.DAY:
                end = begin
            case Granularity.MONTH:
                end = last_of_month(begin)
            case Granularity.YEAR:
                end = date(begin.year, 12, 31)
        yield Stretch(begin, min(end, until))
        begin = end + _ONE


def _covering(since: date, until: date) -> Iterator[int]:
    """Whole months where they fit, days where they do not."""
    day = since
    while day <= until:
        end = last_of_month(day)
        if day.day == 1 and end <= until:
            yield month_of(day)
            day = end + _ONE
        else:
            yield day_of(day)
            day += _ONE
