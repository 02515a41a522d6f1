"""Complaints that lie with a team which works no more: handed to whose turn it is then.

A team stops in many ways, by a superior, a department, its register, a redrawn map, and a complaint
may come in at that very moment. So what is stranded is looked for, whatever stranded it; meanwhile
nobody acts for the team (DOMAIN §11.3).
"""

from sqlalchemy.ext.asyncio import AsyncEngine

from db.lock_order import Rank
from db.queries import complaints as queries
from db.queries.entities import COMPLAINT
from db.write import Write, open_write
from permissions.complaint_rules import is_competent
from permissions.facts import ComplaintFacts, TeamFacts
from permissions.gather import gather
from permissions.reviewers import Reviewer
from resolvers.complaints.holding import held_by
from resolvers.complaints.routing import Handler, competent, office_at, superior
from resolvers.complaints.telling import happened, tell_complainant, tell_handlers

BATCH = 100
BECAUSE = "the team that held it works no more"
NOTE = "原办理团体已停用或解散，转由有权办理的单位接续办理"


async def hand_over_stranded(engine: AsyncEngine, *, batch: int = BATCH) -> int:
    """How many undecided complaints had a team for a handler that works no more, and have another.

    Who decided one already decided it; an appeal goes to their superior as ever.
    """
    handed, after = 0, 0
    while True:
        async with open_write(
            engine, account_id=None, capacity="clock", action="handOverComplaints"
        ) as write:
            # Where the team hangs, and what works above it, holds until the next handler is named.
            await write.lock_tree()
            ids = await queries.fetch_stranded(write, after=after, limit=batch)
            for each in await _still_stranded(write, ids):
                await _hand_over(write, each)
                handed += 1
        if len(ids) < batch:
            return handed
        after = ids[-1]


async def _still_stranded(write: Write, ids: list[int]) -> list[ComplaintFacts]:
    """Those of the complaints, locked now, that nobody has decided or taken on meanwhile."""
    if not ids:
        return []
    await write.lock(Rank.COMPLAINT, ids)
    undecided = await queries.keep_undecided(write, ids)
    found = await gather(write, COMPLAINT.name, undecided)
    return [found[each] for each in undecided if _is_stranded(found[each])]


def _is_stranded(complaint: ComplaintFacts) -> bool:
    return isinstance(complaint.handler, TeamFacts) and not complaint.handler.works


async def _hand_over(write: Write, complaint: ComplaintFacts) -> None:
    to = Handler.of(await _next(write, complaint))
    await queries.hand_on(
        write, complaint.id, team_id=to.team_id, region_id=to.region_id, elsewhere=None
    )
    await queries.add_step(write, complaint.id, NOTE)
    row = await queries.fetch_locked(write, complaint.id)
    write.record(happened("transferred", row, BECAUSE, isElsewhere=False))
    await tell_complainant(write, row, "transferred")
    await tell_handlers(write, row, "received")


async def _next(write: Write, complaint: ComplaintFacts) -> Reviewer:
    """Who handles it then: who is competent for the team, or who is above the one that held it.

    What was appealed, or sent up otherwise, never comes down again to whom it left.
    """
    team, handler = complaint.team, complaint.handler
    assert isinstance(handler, TeamFacts)  # noqa: S101 - else it is not stranded
    if team is None or handler.id == team.id:
        return await competent(write, complaint.subject_type, handler)
    above = await superior(write, handler)
    if above is not None and is_competent(held_by(complaint, above)):
        return above
    # The team concerned hangs elsewhere by now, where the one that held it is not above it.
    above = await superior(write, team)
    return await office_at(write, team.office) if above is None else above
