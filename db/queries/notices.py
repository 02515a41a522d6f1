"""Notices as issuing, withdrawing and reading them reads and writes them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from db.rows import Row
from db.statements import Statement
from db.write import Write

_STATION = """
select r.id, r.path from stations s join regions r on r.id = s.region_id where s.number = $1
"""
_REGION = "select id, path from regions where code = $1"
_INSERT = """
insert into notices (province, team_id, region_id, of_station, readers, title, body,
  issuer_account_id)
select coalesce((select province from teams where id = $1),
    (select province from regions where id = $2)),
  $1, $2, $3, $4, $5, $6, $7
returning id
"""
_WITHDRAW = """
update notices set withdrawn_at = $2, withdraw_reason = $3
where id = $1 and withdrawn_at is null returning id
"""
_READ = """
insert into notice_reads (notice_id, account_id) select unnest($2::bigint[]), $1
on conflict do nothing
"""


class NoticeReadRow(Row):
    """When an account marked a notice as read."""

    notice_id: int
    read_at: datetime


READ_AT = Statement(
    """
    select notice_id, read_at from notice_reads
    where account_id = $1 and notice_id = any($2::bigint[])
    """,
    ("account", "ids"),
    {},
    NoticeReadRow,
)


async def fetch_station(write: Write, number: int) -> tuple[int, str] | None:
    """The region of a station, and its path."""
    rows = await write.run(_STATION, number)
    return (rows[0]["id"], rows[0]["path"]) if rows else None


async def fetch_region(write: Write, code: str) -> tuple[int, str] | None:
    """The region of a code, and its path."""
    rows = await write.run(_REGION, code)
    return (rows[0]["id"], rows[0]["path"]) if rows else None


async def insert(
    write: Write,
    *,
    team_id: int | None,
    region_id: int | None,
    of_station: bool,
    readers: Sequence[str],
    title: str,
    body: str,
) -> int:
    """The id of a notice."""
    rows = await write.run(
        _INSERT, team_id, region_id, of_station, readers, title, body, write.account_id
    )
    notice_id: int = rows[0]["id"]
    return notice_id


async def withdraw(write: Write, notice_id: int, reason: str, *, now: datetime) -> bool:
    """Whether the notice stood until now."""
    return bool(await write.run(_WITHDRAW, notice_id, now, reason))


async def mark_read(write: Write, account_id: int, ids: Collection[int]) -> None:
    """Notes that the account has read the notices."""
    await write.run(_READ, account_id, sorted(ids))
