"""What registering a volunteer or a team reads, locks and makes."""

from dataclasses import dataclass

from db.enums import RegionLevel
from db.locks import Lock
from db.write import Write

_REGION = """
select r.id, r.province, r.path, r.level, r.code, r.short_name,
  array(select a.short_name from regions a
        where a.id = any(string_to_array(left(r.path, -1), '/')::bigint[])
          and a.id <> r.id and a.level <> 'NATION' order by a.depth) as above
from regions r where r.code = $1 and r.valid_to is null
"""
_LOCK_IDENTITY = f"select pg_advisory_xact_lock({Lock.IDENTITY.value}, $1)"
_HOLDER = "select volunteer_id from volunteer_identities where blind_index = $1"
_ACCOUNT = """
insert into accounts (province, username, display_name, password_hash, status)
values ($1, $2, $3, $4, 'ENABLED') on conflict (username) do nothing returning id
"""
_OWN_VOLUNTEER = """
select a.province, (select v.id from volunteers v where v.account_id = a.id) as volunteer_id
from accounts a where a.id = $1 for no key update
"""
_NEXT_ID = "select nextval(pg_get_serial_sequence($1, 'id'))"
_CATEGORIES = "select code from service_categories where is_enabled"


@dataclass(frozen=True, slots=True)
class RegionFound:
    """A region that stands today; ``above`` are the short names over it, below the nation's."""

    id: int
    province: str
    path: str
    level: RegionLevel
    code: str
    short_name: str
    above: tuple[str, ...]


async def fetch_region(write: Write, code: str) -> RegionFound | None:
    """The region of a code, if it stands today."""
    rows = await write.run(_REGION, code)
    if not rows:
        return None
    row = rows[0]
    return RegionFound(
        id=row["id"],
        province=row["province"],
        path=row["path"],
        level=RegionLevel(row["level"]),
        code=row["code"],
        short_name=row["short_name"],
        above=tuple(row["above"]),
    )


async def fetch_categories(write: Write) -> frozenset[str]:
    """The codes of the categories of service that are enabled."""
    return frozenset(row["code"] for row in await write.run(_CATEGORIES))


async def lock_identity(write: Write, blind_index: bytes) -> int | None:
    """The volunteer that has the ID number; of two registrations at once the second waits here."""
    await write.run(_LOCK_IDENTITY, int.from_bytes(blind_index[:4], "big", signed=True))
    rows = await write.run(_HOLDER, blind_index)
    return rows[0]["volunteer_id"] if rows else None


async def insert_account(
    write: Write, *, province: str, username: str, display_name: str, password_hash: str
) -> int | None:
    """The id of a new account; None if another has the username."""
    rows = await write.run(_ACCOUNT, province, username, display_name, password_hash)
    return rows[0]["id"] if rows else None


async def lock_account_without_volunteer(write: Write, account_id: int) -> bool:
    """Whether the account, locked now, has no volunteer yet."""
    rows = await write.run(_OWN_VOLUNTEER, account_id)
    return bool(rows) and rows[0]["volunteer_id"] is None


async def next_id(write: Write, table: str) -> int:
    """The id that the next row of a table is to have."""
    rows = await write.run(_NEXT_ID, table)
    number: int = rows[0][0]
    return number
