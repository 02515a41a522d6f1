"""Correcting a record in a new revision, voiding it with a reason, completing an open one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from db.clock import CHINA
from db.enums import DisputeOutcome, RecordStatus, ReviewKind
from db.lock_order import Rank
from db.queries.records import changing, reviewing
from db.write import Writable
from permissions.actions import Action
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, refuse_if_any
from resolvers.outcomes import Outcome
from resolvers.records.attendance import complete_record
from resolvers.records.entry import Entry, form_errors
from resolvers.records.judging import NOTHING_LEFT
from resolvers.records.keeping import FIELD, Act, Held, act, require_reason
from resolvers.records.policy import POLICY, RecordPolicy
from resolvers.records.reviewers import reviewer_key
from resolvers.records.revised import course_after, is_reviewed
from resolvers.records.spans import (
    TAKEN,
    TOO_LONG_A_DAY,
    bounds_of_day,
    moment_errors,
    span_errors,
)
from resolvers.rules.hours import Frame, Span

CORRECTABLE = frozenset({RecordStatus.NOT_EFFECTIVE, RecordStatus.EFFECTIVE, RecordStatus.DISPUTED})
NOTHING_CHANGES = UserError(
    UserErrorCode.REQUIRED, "changes", "A correction changes something of the record."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a record is to say instead; None leaves it."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    unserved_minutes: int | None = None
    activity_name: str | None = None
    content: str | None = None
    place: str | None = None
    targets: Sequence[str] | None = None
    contact_name: str | None = None
    note: str | None = None

    def as_input(self) -> dict[str, Any]:
        """What is given, by name."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in given.items() if value is not None}


async def correct_record(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    changes: Changes,
    idempotency_key: str | None,
    *,
    reason: str,
    now: datetime,
    policy: RecordPolicy = POLICY,
) -> Outcome:
    """The record in its next revision; what it said before is kept, with the reason.

    What the volunteer disputed is answered by it. Further hours are public before they count, and
    reviewed above the team where an entry of today would be.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the team's records.
    """

    async def do(held: Held) -> None:
        why = require_reason(reason)
        if not changes.as_input():
            raise Refused(NOTHING_CHANGES)
        if held.status not in CORRECTABLE:
            raise Refused(_not_correctable(held.status))
        entry = _entry(held.row, changes)
        refuse_if_any(form_errors(entry))
        span = Span(entry.starts_at, entry.ends_at)
        refuse_if_any(span_errors(span, _frame(held), policy.hours))
        minutes = span.minutes - entry.unserved_minutes
        if minutes < 1:
            raise Refused(NOTHING_LEFT)
        course = course_after(held.row, span, minutes, today=held.today, policy=policy)
        found = await changing.correct(
            held.write,
            record_id,
            changing.Correction(
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                minutes=minutes,
                activity_name=entry.activity_name or "",
                content=entry.content,
                place=entry.place or "",
                targets=entry.targets or (),
                contact_name=entry.contact_name,
                note=entry.note,
                status=course.status,
                publicity_from=course.publicity_from,
                publicity_to=course.publicity_to,
                is_overdue=course.is_overdue,
                post_id=held.row["post_id"],
                day=bounds_of_day(span.starts_at),
                most_a_day=policy.hours.most_a_day,
                alert_above=policy.hours.alert_above,
            ),
        )
        if found["clashes"] or found["of_day"] + minutes > policy.hours.most_a_day:
            raise Refused(TAKEN if found["clashes"] else TOO_LONG_A_DAY)
        await changing.keep_revision(held.write, held.row, why)
        if held.status is _DISPUTED:
            await changing.answer_dispute(held.write, record_id, DisputeOutcome.CORRECTED, why)
        if course.awaits_review and not is_reviewed(held.row):
            await _ask_above(held)
        held.tell(
            "corrected",
            status=course.status,
            minutes=minutes,
            revision=held.row["revision"] + 1,
            fields=[*sorted(changes.as_input())],
            minutesBefore=held.row["minutes"],
            statusBefore=held.status.value,
            awaitsReview=course.awaits_review,
        )

    given = Act(
        name="correctRecord",
        action=Action.RECORD_CORRECT,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={**changes.as_input(), "reason": reason},
        of_own=False,
    )
    return await act(database, viewer, given, do)


async def _ask_above(held: Held) -> None:
    """Puts a record, effective or public until now, before whoever reviews late hours."""
    team_id = held.row["team_id"]
    reviewer = await reviewer_key(held.write, team_id, ReviewKind.LATE_HOURS)
    await reviewing.insert_reviews(
        held.write, team_id, ReviewKind.LATE_HOURS.value, [held.row["id"]], reviewer=reviewer
    )


async def void_record(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    reason: str,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The record, void for a reason; it stays to be read, and counts for nothing.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the team's records.
    """

    async def do(held: Held) -> None:
        why = require_reason(reason)
        held.require(RecordStatus.VOID)
        await void_held(held, why)

    given = Act(
        name="voidRecord",
        action=Action.RECORD_VOID,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={"reason": reason},
    )
    return await act(database, viewer, given, do)


async def void_held(held: Held, why: str) -> None:
    """Voids a record that is held and may be voided, and answers what was disputed of it."""
    record_id = held.row["id"]
    await changing.leave(held.write, [record_id], RecordStatus.VOID, void_reason=why)
    if held.status is _DISPUTED:
        await changing.answer_dispute(held.write, record_id, DisputeOutcome.VOIDED, why)
    held.write.locking(Rank.REVIEW)
    await reviewing.withdraw_reviews(held.write, [record_id])
    held.tell(
        "voided",
        status=RecordStatus.VOID,
        minutes=held.row["minutes"],
        statusBefore=held.status.value,
    )


async def complete_open_record(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    ends_at: datetime,
    idempotency_key: str | None,
    *,
    unserved_minutes: int,
    now: datetime,
    policy: RecordPolicy = POLICY,
) -> Outcome:
    """A record whose check-out is missing, completed by the team (DOMAIN §11.16).

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the team's records.
    """

    async def do(held: Held) -> None:
        refuse_if_any(moment_errors("endsAt", ends_at))
        if unserved_minutes < 0 or (
            held.status is RecordStatus.OPEN
            and unserved_minutes >= Span(held.row["starts_at"], ends_at).minutes > 0
        ):
            raise Refused(NOTHING_LEFT)
        await complete_record(
            held.write,
            record_id,
            ends_at,
            now=held.now,
            because=held.because,
            unserved_minutes=unserved_minutes,
            recorder_name=viewer.display_name,
            policy=policy,
        )

    given = Act(
        name="completeRecord",
        action=Action.RECORD_CORRECT,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={"ends_at": ends_at, "unserved_minutes": unserved_minutes},
        of_own=False,
    )
    return await act(database, viewer, given, do)


_DISPUTED = RecordStatus.DISPUTED


def _entry(row: Any, changes: Changes) -> Entry:
    """The record as an entry, with the changes."""
    span = Span(row["starts_at"], row["ends_at"])
    said = Entry(
        volunteer_id=row["volunteer_id"],
        project_id=row["project_id"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        unserved_minutes=span.minutes - row["minutes"],
        activity_name=row["activity_name"],
        content=row["content"],
        place=row["place"],
        targets=row["targets"],
        contact_name=row["contact_name"],
        note=row["note"],
    )
    return replace(said, **changes.as_input())


def _frame(held: Held) -> Frame:
    row = held.row
    begins, ends = row["project_starts_at"], row["project_ends_at"]
    return Frame(
        now=held.now,
        project=Span(begins, ends) if begins is not None else None,
        registered_on=row["registered_at"].astimezone(CHINA).date(),
        is_make_up=row["is_make_up"],
    )


def _not_correctable(status: RecordStatus) -> UserError:
    return UserError(
        UserErrorCode.WRONG_STATE, FIELD, f"A record that is {status.value} is not corrected."
    )
