"""Spans of service: what is wrong with one, in the words of user errors."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from db.clock import CHINA
from permissions.errors import UserError, UserErrorCode
from resolvers.rules.hours import Frame, HoursFault, HoursPolicy, Span, faults

TAKEN = UserError(
    UserErrorCode.TIME_CONFLICT, "startsAt", "The volunteer has another record at that time."
)
TOO_LONG_A_DAY = UserError(
    UserErrorCode.TOO_LONG_A_DAY, "endsAt", "The volunteer's day would be longer than it may be."
)
FAULTS: Mapping[HoursFault, UserError] = {
    HoursFault.ENDS_BEFORE_START: UserError(
        UserErrorCode.ENDS_BEFORE_START, "endsAt", "Service ends a minute after its start or later."
    ),
    HoursFault.IN_THE_FUTURE: UserError(
        UserErrorCode.IN_THE_FUTURE, "endsAt", "Only service that has ended is recorded."
    ),
    HoursFault.OUTSIDE_PROJECT: UserError(
        UserErrorCode.OUTSIDE_PROJECT, "startsAt", "The project was not going on at that time."
    ),
    HoursFault.BEFORE_REGISTRATION: UserError(
        UserErrorCode.BEFORE_REGISTRATION,
        "startsAt",
        "The volunteer was not registered then; a make-up project records such service.",
    ),
    HoursFault.TOO_LONG_A_DAY: TOO_LONG_A_DAY,
}
EARLIEST, LATEST = 1949, 2999
LONGEST = timedelta(days=3)
TOO_LONG = UserError(
    UserErrorCode.TOO_LONG_A_DAY, "endsAt", f"One record is of at most {LONGEST.days} days."
)
_DAY = timedelta(days=1)


def moment_errors(field: str, moment: datetime) -> Sequence[UserError]:
    """What is wrong with a moment itself, whatever happened then."""
    if moment.tzinfo is None:
        return [UserError(UserErrorCode.INVALID, field, "A time says its offset, as in +08:00.")]
    if not EARLIEST <= moment.year <= LATEST:
        return [UserError(UserErrorCode.INVALID, field, "There was no such time.")]
    return ()


def span_errors(span: Span, frame: Frame, policy: HoursPolicy) -> Sequence[UserError]:
    """What is wrong with a span of service."""
    if span.ends_at - span.starts_at > LONGEST:
        return [TOO_LONG]
    return [FAULTS[each] for each in faults(span, frame, policy)]


def bounds_of_day(moment: datetime) -> tuple[datetime, datetime]:
    """From the midnight in China before a moment until the next one."""
    begun = moment.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return begun, begun + _DAY
