"""Partner systems and their contracts, as a partner and its department are told of them."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from db.enums import PartnerStatus
from db.queries.entities import REGION
from db.queries.partners import PartnerDocumentRow, PartnerKeyRow, PartnerRow
from permissions.viewer import Role
from resolvers.contracts import list_documents, list_keys
from schema.costs import sized
from schema.ids import id_field
from schema.info import Info
from schema.references import referred
from schema.types.region import Region
from schema.visibility import attribute, batched, enum_type, object_type

PARTNERS = frozenset({Role.PARTNER})
CONTRACTORS = frozenset({Role.PARTNER, Role.DEPARTMENT})

enum_type(to=CONTRACTORS, description="State of a partner (合作方状态)")(PartnerStatus)


class Left(NamedTuple):
    """What a contract has left."""

    requests_per_minute: int
    requests_per_day: int
    cost_per_minute: int
    cost_per_day: int


@object_type(to=CONTRACTORS, description="Requests and cost by minute and day (额度)")
class PartnerPace:
    """How much a partner may ask for; the objects are ``PartnerRow`` or ``Left``."""

    requests_per_minute: int = attribute(
        to=CONTRACTORS, description="Requests in a minute (每分钟请求数)"
    )
    requests_per_day: int = attribute(to=CONTRACTORS, description="Requests in a day (每日请求数)")
    cost_per_minute: int = attribute(to=CONTRACTORS, description="Cost in a minute (每分钟开销)")
    cost_per_day: int = attribute(to=CONTRACTORS, description="Cost in a day (每日开销)")


@object_type(to=CONTRACTORS, description="Key of a partner, without its secret (合作方密钥)")
class PartnerKey:
    """A key; the objects are ``PartnerKeyRow``."""

    id = id_field("PartnerKey")
    hint: str = attribute(to=CONTRACTORS, description="Last characters of the key (末四位)")
    created_at: datetime = attribute(to=CONTRACTORS, description="When it was made (创建时间)")
    expires_at: datetime | None = attribute(
        to=CONTRACTORS, description="When it ends, none if it does not (到期时间)"
    )
    revoked_at: datetime | None = attribute(
        to=CONTRACTORS, description="When it was revoked (吊销时间)"
    )


@object_type(to=CONTRACTORS, description="Document agreed with a partner (约定查询)")
class PartnerDocument:
    """A document; the objects are ``PartnerDocumentRow``."""

    document_id: str = attribute(to=CONTRACTORS, description="Id of the document (查询标识)")
    sunset_on: date | None = attribute(
        to=CONTRACTORS, description="Last day of the document (停用日期)"
    )
    registered_at: datetime = attribute(
        to=CONTRACTORS, description="When it was registered (登记时间)"
    )
    requests: int = attribute(
        to=CONTRACTORS, description="Requests of the last seven days (近七日请求数)"
    )
    cost: int = attribute(to=CONTRACTORS, description="Cost of the last seven days (近七日开销)")

    @batched(
        list[str],
        to=CONTRACTORS,
        description="Operations in the document (操作名)",
        needs=("operations",),
    )
    @staticmethod
    def operations(parents: Sequence[PartnerDocumentRow]) -> list[list[str]]:
        return [sorted(json.loads(row.operations)) for row in parents]


@object_type(to=CONTRACTORS, description="Partner system and its contract (合作方)")
class Partner:
    """A partner; the objects are ``PartnerRow``."""

    id = id_field("Partner")
    name: str = attribute(to=CONTRACTORS, description="Name of the partner (名称)")
    status: PartnerStatus = attribute(to=CONTRACTORS, description="State of the partner (状态)")
    contact: str = attribute(to=CONTRACTORS, description="Whom to speak to (联系人)")
    created_at: datetime = attribute(to=CONTRACTORS, description="When it was made (创建时间)")

    @batched(Region, to=CONTRACTORS, description="Region that the contract covers (区划范围)")
    @staticmethod
    async def region(parents: Sequence[PartnerRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])

    @batched(PartnerPace, to=CONTRACTORS, description="How much it may ask for (额度)")
    @staticmethod
    def pace(parents: Sequence[PartnerRow]) -> Sequence[PartnerRow]:
        return parents

    @batched(
        PartnerPace | None, to=PARTNERS, description="What is left after this request (剩余额度)"
    )
    @staticmethod
    def remaining(parents: Sequence[PartnerRow], info: Info) -> list[Left | None]:
        left = info.context.allowance
        found = None if left is None else Left(*(left[name] for name in LIMITS))
        return [found for _ in parents]

    @batched(
        list[PartnerKey],
        to=CONTRACTORS,
        description="Keys of the partner (密钥)",
        hints=(sized(3),),
    )
    @staticmethod
    async def keys(parents: Sequence[PartnerRow], info: Info) -> Sequence[Sequence[PartnerKeyRow]]:
        return await list_keys(info.context, parents)

    @batched(
        list[PartnerDocument],
        to=CONTRACTORS,
        description="Documents agreed with the partner (约定查询)",
        hints=(sized(20),),
    )
    @staticmethod
    async def documents(
        parents: Sequence[PartnerRow], info: Info
    ) -> Sequence[Sequence[PartnerDocumentRow]]:
        return await list_documents(info.context, parents)


LIMITS = ("requestsPerMinute", "requestsPerDay", "costPerMinute", "costPerDay")
