"""Reading contracts: a partner its own, a department those of its region."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from db.clock import CHINA
from db.paths import path_end
from db.queries.partners import (
    KEYS,
    PARTNER,
    PARTNER_DOCUMENTS,
    PARTNERS_OF_REGION,
    PartnerDocumentRow,
    PartnerKeyRow,
    PartnerRow,
)
from permissions.context import RequestContext
from permissions.errors import Forbidden

RECENT = timedelta(days=6)


async def get_own_contract(context: RequestContext) -> PartnerRow | None:
    """The contract of the partner that asks.

    Raises:
        Forbidden: it is no partner that asks.
    """
    partner = context.viewer.partner
    if partner is None:
        raise Forbidden
    return await context.snapshot.fetch_one(PARTNER, id=partner.id)


async def list_partners(context: RequestContext) -> Sequence[PartnerRow]:
    """The partners of the department's region and those below it, by name.

    Raises:
        Forbidden: it is no department that asks.
    """
    department = context.viewer.department
    if department is None:
        raise Forbidden
    path = department.region_path
    return await context.snapshot.fetch(PARTNERS_OF_REGION, region=path, region_end=path_end(path))


async def get_partner(context: RequestContext, partner_id: int) -> PartnerRow | None:
    """A partner of the department's region; another region's is as one that does not exist."""
    return next((row for row in await list_partners(context) if row.id == partner_id), None)


async def list_keys(
    context: RequestContext, partners: Sequence[PartnerRow]
) -> Sequence[Sequence[PartnerKeyRow]]:
    """The keys of each partner, the oldest first."""
    found = defaultdict(list)
    for row in await context.snapshot.fetch(KEYS, ids=[each.id for each in partners]):
        found[row.partner_id].append(row)
    return [found[each.id] for each in partners]


async def list_documents(
    context: RequestContext, partners: Sequence[PartnerRow]
) -> Sequence[Sequence[PartnerDocumentRow]]:
    """The documents of each partner with their use of the last seven days."""
    since = context.now.astimezone(CHINA).date() - RECENT
    found = defaultdict(list)
    ids = [each.id for each in partners]
    for row in await context.snapshot.fetch(PARTNER_DOCUMENTS, ids=ids, day=since):
        found[row.partner_id].append(row)
    return [found[each.id] for each in partners]
