"""Spans of service: what is wrong with one, in the words of user errors."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from db.clock import CHINA
from permissions.errors import UserError, UserErrorCode
from resolvers.rules.hours import HoursFault

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
_DAY = timedelta(days=1)


def fault_errors(found: Sequence[HoursFault]) -> Sequence[UserError]:
    """The user errors of what is wrong with a span."""
    return [FAULTS[each] for each in found]


def bounds_of_day(moment: datetime) -> tuple[datetime, datetime]:
    """From the midnight in China before a moment until the next one."""
    begun = moment.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return begun, begun + _DAY
