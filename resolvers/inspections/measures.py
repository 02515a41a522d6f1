"""What a bad finding leads to: a warning, a suspension, a void, a revocation (R685 §36-38)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import (
    CertificateStatus,
    InspectedKind,
    InspectionStatus,
    MeasureKind,
    RecordStatus,
    TeamStatus,
)
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import certificates, deciding, team_states
from db.queries.inspections import changing
from db.queries.inspections.entities import INSPECTION_ITEM
from db.queries.notifications import notify
from db.queries.records import changing as records
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import RecordFacts
from permissions.gather import gather, gather_teams
from permissions.supervision import IN_ORDER
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.records.correcting import void_held
from resolvers.records.keeping import Held as HeldRecord
from resolvers.rules import certificate_states, states
from resolvers.team_states import stop_team
from resolvers.texts import line_errors

LONGEST_REASON = 200
FIELD = "itemId"
AFTER = frozenset({InspectionStatus.EXAMINED, InspectionStatus.PUBLISHED})
OF = {
    MeasureKind.RECORD_VOIDED: InspectedKind.RECORD,
    MeasureKind.CERTIFICATE_REVOKED: InspectedKind.CERTIFICATE,
}
NO_SUCH_ITEM = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such item of a check.")
NOTHING_BAD = UserError(
    UserErrorCode.NOTHING_BAD_FOUND, FIELD, "Nothing bad was found of this item."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What follows from the finding on which item; a warning or suspension is its team's."""

    item_id: int
    kind: MeasureKind
    reason: str


@dataclass(frozen=True, slots=True)
class _Case:
    """An item under the locks of its check and team, who acts, why, by which edge."""

    write: Write
    viewer: Viewer
    item: Any
    reason: str
    because: str
    policy: Policy
    now: datetime


async def take_measure(
    database: Writable,
    viewer: Viewer,
    measure: Measure,
    idempotency_key: str | None,
    *,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The check, with a measure that is kept in it and takes effect in the same write.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer may see the item and may not do this, to its team or at all.
    """
    account_id = require_account(viewer)
    why = measure.reason.strip()

    async def work(write: Write) -> Mapping[str, Json]:
        _refuse_nonsense(why)
        case = await _case(write, viewer, measure, policy=policy, now=now)
        await _EFFECTS[measure.kind](case)
        item = case.item
        is_of_item = measure.kind in OF
        await changing.insert_measure(
            write,
            item["inspection_id"],
            measure.kind,
            why,
            team_id=item["team_id"],
            item_id=item["id"] if is_of_item else None,
            account_id=account_id,
        )
        admins = await deciding.fetch_admins(write, [item["team_id"]])
        told: Mapping[str, Json] = {
            "teamId": item["team_id"],
            "inspectionId": item["inspection_id"],
            "measure": measure.kind.value,
        }
        await notify(write, admins, "inspection.measure_taken", told)
        write.record(
            DomainEvent(
                name="inspection.measure_taken",
                subject_type=SubjectType.INSPECTION,
                subject_id=item["inspection_id"],
                because=case.because,
                payload={"teamId": item["team_id"], "measure": measure.kind.value},
                detail={"itemId": item["id"], "measure": measure.kind.value},
            )
        )
        return succeeded(item["inspection_id"])

    given = {"item": measure.item_id, "kind": measure.kind.value, "reason": why}
    request = Request(action="takeInspectionMeasure", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def _case(
    write: Write, viewer: Viewer, measure: Measure, *, policy: Policy, now: datetime
) -> _Case:
    """The item, its check and team locked, the measure allowed."""
    # SECURITY: a hidden item is a missing one, before anything is said of it.
    if measure.item_id not in await ids_in_scope(write, viewer, INSPECTION_ITEM, [measure.item_id]):
        raise Refused(NO_SUCH_ITEM)
    before = await changing.fetch_item(write, measure.item_id)
    await write.lock_tree()
    await write.lock(Rank.INSPECTION, [before["inspection_id"]])
    await write.lock(Rank.TEAM, [before["team_id"]])
    acting = await as_of_now(write, viewer)
    facts = (await gather(write, INSPECTION_ITEM.name, [measure.item_id]))[measure.item_id]
    item = await changing.fetch_item(write, measure.item_id)
    decision = decide(Action.INSPECTION_MEASURE, acting, facts)
    if decision is IN_ORDER:
        raise Refused(NOTHING_BAD)
    if not decision.allowed:
        raise Forbidden(f"Not yours to take: {decision.because}.")
    if InspectionStatus(item["status"]) not in AFTER:
        raise Refused.because(
            UserErrorCode.WRONG_STATE, FIELD, "Measures follow when all items are examined."
        )
    wanted = OF.get(measure.kind)
    if wanted is not None and InspectedKind(item["kind"]) is not wanted:
        raise Refused.because(
            UserErrorCode.INVALID, "kind", f"This is done to a {wanted.value.lower()}."
        )
    why = measure.reason.strip()
    return _Case(write, acting, item, why, decision.because, policy, now)


async def _warn(_case: _Case) -> None:
    """A warning has no effect beside being told and kept."""


async def _suspend(case: _Case) -> None:
    """Disables the team with its projects, as its superior would."""
    team_id = case.item["team_id"]
    team = (await gather_teams(case.write, [team_id]))[team_id]
    decision = decide(Action.TEAM_DISABLE, case.viewer, team, policy=case.policy)
    if not decision.allowed:
        raise Forbidden(f"This team is not yours to suspend: {decision.because}.")
    status, _ = await team_states.fetch_status(case.write, team_id)
    refuse_if_any([states.TEAM.refusal(status, TeamStatus.DISABLED, field=FIELD)])
    await stop_team(case.write, team, case.reason, decision.because)


async def _void(case: _Case) -> None:
    """Voids the record as its team would."""
    write, record_id = case.write, case.item["record_id"]
    await write.lock(Rank.VOLUNTEER, [case.item["volunteer_id"]])
    row = (await records.fetch_records(write, [record_id]))[record_id]
    facts: RecordFacts = (await gather(write, "ServiceRecord", [record_id]))[record_id]
    held = HeldRecord(write, row, facts, case.because, case.now)
    refuse_if_any([states.RECORD.refusal(held.status, RecordStatus.VOID, field=FIELD)])
    await void_held(held, case.reason)


async def _revoke(case: _Case) -> None:
    """Revokes the certificate as its issuer would."""
    write, certificate_id = case.write, case.item["certificate_id"]
    write.locking(Rank.CERTIFICATE)
    locked = (await certificates.lock_certificates(write, [certificate_id]))[certificate_id]
    to = CertificateStatus.REVOKED
    refuse_if_any([certificate_states.CERTIFICATE.refusal(locked.status, to, field=FIELD)])
    await certificates.end(write, certificate_id, to, case.reason)
    write.record(
        DomainEvent(
            name="certificate.revoked",
            subject_type=SubjectType.CERTIFICATE,
            subject_id=certificate_id,
            because=case.because,
            payload={"volunteerId": locked.volunteer_id, "teamId": locked.team_id},
        )
    )


_EFFECTS: Mapping[MeasureKind, Callable[[_Case], Awaitable[None]]] = {
    MeasureKind.WARNING: _warn,
    MeasureKind.SUSPENSION: _suspend,
    MeasureKind.RECORD_VOIDED: _void,
    MeasureKind.CERTIFICATE_REVOKED: _revoke,
}


def _refuse_nonsense(why: str) -> None:
    if not why:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "This has a reason.")
    refuse_if_any(line_errors("reason", why, longest=LONGEST_REASON))
