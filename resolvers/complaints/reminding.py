"""Complaints that are due soon, or were: who holds them is told, and late the department above.

Each holder is told once before the day and once after it; an appeal, and another holder, begin
anew.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from db.enums import ComplaintReminder
from db.lock_order import Rank
from db.queries import complaint_terms as terms
from db.queries import complaints as queries
from db.queries.entities import COMPLAINT
from db.write import Write, open_write
from permissions.facts import ComplaintFacts, OfficeFacts, TeamFacts
from permissions.gather import gather
from resolvers.complaints.routing import office_at, superior
from resolvers.complaints.telling import happened, tell_handlers, tell_office

SOON = timedelta(days=7)
BATCH = 100
NAMES = {ComplaintReminder.SOON: "due_soon", ComplaintReminder.PAST: "overdue"}
BECAUSE = {
    ComplaintReminder.SOON: "it is to be decided soon",
    ComplaintReminder.PAST: "it should have been decided",
}


async def remind(engine: AsyncEngine, *, now: datetime, batch: int = BATCH) -> int:
    """Of how many undecided complaints somebody was told that they are due soon, or were."""
    reminded, after = 0, 0
    while True:
        async with open_write(
            engine, account_id=None, capacity="clock", action="remindOfComplaints"
        ) as write:
            # Who is above who holds it is read from the tree.
            await write.lock_tree()
            ids = await terms.fetch_to_remind(
                write, now=now, soon=now + SOON, after=after, limit=batch
            )
            reminded += await _remind(write, ids, now)
        if len(ids) < batch:
            return reminded
        after = ids[-1]


async def _remind(write: Write, ids: list[int], now: datetime) -> int:
    """Of how many of the complaints nobody had told meanwhile."""
    if not ids:
        return 0
    await write.lock(Rank.COMPLAINT, ids)
    marked = await terms.mark_reminded(write, ids, now=now, soon=now + SOON)
    found = await gather(write, COMPLAINT.name, [complaint_id for complaint_id, _ in marked])
    for complaint_id, reminder in marked:
        row = await queries.fetch_locked(write, complaint_id)
        write.record(happened(NAMES[reminder], row, BECAUSE[reminder]))
        await tell_handlers(write, row, NAMES[reminder])
        if reminder is ComplaintReminder.PAST:
            office = await _office_above(write, found[complaint_id])
            if office is not None:
                await tell_office(write, row, office.region_id, "overdue_below")
    return len(marked)


async def _office_above(write: Write, complaint: ComplaintFacts) -> OfficeFacts | None:
    """The department over the team that holds it, or above the department that does."""
    handler = complaint.handler
    if handler is None:
        return None
    above = (
        await office_at(write, handler.office)
        if isinstance(handler, TeamFacts)
        else await superior(write, handler)
    )
    return above if isinstance(above, OfficeFacts) else None
