"""Notices: issued to whoever belongs to an area, withdrawn, marked as read.

A notice is one row whoever reads it, and not a message to each: an area has millions of readers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import NoticeReader
from db.events import DomainEvent, Json, SubjectType
from db.queries import notices as queries
from db.queries.entities import NOTICE
from db.queries.notices import READ_AT
from db.write import Writable, Write
from permissions.actions import Action
from permissions.context import RequestContext
from permissions.decide import decide
from permissions.errors import Forbidden, InvalidInput, UserError, UserErrorCode
from permissions.facts import NoticeFacts, OfficeFacts
from permissions.gather import gather, gather_teams
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import line_errors, name_errors, text_errors

LONGEST_TITLE = 100
LONGEST_BODY = 5_000
LONGEST_REASON = 500
MOST_READ = 100

NO_READERS = UserError(UserErrorCode.REQUIRED, "readers", "Say whom it is for.")
NOT_FROM_HUBS = UserError(
    UserErrorCode.INVALID, "readers", "Departments stand above hubs, and are not told by them."
)
NO_SUCH_REGION = UserError(UserErrorCode.NOT_FOUND, "regionCode", "There is no such region.")
NO_SUCH_NOTICE = UserError(UserErrorCode.NOT_FOUND, "noticeId", "No such notice.")
WITHDRAWN = UserError(UserErrorCode.WRONG_STATE, "noticeId", "This notice is withdrawn already.")
HUBS_OWN = UserError(
    UserErrorCode.INVALID, "regionCode", "A hub's notice is to its own subtree, and no other."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice; a department may narrow it to a region below its own."""

    title: str
    body: str
    readers: Sequence[NoticeReader]
    region_code: str | None = None
    of_station: bool = False


async def issue_notice(
    database: Writable, viewer: Viewer, new: NewNotice, idempotency_key: str | None, *, station: int
) -> Outcome:
    """A notice of the viewer's hub or department, or by its editor of the station.

    Raises:
        Unauthenticated, Forbidden: the viewer issues no notices, or none there.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_errors(new))
        await write.lock_tree()
        acting = await as_of_now(write, viewer)
        notice = await _facts(write, acting, new, station)
        decision = decide(Action.NOTICE_ISSUE, acting, notice)
        if not decision.allowed:
            raise Forbidden(f"Not yours to issue: {decision.because}.")
        if notice.team is not None and NoticeReader.DEPARTMENTS in new.readers:
            raise Refused(NOT_FROM_HUBS)
        notice_id = await queries.insert(
            write,
            team_id=None if notice.team is None else notice.team.id,
            region_id=None if notice.office is None else notice.office.region_id,
            of_station=new.of_station,
            readers=sorted({each.value for each in new.readers}),
            title=new.title,
            body=new.body,
        )
        write.record(_event("notice.issued", notice_id, decision.because))
        return succeeded(notice_id)

    given = {
        "title": new.title,
        "body": new.body,
        "readers": sorted({each.value for each in new.readers}),
        "region": new.region_code,
        "station": new.of_station,
    }
    request = Request(action="issueNotice", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def withdraw_notice(
    database: Writable,
    viewer: Viewer,
    notice_id: int,
    reason: str,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The notice, read from now on by nobody but who issued it.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the notice and did not issue it.
    """
    require_account(viewer)
    why = reason.strip()

    async def work(write: Write) -> Mapping[str, Json]:
        await write.lock_tree()
        # SECURITY: a hidden notice is a missing one, before anything is said of it.
        if notice_id not in await ids_in_scope(write, viewer, NOTICE, [notice_id]):
            raise Refused(NO_SUCH_NOTICE)
        if not why:
            raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "This has a reason.")
        refuse_if_any(line_errors("reason", why, longest=LONGEST_REASON))
        acting = await as_of_now(write, viewer)
        facts = (await gather(write, NOTICE.name, [notice_id]))[notice_id]
        decision = decide(Action.NOTICE_WITHDRAW, acting, facts)
        if not decision.allowed:
            raise Forbidden(f"Not yours to withdraw: {decision.because}.")
        if not await queries.withdraw(write, notice_id, why, now=now):
            raise Refused(WITHDRAWN)
        write.record(_event("notice.withdrawn", notice_id, decision.because))
        return succeeded(notice_id)

    request = Request(
        action="withdrawNotice", key=idempotency_key, input={"id": notice_id, "reason": why}
    )
    return await perform(database, viewer, request, work)


async def mark_notices_read(
    database: Writable, viewer: Viewer, ids: Sequence[int], idempotency_key: str | None
) -> Outcome:
    """The account's id; of the notices those that it may read are marked, others passed over.

    Raises:
        Unauthenticated: nobody is signed in.
        InvalidInput: none, or more than may be marked at once.
    """
    account_id = require_account(viewer)
    if not 0 < len(ids) <= MOST_READ:
        raise InvalidInput("ids", f"Mark 1 to {MOST_READ} notices at a time.")

    async def work(write: Write) -> Mapping[str, Json]:
        # Reading is nobody's business but the reader's: no event, no audit row.
        seen = await ids_in_scope(write, viewer, NOTICE, ids)
        await queries.mark_read(write, account_id, seen)
        return succeeded(account_id)

    request = Request(action="markNoticesRead", key=idempotency_key, input={"ids": sorted(ids)})
    return await perform(database, viewer, request, work)


async def list_read_at(
    context: RequestContext, notice_ids: Sequence[int]
) -> Sequence[datetime | None]:
    """When the viewer's account marked each notice as read."""
    account_id = context.viewer.account_id
    if account_id is None:
        return [None] * len(notice_ids)
    ids = sorted(set(notice_ids))
    rows = await context.snapshot.fetch(READ_AT, account=account_id, ids=ids)
    found = {row.notice_id: row.read_at for row in rows}
    return [found.get(each) for each in notice_ids]


async def _facts(write: Write, viewer: Viewer, new: NewNotice, station: int) -> NoticeFacts:
    """The notice as the rule is asked about it.

    Raises:
        Refused: there is no such region.
    """
    readers = frozenset(new.readers)
    if viewer.acting is not None and not new.of_station:
        if new.region_code is not None:
            raise Refused(HUBS_OWN)
        team = (await gather_teams(write, [viewer.acting.id]))[viewer.acting.id]
        return NoticeFacts(id=0, team=team, office=None, readers=readers)
    if new.of_station:
        found = await queries.fetch_station(write, station)
    elif new.region_code is not None:
        found = await queries.fetch_region(write, new.region_code)
    else:
        office = viewer.department
        found = None if office is None else (office.region_id, office.region_path)
    if found is None:
        if viewer.department is None and not new.of_station:
            raise Forbidden("Only hubs, departments and stations issue notices.")
        raise Refused(NO_SUCH_REGION)
    return NoticeFacts(
        id=0, team=None, office=OfficeFacts(*found), readers=readers, of_station=new.of_station
    )


def _errors(new: NewNotice) -> Sequence[UserError]:
    errors: list[UserError] = []
    if not new.title:
        errors.append(UserError(UserErrorCode.REQUIRED, "title", "A notice has a title."))
    if not new.body:
        errors.append(UserError(UserErrorCode.REQUIRED, "body", "A notice has a text."))
    if not new.readers:
        errors.append(NO_READERS)
    errors += name_errors("title", new.title, longest=LONGEST_TITLE)
    return [*errors, *text_errors("body", new.body, longest=LONGEST_BODY)]


def _event(name: str, notice_id: int, because: str) -> DomainEvent:
    return DomainEvent(
        name=name, subject_type=SubjectType.NOTICE, subject_id=notice_id, because=because
    )
