"""Changes of a team's data, as they are asked for and applied."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from db.names import grams, sort_key
from db.write import Write

_CODES = """
select r.code as region_code, a.code as authority_code, t.region_id,
  t.registration_authority_id as authority_id
from teams t join regions r on r.id = t.region_id
left join regions a on a.id = t.registration_authority_id
where t.id = $1
"""
_WITHDRAW = """
update reviews set state = 'WITHDRAWN', decided_at = now(), decided_by_id = $3, decided_as = $4
where kind = $2 and subject_type = 'Team' and subject_id = $1 and state = 'PENDING'
returning id
"""
_WAITS = """
update teams set status = 'CHANGE_PENDING', updated_at = now()
where id = $1 and status = 'ENABLED'
"""
_CHANGES = """
select id, change::text as change from reviews where id = any($1::bigint[]) order by id
"""
_SETTLED = """
update teams set status = 'ENABLED', updated_at = now()
where id = any($1::bigint[]) and status = 'CHANGE_PENDING'
"""
_REGION = """
select path, province from regions where id = $1 and valid_to is null
"""


async def fetch_codes(write: Write, team_id: int) -> Any:
    """The regions of a team and of its registration authority, by code and id."""
    return (await write.run(_CODES, team_id))[0]


async def withdraw_pending(write: Write, team_id: int, kind: str) -> list[int]:
    """Takes back what the team asked of a kind and that still waits; the caller is at reviews."""
    rows = await write.run(_WITHDRAW, team_id, kind, write.account_id, write.capacity)
    return [row["id"] for row in rows]


async def let_wait(write: Write, team_id: int) -> None:
    """The team works on while its change waits."""
    await write.run(_WAITS, team_id)


async def fetch_changes(write: Write, review_ids: Collection[int]) -> Mapping[int, Any]:
    """What each review asks for."""
    rows = await write.run(_CHANGES, sorted(review_ids))
    return {row["id"]: json.loads(row["change"]) for row in rows}


async def settle(write: Write, team_ids: Collection[int]) -> None:
    """Nothing waits for the teams any more; a disabled one stays disabled."""
    await write.run(_SETTLED, sorted(team_ids))


async def fetch_standing_region(write: Write, region_id: int) -> Any | None:
    """Path and province of a region that stands today."""
    rows = await write.run(_REGION, region_id)
    return rows[0] if rows else None


async def set_columns(write: Write, team_id: int, values: Mapping[str, Any]) -> None:
    """Brings columns of a team to values; the caller names columns of ours alone."""
    given = dict(values)
    if "name" in given:
        given |= {"sort_key": sort_key(given["name"]), "name_grams": grams(given["name"])}
    if not given:
        return
    parts = ", ".join(f"{column} = ${n}" for n, column in enumerate(given, start=2))
    await write.run(
        f"update teams set {parts}, updated_at = now() where id = $1",  # noqa: S608 - names of ours
        team_id,
        *given.values(),
    )
