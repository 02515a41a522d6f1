"""Service time: whole minutes of a span, what it may be, and hours derived from it (DOMAIN §7.1).

What is recorded is the time actually given, without the way there and back; a client sends when
it began and ended, never a number of hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from db.clock import CHINA

MINUTE = timedelta(minutes=1)
MINUTES_IN_HOUR = 60
UP_TO_NOTHING, UP_TO_HALF = 15, 45


class Rounding(StrEnum):
    """How a region makes hours of minutes."""

    EXACT = "EXACT"
    HALF_HOURS = "HALF_HOURS"


class HoursFault(StrEnum):
    """Why a span cannot be service time."""

    ENDS_BEFORE_START = "ENDS_BEFORE_START"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    OUTSIDE_PROJECT = "OUTSIDE_PROJECT"
    BEFORE_REGISTRATION = "BEFORE_REGISTRATION"
    TOO_LONG_A_DAY = "TOO_LONG_A_DAY"


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment until another, which is not part of it."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """The whole minutes of the span."""
        return (self.ends_at - self.starts_at) // MINUTE

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a moment; one that begins as the other ends does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def minutes_by_day(self) -> Mapping[date, int]:
        """The minutes on each day in China; a night's service is of two days."""
        found: dict[date, int] = {}
        begun, ends = self.starts_at.astimezone(CHINA), self.ends_at.astimezone(CHINA)
        while begun < ends:
            midnight = datetime.combine(
                begun.date() + timedelta(days=1), datetime.min.time(), CHINA
            )
            until = min(midnight, ends)
            found[begun.date()] = (until - begun) // MINUTE
            begun = until
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPolicy:
    """What a station bounds: the most minutes of a day, and from where on people look twice."""

    most_a_day: int = 24 * MINUTES_IN_HOUR
    alert_above: int = 12 * MINUTES_IN_HOUR


POLICY = HoursPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a span of service must fit into; what is None does not bound it.

    ``of_day`` is what the volunteer has on each day already. A make-up project (补录) may record
    what lies before the registration.
    """

    now: datetime
    project: Span | None = None
    registered_on: date | None = None
    is_make_up: bool = False
    of_day: Mapping[date, int] | None = None


def faults(span: Span, frame: Frame, policy: HoursPolicy = POLICY) -> Sequence[HoursFault]:
    """Why the span cannot be recorded; empty if it can."""
    if span.minutes < 1:
        return (HoursFault.ENDS_BEFORE_START,)
    found = []
    if span.ends_at > frame.now:
        found.append(HoursFault.IN_THE_FUTURE)
    if frame.project is not None and not (
        frame.project.starts_at <= span.starts_at and span.ends_at <= frame.project.ends_at
    ):
        found.append(HoursFault.OUTSIDE_PROJECT)
    began_on = span.starts_at.astimezone(CHINA).date()
    if frame.registered_on is not None and not frame.is_make_up and began_on < frame.registered_on:
        found.append(HoursFault.BEFORE_REGISTRATION)
    if any(minutes > policy.most_a_day for minutes in _totals(span, frame).values()):
        found.append(HoursFault.TOO_LONG_A_DAY)
    return found


def needs_second_look(span: Span, frame: Frame, policy: HoursPolicy = POLICY) -> bool:
    """Whether a day of the volunteer is so long that somebody should ask."""
    return any(minutes > policy.alert_above for minutes in _totals(span, frame).values())


def hours_of(minutes: int, rounding: Rounding = Rounding.EXACT) -> Decimal:
    """The hours that a region shows for minutes: to two decimals, or by halves.

    By halves (重庆 志愿山城) 15 minutes of a begun hour are nothing, 45 a half, more a whole one.
    """
    if rounding is Rounding.EXACT:
        exact = Decimal(minutes) / MINUTES_IN_HOUR
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole, rest = divmod(minutes, MINUTES_IN_HOUR)
    if rest <= UP_TO_NOTHING:
        return Decimal(whole)
    return Decimal(whole) + (Decimal("0.5") if rest <= UP_TO_HALF else 1)


def _totals(span: Span, frame: Frame) -> Mapping[date, int]:
    before = frame.of_day or {}
    return {day: minutes + before.get(day, 0) for day, minutes in span.minutes_by_day().items()}
