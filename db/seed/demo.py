"""The demo's accounts: one for each way to look at the station. For development only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Cast, Crowd, Life
from db.seed.volunteer_rows import AccountRow
from db.urls import asyncpg_dsn

PASSWORD = "volunteer-demo-2026"  # noqa: S105 - printed when the demo starts
DEVELOPER = "developer"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try: its name, what it is, and the value of ``X-Acting-As`` that fits."""

    username: str
    what: str
    acting_as: str


@dataclass(frozen=True, slots=True)
class _Part:
    """Who manages which team, or rules over which region."""

    username: str
    display_name: str
    team: int | None = None
    region_id: int | None = None
    volunteer: int | None = None


def _parts(life: Life, cast: Cast, crowd: Crowd) -> Iterator[_Part]:
    actors = life.actors
    district, city = actors[cast.district], actors[cast.city]
    if len(crowd) > 0:
        yield _Part("volunteer1", "", volunteer=0)
    yield _Part("team1", actors[cast.team].contact_name, cast.team, None, _nth(1, crowd))
    yield _Part("community1", actors[cast.community].contact_name, cast.community)
    yield _Part("town1", actors[cast.town].contact_name, cast.town)
    yield _Part("yubei", district.contact_name, cast.district, None, _nth(2, crowd))
    yield _Part("chongqing", city.contact_name, cast.city)
    if cast.legal is not None:
        yield _Part("legal1", actors[cast.legal].contact_name, cast.legal)
    yield _Part("mca_chongqing", f"{city.short_name}民政局", region_id=city.region_id)
    yield _Part("mca_yubei", f"{district.short_name}民政局", region_id=district.region_id)
    yield _Part(DEVELOPER, "开发者", cast.city)


def _nth(index: int, crowd: Crowd) -> int | None:
    """A volunteer to be as well, if there are so many."""
    return index if len(crowd) > index else None


async def open_demo_accounts(
    connection: Any, life: Life, cast: Cast, crowd: Crowd, *, password_hash: str
) -> None:
    """The accounts with one known password; volunteers' own accounts are renamed for it."""
    parts = list(_parts(life, cast, crowd))
    fresh = [part for part in parts if part.volunteer is None]
    ids = await reserve_ids(connection, "accounts", len(fresh))
    account_of = {part.username: ids[n] for n, part in enumerate(fresh)}
    province = life.actors[cast.city].province
    await copy_rows(
        connection,
        "accounts",
        AccountRow,
        [
            AccountRow(
                id=account_of[part.username],
                province=province,
                username=part.username,
                display_name=part.display_name,
                password_hash=password_hash,
                is_developer=part.username == DEVELOPER,
            )
            for part in fresh
        ],
        progress=lambda *_: None,
    )
    for part in parts:
        if part.volunteer is not None:
            account_of[part.username] = crowd.account_ids[part.volunteer]
            await connection.execute(
                "update accounts set username = $2, password_hash = $3 where id = $1",
                account_of[part.username],
                part.username,
                password_hash,
            )
    await connection.executemany(
        "insert into team_admins (province, team_id, account_id, role)"
        " values ($1, $2, $3, 'MANAGER')",
        [
            (life.actors[part.team].province, life.actors[part.team].id, account_of[part.username])
            for part in parts
            if part.team is not None
        ],
    )
    await connection.executemany(
        "insert into department_users (province, account_id, region_id, title)"
        " values ($1, $2, $3, '系统管理员')",
        [
            (province, account_of[part.username], part.region_id)
            for part in parts
            if part.region_id is not None
        ],
    )


WHO = """
select a.username,
    concat_ws('、',
        case when a.is_developer then '开发者' end,
        case when d.id is not null then r.short_name || '民政部门用户' end,
        case when t.id is not null then t.name || ' 管理员' end,
        case when v.id is not null then '志愿者 ' || v.name end) as what,
    case when d.id is not null then 'department:' || r.code
        when t.id is not null then 'team:' || t.team_no
        else 'volunteer' end as acting_as
from unnest($1::text[]) with ordinality as wanted (username, place)
join accounts a on a.username = wanted.username
left join team_admins m on m.account_id = a.id and m.revoked_at is null
left join teams t on t.id = m.team_id
left join department_users d on d.account_id = a.id and d.revoked_at is null
left join regions r on r.id = d.region_id
left join volunteers v on v.account_id = a.id
order by wanted.place, t.id
"""

USERNAMES = (
    "volunteer1", "team1", "community1", "town1", "yubei", "chongqing", "legal1",
    "mca_chongqing", "mca_yubei", "mca", DEVELOPER,
)  # fmt: skip


async def demo_accounts(url: str) -> Sequence[DemoAccount]:
    """The demo's accounts that stand in the database, with what they may act as."""
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return [DemoAccount(**row) for row in await connection.fetch(WHO, list(USERNAMES))]
    finally:
        await connection.close()
