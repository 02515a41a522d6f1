"""What a decision does to records: to volunteers' applications, and to late hours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.clock import CHINA
from db.enums import RecordStatus, ReviewKind, VolunteerStatus
from db.lock_order import Rank
from db.queries import sign_up_ends
from db.queries.deciding import ReviewKnown
from db.queries.records import changing, reviewing
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.records import events
from resolvers.records.policy import POLICY, Course, RecordPolicy, published
from resolvers.records.reviewers import reviewer_key
from resolvers.records.revised import is_reviewed
from resolvers.review_ruling import FIELD, Refusals, Ruling
from resolvers.rules import states

STOPPED = UserError(UserErrorCode.WRONG_STATE, FIELD, "The volunteer is disabled or has withdrawn.")
NOT_WAITING = UserError(UserErrorCode.ALREADY_DECIDED, FIELD, "This record waits for nobody.")


@dataclass(frozen=True, slots=True)
class RecordReview:
    """A record that a volunteer applied for, or that came too late, goes on its way or ends.

    An application that the team approves too late is reviewed above it, as a late entry is.
    """

    kind: ReviewKind
    policy: RecordPolicy = POLICY
    must_say_why: bool = True

    async def rows(
        self, write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The volunteers, under whose locks their records change."""
        found = await changing.fetch_ends(write, [each.subject_id for each in reviews])
        return {Rank.VOLUNTEER: {row.volunteer_id for row in found.values()}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Lets them go on, or refuses them."""
        records = await changing.fetch_records(write, [each.subject_id for each in reviews])
        today = ruling.now.astimezone(CHINA).date()
        refusals: dict[int, UserError] = {}
        done: list[ReviewKnown] = []
        for each in reviews:
            error = self._error(records[each.subject_id], approves=ruling.approves)
            if error is None:
                done.append(each)
            else:
                refusals[each.id] = error
        if ruling.approves:
            courses = {
                each.subject_id: self._course(records[each.subject_id], today) for each in done
            }
            await self._approve(write, records, courses)
            if self.kind is ReviewKind.RECORD_APPLICATION:
                # Who organised the service says that the volunteer was there.
                await sign_up_ends.attend_as_recorded(write, courses)
        else:
            courses = {each.subject_id: Course(status=self._refused) for each in done}
            await self._refuse(write, list(courses), ruling.opinion)
        self._tell(write, done, records, courses, ruling)
        return refusals

    @property
    def _refused(self) -> RecordStatus:
        """An application is refused; an entry that nobody lets count is void."""
        is_application = self.kind is ReviewKind.RECORD_APPLICATION
        return RecordStatus.REJECTED if is_application else RecordStatus.VOID

    def _error(self, record: Any, *, approves: bool) -> UserError | None:
        now = RecordStatus(record["status"])
        waits = (
            now is RecordStatus.APPLIED
            if self.kind is ReviewKind.RECORD_APPLICATION
            else is_reviewed(record)
        )
        if not waits:
            return NOT_WAITING
        if not approves:
            return states.RECORD.refusal(now, self._refused, field=FIELD)
        if record["volunteer_status"] != VolunteerStatus.ENABLED:
            return STOPPED
        return None

    def _course(self, record: Any, today: date) -> Course:
        is_late = record["is_overdue"]
        is_application = self.kind is ReviewKind.RECORD_APPLICATION
        goes_up = is_late or record["reviews_hours"]
        if is_application and goes_up and not record["is_make_up"]:
            return Course(status=RecordStatus.NOT_EFFECTIVE, is_overdue=is_late, awaits_review=True)
        return published(today, self.policy, is_overdue=is_late)

    async def _approve(
        self, write: Write, records: Mapping[int, Any], courses: Mapping[int, Course]
    ) -> None:
        await changing.settle(
            write,
            {
                record_id: (course.status, course.publicity_from, course.publicity_to)
                for record_id, course in courses.items()
            },
        )
        waiting: dict[int, list[int]] = {}
        for record_id, course in courses.items():
            if course.awaits_review:
                waiting.setdefault(records[record_id]["team_id"], []).append(record_id)
        for team_id, ids in waiting.items():
            reviewer = await reviewer_key(write, team_id, ReviewKind.LATE_HOURS)
            await reviewing.insert_reviews(
                write, team_id, ReviewKind.LATE_HOURS.value, ids, reviewer=reviewer
            )

    async def _refuse(self, write: Write, ids: Sequence[int], opinion: str | None) -> None:
        reason = opinion if self._refused is RecordStatus.VOID else None
        await changing.leave(write, ids, self._refused, void_reason=reason)

    def _tell(
        self,
        write: Write,
        done: Sequence[ReviewKnown],
        records: Mapping[int, Any],
        courses: Mapping[int, Course],
        ruling: Ruling,
    ) -> None:
        for each in done:
            record = records[each.subject_id]
            write.record(
                events.happened(
                    "approved" if ruling.approves else "refused",
                    events.Subject(each.subject_id, record["volunteer_id"], record["team_id"]),
                    ruling.because[each.id],
                    minutes=record["minutes"],
                    status=courses[each.subject_id].status,
                    reviewId=each.id,
                )
            )
