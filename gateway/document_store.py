"""The registered documents as this process knows them, kept as PostgreSQL has them.

A change is announced on a Redis channel; a process also looks for itself, often while it hears
nothing of Redis. What it knows it finds without I/O.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
from redis.exceptions import RedisError

from db.clock import CHINA
from db.enums import DocumentMode
from db.errors import DatabaseRefusal
from db.queries.documents import (
    CHANGED_DOCUMENTS,
    DOCUMENTS,
    MODES,
    MOST_USED,
    REVISION,
    DocumentRow,
)
from db.session import Database
from gateway.background import end
from gateway.document_ids import PREFIX
from gateway.documents import DocumentRefused, Documents, Prepared
from permissions.viewer import Role

log = logging.getLogger(__name__)

CHANNEL = "volunteer-gateway:documents"
LOOK_HEARING = timedelta(seconds=5)
LOOK_ALONE = timedelta(milliseconds=500)
AFTER_FAILURE = timedelta(seconds=1)
WARM = 500
RECENT = timedelta(days=7)

ANY_CLIENT = None
"""The client of a request that names none: any of our own pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A registered document."""

    row: int
    client: str
    is_partners: bool
    role: Role
    id: str
    text: str
    is_valid: bool
    sunset_on: date | None
    names: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return self.id.removeprefix(PREFIX)


class DocumentStore:
    """What is registered, by client, role and id."""

    def __init__(self, database: Database, documents: Documents, redis: Any) -> None:
        self.is_loaded = False
        self.is_warm = False
        self._database = database
        self._documents = documents
        self._redis = redis
        self._revision = 0
        self._rows: dict[int, Trusted] = {}
        self._index: dict[tuple[str | None, Role, str], Trusted] = {}
        self._modes: Mapping[tuple[str, Role], DocumentMode] = {}
        self._heard = asyncio.Event()
        self._hears = False

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, client: str | None, role: Role, id: str) -> Trusted | None:
        """The document that an id names for a client, or None."""
        return self._index.get((client, role, id))

    def mode(self, client: str | None, role: Role) -> DocumentMode | None:
        """How strictly the client is held to its documents in the role, if that was set."""
        return None if client is None else self._modes.get((client, role))

    def prepared(self, trusted: Trusted) -> Prepared:
        """The document ready to run.

        Raises:
            DocumentRefused: it is no longer valid in the schema.
        """
        return self._documents.trusted(
            trusted.role, trusted.digest, trusted.text, is_valid=trusted.is_valid
        )

    async def refresh(self) -> None:
        """Brings this process to what PostgreSQL has now.

        Raises:
            DatabaseRefusal: PostgreSQL cannot be asked.
        """
        async with self._database.read() as snapshot:
            found = await snapshot.fetch_one(REVISION)
            revision = found.revision if found is not None else 0
            if self.is_loaded and revision == self._revision:
                return
            if self.is_loaded:
                rows = await snapshot.fetch(CHANGED_DOCUMENTS, since=self._revision)
            else:
                rows = await snapshot.fetch(DOCUMENTS)
            modes = await snapshot.fetch(MODES)
        # Printing the schemas takes the better part of a second, once.
        hashes = await asyncio.to_thread(lambda: self._documents.schema_hashes)
        self._take(rows, hashes)
        self._modes = {(each.client, Role(each.role)): DocumentMode(each.mode) for each in modes}
        self._revision = revision
        self.is_loaded = True

    def _take(self, rows: Sequence[DocumentRow], hashes: Mapping[Role, bytes]) -> None:
        gone = False
        for row in rows:
            gone |= self._rows.pop(row.id, None) is not None
            if row.retired_at is not None:
                continue
            role = Role(row.role)
            trusted = self._rows[row.id] = Trusted(
                row=row.id,
                client=row.client,
                is_partners=row.partner_id is not None,
                role=role,
                id=row.document_id,
                text=row.text,
                is_valid=row.schema_hash == hashes[role],
                sunset_on=row.sunset_on,
                names=(row.document_id, *row.aliases),
            )
            self._index.update(dict.fromkeys(_keys(trusted), trusted))
        if gone:
            self._index = {key: each for each in self._rows.values() for key in _keys(each)}

    async def warm(self) -> None:
        """Parses and plans the documents that were used most, and gives way in between."""
        since = datetime.now(UTC).astimezone(CHINA).date() - RECENT
        async with self._database.read() as snapshot:
            used = await snapshot.fetch(MOST_USED, day=since, most=WARM)
        for each in used:
            trusted = self._rows.get(each.document_id)
            if trusted is not None:
                self._plan(trusted)
                await asyncio.sleep(0)
        self.is_warm = True

    def _plan(self, trusted: Trusted) -> None:
        try:
            prepared = self.prepared(trusted)
        except DocumentRefused:
            extra = {"client": trusted.client, "document_hash": trusted.digest[:16]}
            log.warning("document_no_longer_valid", extra=extra)
            return
        for name, operation in prepared.operations.items():
            prepared.operation(name)
            prepared.price(operation)

    async def keep(self) -> None:
        """Follows changes until cancelled."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                try:
                    await self.refresh()
                    if not self.is_warm:
                        await self.warm()
                    pause = LOOK_HEARING if self._hears else LOOK_ALONE
                except (DatabaseRefusal, asyncpg.PostgresError) as error:
                    log.warning("documents_not_read", extra={"error": type(error).__name__})
                    pause = AFTER_FAILURE
                await self._wait(pause)
        finally:
            await end(listening)

    async def _wait(self, pause: timedelta) -> None:
        try:
            async with asyncio.timeout(pause.total_seconds()):
                await self._heard.wait()
        except TimeoutError:
            return
        self._heard.clear()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    self._hears = True
                    self._heard.set()  # what was announced before we listened is looked for
                    while True:
                        if await channel.get_message(
                            ignore_subscribe_messages=True, timeout=LOOK_HEARING.total_seconds()
                        ):
                            self._heard.set()
            except (RedisError, OSError, TimeoutError):
                if self._hears:
                    self._hears = False
                    self._heard.set()  # from now on it must look for itself, and often
                await asyncio.sleep(AFTER_FAILURE.total_seconds())


def _keys(trusted: Trusted) -> Iterator[tuple[str | None, Role, str]]:
    for name in trusted.names:
        yield trusted.client, trusted.role, name
        if not trusted.is_partners:
            yield ANY_CLIENT, trusted.role, name


async def announce(redis: Any) -> None:
    """Tells every process that documents were changed; without Redis they find it themselves."""
    try:
        await redis.publish(CHANNEL, b"")
    except (RedisError, OSError, TimeoutError):
        log.warning("documents_not_announced")
