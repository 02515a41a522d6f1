"""Registering documents: all of a manifest are stored or none; and taking them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from db.enums import DocumentMode
from db.events import DomainEvent, Json, SubjectType
from db.queries import documents as stored
from db.queries.documents import NewDocument
from db.write import Writable, Write
from gateway.document_checks import Candidate
from gateway.manifests import Refusal, Refused, RegistrationRefused
from permissions.viewer import Role

OPERATOR = "operator"
MOST_LISTED = 100
"""Documents that one audit row names."""
RECENT = timedelta(days=7)
"""How long ago the last request must be for a document to have no traffic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What a registration changed: ids that are new, that came back, and that were there."""

    client: str
    role: Role
    new: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    revision: int | None = None

    def outcome(self, document_id: str) -> str:
        """What became of one document."""
        if document_id in self.new:
            return "new"
        return "back" if document_id in self.back else "unchanged"


class ClientUnknown(Exception):
    """There is no such client, or it has no such document; the message is for the operator."""


class TrafficRemains(Exception):
    """A document that is still asked for would be retired."""


async def store_documents(
    database: Writable,
    client: str,
    role: Role,
    candidates: Sequence[Candidate],
    *,
    schema_hash: bytes,
) -> Registered:
    """Stores what is new of the candidates; a manifest that was registered before changes nothing.

    Raises:
        RegistrationRefused: an id of the manifest names another text already.
        ClientUnknown: the client is a partner, and the role is another.
    """
    async with database.write(
        account_id=None, capacity=OPERATOR, action="documents.register"
    ) as write:
        revision = await stored.lock_revision(write)
        client_id = await _client(write, client, role)
        ids = [each.document.id for each in candidates]
        known = await stored.fetch_known(write, client_id, role, ids)
        await _require_free(write, client_id, role, candidates)
        new, changed = [], {}
        for each in candidates:
            before = known.get(each.document.id)
            if before is None:
                new.append(_row(each, each.document.aliases))
            elif before.retired or not before.aliases.issuperset(each.document.aliases):
                aliases = sorted(before.aliases.union(each.document.aliases))
                changed[before.id] = _row(each, aliases)
        if new:
            await stored.insert_documents(
                write, client_id, role, new, schema_hash=schema_hash, revision=revision
            )
        if changed:
            await stored.update_documents(
                write, client_id, changed, schema_hash=schema_hash, revision=revision
            )
        if new or changed:
            await stored.store_revision(write, revision)
            write.record(_event("documents.registered", client_id, role, [*new, *changed.values()]))
    fresh = frozenset(each.document_id for each in new)
    back = frozenset(each.document_id for each in changed.values())
    return Registered(
        client=client,
        role=role,
        new=fresh,
        back=back,
        known=frozenset(ids) - fresh - back,
        revision=revision if new or changed else None,
    )


async def _client(write: Write, name: str, role: Role) -> int:
    found = await stored.fetch_client(write, name)
    if found is None:
        if role is Role.PARTNER:
            raise ClientUnknown(f"There is no partner {name}; create it first.")
        return await stored.insert_client(write, name)
    client_id, partner_id = found
    if (partner_id is not None) is not (role is Role.PARTNER):
        kind = "a partner" if partner_id is not None else "no partner"
        raise ClientUnknown(f"The client {name} is {kind}.")
    return client_id


async def _require_free(
    write: Write, client_id: int, role: Role, candidates: Sequence[Candidate]
) -> None:
    wanted = {alias: each.document for each in candidates for alias in each.document.aliases}
    taken = await stored.fetch_aliases(write, client_id, role, wanted)
    refusals = [
        Refused(Refusal.ID_TAKEN, wanted[alias].where, f"{alias} names another text already.")
        for alias, document_id in taken.items()
        if wanted[alias].id != document_id
    ]
    if refusals:
        raise RegistrationRefused(refusals)


def _row(each: Candidate, aliases: Sequence[str]) -> NewDocument:
    return NewDocument(
        document_id=each.document.id,
        text=each.document.text,
        operations={
            report.name: {"kind": report.kind, "price": report.price, "most": report.most}
            for report in each.operations
        },
        aliases=aliases,
    )


async def retire(
    database: Writable,
    client: str,
    found: Mapping[int, str],
    *,
    today: date,
    force: bool = False,
) -> int:
    """Retires documents of a client, given by row and id; returns the revision.

    Raises:
        TrafficRemains: one was asked for in the last days, and it is not forced.
    """
    async with database.write(
        account_id=None, capacity=OPERATOR, action="documents.retire"
    ) as write:
        revision = await stored.lock_revision(write)
        traffic = await stored.fetch_traffic(write, found, since=today - RECENT)
        if traffic and not force:
            lines = [f"{found[row]}: {n} requests in the last week" for row, n in traffic.items()]
            raise TrafficRemains("\n".join([*lines, "Retire them anyway with --force."]))
        await stored.retire_documents(write, found, revision=revision)
        await stored.store_revision(write, revision)
        write.record(_named("documents.retired", client, list(found.values())))
    return revision


async def set_sunset(
    database: Writable, client: str, found: Mapping[int, str], on: date | None
) -> int:
    """Sets the last day of documents of a client; returns the revision."""
    async with database.write(
        account_id=None, capacity=OPERATOR, action="documents.sunset"
    ) as write:
        revision = await stored.lock_revision(write)
        await stored.update_sunset(write, found, on, revision=revision)
        await stored.store_revision(write, revision)
        write.record(_named("documents.sunset", client, list(found.values())))
    return revision


async def set_mode(database: Writable, client: str, role: Role, mode: DocumentMode) -> int | None:
    """Sets how strictly a client is held to its documents; returns the revision of a change."""
    async with database.write(account_id=None, capacity=OPERATOR, action="documents.mode") as write:
        revision = await stored.lock_revision(write)
        client_id = await _client(write, client, role)
        changed = await stored.store_mode(write, client_id, role, mode)
        if changed:
            await stored.store_revision(write, revision)
            detail = {"client": client, "role": role.value, "mode": mode.value}
            write.record(_audited("documents.mode", client_id, detail))
    return revision if changed else None


def _event(name: str, client_id: int, role: Role, documents: Sequence[NewDocument]) -> DomainEvent:
    ids = [each.document_id for each in documents]
    return _audited(name, client_id, {"role": role.value, **_listed(ids)})


def _named(name: str, client: str, ids: Sequence[str]) -> DomainEvent:
    return _audited(name, None, {"client": client, **_listed(ids)})


def _listed(ids: Sequence[str]) -> Mapping[str, Json]:
    return {"count": len(ids), "documents": list(ids[:MOST_LISTED])}


def _audited(name: str, client_id: int | None, detail: Mapping[str, Json]) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.DOCUMENT_CLIENT,
        subject_id=client_id,
        because="operator's command",
        payload=None,
        detail=detail,
    )
