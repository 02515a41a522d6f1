"""Contracts as partners and departments read them: a part of the query root."""

from typing import Any

from resolvers.contracts import get_own_contract, list_partners
from schema.costs import sized
from schema.info import Info
from schema.inputs.partner import DEPARTMENTS
from schema.types.partner import CONTRACTORS, PARTNERS, Partner
from schema.visibility import object_type, root


@object_type(to=CONTRACTORS, description="Contracts (合作方约定)")
class PartnerQueries:
    """Queries of partners."""

    @root(to=PARTNERS, description="The own contract (本方约定)", graphql_type=Partner | None)
    @staticmethod
    async def partner(info: Info) -> Any:
        return await get_own_contract(info.context)

    @root(
        to=DEPARTMENTS,
        description="Partners of the region, by name (合作方列表)",
        graphql_type=list[Partner],
        hints=(sized(20),),
    )
    @staticmethod
    async def partners(info: Info) -> Any:
        return await list_partners(info.context)
