"""Offices that end, and first passwords given anew: by any department above, at once."""

from collections.abc import Mapping

from db.events import Json
from db.queries import administrators as queries
from db.write import Writable, Write
from permissions.actions import Action
from permissions.errors import UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any
from resolvers.administrators.issuing import Issued, Slip
from resolvers.administrators.office import (
    hold_office,
    office_event,
    require_department,
    take_back,
)
from resolvers.administrators.passwords import LIFETIME
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import line_errors

LONGEST_REASON = 200


async def reset_administrator_password(
    database: Writable, viewer: Viewer, administrator_id: int, idempotency_key: str | None
) -> Issued:
    """The administrator, with a new first password; every session of theirs has ended.

    Raises:
        Unauthenticated, Forbidden: it is not an office below the viewer's.
    """
    require_department(viewer)
    slip = await Slip.write()

    async def work(write: Write) -> Mapping[str, Json]:
        office = await hold_office(write, viewer, administrator_id, Action.ADMINISTRATOR_RESET)
        # SECURITY: the password would open what else the account is, and that is not below.
        if not await queries.is_office_alone(write, office.account_id, office.id):
            raise Refused.because(
                UserErrorCode.WRONG_STATE,
                "administratorId",
                "The account is more than this office's; its owner recovers it.",
            )
        await queries.reset_password(write, office.account_id, slip.hashed, LIFETIME)
        await queries.end_sessions(write, office.account_id)
        slip.is_used = True
        write.record(office_event("administrator.password_reset", office))
        return succeeded(administrator_id)

    given = {"administrator_id": administrator_id}
    request = Request(action="resetAdministratorPassword", key=idempotency_key, input=given)
    return slip.tell(await perform(database, viewer, request, work))


async def remove_administrator(
    database: Writable,
    viewer: Viewer,
    administrator_id: int,
    reason: str,
    idempotency_key: str | None,
) -> Outcome:
    """The id of who was the administrator; their sessions have ended.

    Raises:
        Unauthenticated, Forbidden: it is not an office below the viewer's.
    """
    require_department(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        if not reason:
            raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "Say why.")
        refuse_if_any(line_errors("reason", reason, longest=LONGEST_REASON))
        office = await hold_office(write, viewer, administrator_id, Action.ADMINISTRATOR_REMOVE)
        closed = await take_back(write, office)
        write.record(
            office_event("administrator.removed", office, accountClosed=closed, reason=reason)
        )
        return succeeded(administrator_id)

    given = {"administrator_id": administrator_id, "reason": reason}
    request = Request(action="removeAdministrator", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)
