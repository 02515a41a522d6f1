"""Clients, their registered documents, and how often those are asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Date, bindparam, func, select

from db.models import (
    ClientMode,
    DocumentClient,
    DocumentRevision,
    DocumentUsage,
    TrustedDocument,
)
from db.rows import Row
from db.statements import prepare
from db.write import Write


class RevisionRow(Row):
    """The revision of all clients and documents."""

    revision: int


class DocumentRow(Row):
    """A registered document with the client that it is for."""

    id: int
    client: str
    partner_id: int | None
    role: str
    document_id: str
    text: str
    aliases: list[str]
    schema_hash: bytes
    operations: str
    sunset_on: date | None
    registered_at: datetime
    retired_at: datetime | None


class ModeRow(Row):
    """How strictly a client is held to its documents in a role."""

    client: str
    role: str
    mode: str


class UsageRow(Row):
    """How often a document was asked for on a day, and what it cost."""

    document_id: int
    day: date
    requests: int
    cost: int


class UsedRow(Row):
    """A document and how often it was asked for."""

    document_id: int
    requests: int


_documents = (
    select(
        TrustedDocument.id,
        DocumentClient.name,
        DocumentClient.partner_id,
        TrustedDocument.role,
        TrustedDocument.document_id,
        TrustedDocument.text,
        TrustedDocument.aliases,
        TrustedDocument.schema_hash,
        TrustedDocument.operations,
        TrustedDocument.sunset_on,
        TrustedDocument.registered_at,
        TrustedDocument.retired_at,
    )
    .join_from(TrustedDocument, DocumentClient)
    .order_by(TrustedDocument.id)
)
_since = bindparam("since", type_=BigInteger)
_day = bindparam("day", type_=Date)
_requests = func.sum(DocumentUsage.requests).cast(BigInteger)

REVISION = prepare(select(DocumentRevision.revision), RevisionRow)
DOCUMENTS = prepare(_documents.where(TrustedDocument.retired_at.is_(None)), DocumentRow)
CHANGED_DOCUMENTS = prepare(_documents.where(TrustedDocument.revision > _since), DocumentRow)
MODES = prepare(
    select(DocumentClient.name, ClientMode.role, ClientMode.mode).join_from(
        ClientMode, DocumentClient
    ),
    ModeRow,
)
MOST_USED = prepare(
    select(DocumentUsage.document_id, _requests)
    .where(DocumentUsage.day >= _day)
    .group_by(DocumentUsage.document_id)
    .order_by(_requests.desc())
    .limit(bindparam("most", type_=BigInteger)),
    UsedRow,
)
USAGE = prepare(
    select(DocumentUsage.document_id, DocumentUsage.day, DocumentUsage.requests, DocumentUsage.cost)
    .where(
        DocumentUsage.day >= _day,
        DocumentUsage.document_id.in_(
            select(TrustedDocument.id)
            .join_from(TrustedDocument, DocumentClient)
            .where(DocumentClient.name == bindparam("client"))
        ),
    )
    .order_by(DocumentUsage.document_id, DocumentUsage.day),
    UsageRow,
)

_LOCK = "select revision + 1 as revision from document_revision where id = 1 for update"
_ADVANCE = "update document_revision set revision = $1 where id = 1"
_CLIENT = "select id, partner_id from document_clients where name = $1"
_NEW_CLIENT = "insert into document_clients (name, partner_id) values ($1, $2) returning id"
_KNOWN = """
select id, document_id, aliases, retired_at is not null as retired from trusted_documents
where client_id = $1 and role = $2 and document_id = any($3::text[])
"""
_TAKEN = """
select alias, document_id from trusted_documents, unnest(aliases) as alias
where client_id = $1 and role = $2 and retired_at is null and alias = any($3::text[])
"""
_INSERT = """
insert into trusted_documents
    (client_id, role, document_id, text, operations, aliases, schema_hash, revision)
select $1, $2, document_id, text, operations::jsonb,
       array(select jsonb_array_elements_text(aliases::jsonb)), $3, $4
from unnest($5::text[], $6::text[], $7::text[], $8::text[])
    as row (document_id, text, operations, aliases)
"""
_REVIVE = """
update trusted_documents set retired_at = null, schema_hash = $2, revision = $3,
    operations = row.operations::jsonb,
    aliases = array(select jsonb_array_elements_text(row.aliases::jsonb))
from unnest($4::bigint[], $5::text[], $6::text[]) as row (id, operations, aliases)
where trusted_documents.id = row.id and client_id = $1
"""
_STORE_MODE = """
insert into client_modes (client_id, role, mode) values ($1, $2, $3)
on conflict (client_id, role) do update set mode = excluded.mode
where client_modes.mode <> excluded.mode
returning role
"""
_RETIRE = (
    "update trusted_documents set retired_at = now(), revision = $2 where id = any($1::bigint[])"
)
_SUNSET = "update trusted_documents set sunset_on = $2, revision = $3 where id = any($1::bigint[])"
_TRAFFIC = """
select document_id, sum(requests)::bigint as requests from document_usage
where document_id = any($1::bigint[]) and day >= $2 group by document_id
"""
_ADD_USAGE = """
insert into document_usage (document_id, day, requests, cost)
select * from unnest($1::bigint[], $2::date[], $3::bigint[], $4::bigint[])
on conflict (document_id, day) do update
set requests = document_usage.requests + excluded.requests,
    cost = document_usage.cost + excluded.cost
"""
_VALID = "update trusted_documents set schema_hash = $2 where id = any($1::bigint[])"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document to be stored."""

    document_id: str
    text: str
    operations: Mapping[str, Any]
    aliases: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDocument:
    """What is stored of a document already."""

    id: int
    aliases: frozenset[str]
    retired: bool


async def lock_revision(write: Write) -> int:
    """The number of the next change of documents; other changes wait until this one is over."""
    rows = await write.run(_LOCK)
    revision: int = rows[0]["revision"]
    return revision


async def store_revision(write: Write, revision: int) -> None:
    """Tells processes that something was changed under this number."""
    await write.run(_ADVANCE, revision)


async def fetch_client(write: Write, name: str) -> tuple[int, int | None] | None:
    """The id of a client and of the partner that it is."""
    rows = await write.run(_CLIENT, name)
    return (rows[0]["id"], rows[0]["partner_id"]) if rows else None


async def insert_client(write: Write, name: str, partner_id: int | None = None) -> int:
    """The id of a new client."""
    rows = await write.run(_NEW_CLIENT, name, partner_id)
    client_id: int = rows[0]["id"]
    return client_id


async def fetch_known(
    write: Write, client_id: int, role: str, document_ids: Collection[str]
) -> dict[str, KnownDocument]:
    """What is stored of these documents, by their id."""
    rows = await write.run(_KNOWN, client_id, role, list(document_ids))
    return {
        row["document_id"]: KnownDocument(
            id=row["id"], aliases=frozenset(row["aliases"]), retired=row["retired"]
        )
        for row in rows
    }


async def fetch_aliases(
    write: Write, client_id: int, role: str, aliases: Collection[str]
) -> dict[str, str]:
    """Which documents these aliases name now."""
    rows = await write.run(_TAKEN, client_id, role, list(aliases))
    return {row["alias"]: row["document_id"] for row in rows}


async def insert_documents(
    write: Write,
    client_id: int,
    role: str,
    documents: Sequence[NewDocument],
    *,
    schema_hash: bytes,
    revision: int,
) -> None:
    """Stores new documents of a client."""
    await write.run(
        _INSERT,
        client_id,
        role,
        schema_hash,
        revision,
        [each.document_id for each in documents],
        [each.text for each in documents],
        [_json(each.operations) for each in documents],
        [_json(list(each.aliases)) for each in documents],
    )


async def update_documents(
    write: Write,
    client_id: int,
    documents: Mapping[int, NewDocument],
    *,
    schema_hash: bytes,
    revision: int,
) -> None:
    """Brings stored documents back, or gives them more aliases."""
    await write.run(
        _REVIVE,
        client_id,
        schema_hash,
        revision,
        list(documents),
        [_json(each.operations) for each in documents.values()],
        [_json(list(each.aliases)) for each in documents.values()],
    )


async def store_mode(write: Write, client_id: int, role: str, mode: str) -> bool:
    """Sets how strictly a client is held to its documents; False if that is how it was."""
    return bool(await write.run(_STORE_MODE, client_id, role, mode))


async def retire_documents(write: Write, ids: Collection[int], *, revision: int) -> None:
    """Documents that are no longer answered."""
    await write.run(_RETIRE, list(ids), revision)


async def update_sunset(
    write: Write, ids: Collection[int], on: date | None, *, revision: int
) -> None:
    """Sets the last day of documents."""
    await write.run(_SUNSET, list(ids), on, revision)


async def update_schema_hash(write: Write, ids: Collection[int], schema_hash: bytes) -> None:
    """Notes that documents were found valid in a schema."""
    await write.run(_VALID, list(ids), schema_hash)


async def fetch_traffic(write: Write, ids: Collection[int], *, since: date) -> dict[int, int]:
    """How often documents were asked for since a day; those that were not are left out."""
    rows = await write.run(_TRAFFIC, list(ids), since)
    return {row["document_id"]: row["requests"] for row in rows}


async def add_usage(write: Write, used: Mapping[tuple[int, date], tuple[int, int]]) -> None:
    """Adds requests and cost to documents' days."""
    days = sorted(used)  # one order, so that processes that add at once do not wait in a circle
    await write.run(
        _ADD_USAGE,
        [document for document, _ in days],
        [day for _, day in days],
        [used[each][0] for each in days],
        [used[each][1] for each in days],
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
