"""Taking back what waits for a reviewer: by who applied, or by the team whose item it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from db.enums import (
    MembershipStatus,
    ProjectStatus,
    RecordStatus,
    ReviewKind,
    ReviewState,
    TeamStatus,
)
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding, membership_changes, projects, team_changes
from db.queries.deciding import ReviewKnown
from db.queries.entities import REVIEW
from db.queries.records import changing
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.review_effects import EFFECTS

FIELD = "reviewId"
TAKEN_BACK = "申请人撤回"
NO_SUCH_REVIEW = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such review.")
DECIDED = UserError(UserErrorCode.ALREADY_DECIDED, FIELD, "This does not wait any more.")
NOT_HERE = UserError(
    UserErrorCode.NOT_DECIDED_HERE, FIELD, "Reviews of this kind are not taken back here."
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What becomes of the subject, and the event that tells of it."""

    event: str
    subject: SubjectType
    undo: Callable[[Write, ReviewKnown], Awaitable[None]]


async def _drop_team(write: Write, review: ReviewKnown) -> None:
    await deciding.set_team_status(write, review.subject_id, TeamStatus.DRAFT)


async def _keep_team(write: Write, review: ReviewKnown) -> None:
    await team_changes.settle(write, [review.subject_id])


async def _leave(write: Write, review: ReviewKnown) -> None:
    await membership_changes.set_status(write, review.subject_id, MembershipStatus.LEFT)


async def _draft_project(write: Write, review: ReviewKnown) -> None:
    await projects.set_status(write, [review.subject_id], ProjectStatus.DRAFT)


async def _void_record(write: Write, review: ReviewKnown) -> None:
    await changing.leave(write, [review.subject_id], RecordStatus.VOID, void_reason=TAKEN_BACK)


async def _nothing(_write: Write, _review: ReviewKnown) -> None:
    """The subject was never touched by asking."""


_TEAM = SubjectType.TEAM
WITHDRAWALS: Mapping[ReviewKind, Withdrawal] = {
    ReviewKind.TEAM_REGISTRATION: Withdrawal("team.registration_withdrawn", _TEAM, _drop_team),
    ReviewKind.TEAM_CHANGE: Withdrawal("team.change_withdrawn", _TEAM, _keep_team),
    ReviewKind.TEAM_MOVE: Withdrawal("team.move_withdrawn", _TEAM, _nothing),
    ReviewKind.PERMISSION_GROUP: Withdrawal("team.group_withdrawn", _TEAM, _nothing),
    ReviewKind.MEMBERSHIP: Withdrawal("membership.left", SubjectType.MEMBERSHIP, _leave),
    ReviewKind.PROJECT_PUBLICATION: Withdrawal(
        "project.withdrawn", SubjectType.PROJECT, _draft_project
    ),
    ReviewKind.RECORD_APPLICATION: Withdrawal(
        "service_record.withdrawn", SubjectType.SERVICE_RECORD, _void_record
    ),
}


async def withdraw_review(
    database: Writable, viewer: Viewer, review_id: int, idempotency_key: str | None
) -> Outcome:
    """The review, withdrawn, and its subject as it was before it was asked for.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the review and did not ask for it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        # SECURITY: a hidden review is a missing one, before anything is said of it.
        known = await deciding.fetch_reviews(write, [review_id])
        if not known or review_id not in await ids_in_scope(write, viewer, REVIEW, [review_id]):
            raise Refused(NO_SUCH_REVIEW)
        (review,) = known
        withdrawal = WITHDRAWALS.get(review.kind)
        if withdrawal is None:
            raise Refused(NOT_HERE)
        await _lock(write, review)
        facts = (await gather(write, REVIEW.name, [review_id]))[review_id]
        now = await as_of_now(write, viewer)
        decision = decide(Action.REVIEW_WITHDRAW, now, facts)
        if not decision.allowed:
            raise Forbidden(f"Only who applied may take it back: {decision.because}.")
        if facts.state is not ReviewState.PENDING:
            raise Refused(DECIDED)
        await withdrawal.undo(write, review)
        await deciding.end_reviews(write, [review_id], ReviewState.WITHDRAWN, None)
        accounts: tuple[int, ...] = ()
        if withdrawal.subject is SubjectType.TEAM:
            accounts = await deciding.fetch_admins(write, [review.subject_id])
        write.record(
            DomainEvent(
                name=withdrawal.event,
                subject_type=withdrawal.subject,
                subject_id=review.subject_id,
                because=decision.because,
                payload={"reviewId": review_id, "teamId": review.team_id},
                detail={"reviewId": review_id},
                standing_of=accounts,
            )
        )
        return succeeded(review_id)

    request = Request(action="withdrawReview", key=idempotency_key, input={"review_id": review_id})
    return await perform(database, viewer, request, work)


async def _lock(write: Write, review: ReviewKnown) -> None:
    """Locks what a decision on the review would lock, in the one order."""
    await write.lock_tree()
    effect = EFFECTS.get(review.kind)
    if effect is None:
        await write.lock(Rank.TEAM, [review.subject_id])
    else:
        rows = await effect.rows(write, [review])
        for rank in sorted(rows):
            await write.lock(rank, rows[rank])
    await write.lock(Rank.REVIEW, [review.id])
