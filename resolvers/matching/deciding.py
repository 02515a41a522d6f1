"""What the other side says to an answer, and answers that are taken back.

An accepted answer opens the way: it shows whom to call, and counts the people. Records come of it
as of any other service, by a project and its sign-ups.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.enums import AnswerStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding
from db.queries.matching import changing
from db.queries.matching.entities import NEED_ANSWER
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.enabled_volunteers import STOPPED, lock_enabled
from resolvers.guardians import require_guardian
from resolvers.matching.answering import LONGEST_MESSAGE, NOT_OPEN, is_open
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules import matching_states as machines
from resolvers.texts import text_errors

FIELD = "answerId"
FULL = UserError(UserErrorCode.FULL, FIELD, "The need has found as many people as it looks for.")
VOLUNTEER_STOPPED = UserError(UserErrorCode.WRONG_STATE, FIELD, STOPPED)


async def decide_answer(
    database: Writable,
    viewer: Viewer,
    answer_id: int,
    reason: str | None,
    idempotency_key: str | None,
    *,
    accept: bool,
    now: datetime,
) -> Outcome:
    """The answer, accepted or declined by the side that did not make it.

    Raises:
        Unauthenticated, Forbidden: it is not for the viewer to decide.
    """
    to = AnswerStatus.ACCEPTED if accept else AnswerStatus.DECLINED
    return await _change(
        database, viewer, answer_id, to, reason, idempotency_key, Action.ANSWER_DECIDE, now=now
    )


async def withdraw_answer(
    database: Writable,
    viewer: Viewer,
    answer_id: int,
    reason: str | None,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The answer, taken back; an accepted one gives its people's places back.

    Raises:
        Unauthenticated, Forbidden: it is neither side's.
    """
    to = AnswerStatus.WITHDRAWN
    return await _change(
        database, viewer, answer_id, to, reason, idempotency_key, Action.ANSWER_WITHDRAW, now=now
    )


async def _change(  # noqa: PLR0917 - the parts of a change
    database: Writable,
    viewer: Viewer,
    answer_id: int,
    to: AnswerStatus,
    reason: str | None,
    idempotency_key: str | None,
    action: Action,
    *,
    now: datetime,
) -> Outcome:
    require_account(viewer)
    why = (reason or "").strip() or None

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(text_errors("reason", why or "", longest=LONGEST_MESSAGE))
        if answer_id not in await ids_in_scope(write, viewer, NEED_ANSWER, [answer_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, FIELD, "No such answer.")
        found = await changing.fetch_answer(write, answer_id)
        need_id, volunteer_id = found["need_id"], found["volunteer_id"]
        await write.lock_tree()
        begins = to is AnswerStatus.ACCEPTED and volunteer_id is not None
        can = not begins or await lock_enabled(write, volunteer_id)
        await write.lock(Rank.NEED, [need_id])
        acting = await as_of_now(write, viewer)
        row = await changing.fetch_answer(write, answer_id)
        facts = (await gather(write, NEED_ANSWER.name, [answer_id]))[answer_id]
        decision = decide(action, acting, facts)
        if not decision.allowed:
            raise Forbidden(f"Not yours to decide: {decision.because}.")
        before = AnswerStatus(row["status"])
        refuse_if_any([machines.ANSWER.refusal(before, to, field=FIELD)])
        if not can:
            raise Refused(VOLUNTEER_STOPPED)
        if begins:
            await require_guardian(write, volunteer_id, field=FIELD)
        await _count(write, need_id, row, before, to, now=now)
        await changing.decide_answer(write, answer_id, to, why, now=now)
        await _tell_other_side(write, viewer, row, f"need_answer.{to.value.lower()}")
        write.record(
            DomainEvent(
                name=f"need_answer.{to.value.lower()}",
                subject_type=SubjectType.NEED_ANSWER,
                subject_id=answer_id,
                because=decision.because,
                payload={"needId": need_id, "teamId": row["team_id"]},
            )
        )
        return succeeded(answer_id)

    given = {"id": answer_id, "to": to.value, "reason": why}
    request = Request(action=f"{action.value}:{to.value}", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def _count(
    write: Write, need_id: int, row: Any, before: AnswerStatus, to: AnswerStatus, *, now: datetime
) -> None:
    """Counts the people of an answer at its need, which is locked.

    Raises:
        Refused: the need has ended, or has found everybody.
    """
    if to is AnswerStatus.ACCEPTED:
        need = await changing.fetch_need(write, need_id)
        if not is_open(need, now):
            raise Refused(NOT_OPEN)
        if need["found"] + row["people"] > need["people"]:
            raise Refused(FULL)
        await changing.count_found(write, need_id, row["people"])
    elif before is AnswerStatus.ACCEPTED:
        await changing.count_found(write, need_id, -row["people"])


async def _tell_other_side(write: Write, viewer: Viewer, row: Any, event: str) -> None:
    """Tells the side that the viewer is not of."""
    own = viewer.acting.id if viewer.acting is not None else None
    accounts: list[int] = []
    if own == row["team_id"]:
        if row["from_team_id"] is not None:
            accounts += await deciding.fetch_admins(write, [row["from_team_id"]])
        elif row["account_id"] is not None:
            accounts.append(row["account_id"])
    else:
        accounts += await deciding.fetch_admins(write, [row["team_id"]])
    told: Mapping[str, Json] = {"answerId": row["id"], "needId": row["need_id"]}
    await notify(write, accounts, event, told)
