"""What a station settles of service records where the sources leave it open, and what follows."""

from dataclasses import dataclass
from datetime import date, timedelta

from db.enums import RecordStatus
from resolvers.rules.hours import POLICY as HOURS
from resolvers.rules.hours import HoursPolicy
from resolvers.rules.working_days import is_overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPolicy:
    """How long records are public before they count (0: not at all), and what a day may hold.

    A dispute is answered promptly within ``answer_days`` working days.
    """

    publicity_days: int = 5
    answer_days: int = 10
    hours: HoursPolicy = HOURS


POLICY = RecordPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """In which state a record begins, and when it will count.

    What waits for a review has no publicity yet, so that the clock passes it by.
    """

    status: RecordStatus
    publicity_from: date | None = None
    publicity_to: date | None = None
    is_overdue: bool = False
    awaits_review: bool = False


def course_of(
    ended_on: date,
    *,
    today: date,
    policy: RecordPolicy,
    is_make_up: bool = False,
    reviews_hours: bool = False,
) -> Course:
    """The course of a record that is entered today of a service that ended on a day.

    A late entry is reviewed above the team, as is every one where the region asks for it. One of a
    make-up project (补录) was reviewed with the project.
    """
    late = is_overdue(ended_on, today=today)
    if (late or reviews_hours) and not is_make_up:
        return Course(status=RecordStatus.NOT_EFFECTIVE, is_overdue=late, awaits_review=True)
    return published(today, policy, is_overdue=late)


def published(today: date, policy: RecordPolicy, *, is_overdue: bool = False) -> Course:
    """The course of a record that nobody need decide any more: public, then effective."""
    if policy.publicity_days == 0:
        return Course(status=RecordStatus.EFFECTIVE, is_overdue=is_overdue)
    return Course(
        status=RecordStatus.NOT_EFFECTIVE,
        publicity_from=today,
        publicity_to=today + timedelta(days=policy.publicity_days),
        is_overdue=is_overdue,
    )
