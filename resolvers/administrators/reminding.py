"""Administrators reminded to sign in (督促定期登录), once a day at most."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from db.events import DomainEvent, Json, SubjectType
from db.queries import administrators as queries
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform
from resolvers.administrators.office import hold_office, require_department
from resolvers.administrators.use import DAYS
from resolvers.outcomes import Outcome, succeeded

AGAIN = timedelta(days=1)
FIELD = "administratorId"

COMES = UserError(
    UserErrorCode.WRONG_STATE, FIELD, f"They have signed in, or were named, within {DAYS} days."
)
REMINDED = UserError(
    UserErrorCode.ALREADY_REMINDED, FIELD, "They were reminded within a day; remind them later."
)


async def remind_administrator(
    database: Writable,
    viewer: Viewer,
    administrator_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The administrator, with a message that asks them to sign in.

    Raises:
        Unauthenticated, Forbidden: the viewer acts for no department over theirs, or is the one.
    """
    require_department(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        office = await hold_office(write, viewer, administrator_id, Action.ADMINISTRATOR_REMIND)
        seen_at, reminded_at = await queries.fetch_seen(write, administrator_id)
        if seen_at >= now - timedelta(days=DAYS):
            raise Refused(COMES)
        if reminded_at is not None and reminded_at > now - AGAIN:
            raise Refused(REMINDED)
        await queries.set_reminded(write, administrator_id, now)
        await notify(write, [office.account_id], "administrator.reminded", {})
        write.record(
            DomainEvent(
                name="administrator.reminded",
                subject_type=SubjectType.ADMINISTRATOR,
                subject_id=administrator_id,
                because=office.because,
                payload={"accountId": office.account_id},
                detail={"accountId": office.account_id},
            )
        )
        return succeeded(administrator_id)

    given = {"administrator_id": administrator_id}
    request = Request(action="remindAdministrator", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)
