"""Closing needs and offers: met or not, by whose they are, or from above with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.enums import MatchStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding
from db.queries.matching import changing
from db.queries.matching.ending import drop_waiting
from db.queries.matching.entities import NEED, OFFER
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import OWN_TEAM, OWNER, Policy
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules import matching_states as machines
from resolvers.texts import line_errors

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Which need or offer ends how; a project is one of the team's that came of the need."""

    number: int
    is_met: bool
    reason: str | None = None
    project_id: int | None = None


async def close_need(
    database: Writable,
    viewer: Viewer,
    closing: Closing,
    idempotency_key: str | None,
    *,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The need, ended; what waited at it is declined.

    Raises:
        Unauthenticated, Forbidden: it is not the viewer's, nor for the viewer to review.
    """
    require_account(viewer)
    to = MatchStatus.MET if closing.is_met else MatchStatus.CLOSED

    async def work(write: Write) -> Mapping[str, Json]:
        if closing.number not in await ids_in_scope(write, viewer, NEED, [closing.number]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "needId", "No such need.")
        await write.lock_tree()
        await write.lock(Rank.NEED, [closing.number])
        acting = await as_of_now(write, viewer)
        facts = (await gather(write, NEED.name, [closing.number]))[closing.number]
        decision = decide(Action.NEED_CLOSE, acting, facts, policy=policy)
        if not decision.allowed:
            raise Forbidden(f"Not yours to close: {decision.because}.")
        _refuse_reason(closing.reason, is_own=decision is OWN_TEAM)
        row = await changing.fetch_need(write, closing.number)
        refuse_if_any([machines.NEED.refusal(MatchStatus(row["status"]), to, field="needId")])
        await _refuse_project(write, closing.project_id, row["team_id"])
        await changing.end_need(write, closing.number, to, closing.reason, closing.project_id)
        await drop_waiting(write, closing.number, to, now=now)
        if decision is not OWN_TEAM:
            admins = await deciding.fetch_admins(write, [row["team_id"]])
            told: Mapping[str, Json] = {"teamId": row["team_id"], "needId": closing.number}
            await notify(write, admins, "need.closed", told)
        write.record(
            DomainEvent(
                name="need.closed",
                subject_type=SubjectType.NEED,
                subject_id=closing.number,
                because=decision.because,
                payload={"teamId": row["team_id"], "status": to.value},
                detail={"projectId": closing.project_id},
            )
        )
        return succeeded(closing.number)

    request = Request(action="closeNeed", key=idempotency_key, input=_as_input(closing))
    return await perform(database, viewer, request, work)


async def close_offer(
    database: Writable,
    viewer: Viewer,
    closing: Closing,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The offer, ended.

    Raises:
        Unauthenticated, Forbidden: it is not the viewer's, nor for the viewer to review.
    """
    require_account(viewer)
    to = MatchStatus.MET if closing.is_met else MatchStatus.CLOSED

    async def work(write: Write) -> Mapping[str, Json]:
        if closing.number not in await ids_in_scope(write, viewer, OFFER, [closing.number]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "offerId", "No such offer.")
        await write.lock_tree()
        acting = await as_of_now(write, viewer)
        row = await changing.lock_offer(write, closing.number)
        facts = (await gather(write, OFFER.name, [closing.number]))[closing.number]
        decision = decide(Action.OFFER_CLOSE, acting, facts, policy=policy)
        if not decision.allowed:
            raise Forbidden(f"Not yours to close: {decision.because}.")
        _refuse_reason(closing.reason, is_own=decision in (OWN_TEAM, OWNER))
        refuse_if_any([machines.OFFER.refusal(MatchStatus(row["status"]), to, field="offerId")])
        await changing.end_offer(write, closing.number, to, closing.reason)
        write.record(
            DomainEvent(
                name="offer.closed",
                subject_type=SubjectType.OFFER,
                subject_id=closing.number,
                because=decision.because,
                payload={"teamId": row["team_id"], "status": to.value},
            )
        )
        return succeeded(closing.number)

    request = Request(action="closeOffer", key=idempotency_key, input=_as_input(closing))
    return await perform(database, viewer, request, work)


async def _refuse_project(write: Write, project_id: int | None, team_id: int) -> None:
    if project_id is None:
        return
    if not await changing.is_published_project(write, project_id, team_id):
        raise Refused.because(
            UserErrorCode.NOT_FOUND, "projectId", "No such published project of the team."
        )


def _refuse_reason(reason: str | None, *, is_own: bool) -> None:
    if not reason:
        if is_own:
            return
        raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "Say why, from above.")
    refuse_if_any(line_errors("reason", reason, longest=LONGEST_REASON))


def _as_input(closing: Closing) -> Mapping[str, Json]:
    return {
        "id": closing.number,
        "is_met": closing.is_met,
        "reason": closing.reason,
        "project": closing.project_id,
    }
