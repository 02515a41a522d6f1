"""Civil-affairs departments: where there are any, who is above, who sits in them."""

from collections.abc import Collection, Mapping
from typing import Any

from db.write import Write

# Civil affairs are administered from the county upward (R685 §5).
_LEVELS = "('NATION', 'PROVINCE', 'PREFECTURE', 'COUNTY')"
_NEAREST = f"""
select id, path from regions
where starts_with($1, path) and level in {_LEVELS} order by depth desc limit 1
"""  # noqa: S608 - names of ours
_ABOVE = f"""
select id, path from regions
where starts_with($1, path) and path <> $1 and level in {_LEVELS} order by depth desc limit 1
"""  # noqa: S608
_BY_CODE = f"select id, path from regions where code = $1 and level in {_LEVELS}"  # noqa: S608
_NAME = "select name from regions where id = $1"
_PERSONS = """
select distinct account_id from department_users
where region_id = $1 and revoked_at is null order by account_id
"""
_ACCOUNTS = """
select id, account_id from volunteers where id = any($1::bigint[]) and account_id is not null
"""

Office = tuple[int, str]  # a region's id and path


async def fetch_nearest(write: Write, path: str) -> Office | None:
    """The department over a place: of its county, or what stands in a county's place."""
    return _office(await write.run(_NEAREST, path))


async def fetch_above(write: Write, path: str) -> Office | None:
    """The department above that of a region; None above the nation's."""
    return _office(await write.run(_ABOVE, path))


async def find_office(write: Write, code: str) -> Office | None:
    """The department of the region of a code; None where there is none."""
    return _office(await write.run(_BY_CODE, code))


async def fetch_name(write: Write, region_id: int) -> str:
    """The name of a region."""
    name: str = (await write.run(_NAME, region_id))[0]["name"]
    return name


async def fetch_persons(write: Write, region_id: int) -> tuple[int, ...]:
    """The accounts in the department of a region."""
    return tuple(row["account_id"] for row in await write.run(_PERSONS, region_id))


async def fetch_accounts(write: Write, volunteer_ids: Collection[int]) -> Mapping[int, int]:
    """The accounts of volunteers, by volunteer."""
    rows = await write.run(_ACCOUNTS, sorted(volunteer_ids))
    return {row["id"]: row["account_id"] for row in rows}


def _office(rows: list[Any]) -> Office | None:
    return (rows[0]["id"], rows[0]["path"]) if rows else None
