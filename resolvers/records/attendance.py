"""Records by check-in and check-out (App 打卡): opened, and completed by whoever comes first.

Both are steps of another's write, which holds the tree shared and the volunteer locked. A record
whose check-out is missing stays open, and counts for nothing, until the team completes it.
"""

from datetime import datetime

from db.clock import CHINA
from db.enums import RecordStatus, ReviewKind
from db.events import DomainEvent, SubjectType
from db.queries.records import attending, reviewing
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.acting import Refused
from resolvers.records import events
from resolvers.records.policy import POLICY, RecordPolicy, course_of
from resolvers.records.reviewers import reviewer_key
from resolvers.records.spans import TAKEN, TOO_LONG_A_DAY, bounds_of_day, span_errors
from resolvers.rules.hours import Frame, Span

NOT_OPEN = UserError(
    UserErrorCode.NOT_CHECKED_IN, "signUpId", "There is no check-in that waits for its end."
)


async def open_record(write: Write, sign_up_id: int, at: datetime, *, because: str) -> int:
    """The id of the record that a volunteer's check-in opens.

    Raises:
        Refused: another record of the volunteer takes that moment.
    """
    row = await attending.insert_open(write, sign_up_id, at)
    if row is None:
        raise Refused(TAKEN)
    write.record(
        DomainEvent(
            name="service_record.opened",
            subject_type=SubjectType.SERVICE_RECORD,
            subject_id=row["id"],
            because=because,
            payload={"volunteerId": row["volunteer_id"], "teamId": row["team_id"]},
        )
    )
    return int(row["id"])


async def complete_sign_up(
    write: Write,
    sign_up_id: int,
    at: datetime,
    *,
    now: datetime,
    because: str,
    policy: RecordPolicy = POLICY,
) -> int:
    """The id of the record that a volunteer's check-out completes.

    Raises:
        Refused: no record of the sign-up is open, or its span cannot be service time.
    """
    record_id = await attending.fetch_open_of(write, sign_up_id)
    if record_id is None:
        raise Refused(NOT_OPEN)
    await complete_record(write, record_id, at, now=now, because=because, policy=policy)
    return record_id


async def complete_record(
    write: Write,
    record_id: int,
    ends_at: datetime,
    *,
    now: datetime,
    because: str,
    unserved_minutes: int = 0,
    recorder_name: str | None = None,
    policy: RecordPolicy = POLICY,
) -> None:
    """Completes an open record; late, it waits for the review of late hours.

    A night's service that ends after midnight is one record of two days.

    Raises:
        Refused: it is not open any more, its span cannot be service time, or is taken.
    """
    row = await attending.fetch_open(write, record_id)
    if row is None or row["status"] != RecordStatus.OPEN:
        raise Refused(NOT_OPEN)
    span = Span(row["starts_at"], ends_at)
    if errors := span_errors(span, Frame(now=now), policy.hours):
        raise Refused(*errors)
    today = now.astimezone(CHINA).date()
    minutes = max(0, span.minutes - unserved_minutes)
    course = course_of(
        ends_at.astimezone(CHINA).date(),
        today=today,
        policy=policy,
        is_make_up=bool(row["is_make_up"]),
        reviews_hours=row["reviews_hours"],
    )
    found = await attending.complete(
        write,
        record_id,
        attending.Completion(
            ends_at=ends_at,
            minutes=minutes,
            status=course.status.value,
            publicity_from=course.publicity_from,
            publicity_to=course.publicity_to,
            is_overdue=course.is_overdue,
            day=bounds_of_day(span.starts_at),
            most_a_day=policy.hours.most_a_day,
            alert_above=policy.hours.alert_above,
            recorder_id=write.account_id,
            recorder_name=recorder_name,
        ),
    )
    if found["clashes"]:
        raise Refused(TAKEN)
    if found["of_day"] + minutes > policy.hours.most_a_day:
        raise Refused(TOO_LONG_A_DAY)
    if course.awaits_review:
        reviewer = await reviewer_key(write, row["team_id"], ReviewKind.LATE_HOURS)
        await reviewing.insert_reviews(
            write, row["team_id"], ReviewKind.LATE_HOURS.value, [record_id], reviewer=reviewer
        )
    write.record(
        events.happened(
            "completed",
            events.Subject(record_id, row["volunteer_id"], row["team_id"]),
            because,
            minutes=minutes,
            status=course.status,
        )
    )
