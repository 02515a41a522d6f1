"""How long a review has waited, in the stretches that a queue is read by."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from db.clock import CHINA


class ReviewAge(StrEnum):
    """For how many days a review has waited, by the calendar of China."""

    TODAY = "TODAY"
    WITHIN_3_DAYS = "WITHIN_3_DAYS"
    WITHIN_7_DAYS = "WITHIN_7_DAYS"
    OLDER = "OLDER"


DAYS = {ReviewAge.TODAY: 0, ReviewAge.WITHIN_3_DAYS: 3, ReviewAge.WITHIN_7_DAYS: 7}


def beginnings(now: datetime) -> dict[ReviewAge, datetime]:
    """When each stretch begins, the latest first; the oldest has no beginning."""
    today = datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
    return {age: today - timedelta(days=days) for age, days in DAYS.items()}


def stretch_of(age: ReviewAge, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The first moment of a stretch, and the first after it; None where it has no end."""
    starts = beginnings(now)
    ages = list(ReviewAge)
    at = ages.index(age)
    return starts.get(age), starts[ages[at - 1]] if at else None


def age_of(created_at: datetime, now: datetime) -> ReviewAge:
    """The stretch that a review of a moment is in."""
    starts = beginnings(now).items()
    return next((age for age, start in starts if created_at >= start), ReviewAge.OLDER)
