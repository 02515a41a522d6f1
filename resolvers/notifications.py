"""Messages of an account, marked as read by whose they are."""

from collections.abc import Mapping, Sequence

from db.events import Json
from db.queries import notifications as queries
from db.write import Writable, Write
from permissions.errors import InvalidInput
from permissions.viewer import Viewer
from resolvers.acting import Request, perform, require_account
from resolvers.outcomes import Outcome, succeeded

MOST = 100


async def mark_notifications_read(
    database: Writable, viewer: Viewer, ids: Sequence[int], idempotency_key: str | None
) -> Outcome:
    """The account's id, its messages marked; those of others are passed over.

    Raises:
        Unauthenticated: nobody is signed in.
        InvalidInput: none, or more than may be marked at once.
    """
    account_id = require_account(viewer)
    if not 0 < len(ids) <= MOST:
        raise InvalidInput("ids", f"Mark 1 to {MOST} messages at a time.")

    async def work(write: Write) -> Mapping[str, Json]:
        # Reading is nobody's business but the reader's: no event, no audit row.
        await queries.mark_read(write, account_id, ids)
        return succeeded(account_id)

    request = Request(
        action="markNotificationsRead", key=idempotency_key, input={"ids": sorted(ids)}
    )
    return await perform(database, viewer, request, work)
