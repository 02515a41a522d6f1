"""Files that people send: kept by the hash of their bytes, and removed when nothing needs them.

The row comes first, then the bytes, then the note that they lie there: a process that dies between
leaves a row that is swept with its bytes after a day.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from db.enums import FilePurpose
from db.errors import DatabaseRefusal
from db.events import DomainEvent, SubjectType
from db.queries import files, pages
from db.queries.files import FILE, FileRow, NewFile
from db.session import Database, Snapshot
from db.write import open_write
from permissions.errors import Forbidden, LimitExceeded
from permissions.files import readable_files
from permissions.viewer import Role, Viewer
from resolvers.acting import require_account

log = logging.getLogger(__name__)

MOST_WAITING = 100
KEPT_UNATTACHED = timedelta(days=1)
BATCH = 100
LOOKED_AT = frozenset({FilePurpose.PROOF, FilePurpose.SCAN})


class StorageAway(Exception):
    """The storage of files cannot be reached, or refuses."""


class FileStorage(Protocol):
    """Where the bytes of files lie, by their SHA-256; it raises nothing but ``StorageAway``."""

    async def put(self, digest: bytes, data: bytes, /) -> None:
        """Keeps bytes; they are on disk when it returns."""
        ...

    async def get(self, digest: bytes, /) -> bytes | None:
        """The bytes, if they are there."""
        ...

    async def delete(self, digest: bytes, /) -> None:
        """Removes the bytes, if they are there."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was kept, and whether it was there already."""

    id: int
    is_new: bool


async def keep_file(
    database: Database,
    storage: FileStorage,
    viewer: Viewer,
    *,
    purpose: FilePurpose,
    media_type: str,
    data: bytes,
) -> KeptFile:
    """The file; the same bytes sent twice for one purpose are one file until it is attached.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: a partner has no files.
        LimitExceeded: too many files of the account belong to nothing yet.
        StorageAway: the bytes could not be kept.
    """
    owner = require_account(viewer)
    if viewer.role is Role.PARTNER:
        raise Forbidden
    digest = hashlib.sha256(data).digest()
    new = NewFile(purpose=purpose, digest=digest, media_type=media_type, size=len(data))
    async with database.write(
        account_id=owner, capacity=viewer.capacity, action="keepFile"
    ) as write:
        await files.lock_digest(write, digest)
        waiting, same = await files.fetch_waiting(write, owner, new)
        if same is not None:
            await files.renew(write, same)
        elif waiting >= MOST_WAITING:
            raise LimitExceeded("files", f"{MOST_WAITING} files of yours belong to nothing yet.")
        file_id = same if same is not None else await files.insert_file(write, owner, new)
        if same is None:
            write.record(_event("file.sent", file_id, "own file", purpose))
    await storage.put(digest, data)
    async with database.write(
        account_id=owner, capacity=viewer.capacity, action="keepFile"
    ) as write:
        await files.mark_stored(write, file_id)
    return KeptFile(file_id, same is None)


async def read_file(
    database: Database, storage: FileStorage, viewer: Viewer, snapshot: Snapshot, file_id: int
) -> tuple[FileRow, bytes] | None:
    """A file that the viewer may read; None if there is none such. A look at another's is audited.

    Raises:
        StorageAway: its bytes cannot be had now.
    """
    form = FileRow.only(FileRow.__columns__, "lookup_key")
    statement, values = pages.by_key(FILE, "id", readable_files(viewer), form, [file_id])
    row = await snapshot.fetch_one(statement, **values)
    if row is None or row.stored_at is None:
        return None
    data = await storage.get(bytes(row.digest))
    if data is None:
        log.error("file_missing", extra={"file": file_id})
        raise StorageAway
    if row.purpose in LOOKED_AT and row.owner_account_id != viewer.account_id:
        async with database.write(
            account_id=viewer.account_id, capacity=viewer.capacity, action="readFile"
        ) as write:
            write.record(_event("file.read", file_id, "reader of the file", row.purpose))
    return row, data


async def sweep_files(engine: AsyncEngine, storage: FileStorage, *, now: datetime) -> int:
    """How many files that belong to nothing since a day were removed, with bytes none needs.

    Raises:
        StorageAway: the rest is left to the next time.
    """
    before = now - KEPT_UNATTACHED
    removed = 0
    while True:
        async with open_write(engine, account_id=None, capacity="sweeper", action="sweep") as write:
            digests = await files.fetch_old_digests(write, before, BATCH)
        for digest in digests:
            async with open_write(
                engine, account_id=None, capacity="sweeper", action="sweep"
            ) as write:
                await files.lock_digest(write, digest)
                count, is_used = await files.delete_old(write, digest, before)
                if count and not is_used:
                    await storage.delete(digest)
            removed += count
        if len(digests) < BATCH:
            return removed


async def keep_swept(
    engine: AsyncEngine, storage: FileStorage, *, every: timedelta = timedelta(hours=1)
) -> None:
    """Removes what nothing needs, again and again, until cancelled."""
    while True:
        try:
            if removed := await sweep_files(engine, storage, now=datetime.now(UTC)):
                log.info("files_swept", extra={"removed": removed})
        except (DatabaseRefusal, StorageAway) as error:
            log.warning("files_not_swept", extra={"error": type(error).__name__})
        await asyncio.sleep(every.total_seconds())


def _event(name: str, file_id: int, because: str, purpose: str) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.FILE,
        subject_id=file_id,
        because=because,
        payload=None,
        detail={"purpose": str(purpose)},
    )
