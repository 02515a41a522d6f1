"""Partner systems, their keys and contracts."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, LargeBinary, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from db.enums import PartnerStatus
from db.models import (
    DocumentClient,
    DocumentUsage,
    Partner,
    PartnerKey,
    Region,
    TrustedDocument,
)
from db.models.base import BYTES_TEXT
from db.paths import in_subtree
from db.rows import Row
from db.statements import prepare
from db.write import Write


class PartnerRow(Row):
    """A partner and its contract."""

    id: int
    name: str
    status: str
    contact: str
    region_id: int
    region_path: str
    requests_per_minute: int
    requests_per_day: int
    cost_per_minute: int
    cost_per_day: int
    created_at: datetime


class HeldKeyRow(PartnerRow):
    """A key with the partner that holds it."""

    key_id: int
    expires_at: datetime | None
    revoked_at: datetime | None


class PartnerKeyRow(Row):
    """A key as its partner is told of it."""

    id: int
    partner_id: int
    hint: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class PartnerDocumentRow(Row):
    """A document of a partner, and how often it was asked for since a day."""

    partner_id: int
    document_id: str
    operations: str
    sunset_on: date | None
    registered_at: datetime
    requests: int
    cost: int


_partner = (
    Partner.id,
    Partner.name,
    Partner.status,
    Partner.contact,
    Partner.region_id,
    Region.path,
    Partner.requests_per_minute,
    Partner.requests_per_day,
    Partner.cost_per_minute,
    Partner.cost_per_day,
    Partner.created_at,
)
_named = bindparam("name", type_=Text)
_id = bindparam("id", type_=BigInteger)
_used = (
    select(
        DocumentUsage.document_id,
        func.sum(DocumentUsage.requests).cast(BigInteger).label("requests"),
        func.sum(DocumentUsage.cost).cast(BigInteger).label("cost"),
    )
    .where(DocumentUsage.day >= bindparam("day", type_=Date))
    .group_by(DocumentUsage.document_id)
    .subquery()
)

PARTNER = prepare(select(*_partner).join_from(Partner, Region).where(Partner.id == _id), PartnerRow)
PARTNER_NAMED = prepare(
    select(*_partner).join_from(Partner, Region).where(Partner.name == _named), PartnerRow
)
PARTNERS = prepare(select(*_partner).join_from(Partner, Region).order_by(Partner.name), PartnerRow)
KEY = prepare(
    select(*_partner, PartnerKey.id, PartnerKey.expires_at, PartnerKey.revoked_at)
    .join_from(PartnerKey, Partner)
    .join(Region, Region.id == Partner.region_id)
    .where(PartnerKey.key_hash == bindparam("key_hash", type_=LargeBinary)),
    HeldKeyRow,
)
_ids = bindparam("ids", type_=ARRAY(BigInteger))
PARTNERS_OF_REGION = prepare(
    select(*_partner)
    .join_from(Partner, Region)
    .where(
        in_subtree(
            Region.path,
            bindparam("region", type_=BYTES_TEXT),
            bindparam("region_end", type_=BYTES_TEXT),
        )
    )
    .order_by(Partner.name),
    PartnerRow,
)
KEYS = prepare(
    select(
        PartnerKey.id,
        PartnerKey.partner_id,
        PartnerKey.hint,
        PartnerKey.created_at,
        PartnerKey.expires_at,
        PartnerKey.revoked_at,
    )
    .where(PartnerKey.partner_id == any_(_ids))
    .order_by(PartnerKey.id),
    PartnerKeyRow,
)
PARTNER_DOCUMENTS = prepare(
    select(
        DocumentClient.partner_id,
        TrustedDocument.document_id,
        TrustedDocument.operations,
        TrustedDocument.sunset_on,
        TrustedDocument.registered_at,
        func.coalesce(_used.c.requests, 0),
        func.coalesce(_used.c.cost, 0),
    )
    .join_from(TrustedDocument, DocumentClient)
    .outerjoin(_used, _used.c.document_id == TrustedDocument.id)
    .where(DocumentClient.partner_id == any_(_ids), TrustedDocument.retired_at.is_(None))
    .order_by(TrustedDocument.id),
    PartnerDocumentRow,
)

_REGION = "select id, path from regions where code = $1"
_NAME_TAKEN = "select 1 from document_clients where name = $1"
_INSERT = """
insert into partners (name, region_id, status, contact, requests_per_minute, requests_per_day,
                      cost_per_minute, cost_per_day, created_by_id)
values ($1, $2, 'ACTIVE', $3, $4, $5, $6, $7, $8)
on conflict (name) do nothing returning id
"""
_CLIENT = """
insert into document_clients (name, partner_id) values ($1, $2)
on conflict (name) do nothing returning id
"""
_LOCK = """
select p.id, p.name, p.status, r.path as region_path from partners p
join regions r on r.id = p.region_id where p.id = $1 for update of p
"""
_STATUS = "update partners set status = $2 where id = $1"
_INSERT_KEY = """
insert into partner_keys (partner_id, key_hash, hint, expires_at) values ($1, $2, $3, $4)
returning id
"""
_REVOKE = """
update partner_keys set revoked_at = now()
where id = $1 and partner_id = $2 and revoked_at is null returning id
"""
_PARTNER_OF_KEY = "select partner_id from partner_keys where id = $1"


async def fetch_region(write: Write, code: str) -> tuple[int, str] | None:
    """The id and path of a region."""
    rows = await write.run(_REGION, code)
    return (rows[0]["id"], rows[0]["path"]) if rows else None


async def insert_partner(
    write: Write,
    *,
    name: str,
    region_id: int,
    contact: str,
    requests_per_minute: int,
    requests_per_day: int,
    cost_per_minute: int,
    cost_per_day: int,
) -> int | None:
    """The id of a new partner, which is a client of documents too; None if the name is taken."""
    if await write.run(_NAME_TAKEN, name):
        return None
    rows = await write.run(
        _INSERT,
        name,
        region_id,
        contact,
        requests_per_minute,
        requests_per_day,
        cost_per_minute,
        cost_per_day,
        write.account_id,
    )
    if not rows:
        return None
    partner_id: int = rows[0]["id"]
    await write.run(_CLIENT, name, partner_id)
    return partner_id


async def lock_partner(write: Write, partner_id: int) -> tuple[str, PartnerStatus, str] | None:
    """The name, state and region's path of a partner, locked."""
    rows = await write.run(_LOCK, partner_id)
    if not rows:
        return None
    return rows[0]["name"], PartnerStatus(rows[0]["status"]), rows[0]["region_path"]


async def update_status(write: Write, partner_id: int, status: PartnerStatus) -> None:
    """Lets a partner call, or stops it."""
    await write.run(_STATUS, partner_id, status.value)


async def insert_key(
    write: Write, partner_id: int, *, key_hash: bytes, hint: str, expires_at: datetime | None
) -> int:
    """The id of a new key."""
    rows = await write.run(_INSERT_KEY, partner_id, key_hash, hint, expires_at)
    key_id: int = rows[0]["id"]
    return key_id


async def revoke_key(write: Write, key_id: int, partner_id: int) -> bool:
    """Ends a key; False if it had ended or is another partner's."""
    return bool(await write.run(_REVOKE, key_id, partner_id))


async def fetch_partner_of_key(write: Write, key_id: int) -> int | None:
    """The id of the partner that holds a key."""
    rows = await write.run(_PARTNER_OF_KEY, key_id)
    return rows[0]["partner_id"] if rows else None
