"""Where a record goes on once it was corrected, or once a dispute has changed nothing of it.

Hours that a correction adds take the course of hours that are entered now: entered small and
in time, a record would otherwise grow past the term, the region's review and all objections.
"""

from datetime import date
from typing import Any

from db.clock import CHINA
from db.enums import RecordStatus
from resolvers.records.policy import Course, RecordPolicy, course_of
from resolvers.rules.hours import Span


def stands_at(row: Any, today: date) -> RecordStatus:
    """The state to which a disputed record returns: public still, or effective."""
    publicity_to = row["publicity_to"]
    if publicity_to is not None and publicity_to >= today:
        return RecordStatus.NOT_EFFECTIVE
    return RecordStatus.EFFECTIVE


def is_reviewed(row: Any) -> bool:
    """Whether a record waits for the team above, and so has no publicity yet."""
    return row["status"] == RecordStatus.NOT_EFFECTIVE and row["publicity_to"] is None


def course_after(
    row: Any, span: Span, minutes: int, *, today: date, policy: RecordPolicy
) -> Course:
    """The course of a record of the span and the minutes; without further time, the one it had.

    What waits for a review already waits on: whoever was asked decides what it says by then.
    """
    if not _claims_further_time(row, span, minutes):
        status = RecordStatus(row["status"])
        return Course(
            status=stands_at(row, today) if status is RecordStatus.DISPUTED else status,
            publicity_from=row["publicity_from"],
            publicity_to=row["publicity_to"],
            is_overdue=row["is_overdue"],
            awaits_review=is_reviewed(row),
        )
    course = course_of(
        span.ends_at.astimezone(CHINA).date(),
        today=today,
        policy=policy,
        is_make_up=row["is_make_up"],
        reviews_hours=row["reviews_hours"],
    )
    if is_reviewed(row):
        return Course(
            status=RecordStatus.NOT_EFFECTIVE, is_overdue=course.is_overdue, awaits_review=True
        )
    return course


def _claims_further_time(row: Any, span: Span, minutes: int) -> bool:
    """Whether minutes are added, or lie where the record said nothing of service."""
    is_within = row["starts_at"] <= span.starts_at and span.ends_at <= row["ends_at"]
    return minutes > row["minutes"] or not is_within
