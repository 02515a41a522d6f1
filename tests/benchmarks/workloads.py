"""What is asked: the four documents, their variables, and who asks."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg

from db.keys import KeyRing
from db.urls import asyncpg_dsn
from gateway.tokens import AccessTokens
from schema.ids import encode

FOLDER = Path(__file__).parent
TOKEN_LIFETIME_S = 86_400
STATION = 50

ROWS = """
select a.id as account, v.id as volunteer, t.id as team, t.team_no, r.code as region_code
from accounts a
left join volunteers v on v.account_id = a.id
left join team_admins m on m.account_id = a.id
left join teams t on t.id = m.team_id
left join regions r on r.id = t.region_id
where a.username = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One document as it is asked: of us with a token, of the others without."""

    name: str
    document: str
    variables: dict[str, Any]
    rows: dict[str, Any]
    """The variables as plain keys of rows, for those who know no global ids."""
    headers: dict[str, str]
    """Who asks, and in which capacity: of us only."""


async def workloads(database_url: str, keys: KeyRing) -> list[Workload]:
    """The four workloads on the seeded station.

    The manager of the district's hub asks for Tree, Page and Region, a volunteer for the Profile.
    """
    tokens = AccessTokens(
        keys, issuer=f"volunteer-gateway:{STATION}", lifetime=timedelta(seconds=TOKEN_LIFETIME_S)
    )
    connection: Any = await asyncpg.connect(asyncpg_dsn(database_url))
    try:
        district = await connection.fetchrow(ROWS, "yubei")
        town = await connection.fetchrow(ROWS, "town1")
        volunteer = await connection.fetchrow(ROWS, "volunteer1")
    finally:
        await connection.close()
    code = district["region_code"]
    as_manager = _headers(tokens, district["account"], f"team:{district['team_no']}")
    as_volunteer = _headers(tokens, volunteer["account"], "volunteer")
    under = encode("Team", town["team"])
    return [
        _workload("Tree", {"regionCode": code}, {"code": code}, as_manager),
        _workload("Page", {"under": under}, {"team": town["team"]}, as_manager),
        _workload("Profile", {}, {"volunteer": volunteer["volunteer"]}, as_volunteer),
        _workload("Region", {"code": code}, {"code": code}, as_manager),
    ]


def _headers(tokens: AccessTokens, account: int, capacity: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {tokens.issue(account).text}",
        "X-Acting-As": capacity,
    }


def _workload(
    name: str, variables: dict[str, Any], rows: dict[str, Any], headers: dict[str, str]
) -> Workload:
    text = (FOLDER / "documents" / f"{name.lower()}.graphql").read_text(encoding="utf-8")
    return Workload(name=name, document=text, variables=variables, rows=rows, headers=headers)
