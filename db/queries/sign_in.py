"""Accounts and their refresh tokens, as signing in reads and changes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from db.enums import AccountStatus
from db.primary import fetch_apart
from db.write import Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a sign-in is checked against, before anything is locked."""

    account_id: int
    password_hash: str | None
    is_department_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedAccount:
    """An account as it stands under its lock."""

    id: int
    username: str
    display_name: str
    password_hash: str | None
    is_enabled: bool
    is_paused: bool
    failed_sign_ins: int
    must_change_password: bool
    has_lapsed: bool
    session_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedSession:
    """A refresh token under its lock, and whether its account may go on."""

    id: int
    account: LockedAccount
    family: UUID
    is_revoked: bool
    is_expired: bool
    used_for: timedelta | None


_CREDENTIALS = """
select a.id, a.password_hash,
       exists (select from department_users d
               where d.account_id = a.id and d.revoked_at is null)
       and not exists (select from volunteers v where v.account_id = a.id)
       and not exists (select from team_admins t
                       where t.account_id = a.id and t.revoked_at is null)
from accounts a where a.username = $1
"""
_CREDENTIALS_BY_ID = "select id, password_hash, false from accounts where id = $1"
_ACCOUNT = """a.id as account_id, a.username, a.display_name, a.password_hash, a.status,
       a.failed_sign_ins, a.must_change_password, a.session_epoch,
       coalesce(a.password_expires_at <= now(), false) as has_lapsed,
       coalesce(a.locked_until > clock_timestamp(), false) as is_paused"""
_LOCK_ACCOUNT = f"select {_ACCOUNT} from accounts a where a.id = $1 for no key update"  # noqa: S608
_REFUSE = """
update accounts
set failed_sign_ins = $2, locked_until = coalesce(clock_timestamp() + $3::interval, locked_until)
where id = $1
"""
_ACCEPT = """
update accounts
set failed_sign_ins = 0, locked_until = null, last_signed_in_at = now(),
    password_hash = coalesce($2, password_hash)
where id = $1
"""
_INSERT_SESSION = """
insert into sign_in_sessions (account_id, family, token_hash, expires_at)
values ($1, $2, $3, now() + $4::interval)
returning expires_at
"""
_SET_OWN = """
update accounts
set password_hash = $2, must_change_password = false, password_expires_at = null,
    failed_sign_ins = 0, locked_until = null, session_epoch = session_epoch + 1
where id = $1 returning session_epoch
"""
_END_SESSIONS = """
update sign_in_sessions set revoked_at = now() where account_id = $1 and revoked_at is null
"""
_LOCK_SESSION = f"""
select s.id, s.family, s.revoked_at is not null as is_revoked, s.expires_at <= now() as is_expired,
       clock_timestamp() - s.used_at as used_for, {_ACCOUNT}
from sign_in_sessions s join accounts a on a.id = s.account_id
where s.token_hash = $1
for update of s
"""  # noqa: S608 - a list of columns
_USE_SESSION = "update sign_in_sessions set used_at = clock_timestamp() where id = $1"
_REVOKE_FAMILY = """
update sign_in_sessions set revoked_at = now() where family = $1 and revoked_at is null
"""


async def fetch_credentials(engine: AsyncEngine, username: str) -> Credentials | None:
    """The credentials of a username, from the primary, on a connection given back at once."""
    return await _fetch(engine, _CREDENTIALS, username)


async def fetch_own_credentials(engine: AsyncEngine, account_id: int) -> Credentials | None:
    """The credentials of an account that has signed in."""
    return await _fetch(engine, _CREDENTIALS_BY_ID, account_id)


async def _fetch(engine: AsyncEngine, sql: str, key: str | int) -> Credentials | None:
    row = await fetch_apart(engine, sql, key)
    if row is None:
        return None
    return Credentials(account_id=row[0], password_hash=row[1], is_department_only=row[2])


async def lock_account(write: Write, account_id: int) -> LockedAccount | None:
    """The account, locked."""
    rows = await write.run(_LOCK_ACCOUNT, account_id)
    return _account(rows[0]) if rows else None


async def update_refused(
    write: Write, account_id: int, *, failed_sign_ins: int, pause: timedelta | None
) -> None:
    """Counts a failure, and pauses the account's sign-in when a pause is given."""
    await write.run(_REFUSE, account_id, failed_sign_ins, pause)


async def update_accepted(write: Write, account_id: int, *, password_hash: str | None) -> None:
    """Forgets failures; a given hash replaces the stored one."""
    await write.run(_ACCEPT, account_id, password_hash)


async def change_password(write: Write, account_id: int, password_hash: str) -> int:
    """A new password and the end of every session; the epoch that sessions are of from now on."""
    rows = await write.run(_SET_OWN, account_id, password_hash)
    await write.run(_END_SESSIONS, account_id)
    epoch: int = rows[0]["session_epoch"]
    return epoch


async def insert_session(
    write: Write, account_id: int, *, family: UUID, token_hash: bytes, lifetime: timedelta
) -> datetime:
    """Stores a refresh token; returns when it expires."""
    rows = await write.run(_INSERT_SESSION, account_id, family, token_hash, lifetime)
    expires_at: datetime = rows[0]["expires_at"]
    return expires_at


async def lock_session(write: Write, token_hash: bytes) -> LockedSession | None:
    """The refresh token of a hash, locked."""
    rows = await write.run(_LOCK_SESSION, token_hash)
    if not rows:
        return None
    row = rows[0]
    return LockedSession(
        id=row["id"],
        account=_account(row),
        family=row["family"],
        is_revoked=row["is_revoked"],
        is_expired=row["is_expired"],
        used_for=row["used_for"],
    )


async def use_session(write: Write, session_id: int) -> None:
    """Notes that a refresh token was given for its successor."""
    await write.run(_USE_SESSION, session_id)


async def revoke_family(write: Write, family: UUID) -> None:
    """Ends the chain of refresh tokens that began with one sign-in."""
    await write.run(_REVOKE_FAMILY, family)


def _account(row: Mapping[str, Any]) -> LockedAccount:
    return LockedAccount(
        id=row["account_id"],
        username=row["username"],
        display_name=row["display_name"],
        password_hash=row["password_hash"],
        is_enabled=row["status"] == AccountStatus.ENABLED,
        is_paused=row["is_paused"],
        failed_sign_ins=row["failed_sign_ins"],
        must_change_password=row["must_change_password"],
        has_lapsed=row["has_lapsed"],
        session_epoch=row["session_epoch"],
    )
