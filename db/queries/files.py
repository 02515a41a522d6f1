"""Uploaded files: kept, attached to what they belong to, removed when they belong to nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from db.enums import FilePurpose
from db.events import SubjectType
from db.locks import Lock
from db.models import UploadedFile
from db.queries.entities import Entity
from db.queries.joined import source_of
from db.rows import Row
from db.scope import Scope
from db.statements import Statement, prepare
from db.write import Write

# A digest is one file in the storage, whoever sent it: who adds or removes it holds this.
_LOCK_DIGEST = f"select pg_advisory_xact_lock({Lock.FILES}, $1)"
_WAITING = """
select count(*) as count, min(id) filter (where digest = $2 and purpose = $3) as same
from files where owner_account_id = $1 and attached_at is null
"""
_INSERT = """
insert into files (owner_account_id, purpose, digest, media_type, size)
values ($1, $2, $3, $4, $5) returning id
"""
_RENEW = "update files set created_at = now() where id = $1"
_STORED = "update files set stored_at = coalesce(stored_at, now()) where id = $1"
_ATTACH = """
update files set subject_type = $4, subject_id = $5, team_id = $6, attached_at = now()
where id = any($1::bigint[]) and owner_account_id = $2 and purpose = $3
  and attached_at is null and stored_at is not null
returning id
"""
_LOCK_TO_GIVE = """
select id from files
where id = any($1::bigint[]) and purpose = $3 and stored_at is not null and (
  (subject_type = $4 and subject_id = $5) or (owner_account_id = $2 and attached_at is null))
order by id for update
"""
_DETACH = """
update files set subject_type = null, subject_id = null, team_id = null, attached_at = null
where subject_type = $1 and subject_id = $2 and purpose = $3 and id <> all($4::bigint[])
"""
_OLD = """
select distinct digest from files where attached_at is null and created_at < $1 limit $2
"""
_DELETE = """
delete from files where digest = $1 and attached_at is null and created_at < $2 returning id
"""
_IS_USED = "select exists (select from files where digest = $1)"


class FileRow(Row):
    """An uploaded file."""

    id: int
    owner_account_id: int
    purpose: str
    digest: bytes
    media_type: str
    size: int
    created_at: datetime
    stored_at: datetime | None
    subject_type: str | None
    subject_id: int | None
    team_id: int | None


_STATEMENTS: dict[str, Statement[FileRow]] = {}
FILE = Entity("File", UploadedFile.__table__, FileRow, "team_id", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """What is known of a file when its bytes have been looked at."""

    purpose: FilePurpose
    digest: bytes
    media_type: str
    size: int


def files_of(scope: Scope) -> Statement[FileRow]:
    """The files in scope that belong to one of ``subject_ids`` of ``subject_types``, by id."""
    if scope.key not in _STATEMENTS:
        source, row, team = source_of(FILE)
        query = (
            select(*FileRow.select_from(row))
            .select_from(source)
            .where(
                row.c.subject_type == any_(bindparam("subject_types", type_=ARRAY(Text))),
                row.c.subject_id == any_(bindparam("subject_ids", type_=ARRAY(BigInteger))),
                scope.clause(row, team),
            )
            .order_by(row.c.id)
        )
        _STATEMENTS[scope.key] = prepare(query, FileRow)
    return _STATEMENTS[scope.key]


async def lock_digest(write: Write, digest: bytes) -> None:
    """Holds the file of a digest until the write ends."""
    await write.run(_LOCK_DIGEST, int.from_bytes(digest[:4], signed=True))


async def fetch_waiting(write: Write, owner: int, new: NewFile) -> tuple[int, int | None]:
    """How many files of an account belong to nothing yet, and which is the same as the new one."""
    (row,) = await write.run(_WAITING, owner, new.digest, new.purpose.value)
    return row["count"], row["same"]


async def insert_file(write: Write, owner: int, new: NewFile) -> int:
    """The id of a file whose bytes are about to be stored."""
    (row,) = await write.run(
        _INSERT, owner, new.purpose.value, new.digest, new.media_type, new.size
    )
    file_id: int = row["id"]
    return file_id


async def renew(write: Write, file_id: int) -> None:
    """Lets a file wait another day for what it belongs to."""
    await write.run(_RENEW, file_id)


async def mark_stored(write: Write, file_id: int) -> None:
    """Notes that the bytes of a file lie in the storage."""
    await write.run(_STORED, file_id)


async def attach_files(
    write: Write,
    ids: Collection[int],
    *,
    owner: int,
    purpose: FilePurpose,
    subject: tuple[SubjectType, int],
    team_id: int,
) -> frozenset[int]:
    """Gives files to what they belong to; the ids of those that could be given.

    Only the account that sent a file can give it, once, for the purpose that it was sent for.
    """
    kind, number = subject
    rows = await write.run(_ATTACH, sorted(ids), owner, purpose.value, kind.value, number, team_id)
    return frozenset(row["id"] for row in rows)


async def lock_to_give(
    write: Write,
    ids: Collection[int],
    *,
    owner: int,
    purpose: FilePurpose,
    subject: tuple[SubjectType, int],
) -> frozenset[int]:
    """The ids of files that can be given to a subject, or are its own; locked, in their order."""
    kind, number = subject
    rows = await write.run(_LOCK_TO_GIVE, sorted(ids), owner, purpose.value, kind.value, number)
    return frozenset(row["id"] for row in rows)


async def detach_files(
    write: Write,
    subject: tuple[SubjectType, int],
    purpose: FilePurpose,
    *,
    besides: Collection[int] = (),
) -> None:
    """Takes the files of a purpose from what they belong to; they are removed with the others."""
    kind, number = subject
    await write.run(_DETACH, kind.value, number, purpose.value, sorted(besides))


async def fetch_old_digests(write: Write, before: datetime, limit: int) -> Sequence[bytes]:
    """Digests of files that were sent before a moment and belong to nothing."""
    return [row["digest"] for row in await write.run(_OLD, before, limit)]


async def delete_old(write: Write, digest: bytes, before: datetime) -> tuple[int, bool]:
    """How many files of a digest, locked already, belonged to nothing; whether others need it."""
    deleted = await write.run(_DELETE, digest, before)
    (row,) = await write.run(_IS_USED, digest)
    return len(deleted), row[0]
