"""What an inspector finds, what becomes of a check: published for everybody, or cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from db.clock import CHINA
from db.enums import InspectionStatus, InspectionVerdict
from db.events import Json
from db.queries import deciding
from db.queries.inspections import changing
from db.queries.inspections.changing import Finding
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.inspections.course import FIELD, Held, lead
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import text_errors

LONGEST_FINDING = 1000
LONGEST_SUMMARY = 5000
LONGEST_REASON = 500
MOST_FINDINGS = 500
EXAMINING = frozenset({InspectionStatus.MATERIALS_ASKED, InspectionStatus.EXAMINED})


async def record_findings(
    database: Writable,
    viewer: Viewer,
    inspection_id: int,
    findings: Sequence[Finding],
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The check with findings, each in the place of an earlier one; with the last it is examined.

    A team's items wait for its materials, or for the day on which they are due.

    Raises:
        Unauthenticated, Forbidden: the viewer does not run the check.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_finding_errors(findings))
        held = await lead(write, viewer, inspection_id)
        if held.status not in EXAMINING:
            raise Refused(_not_examined(held.status))
        items = await changing.fetch_items(write, held.id, [each.item_id for each in findings])
        if len(items) < len({each.item_id for each in findings}):
            raise Refused.because(
                UserErrorCode.NOT_FOUND, "findings", "No such item of this check."
            )
        refuse_if_any([_awaited(items.values(), now)])
        await changing.record_findings(write, findings, account_id=account_id, now=now)
        left = await changing.count_open_items(write, held.id)
        if left == 0 and held.status is InspectionStatus.MATERIALS_ASKED:
            await changing.set_status(write, held.id, InspectionStatus.EXAMINED)
        verdicts = [each.verdict for each in findings]
        counts = {each.value: verdicts.count(each) for each in InspectionVerdict}
        held.tell("findings_recorded", left=left, **counts)
        return succeeded(inspection_id)

    given = {
        "id": inspection_id,
        "findings": [[each.item_id, each.verdict.value, each.text] for each in findings],
    }
    request = Request(action="recordInspectionFindings", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def publish_inspection(
    database: Writable,
    viewer: Viewer,
    inspection_id: int,
    summary: str | None,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The check, its result for everybody to see, team by team; nobody's name is in it.

    Raises:
        Unauthenticated, Forbidden: the viewer does not run the check.
    """
    require_account(viewer)
    text = (summary or "").strip() or None

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(text_errors("summary", text or "", longest=LONGEST_SUMMARY))
        held = await lead(write, viewer, inspection_id)
        held.require(InspectionStatus.PUBLISHED)
        await changing.publish(write, held.id, text, now=now)
        await _notify_teams(held, "inspection.published")
        held.tell("published")
        return succeeded(inspection_id)

    given = {"id": inspection_id, "summary": text}
    request = Request(action="publishInspection", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def cancel_inspection(
    database: Writable,
    viewer: Viewer,
    inspection_id: int,
    reason: str,
    idempotency_key: str | None,
) -> Outcome:
    """The check, ended without a result, for a reason; what was drawn stays to be read.

    Raises:
        Unauthenticated, Forbidden: the viewer does not run the check.
    """
    require_account(viewer)
    why = reason.strip()

    async def work(write: Write) -> Mapping[str, Json]:
        if not why:
            raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "This has a reason.")
        refuse_if_any(text_errors("reason", why, longest=LONGEST_REASON))
        held = await lead(write, viewer, inspection_id)
        held.require(InspectionStatus.CANCELLED)
        await changing.cancel(write, held.id, why)
        if held.status is not InspectionStatus.DRAWN:  # before that they know nothing of it
            await _notify_teams(held, "inspection.cancelled")
        held.tell("cancelled")
        return succeeded(inspection_id)

    given = {"id": inspection_id, "reason": why}
    request = Request(action="cancelInspection", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def _notify_teams(held: Held, event: str) -> None:
    for team_id in await changing.fetch_teams(held.write, held.id):
        admins = await deciding.fetch_admins(held.write, [team_id])
        told: Mapping[str, Json] = {"teamId": team_id, "inspectionId": held.id}
        await notify(held.write, admins, event, told)


def _finding_errors(findings: Sequence[Finding]) -> Sequence[UserError]:
    if not 0 < len(findings) <= MOST_FINDINGS:
        text = f"Record 1 to {MOST_FINDINGS} findings at a time."
        return [UserError(UserErrorCode.TOO_MANY, "findings", text)]
    if len({each.item_id for each in findings}) < len(findings):
        text = "An item has one finding."
        return [UserError(UserErrorCode.INVALID, "findings", text)]
    errors: list[UserError] = []
    for each in findings:
        errors += text_errors("finding", each.text or "", longest=LONGEST_FINDING)
        if each.verdict is not InspectionVerdict.IN_ORDER and not each.text:
            text = "Say what is wrong with what is not in order."
            errors.append(UserError(UserErrorCode.REASON_REQUIRED, "finding", text))
    return errors


def _awaited(items: Any, now: datetime) -> UserError | None:
    today = now.astimezone(CHINA).date()
    if all(item["handed_in_at"] is not None or item["due_on"] < today for item in items):
        return None
    return UserError(
        UserErrorCode.MATERIALS_AWAITED, "findings", "A team has time to hand in its materials."
    )


def _not_examined(status: InspectionStatus) -> UserError:
    return UserError(
        UserErrorCode.WRONG_STATE, FIELD, f"Nothing is found of a check that is {status.value}."
    )
