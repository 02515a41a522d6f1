"""Moves of a team to another contact team (改挂): asked for, answered, or forced."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from db import tree
from db.enums import ReviewKind, ReviewState
from db.events import Json
from db.lock_order import Rank
from db.queries import moving
from db.queries.entities import REVIEW, TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated, UserError, UserErrorCode
from permissions.facts import MoveFacts, ReviewFacts, TeamFacts
from permissions.team_gathering import gather_applicants
from permissions.viewer import Viewer
from resolvers.acting import ids_in_scope
from resolvers.hanging import hanging_error
from resolvers.outcomes import Outcome, refused, require_key, succeeded
from resolvers.rehanging import hang, move_event
from resolvers.texts import line_errors
from resolvers.under_lock import as_of_now

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which team shall hang under which, and why."""

    team_id: int
    contact_team_id: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered to a team that asked to be taken."""

    review_id: int
    accept: bool
    opinion: str | None = None


class MoveRefused(Exception):
    """A move that is not made, found out before anything was written."""

    def __init__(self, code: UserErrorCode, field: str, message: str) -> None:
        super().__init__(message)
        self.error = UserError(code, field, message)


async def move_team(
    database: Writable, viewer: Viewer, wish: Wish, idempotency_key: str | None, *, today: date
) -> Outcome:
    """The review of the move: waiting for the new contact team, or decided when it was forced.

    Acting as the team itself asks; acting as a superior of both teams, or as a department over
    both, moves at once, with a reason.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may neither ask nor force.
    """
    if viewer.account_id is None:
        raise Unauthenticated
    require_key(idempotency_key)
    wish = replace(wish, reason=_trimmed(wish.reason))
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="moveTeam",
        idempotency_key=idempotency_key,
        input=asdict(wish),
    ) as write:
        if not write.is_repeat:
            try:
                write.outcome = succeeded(await _move(write, viewer, wish, today))
            except MoveRefused as refusal:
                write.outcome = refused(refusal.error)
    return Outcome.of(write)


async def answer_move(
    database: Writable,
    viewer: Viewer,
    answer: Answer,
    idempotency_key: str | None,
    *,
    policy: Policy,
    today: date,
) -> Outcome:
    """The review of a move, accepted or refused by the team that was asked.

    Raises:
        Unauthenticated, Forbidden: nobody is signed in, or the viewer's own team may not act.
    """
    if viewer.account_id is None:
        raise Unauthenticated
    require_key(idempotency_key)
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="answerTeamMove",
        idempotency_key=idempotency_key,
        input={
            "review_id": answer.review_id,
            "accept": answer.accept,
            "opinion": answer.opinion,
        },
    ) as write:
        if not write.is_repeat:
            try:
                review_id = await settle_move(write, viewer, answer, policy=policy, today=today)
                write.outcome = succeeded(review_id)
            except MoveRefused as refusal:
                write.outcome = refused(refusal.error)
    return Outcome.of(write)


async def _move(write: Write, viewer: Viewer, wish: Wish, today: date) -> int:
    """The id of the review."""
    asks = viewer.team is not None and viewer.team.id == wish.team_id
    _check_text("reason", wish.reason)
    await write.lock_tree(exclusive=not asks)
    wanted = {"teamId": wish.team_id, "contactTeamId": wish.contact_team_id}
    seen = await ids_in_scope(write, viewer, TEAM, set(wanted.values()))
    for field, team_id in wanted.items():
        if team_id not in seen:
            raise MoveRefused(UserErrorCode.NOT_FOUND, field, "No such team.")
    viewer, teams = await as_of_now(write, viewer, set(wanted.values()))
    team, to = teams[wish.team_id], teams[wish.contact_team_id]
    await _check_hanging(write, team, to)
    action = Action.TEAM_MOVE if asks else Action.TEAM_MOVE_FORCE
    # SECURITY: whoever asked for the team does not come back as its superior and force it.
    asked_by = (await gather_applicants(write, ReviewKind.TEAM_MOVE, [team.id])).get(team.id)
    move = MoveFacts(team=team, to=to, applicant_account_id=asked_by)
    decision = decide(action, viewer, move)
    if not decision.allowed:
        raise Forbidden("Only the team itself, a superior of both or a department may do that.")
    if asks:
        return await _request(write, wish, team, because=decision.because)
    if wish.reason is None:
        raise MoveRefused(UserErrorCode.REASON_REQUIRED, "reason", "A forced move has a reason.")
    return await _force(write, wish, teams, because=decision.because, today=today)


async def _request(write: Write, wish: Wish, team: TeamFacts, *, because: str) -> int:
    """A review that waits; a request to another team that still waited is withdrawn."""
    await write.lock(Rank.TEAM, [team.id])
    write.locking(Rank.REVIEW)
    if (waiting := await moving.lock_pending_move(write, team.id)) is not None:
        if waiting["reviewer_team_id"] == wish.contact_team_id:
            raise MoveRefused(
                UserErrorCode.ALREADY_APPLIED, "contactTeamId", "The team was asked already."
            )
        await moving.decide_review(write, waiting["id"], ReviewState.WITHDRAWN, opinion=None)
    review_id = await moving.insert_move_review(
        write,
        team_id=team.id,
        to=wish.contact_team_id,
        state=ReviewState.PENDING,
        applicant=write.account_id,
        change=_change(wish, team),
    )
    write.record(move_event("team.move_requested", team, wish.contact_team_id, because))
    return review_id


async def _force(
    write: Write, wish: Wish, teams: Mapping[int, TeamFacts], *, because: str, today: date
) -> int:
    team = teams[wish.team_id]
    ids = await tree.lock_subtrees(write, [team.id])
    write.locking(Rank.REVIEW)
    waiting = await moving.lock_pending_reviews(write, ids)
    await hang(
        write,
        teams,
        ids,
        waiting,
        team=team,
        to=wish.contact_team_id,
        reason=wish.reason,
        is_forced=True,
        because=because,
        today=today,
    )
    asked = await moving.lock_pending_move(write, team.id)
    if asked is not None and asked["reviewer_team_id"] == wish.contact_team_id:
        await moving.decide_review(write, asked["id"], ReviewState.APPROVED, opinion=wish.reason)
        return int(asked["id"])
    if asked is not None:
        await moving.decide_review(write, asked["id"], ReviewState.WITHDRAWN, opinion=None)
    return await moving.insert_move_review(
        write,
        team_id=team.id,
        to=wish.contact_team_id,
        state=ReviewState.APPROVED,
        change=_change(wish, team),
        opinion=wish.reason,
        decided_by=write.account_id,
        decided_as=write.capacity,
    )


async def settle_move(
    write: Write, viewer: Viewer, answer: Answer, *, policy: Policy, today: date
) -> int:
    """The id of the review of a move, answered inside the caller's write, which holds no lock yet.

    Raises:
        Forbidden: as ``answer_move``.
        MoveRefused: nothing was written.
    """
    answer = replace(answer, opinion=_trimmed(answer.opinion))
    _check_text("opinion", answer.opinion)
    await write.lock_tree(exclusive=answer.accept)
    review = await moving.fetch_move_review(write, answer.review_id)
    if review is None or not await ids_in_scope(write, viewer, REVIEW, {answer.review_id}):
        raise MoveRefused(UserErrorCode.NOT_FOUND, "reviewId", "No such review.")
    team_id, to_id = review["team_id"], review["reviewer_team_id"]
    viewer, teams = await as_of_now(write, viewer, {team_id, to_id})
    decision = decide(
        Action.REVIEW_DECIDE,
        viewer,
        ReviewFacts(
            id=answer.review_id,
            team=teams[team_id],
            kind=ReviewKind.TEAM_MOVE,
            state=ReviewState(review["state"]),
            reviewer=teams[to_id],
            applicant_account_id=review["applicant_account_id"],
        ),
        policy=policy,
    )
    if not decision.allowed:
        raise MoveRefused(
            UserErrorCode.NOT_YOUR_REVIEW, "reviewId", "The team that was asked must answer."
        )
    because, overrides = decision.because, viewer.department is not None
    if overrides and answer.opinion is None:
        raise MoveRefused(UserErrorCode.REASON_REQUIRED, "opinion", "An override has a reason.")
    ids = await tree.lock_subtrees(write, [team_id]) if answer.accept else [team_id]
    write.locking(Rank.REVIEW)
    waiting = await moving.lock_pending_reviews(write, ids)
    if answer.review_id not in {row["id"] for row in waiting}:
        raise MoveRefused(UserErrorCode.ALREADY_DECIDED, "reviewId", "This was decided already.")
    if not answer.accept:
        await moving.decide_review(
            write, answer.review_id, ReviewState.REJECTED, opinion=answer.opinion
        )
        write.record(move_event("team.move_refused", teams[team_id], to_id, because))
        return answer.review_id
    await _check_hanging(write, teams[team_id], teams[to_id])
    await hang(
        write,
        teams,
        ids,
        waiting,
        team=teams[team_id],
        to=to_id,
        reason=json.loads(review["change"]).get("reason"),
        is_forced=overrides,
        because=because,
        today=today,
    )
    await moving.decide_review(
        write, answer.review_id, ReviewState.APPROVED, opinion=answer.opinion
    )
    return answer.review_id


async def _check_hanging(write: Write, team: TeamFacts, to: TeamFacts) -> None:
    heights = await tree.fetch_heights(write, [team.id])
    if error := hanging_error(team, to, heights[team.id]):
        raise MoveRefused(error.code, error.field or "", error.message)


def _change(wish: Wish, team: TeamFacts) -> Mapping[str, Json]:
    return {
        "contactTeamId": wish.contact_team_id,
        "fromContactTeamId": team.contact.id if team.contact else None,
        "reason": wish.reason,
    }


def _trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None


def _check_text(field: str, text: str | None) -> None:
    if text is not None:
        for error in line_errors(field, text, longest=LONGEST_REASON):
            raise MoveRefused(error.code, field, error.message)
