"""What registering a team reads, locks and makes beside its own row."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from db.enums import ReviewKind
from db.locks import Lock
from db.write import Write

_LOCK_REGION = f"select pg_advisory_xact_lock({Lock.TEAM_NAMES.value}, hashint8($1))"
_LOCK_CODE = f"select pg_advisory_xact_lock({Lock.TEAM_NAMES.value}, hashtext($1))"
# A team that was refused or dissolved leaves its name, its place and its code to others.
_STANDING = "status not in ('DRAFT', 'REJECTED', 'DISSOLVED')"
_NAMES = f"select name from teams where region_id = $1 and id <> $2 and {_STANDING}"  # noqa: S608
_HAS_HUB = f"""
select exists (select from teams where region_id = $1 and id <> $2 and is_hub and {_STANDING})
"""  # noqa: S608 - names of ours
_HOLDS_CODE = f"""
select exists (select from teams where uscc = $1 and id <> $2 and branch_of_id is null
               and {_STANDING})
"""  # noqa: S608 - names of ours
_NEAREST_HUB = """
select t.id from teams t join regions r on r.id = t.region_id
where r.id = any(string_to_array(left($1, -1), '/')::bigint[]) and r.path <> $1
  and t.is_hub and t.status in ('ENABLED', 'CHANGE_PENDING')
order by r.depth desc limit 1
"""
_OWN = """
select t.id, t.status, exists (select from team_admins a where a.team_id = t.id
  and a.account_id = $2 and a.role = 'MANAGER' and a.revoked_at is null) as is_manager
from teams t where t.id = $1
"""
_ADD_MANAGER = """
insert into team_admins (province, team_id, account_id, role, granted_by_id)
values ($1, $2, $3, 'MANAGER', $3)
"""
_CLEAR_VIEWS = "delete from team_view_links where team_id = $1"
_ADD_VIEWS = """
insert into team_view_links (team_id, view_team_id, since)
select $1, unnest($2::bigint[]), (now() at time zone 'Asia/Shanghai')::date
"""
_ADD_REVIEW = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id,
  reviewer_team_id, reviewer_region_id, applicant_account_id, change)
select t.province, $2, 'PENDING', 'Team', t.id, t.id, $3, $4, $5, $6::text::jsonb
from teams t where t.id = $1 returning id
"""


async def lock_names(write: Write, region_id: int, uscc: str | None) -> None:
    """Holds the names of a region, and a code: of two equal registrations the second waits."""
    await write.run(_LOCK_REGION, region_id)
    if uscc is not None:
        await write.run(_LOCK_CODE, uscc)


async def fetch_names(write: Write, region_id: int, *, besides: int) -> list[str]:
    """The names of the teams that stand in the region itself, not below it."""
    return [row["name"] for row in await write.run(_NAMES, region_id, besides)]


async def has_hub(write: Write, region_id: int, *, besides: int) -> bool:
    """Whether a hub of the region stands, or waits to."""
    return bool((await write.run(_HAS_HUB, region_id, besides))[0][0])


async def is_code_taken(write: Write, uscc: str, *, besides: int) -> bool:
    """Whether a team that stands has the social credit code."""
    return bool((await write.run(_HOLDS_CODE, uscc, besides))[0][0])


async def fetch_nearest_hub(write: Write, region_path: str) -> int | None:
    """The nearest working hub of a region properly above this one."""
    rows = await write.run(_NEAREST_HUB, region_path)
    return rows[0]["id"] if rows else None


async def fetch_own(write: Write, team_id: int, account_id: int) -> Any | None:
    """The state of a team, and whether the account is a manager of it."""
    rows = await write.run(_OWN, team_id, account_id)
    return rows[0] if rows else None


async def insert_manager(write: Write, province: str, team_id: int, account_id: int) -> None:
    """Names who registers a team its manager."""
    await write.run(_ADD_MANAGER, province, team_id, account_id)


async def set_view_teams(write: Write, team_id: int, view_team_ids: Collection[int]) -> None:
    """The view teams of a team, and no others."""
    await write.run(_CLEAR_VIEWS, team_id)
    await write.run(_ADD_VIEWS, team_id, sorted(view_team_ids))


async def insert_review(
    write: Write,
    kind: ReviewKind,
    team_id: int,
    *,
    reviewer_team_id: int | None,
    reviewer_region_id: int | None,
    change: Mapping[str, Any],
) -> int:
    """The id of a review of a team that waits for its reviewer."""
    rows = await write.run(
        _ADD_REVIEW,
        team_id,
        kind.value,
        reviewer_team_id,
        reviewer_region_id,
        write.account_id,
        json.dumps(change, ensure_ascii=False),
    )
    review_id: int = rows[0]["id"]
    return review_id
