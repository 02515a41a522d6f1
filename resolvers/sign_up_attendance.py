"""Checking in and out, by the gateway's clock (DOMAIN §6.3, §6.4, §11.16)."""

from collections.abc import Mapping
from datetime import datetime

from db.enums import SignUpStatus
from db.events import Json
from db.queries import sign_up_ends, sign_ups
from db.write import Writable, Write
from permissions.actions import Action
from permissions.errors import UserError, UserErrorCode
from permissions.recruiting import LONGEST_STAY, is_going_on, may_check_out
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.records.attendance import complete_record, open_record
from resolvers.rules import states
from resolvers.sign_up_access import hold_sign_up, sign_up_event

FIELD = "signUpId"
CLOSED = UserError(
    UserErrorCode.CHECK_IN_CLOSED, FIELD, "Check-in is open while the project is going on."
)
ALREADY = UserError(
    UserErrorCode.ALREADY_CHECKED_IN,
    FIELD,
    "The volunteer has checked in and not out, here or elsewhere.",
)
NOT_IN = UserError(UserErrorCode.NOT_CHECKED_IN, FIELD, "The volunteer has not checked in.")
TOO_LATE = UserError(
    UserErrorCode.CHECK_OUT_TOO_LATE, FIELD, "It is too late to check out: the team completes it."
)


async def check_in(
    database: Writable,
    viewer: Viewer,
    sign_up_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The sign-up, attended, with a record that is open from now on.

    Raises:
        Unauthenticated, Forbidden: the viewer is neither the volunteer nor the team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_sign_up(write, viewer, sign_up_id)
        because = held.require(sign_up_id, Action.SIGN_UP_CHECK_IN, "Not yours to check in")
        row = held.rows[sign_up_id]
        if row.status is not SignUpStatus.ATTENDED:  # another day of the same project
            to = SignUpStatus.ATTENDED
            error = states.SIGN_UP.refusal(row.status, to, field=FIELD)
            if row.status is SignUpStatus.NO_SHOW:
                error = CLOSED
            refuse_if_any([error])
        project = await sign_ups.fetch_project(write, row.project_id)
        if not is_going_on(project, now):
            raise Refused(CLOSED)
        if await sign_up_ends.fetch_open_records(write, row.volunteer_id, now - LONGEST_STAY):
            raise Refused(ALREADY)
        await open_record(write, row.id, now, because=because)
        await sign_up_ends.check_in(write, row.id, now)
        write.record(sign_up_event("checked_in", row, because))
        return succeeded(row.id)

    request = Request(action="checkIn", key=idempotency_key, input={"sign_up_id": sign_up_id})
    return await perform(database, viewer, request, work)


async def check_out(
    database: Writable,
    viewer: Viewer,
    sign_up_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The sign-up with its record completed: until now, or until the project's end.

    Raises:
        Unauthenticated, Forbidden: the viewer is neither the volunteer nor the team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_sign_up(write, viewer, sign_up_id)
        because = held.require(sign_up_id, Action.SIGN_UP_CHECK_OUT, "Not yours to check out")
        row = held.rows[sign_up_id]
        record = await sign_up_ends.fetch_open_record(write, row.volunteer_id, row.id)
        if record is None:
            raise Refused(NOT_IN)
        project = await sign_ups.fetch_project(write, row.project_id)
        if not may_check_out(project, record.starts_at, now):
            raise Refused(TOO_LATE)
        at = min(now, project.ends_at)
        await complete_record(write, record.id, at, now=now, because=because)
        await sign_up_ends.check_out(write, row.id, at)
        write.record(sign_up_event("checked_out", row, because))
        return succeeded(row.id)

    request = Request(action="checkOut", key=idempotency_key, input={"sign_up_id": sign_up_id})
    return await perform(database, viewer, request, work)
