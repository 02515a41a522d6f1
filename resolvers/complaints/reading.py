"""What is read beside the rows of complaints: their steps, and who complained."""

from collections import defaultdict
from collections.abc import Sequence

from db.queries.complaints import NAMES, STEPS, StepRow
from db.queries.voice_rows import ComplaintRow
from permissions.context import RequestContext


async def list_steps(
    context: RequestContext, complaint_ids: Sequence[int]
) -> Sequence[Sequence[StepRow]]:
    """The states that each complaint came to, the oldest first."""
    found: defaultdict[int, list[StepRow]] = defaultdict(list)
    for row in await context.snapshot.fetch(STEPS, ids=sorted(set(complaint_ids))):
        found[row.complaint_id].append(row)
    return [found[each] for each in complaint_ids]


async def list_complainants(
    context: RequestContext, complaints: Sequence[ComplaintRow]
) -> Sequence[str | None]:
    """The name of who complained, to themselves and, if they wish, to who handles it.

    SECURITY: never while the team that the complaint concerns holds it: it may be about its own
    people, and nobody it is about learns who complained.
    """
    shown = [_shows(context.viewer.account_id, each) for each in complaints]
    ids = {
        each.complainant_account_id
        for each, is_shown in zip(complaints, shown, strict=True)
        if is_shown
    }
    rows = await context.snapshot.fetch(NAMES, ids=sorted(ids)) if ids else []
    names = {row.id: row.display_name for row in rows}
    return [
        names.get(each.complainant_account_id) if is_shown else None
        for each, is_shown in zip(complaints, shown, strict=True)
    ]


def _shows(account_id: int | None, complaint: ComplaintRow) -> bool:
    if complaint.complainant_account_id == account_id:
        return True
    is_concerned = (
        complaint.handler_team_id is not None and complaint.handler_team_id == complaint.team_id
    )
    return complaint.discloses_name and not is_concerned
