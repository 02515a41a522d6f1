"""Deciding on corrections of real-name data, by the department whose duty the check is."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.enums import ReviewState
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import corrections as queries
from db.queries import registering
from db.queries.entities import VOLUNTEER
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.acting_now import as_of_now
from resolvers.corrections import NO_SUCH_REQUEST, decided_error
from resolvers.outcomes import Outcome, succeeded
from resolvers.team_acts import LONGEST_REASON
from resolvers.texts import line_errors
from resolvers.volunteer_registration import ALREADY_REGISTERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is decided on a request."""

    request_id: int
    approves: bool
    opinion: str | None = None


async def decide_correction(
    database: Writable, viewer: Viewer, verdict: Verdict, idempotency_key: str | None
) -> Outcome:
    """The request, decided; once approved, the person is called and numbered as asked.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the volunteer and has no such duty.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        opinion = verdict.opinion
        refuse_if_any(line_errors("opinion", opinion or "", longest=LONGEST_REASON))
        if not verdict.approves and opinion is None:
            raise Refused.because(
                UserErrorCode.REASON_REQUIRED, "opinion", "A rejection has a reason."
            )
        await write.lock_tree()
        found = await queries.fetch_request(write, verdict.request_id)
        seen = (
            ()
            if found is None
            else await ids_in_scope(write, viewer, VOLUNTEER, [found["volunteer_id"]])
        )
        if found is None or not seen:
            raise Refused(NO_SUCH_REQUEST)
        volunteer_id: int = found["volunteer_id"]
        index = found["blind_index"]
        if index is not None and verdict.approves:
            holder = await registering.lock_identity(write, index)
            if holder not in {None, volunteer_id}:
                raise Refused(ALREADY_REGISTERED)
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        now = await as_of_now(write, viewer)
        facts = (await gather(write, VOLUNTEER.name, [volunteer_id]))[volunteer_id]
        decision = decide(Action.VOLUNTEER_CORRECT, now, facts)
        if not decision.allowed:
            raise Forbidden("Only a department over the residence decides that.")
        # Again, now that nobody else can decide it.
        found = await queries.fetch_request(write, verdict.request_id) or found
        refuse_if_any([decided_error(found)])
        state = ReviewState.APPROVED if verdict.approves else ReviewState.REJECTED
        if verdict.approves:
            await queries.apply(
                write, verdict.request_id, name=found["name"], volunteer_id=volunteer_id
            )
        await queries.end(write, verdict.request_id, state, opinion)
        told: dict[str, Json] = {"correctionId": verdict.request_id, "state": state.value}
        accounts = () if facts.account_id is None else (facts.account_id,)
        await notify(write, accounts, "volunteer.correction_decided", told)
        write.record(
            DomainEvent(
                name="volunteer.correction_decided",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because=decision.because,
                payload=told,
                detail=told,
                standing_of=accounts,
            )
        )
        return succeeded(verdict.request_id)

    request = Request(
        action="decideCorrection",
        key=idempotency_key,
        input={
            "request_id": verdict.request_id,
            "approves": verdict.approves,
            "opinion": verdict.opinion,
        },
    )
    return await perform(database, viewer, request, work)
