"""Answering sign-ups, by either side, changing their post, ending them (DOMAIN §6.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from db.consistency import ConsistencyToken
from db.enums import SignUpStatus
from db.events import Json
from db.queries import sign_ups as queries
from db.queries.sign_ups import SignUpStanding
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import OWNER
from permissions.errors import InvalidInput, UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, read_errors, require_key, stored_errors, succeeded
from resolvers.profile import require_volunteer
from resolvers.project_access import LONGEST_REASON
from resolvers.rules import states
from resolvers.rules.sign_ups import FULL, acceptance_time_error
from resolvers.sign_up_access import (
    NO_SUCH_SIGN_UP,
    HeldSignUps,
    hold_sign_up,
    hold_sign_ups,
    sign_up_event,
)
from resolvers.sign_up_joining import NO_SUCH_POST, accept
from resolvers.texts import line_errors

MOST = 200
FIELD = "signUpId"
HOLDING = SignUpStatus.ACCEPTED
ALREADY_DECIDED = UserError(UserErrorCode.ALREADY_DECIDED, FIELD, "This was decided already.")
NOT_YOURS = UserError(
    UserErrorCode.NOT_YOUR_REVIEW, FIELD, "Only the project's team decides, of others' sign-ups."
)
# How a sign-up ends by the volunteer's will, and by the team's.
ENDED_BY_OWNER: Mapping[SignUpStatus, tuple[SignUpStatus, str]] = {
    SignUpStatus.APPLIED: (SignUpStatus.CANCELLED, "cancelled"),
    SignUpStatus.INVITED: (SignUpStatus.DECLINED, "declined"),
    SignUpStatus.ACCEPTED: (SignUpStatus.WITHDRAWN, "withdrawn"),
}
ENDED_BY_TEAM: Mapping[SignUpStatus, tuple[SignUpStatus, str]] = {
    SignUpStatus.APPLIED: (SignUpStatus.REFUSED, "refused"),
    SignUpStatus.INVITED: (SignUpStatus.CANCELLED, "cancelled"),
    SignUpStatus.ACCEPTED: (SignUpStatus.CANCELLED, "cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpsDecided:
    """Which applications a team accepts or refuses."""

    ids: Sequence[int]
    accepts: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SignUpOutcome:
    """What came of one sign-up."""

    sign_up_id: int
    errors: Sequence[UserError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpsOutcome:
    """What came of each sign-up, in the order given, or what was wrong with the whole."""

    items: Sequence[SignUpOutcome] = ()
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None


async def decide_sign_ups(
    database: Writable,
    viewer: Viewer,
    decided: SignUpsDecided,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> SignUpsOutcome:
    """What came of each; in the order given, until the posts are full.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer's team may not act any more.
        InvalidInput: no sign-up, or more than may be decided at once.
    """
    require_account(viewer)
    require_key(idempotency_key)
    ids = list(dict.fromkeys(decided.ids))
    if not 0 < len(ids) <= MOST:
        raise InvalidInput("ids", f"Decide on 1 to {MOST} sign-ups at a time.")
    if errors := _reason_errors(decided.reason):
        return SignUpsOutcome(errors=errors)
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="decideSignUps",
        idempotency_key=idempotency_key,
        input={"ids": ids, "accepts": decided.accepts, "reason": decided.reason},
    ) as write:
        if not write.is_repeat:
            held = await hold_sign_ups(write, viewer, ids)
            items: list[Json] = []
            for each in ids:
                found = await _decided(write, held, each, decided, now)
                items.append({"id": each, "errors": stored_errors(found)})
            write.outcome = {"items": items}
    stored = cast("Sequence[Mapping[str, object]]", (write.outcome or {}).get("items", ()))
    return SignUpsOutcome(
        items=[SignUpOutcome(cast("int", row["id"]), read_errors(row["errors"])) for row in stored],
        consistency_token=write.token,
    )


async def answer_project_invitation(
    database: Writable,
    viewer: Viewer,
    sign_up_id: int,
    idempotency_key: str | None,
    *,
    accepts: bool,
    now: datetime,
) -> Outcome:
    """The sign-up, accepted or declined by who was invited.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as the volunteer.
    """
    require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_sign_up(write, viewer, sign_up_id)
        because = held.require(sign_up_id, Action.SIGN_UP_ANSWER, "Only who was invited answers")
        row = held.rows[sign_up_id]
        if row.status is not SignUpStatus.INVITED:
            raise Refused.because(UserErrorCode.NOT_INVITED, FIELD, "No invitation waits here.")
        if accepts:
            await _accept(write, row, now)
            write.record(sign_up_event("accepted", row, because))
        else:
            await queries.set_status(write, row.id, SignUpStatus.DECLINED)
            write.record(sign_up_event("declined", row, because))
        return succeeded(row.id)

    request = Request(
        action="answerProjectInvitation",
        key=idempotency_key,
        input={"sign_up_id": sign_up_id, "accepts": accepts},
    )
    return await perform(database, viewer, request, work)


async def change_post(
    database: Writable,
    viewer: Viewer,
    sign_up_id: int,
    post_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The sign-up, to another post of the same project; the volunteer until it is accepted.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the sign-up and may not change it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_sign_up(write, viewer, sign_up_id)
        because = held.require(
            sign_up_id, Action.SIGN_UP_CHANGE_POST, "Not yours to change to another post"
        )
        row = held.rows[sign_up_id]
        refuse_if_any([states.SIGN_UP.refusal(row.status, row.status, field=FIELD)])
        project = await queries.fetch_project(write, row.project_id)
        refuse_if_any([acceptance_time_error(project, now)])
        places = await queries.fetch_places(write, post_id)
        if places is None or places.project_id != row.project_id:
            raise Refused(NO_SUCH_POST)
        if post_id == row.post_id:
            raise Refused.because(
                UserErrorCode.ALREADY_THERE, "postId", "The sign-up is to this post."
            )
        if places.is_full:
            raise Refused(FULL)
        if row.status is HOLDING:
            await queries.take_place(write, post_id)
            await queries.free_place(write, row.post_id)
        await queries.set_post(write, row.id, post_id)
        write.record(sign_up_event("post_changed", row, because, postId=post_id))
        return succeeded(row.id)

    request = Request(
        action="changePost",
        key=idempotency_key,
        input={"sign_up_id": sign_up_id, "post_id": post_id},
    )
    return await perform(database, viewer, request, work)


async def cancel_sign_up(
    database: Writable,
    viewer: Viewer,
    sign_up_id: int,
    reason: str | None,
    idempotency_key: str | None,
) -> Outcome:
    """The sign-up, ended by either side, its place free again; a team says why.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the sign-up and may not end it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_reason_errors(reason))
        held = await hold_sign_up(write, viewer, sign_up_id)
        because = held.require(sign_up_id, Action.SIGN_UP_CANCEL, "Not yours to cancel")
        row = held.rows[sign_up_id]
        by_owner = because == OWNER.because
        ended = (ENDED_BY_OWNER if by_owner else ENDED_BY_TEAM).get(row.status)
        if ended is None:
            error = states.SIGN_UP.refusal(row.status, SignUpStatus.CANCELLED, field=FIELD)
            raise Refused(error or ALREADY_DECIDED)
        if not by_owner and reason is None:
            raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "A team says why.")
        if row.status is HOLDING:
            await queries.free_place(write, row.post_id)
        to, what = ended
        await queries.set_status(write, row.id, to, reason=reason)
        write.record(sign_up_event(what, row, because))
        return succeeded(row.id)

    request = Request(
        action="cancelSignUp",
        key=idempotency_key,
        input={"sign_up_id": sign_up_id, "reason": reason},
    )
    return await perform(database, viewer, request, work)


async def _decided(
    write: Write, held: HeldSignUps, sign_up_id: int, decided: SignUpsDecided, now: datetime
) -> Sequence[UserError]:
    """Accepts or refuses one application; why it was not."""
    row = held.rows.get(sign_up_id)
    if row is None:
        return [NO_SUCH_SIGN_UP]
    decision = decide(Action.SIGN_UP_DECIDE, held.viewer, held.facts[sign_up_id])
    if not decision.allowed:
        return [NOT_YOURS]
    if row.status is not SignUpStatus.APPLIED:
        return [ALREADY_DECIDED]
    if decided.accepts:
        try:
            await _accept(write, row, now)
        except Refused as refusal:
            return refusal.errors
    else:
        await queries.set_status(write, row.id, SignUpStatus.REFUSED, reason=decided.reason)
    what = "accepted" if decided.accepts else "refused"
    write.record(sign_up_event(what, row, decision.because))
    return ()


async def _accept(write: Write, row: SignUpStanding, now: datetime) -> None:
    project = await queries.fetch_project(write, row.project_id)
    await accept(
        write,
        row.id,
        post_id=row.post_id,
        volunteer_id=row.volunteer_id,
        project=project,
        now=now,
    )


def _reason_errors(reason: str | None) -> Sequence[UserError]:
    if reason is None:
        return ()
    return line_errors("reason", reason, longest=LONGEST_REASON)
