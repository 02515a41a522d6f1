"""A volunteer's own points, and the rules of a region."""

from collections import defaultdict
from collections.abc import Sequence

from db.queries.rewards.reading import (
    ACCOUNTS,
    ENTRIES,
    RULES,
    AccountRow,
    EntryRow,
    RuleRow,
)
from permissions.context import RequestContext
from resolvers.profile import require_volunteer

MOST_ENTRIES = 100


async def list_accounts(context: RequestContext) -> Sequence[AccountRow]:
    """The viewer's points in each region, as they were last settled.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    return await context.snapshot.fetch(ACCOUNTS, volunteer=require_volunteer(context.viewer))


async def list_entries(
    context: RequestContext, accounts: Sequence[AccountRow]
) -> Sequence[Sequence[EntryRow]]:
    """The newest rows of the ledger behind each of the viewer's own accounts."""
    rows = await context.snapshot.fetch(
        ENTRIES,
        volunteer=require_volunteer(context.viewer),
        regions=[each.region_id for each in accounts],
        most=MOST_ENTRIES,
    )
    found: defaultdict[int, list[EntryRow]] = defaultdict(list)
    for row in rows:
        found[row.region_id].append(row)
    return [found.get(each.region_id, ()) for each in accounts]


async def list_rules(context: RequestContext, region_path: str | None) -> Sequence[RuleRow]:
    """The rules of a region and of those above it; they are public."""
    if region_path is None:
        return ()
    return await context.snapshot.fetch(RULES, region=region_path)
