"""Deciding on what waits in the queue of reviews: one, or many with an outcome for each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from db.clock import CHINA
from db.consistency import ConsistencyToken
from db.enums import ReviewKind, ReviewState
from db.events import Json
from db.lock_order import Rank
from db.queries import deciding
from db.queries.deciding import ReviewKnown
from db.queries.entities import REVIEW
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide_all
from permissions.edges import Policy
from permissions.errors import InvalidInput, UserError, UserErrorCode
from permissions.facts import ReviewFacts, TeamFacts
from permissions.gather import gather
from permissions.reviewers import OWN_BUSINESS
from permissions.viewer import Viewer
from resolvers.acting import ids_in_scope, require_account
from resolvers.acting_now import as_of_now
from resolvers.moves import Answer, MoveRefused, settle_move
from resolvers.outcomes import read_errors, require_key, stored_errors
from resolvers.review_effects import EFFECTS, MOVING
from resolvers.review_ruling import Dates, Ruling
from resolvers.texts import line_errors

MOST = 500
LONGEST_OPINION = 500
FIELD = "ids"

NO_SUCH_REVIEW = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such review.")
ALREADY_DECIDED = UserError(UserErrorCode.ALREADY_DECIDED, FIELD, "This was decided already.")
NOT_DECIDED_HERE = UserError(
    UserErrorCode.NOT_DECIDED_HERE, FIELD, "Reviews of this kind are not decided in the queue."
)
ALONE = UserError(
    UserErrorCode.NOT_DECIDED_HERE, FIELD, "A team's move is decided by itself, not with others."
)
DATES_OF_ONE = UserError(
    UserErrorCode.INVALID, "dates", "Dates are set for the publication of one project, approved."
)
NO_REASON = UserError(
    UserErrorCode.REASON_REQUIRED, "opinion", "A rejection, or an override, has a reason."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is decided on which reviews."""

    ids: Sequence[int]
    approves: bool
    opinion: str | None = None
    dates: Dates | None = None


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What came of one review."""

    review_id: int
    errors: Sequence[UserError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOutcome:
    """What came of each review, in the order given, or what was wrong with the whole."""

    items: Sequence[ReviewOutcome] = ()
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None


async def decide_reviews(
    database: Writable,
    viewer: Viewer,
    decided: Decided,
    idempotency_key: str | None,
    *,
    policy: Policy,
    now: datetime,
) -> DecisionOutcome:
    """What came of each review; those that may be decided are, whatever becomes of the others.

    One review asks for the duty to review it; several at once, of others' items, for quick review.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer's team may not act any more.
        InvalidInput: no review, or more than may be decided at once.
    """
    require_account(viewer)
    require_key(idempotency_key)
    decided = replace(
        decided,
        ids=list(dict.fromkeys(decided.ids)),
        opinion=(decided.opinion or "").strip() or None,
    )
    if not 0 < len(decided.ids) <= MOST:
        raise InvalidInput(FIELD, f"Decide on 1 to {MOST} reviews at a time.")
    if decided.opinion is not None and (
        errors := line_errors("opinion", decided.opinion, longest=LONGEST_OPINION)
    ):
        return DecisionOutcome(errors=errors)
    if decided.dates is not None and not (decided.approves and len(decided.ids) == 1):
        return DecisionOutcome(errors=[DATES_OF_ONE])
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="decideReviews",
        idempotency_key=idempotency_key,
        input=_as_input(decided),
    ) as write:
        if not write.is_repeat:
            refusals = await _decide(write, viewer, decided, policy, now)
            write.outcome = _stored(decided.ids, refusals)
    return _read(write)


async def _decide(
    write: Write, viewer: Viewer, decided: Decided, policy: Policy, now: datetime
) -> Mapping[int, UserError]:
    """The reviews that were not decided, and why."""
    known = await deciding.fetch_reviews(write, decided.ids)
    seen = await ids_in_scope(write, viewer, REVIEW, decided.ids)
    # SECURITY: a hidden review is a missing one, before anything is said of it.
    reviews = [each for each in known if each.id in seen]
    refusals = dict.fromkeys((each for each in decided.ids if each not in seen), NO_SUCH_REVIEW)
    moves = [each.id for each in reviews if each.kind is ReviewKind.TEAM_MOVE]
    if moves and len(decided.ids) == 1:
        today = now.astimezone(CHINA).date()
        answer = Answer(review_id=moves[0], accept=decided.approves, opinion=decided.opinion)
        return await _settle_move(write, viewer, answer, policy, today)
    for each in reviews:
        if each.kind not in EFFECTS:
            refusals[each.id] = ALONE if each.id in moves else NOT_DECIDED_HERE
        elif decided.dates is not None and each.kind is not ReviewKind.PROJECT_PUBLICATION:
            refusals[each.id] = DATES_OF_ONE
    reviews = [each for each in reviews if each.id not in refusals]
    if not reviews:
        return refusals
    await _lock(write, reviews)
    viewer = await as_of_now(write, viewer)
    facts = await gather(write, REVIEW.name, [each.id for each in reviews])
    because: dict[int, str] = {}
    action = Action.REVIEW_DECIDE if len(decided.ids) == 1 else Action.REVIEW_DECIDE_IN_BULK
    decisions = decide_all(action, viewer, [facts[each.id] for each in reviews], policy=policy)
    for each, decision in zip(reviews, decisions, strict=True):
        review: ReviewFacts = facts[each.id]
        if review.state is not ReviewState.PENDING:
            refusals[each.id] = ALREADY_DECIDED
        elif not decision.allowed:
            refusals[each.id] = UserError(
                UserErrorCode.NOT_YOUR_REVIEW, FIELD, f"Not yours to decide: {decision.because}."
            )
        elif decided.opinion is None and _must_say_why(viewer, review, decided):
            refusals[each.id] = NO_REASON
        else:
            because[each.id] = decision.because
    ruled = [each for each in reviews if each.id in because]
    refusals.update(await _rule(write, ruled, decided, because, now))
    return refusals


async def _rule(
    write: Write,
    reviews: Sequence[ReviewKnown],
    decided: Decided,
    because: Mapping[int, str],
    now: datetime,
) -> Mapping[int, UserError]:
    """Does what was decided, a kind at a time; what the subjects do not allow, and why."""
    ruling = Ruling(
        approves=decided.approves,
        opinion=decided.opinion,
        because=because,
        now=now,
        dates=decided.dates,
    )
    refusals: dict[int, UserError] = {}
    for kind, of_kind in _by_kind(reviews).items():
        refusals.update(await EFFECTS[kind].apply(write, of_kind, ruling))
    ended = [each.id for each in reviews if each.id not in refusals]
    state = ReviewState.APPROVED if decided.approves else ReviewState.REJECTED
    await deciding.end_reviews(write, ended, state, decided.opinion)
    return refusals


async def _lock(write: Write, reviews: Sequence[ReviewKnown]) -> None:
    """Locks everything the reviews stand for, in the one order, and then the reviews."""
    await write.lock_tree(exclusive=any(each.kind in MOVING for each in reviews))
    wanted: dict[Rank, set[int]] = defaultdict(set)
    for kind, of_kind in _by_kind(reviews).items():
        rows: Mapping[Rank, Collection[int]] = await EFFECTS[kind].rows(write, of_kind)
        for rank, ids in rows.items():
            wanted[rank].update(ids)
    wanted[Rank.REVIEW].update(each.id for each in reviews)
    for rank in sorted(wanted):
        await write.lock(rank, wanted[rank])


async def _settle_move(
    write: Write, viewer: Viewer, answer: Answer, policy: Policy, today: date
) -> Mapping[int, UserError]:
    try:
        await settle_move(write, viewer, answer, policy=policy, today=today)
    except MoveRefused as refusal:
        return {answer.review_id: refusal.error}
    return {}


def _must_say_why(viewer: Viewer, review: ReviewFacts, decided: Decided) -> bool:
    """Whether the decision is a rejection that hurts, or takes the place of a team's own."""
    if not decided.approves and EFFECTS[review.kind].must_say_why:
        return True
    overrides = viewer.department is not None and isinstance(review.reviewer, TeamFacts)
    return overrides and review.kind not in OWN_BUSINESS


def _by_kind(reviews: Sequence[ReviewKnown]) -> Mapping[ReviewKind, Sequence[ReviewKnown]]:
    found: dict[ReviewKind, list[ReviewKnown]] = defaultdict(list)
    for each in reviews:
        found[each.kind].append(each)
    return found


def _as_input(decided: Decided) -> Mapping[str, Json]:
    """What a repeat must bring again."""
    dates = decided.dates
    told: dict[str, Json] = {
        "ids": [*decided.ids],
        "approves": decided.approves,
        "opinion": decided.opinion,
    }
    if dates is not None:
        told["dates"] = [dates.starts_at.isoformat(), dates.ends_at.isoformat()]
    return told


def _stored(ids: Sequence[int], refusals: Mapping[int, UserError]) -> Mapping[str, Json]:
    items: list[Json] = [
        {"id": each, "errors": stored_errors([refusals[each]] if each in refusals else [])}
        for each in ids
    ]
    return {"items": items}


def _read(write: Write) -> DecisionOutcome:
    stored = cast("Sequence[Mapping[str, object]]", (write.outcome or {}).get("items", ()))
    return DecisionOutcome(
        items=[ReviewOutcome(cast("int", row["id"]), read_errors(row["errors"])) for row in stored],
        consistency_token=write.token,
    )
