"""Answers: who would help with a need, or is asked to by the team in need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import AnswerSide, MatchStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding
from db.queries.matching import changing
from db.queries.matching.entities import NEED, OFFER
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.matching import NeedFacts, OfferFacts
from permissions.viewer import Role, Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.enabled_volunteers import require_enabled
from resolvers.guardians import require_guardian
from resolvers.matching.forms import MOST_PEOPLE
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import text_errors

LONGEST_MESSAGE = 500

ALREADY = UserError(
    UserErrorCode.ALREADY_ANSWERED, "needId", "An answer of the two waits or stands already."
)
NO_SUCH_NEED = UserError(UserErrorCode.NOT_FOUND, "needId", "No such need.")
NO_SUCH_OFFER = UserError(UserErrorCode.NOT_FOUND, "offerId", "No such offer.")
NOT_OPEN = UserError(UserErrorCode.WRONG_STATE, "needId", "This need is not open any more.")
OFFER_NOT_OPEN = UserError(UserErrorCode.WRONG_STATE, "offerId", "This offer is not open.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An answer as it is made: to a need by who would help, or from a need to an offer."""

    need_id: int
    offer_id: int | None = None
    people: int = 1
    message: str = ""


async def answer_need(
    database: Writable, viewer: Viewer, wish: Wish, idempotency_key: str | None, *, now: datetime
) -> Outcome:
    """An answer by the viewer's team, or by the viewer as a volunteer; the team in need decides.

    Raises:
        Unauthenticated, Forbidden: the viewer acts for no team that works, nor as a volunteer.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        _refuse_nonsense(wish, is_volunteer=viewer.role is Role.VOLUNTEER)
        acting, need, row = await _held_need(write, viewer, wish.need_id)
        decision = decide(Action.NEED_ANSWER, acting, need)
        if not is_open(row, now):
            raise Refused(NOT_OPEN)
        if not decision.allowed:
            raise Forbidden(f"Not yours to answer: {decision.because}.")
        team_id = acting.acting.id if acting.acting is not None else None
        volunteer_id = acting.volunteer_id if team_id is None else None
        if wish.offer_id is not None:
            offer = await _offer(write, viewer, wish.offer_id, now)
            ours = (offer["team_id"], offer["volunteer_id"]) == (team_id, volunteer_id)
            if not ours:
                raise Refused(NO_SUCH_OFFER)
        new = changing.NewAnswer(
            need_id=wish.need_id,
            offer_id=wish.offer_id,
            from_team_id=team_id,
            volunteer_id=volunteer_id,
            asked_by=AnswerSide.OFFERER,
            applicant_account_id=account_id,
            people=wish.people,
            message=wish.message,
        )
        return await _store(write, new, decision.because, tell=[need.team.id])

    request = Request(action="answerNeed", key=idempotency_key, input=_as_input(wish))
    return await perform(database, viewer, request, work)


async def invite_offer(
    database: Writable, viewer: Viewer, wish: Wish, idempotency_key: str | None, *, now: datetime
) -> Outcome:
    """An answer that the team in need makes to an offer; who offers decides.

    Raises:
        Unauthenticated, Forbidden: the viewer does not manage the team in need.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        acting, need, row = await _held_need(write, viewer, wish.need_id)
        decision = decide(Action.NEED_INVITE, acting, need)
        if not is_open(row, now):
            raise Refused(NOT_OPEN)
        if not decision.allowed:
            raise Forbidden(f"Only the team in need asks for help: {decision.because}.")
        if wish.offer_id is None:
            raise Refused(NO_SUCH_OFFER)
        offer = await _offer(write, viewer, wish.offer_id, now)
        if offer["team_id"] == need.team.id:
            raise Refused.because(
                UserErrorCode.INVALID, "offerId", "This is an offer of the same team."
            )
        _refuse_nonsense(wish, is_volunteer=offer["volunteer_id"] is not None)
        new = changing.NewAnswer(
            need_id=wish.need_id,
            offer_id=wish.offer_id,
            from_team_id=offer["team_id"],
            volunteer_id=offer["volunteer_id"],
            asked_by=AnswerSide.NEED,
            applicant_account_id=account_id,
            people=wish.people,
            message=wish.message,
        )
        return await _store(write, new, decision.because, tell=[offer["team_id"]])

    request = Request(action="inviteOffer", key=idempotency_key, input=_as_input(wish))
    return await perform(database, viewer, request, work)


async def _held_need(write: Write, viewer: Viewer, need_id: int) -> tuple[Viewer, NeedFacts, Any]:
    # SECURITY: a hidden need is a missing one, before anything is said of it.
    if need_id not in await ids_in_scope(write, viewer, NEED, [need_id]):
        raise Refused(NO_SUCH_NEED)
    await write.lock_tree()
    if viewer.role is Role.VOLUNTEER and viewer.volunteer_id is not None:
        await require_enabled(write, viewer.volunteer_id)
        await require_guardian(write, viewer.volunteer_id, field=None)
    await write.lock(Rank.NEED, [need_id])
    acting = await as_of_now(write, viewer)
    facts: NeedFacts = (await gather(write, NEED.name, [need_id]))[need_id]
    return acting, facts, await changing.fetch_need(write, need_id)


async def _offer(write: Write, viewer: Viewer, offer_id: int, now: datetime) -> Any:
    """The offer, if it is open and its team works; the need was locked before."""
    if offer_id not in await ids_in_scope(write, viewer, OFFER, [offer_id]):
        raise Refused(NO_SUCH_OFFER)
    row = await changing.lock_offer(write, offer_id)
    facts: OfferFacts = (await gather(write, OFFER.name, [offer_id]))[offer_id]
    works = facts.team is None or facts.team.works
    if not works or not is_open(row, now):
        raise Refused(OFFER_NOT_OPEN)
    return row


async def _store(
    write: Write, new: changing.NewAnswer, because: str, *, tell: Sequence[int | None]
) -> Mapping[str, Json]:
    answer_id = await changing.insert_answer(write, new)
    if answer_id is None:
        raise Refused(ALREADY)
    accounts = [*await deciding.fetch_admins(write, [each for each in tell if each is not None])]
    if new.asked_by is AnswerSide.NEED and new.volunteer_id is not None:
        account = await changing.fetch_account(write, new.volunteer_id)
        accounts += [] if account is None else [account]
    told: Mapping[str, Json] = {"answerId": answer_id, "needId": new.need_id}
    name = "need.answered" if new.asked_by is AnswerSide.OFFERER else "offer.invited"
    await notify(write, accounts, name, told)
    write.record(
        DomainEvent(
            name=name,
            subject_type=SubjectType.NEED_ANSWER,
            subject_id=answer_id,
            because=because,
            payload={"needId": new.need_id, "offerId": new.offer_id},
        )
    )
    return succeeded(answer_id)


def is_open(row: Any, now: datetime) -> bool:
    """Whether a need or an offer is open, and its time not over."""
    return bool(row["status"] == MatchStatus.OPEN and row["ends_at"] > now)


def _refuse_nonsense(wish: Wish, *, is_volunteer: bool) -> None:
    errors = [*text_errors("message", wish.message, longest=LONGEST_MESSAGE)]
    if not wish.message:
        errors.append(UserError(UserErrorCode.REQUIRED, "message", "This must not be empty."))
    if not 1 <= wish.people <= (1 if is_volunteer else MOST_PEOPLE):
        text = "A volunteer is one person, a team at least one."
        errors.append(UserError(UserErrorCode.INVALID, "people", text))
    refuse_if_any(errors)


def _as_input(wish: Wish) -> Mapping[str, Json]:
    return {
        "need": wish.need_id,
        "offer": wish.offer_id,
        "people": wish.people,
        "message": wish.message,
    }
