"""Working days of the mainland, and the deadlines that are counted in them (DOMAIN §7.2)."""

from datetime import date, timedelta

import chinese_calendar

RECORDING_DAYS = 10  # 志愿服务记录与证明出具办法, art. 11
SATURDAY = 5
_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether people work on that day: holidays and moved working days (调休) are counted in.

    The State Council names them a year ahead; for a year that the calendar does not hold, Monday
    to Friday are taken.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after a day, which itself is not counted."""
    while count > 0:
        day += _DAY
        count -= is_working_day(day)
    return day


def recording_deadline(ended_on: date) -> date:
    """The last day on which the records and evaluations of an activity are in time."""
    return add_working_days(ended_on, RECORDING_DAYS)


def is_overdue(ended_on: date, *, today: date) -> bool:
    """Whether what is recorded today of an activity comes too late."""
    if today <= ended_on + RECORDING_DAYS * _DAY:
        return False  # so many days hold no more working days; the calendar is slow to say it
    return today > recording_deadline(ended_on)
