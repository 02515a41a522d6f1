"""Exports: asked for, taken up by one worker at a time, finished, fetched, removed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select

from db.enums import ExportFormat, ExportKind, ExportState
from db.models import Export
from db.rows import Row
from db.statements import prepare
from db.write import Write

MOST_ATTEMPTS = 3
KEPT = timedelta(days=7)
"""How long an export is kept after it was asked for."""


class ExportRow(Row):
    """An export as who asked for it is told."""

    id: int
    kind: str
    format: str
    state: str
    done: int
    total: int
    failure: str | None
    file_name: str | None
    size: int | None
    created_at: datetime
    finished_at: datetime | None


class ExportFileRow(Row):
    """The file of a finished export."""

    file_name: str
    format: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An export that this worker holds, and whose it is."""

    id: int
    account_id: int
    capacity: str
    kind: ExportKind
    format: ExportFormat
    wish: Mapping[str, Any]
    attempts: int


_account = bindparam("account", type_=BigInteger)
_told = (
    Export.id,
    Export.kind,
    Export.format,
    Export.state,
    Export.done,
    Export.total,
    Export.failure,
    Export.file_name,
    func.octet_length(Export.content),
    Export.created_at,
    Export.finished_at,
)
OWN_EXPORT = prepare(
    select(*_told).where(
        Export.id == bindparam("id", type_=BigInteger), Export.account_id == _account
    ),
    ExportRow,
)
OWN_EXPORTS = prepare(
    select(*_told).where(Export.account_id == _account).order_by(Export.id.desc()).limit(20),
    ExportRow,
)
EXPORT_FILE = prepare(
    select(Export.file_name, Export.format, Export.content).where(
        Export.id == bindparam("id", type_=BigInteger),
        Export.account_id == _account,
        Export.state == ExportState.DONE,
    ),
    ExportFileRow,
)

_HOLD_ACCOUNT = "select from accounts where id = $1 for no key update"
_COUNT_OPEN = """
select count(*) from exports where account_id = $1 and state in ('WAITING', 'RUNNING')
"""
_INSERT = """
insert into exports (account_id, capacity, kind, format, wish, state)
values ($1, $2, $3, $4, $5::jsonb, 'WAITING') returning id
"""
_TAKE = """
update exports set state = 'RUNNING', attempts = attempts + 1, done = 0, total = 0,
  held_until = now() + $1::interval
where id = (
  select id from exports
  where state = 'WAITING' or (state = 'RUNNING' and held_until < now())
  order by id limit 1 for update skip locked)
returning id, account_id, capacity, kind, format, wish::text as wish, attempts
"""
# A worker that was slow may have lost the export to another: then nothing of it is changed.
_ADVANCE = """
update exports set done = $3, total = $4, held_until = now() + $5::interval
where id = $1 and state = 'RUNNING' and attempts = $2 returning true
"""
_FINISH = """
update exports set state = 'DONE', content = $3, file_name = $4, done = total, held_until = null,
  finished_at = now()
where id = $1 and state = 'RUNNING' and attempts = $2 returning true
"""
_FAIL = """
update exports set state = 'FAILED', failure = $3, held_until = null, finished_at = now()
where id = $1 and state = 'RUNNING' and attempts = $2 returning true
"""
_REMOVE = """
delete from exports where id = any(array(
  select id from exports where created_at < $1 order by created_at limit $2
  for update skip locked))
returning true
"""


async def count_open(write: Write, account_id: int) -> int:
    """How many exports of an account wait or run; no other of its requests counts meanwhile."""
    # A statement of its own: the count must see what whoever held the account has added.
    await write.run(_HOLD_ACCOUNT, account_id)
    rows = await write.run(_COUNT_OPEN, account_id)
    return int(rows[0][0])


async def insert_export(
    write: Write, *, kind: ExportKind, format: ExportFormat, wish: Mapping[str, Any]
) -> int:
    """The id of an export that waits for a worker."""
    stored = json.dumps(wish, ensure_ascii=False)
    rows = await write.run(
        _INSERT, write.account_id, write.capacity, kind.value, format.value, stored
    )
    return int(rows[0]["id"])


async def take_export(write: Write, *, hold: Any) -> Taken | None:
    """The longest waiting export, held by this worker; None if there is none."""
    rows = await write.run(_TAKE, hold)
    if not rows:
        return None
    (row,) = rows
    return Taken(
        id=row["id"],
        account_id=row["account_id"],
        capacity=row["capacity"],
        kind=ExportKind(row["kind"]),
        format=ExportFormat(row["format"]),
        wish=json.loads(row["wish"]),
        attempts=row["attempts"],
    )


async def advance_export(write: Write, taken: Taken, done: int, total: int, *, hold: Any) -> bool:
    """Notes how far it has come; false if another worker has it by now."""
    return bool(await write.run(_ADVANCE, taken.id, taken.attempts, done, total, hold))


async def finish_export(write: Write, taken: Taken, *, content: bytes, file_name: str) -> bool:
    """Keeps the file; false if another worker has the export by now."""
    return bool(await write.run(_FINISH, taken.id, taken.attempts, content, file_name))


async def fail_export(write: Write, taken: Taken, failure: str) -> bool:
    """Ends it with a code that says why; false if another worker has the export by now."""
    return bool(await write.run(_FAIL, taken.id, taken.attempts, failure))


async def remove_exports(write: Write, *, before: datetime, limit: int) -> int:
    """Removes exports that were asked for before a moment; returns how many."""
    return len(await write.run(_REMOVE, before, limit))
