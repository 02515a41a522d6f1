"""The people that are named to act for a team."""

from collections.abc import Collection, Mapping
from datetime import datetime

from db.enums import TeamAdminRole
from db.rows import Row
from db.statements import Statement
from db.write import Write

_ACCOUNT = """
select id from accounts where username = $1 and display_name = $2 and status = 'ENABLED'
"""
_INSERT_ACCOUNT = """
insert into accounts (province, username, display_name, password_hash, status,
  must_change_password)
select province, $2, $3, $4, 'ENABLED', true from teams where id = $1
on conflict (username) do nothing returning id
"""
_NAMED = """
select account_id, array_agg(role) as roles from team_admins
where team_id = $1 and revoked_at is null group by account_id
"""
_REVOKE = """
update team_admins set revoked_at = now()
where team_id = $1 and account_id = $2 and role = any($3::text[]) and revoked_at is null
"""
_GRANT = """
insert into team_admins (province, team_id, account_id, role, granted_by_id)
select t.province, t.id, $2, r.role, $4 from teams t cross join unnest($3::text[]) as r (role)
where t.id = $1
"""


class StaffRow(Row):
    """A person named for something in a team."""

    team_id: int
    account_id: int
    username: str
    display_name: str
    roles: list[str]
    since: datetime


STAFF = Statement(
    """
    select a.team_id, a.account_id, c.username, c.display_name,
           array_agg(a.role order by a.role), min(a.granted_at)
    from team_admins a join accounts c on c.id = a.account_id
    where a.team_id = any($1::bigint[]) and a.revoked_at is null
    group by a.team_id, a.account_id, c.username, c.display_name
    order by a.team_id, min(a.granted_at), a.account_id
    """,
    ("ids",),
    {},
    StaffRow,
)


async def fetch_account(write: Write, username: str, name: str) -> int | None:
    """The account of that username and that name; both, so that usernames cannot be tried."""
    rows = await write.run(_ACCOUNT, username, name)
    return rows[0]["id"] if rows else None


async def insert_account(
    write: Write, team_id: int, *, username: str, name: str, password_hash: str
) -> int | None:
    """The id of a new account, whose password is to be changed; None if the username is taken."""
    rows = await write.run(_INSERT_ACCOUNT, team_id, username, name, password_hash)
    return rows[0]["id"] if rows else None


async def fetch_named(write: Write, team_id: int) -> Mapping[int, frozenset[TeamAdminRole]]:
    """What each account is named for; to be read under the team's lock."""
    rows = await write.run(_NAMED, team_id)
    return {row["account_id"]: frozenset(map(TeamAdminRole, row["roles"])) for row in rows}


async def revoke(
    write: Write, team_id: int, account_id: int, roles: Collection[TeamAdminRole]
) -> None:
    """Takes duties from an account."""
    await write.run(_REVOKE, team_id, account_id, sorted(roles))


async def grant(
    write: Write, team_id: int, account_id: int, roles: Collection[TeamAdminRole]
) -> None:
    """Gives duties to an account that has none of them."""
    await write.run(_GRANT, team_id, account_id, sorted(roles), write.account_id)
