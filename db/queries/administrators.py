"""Who acts for the departments of regions: accounts made, named, and taken back."""

from datetime import datetime, timedelta

from db.rows import Row
from db.statements import Statement
from db.write import Write

_INSERT_ACCOUNT = """
insert into accounts (province, username, display_name, password_hash, status,
  must_change_password, password_expires_at)
select province, $2, $3, $4, 'ENABLED', true, now() + $5::interval from regions where id = $1
on conflict (username) do nothing returning id
"""
_GRANT = """
insert into department_users (province, account_id, region_id, title, granted_by_id)
select province, $2, id, $3, $4 from regions where id = $1 returning id
"""
# SECURITY: who acts for a department was read before; whoever takes it back waits for this lock.
_STILL_ACTS = """
select id from department_users
where account_id = $1 and region_id = $2 and revoked_at is null for share
"""
_LOCK = """
select account_id, region_id from department_users
where id = $1 and revoked_at is null for update
"""
_SEEN = """
select coalesce(a.last_signed_in_at, d.granted_at) as seen_at, d.reminded_at
from department_users d join accounts a on a.id = d.account_id where d.id = $1
"""
_REMIND = "update department_users set reminded_at = $2 where id = $1"
_REVOKE = "update department_users set revoked_at = now() where id = $1"
_END_SESSIONS = """
with ended as (
  update sign_in_sessions set revoked_at = now() where account_id = $1 and revoked_at is null
)
update accounts set session_epoch = session_epoch + 1 where id = $1
"""
# What an account may act as beside an office.
_NOTHING_ELSE = """
not (a.is_developer or a.is_operator or a.is_auditor or a.is_station_editor)
  and not exists (select from volunteers v where v.account_id = a.id)
  and not exists (select from team_admins t where t.account_id = a.id and t.revoked_at is null)
  and not exists (select from station_admins s where s.account_id = a.id and s.revoked_at is null)
  and not exists (select from department_users d
                  where d.account_id = a.id and d.revoked_at is null and d.id <> $2)
"""
_CLOSE_IF_IDLE = f"""
update accounts a set status = 'DISABLED' where a.id = $1 and {_NOTHING_ELSE} returning a.id
"""  # noqa: S608 - texts of ours
_IS_OFFICE_ALONE = f"select from accounts a where a.id = $1 and {_NOTHING_ELSE}"
_RESET = """
update accounts set password_hash = $2, must_change_password = true, failed_sign_ins = 0,
  locked_until = null, password_expires_at = now() + $3::interval
where id = $1
"""


class AreaUseRow(Row):
    """How many act for the departments in a region and below, and how many of them come."""

    region_id: int
    issued: int
    signed_in: int
    never: int


AREA_USE = Statement(
    """
    select c.id, count(d.id), count(d.id) filter (where a.last_signed_in_at >= $2),
      count(d.id) filter (where a.last_signed_in_at is null)
    from regions c
    left join (department_users d join regions r on r.id = d.region_id
               join accounts a on a.id = d.account_id)
      on d.revoked_at is null and starts_with(r.path, c.path)
    where c.parent_id = $1 and c.valid_to is null
    group by c.id, c.code order by c.code
    """,
    ("parent", "since"),
    {},
    AreaUseRow,
)


async def insert_account(  # noqa: PLR0917 - columns
    write: Write, region_id: int, username: str, name: str, password_hash: str, lifetime: timedelta
) -> int | None:
    """The id of a new account with a first password; None if the username is taken."""
    rows = await write.run(_INSERT_ACCOUNT, region_id, username, name, password_hash, lifetime)
    return rows[0]["id"] if rows else None


async def grant(write: Write, region_id: int, account_id: int, title: str | None) -> int:
    """The id of the administrator that an account is from now on."""
    rows = await write.run(_GRANT, region_id, account_id, title, write.account_id)
    return int(rows[0]["id"])


async def still_acts(write: Write, account_id: int, region_id: int) -> bool:
    """Whether an account acts for the department of a region, and does until this write ends."""
    return bool(await write.run(_STILL_ACTS, account_id, region_id))


async def lock_administrator(write: Write, administrator_id: int) -> tuple[int, int] | None:
    """Account and region of an administrator, locked; None if they are none any more."""
    rows = await write.run(_LOCK, administrator_id)
    return (rows[0]["account_id"], rows[0]["region_id"]) if rows else None


async def fetch_seen(write: Write, administrator_id: int) -> tuple[datetime, datetime | None]:
    """When an administrator last came, or was named, and when they were last reminded."""
    row = (await write.run(_SEEN, administrator_id))[0]
    return row["seen_at"], row["reminded_at"]


async def set_reminded(write: Write, administrator_id: int, now: datetime) -> None:
    """Keeps when an administrator was reminded."""
    await write.run(_REMIND, administrator_id, now)


async def revoke(write: Write, administrator_id: int) -> None:
    """Takes the office from its holder."""
    await write.run(_REVOKE, administrator_id)


async def end_sessions(write: Write, account_id: int) -> None:
    """Ends every session of an account, with the tokens that were given in them."""
    await write.run(_END_SESSIONS, account_id)


async def close_if_idle(write: Write, account_id: int, administrator_id: int) -> bool:
    """Whether the account was closed, because there was nothing to act as beside the office."""
    return bool(await write.run(_CLOSE_IF_IDLE, account_id, administrator_id))


async def is_office_alone(write: Write, account_id: int, administrator_id: int) -> bool:
    """Whether an account is there for this office and nothing else."""
    return bool(await write.run(_IS_OFFICE_ALONE, account_id, administrator_id))


async def reset_password(
    write: Write, account_id: int, password_hash: str, lifetime: timedelta
) -> None:
    """A new first password, in place of whatever was there."""
    await write.run(_RESET, account_id, password_hash, lifetime)
