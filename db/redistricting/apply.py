"""Writing a redistricting: the regions, and every row that says where something lies now.

A table that names a region and keeps its path beside it (teams, volunteers, projects) says where
a row lies now: its path is a copy of that region's and follows it. A table with a path alone says
where something lay on a day and stays: service records and the ledger count for the ancestors of
the day (DESIGN §9), so only records of service from the effective day on follow. Codes inside
business numbers, ID numbers and credit codes are as they were given, for good.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from db.lock_order import Rank
from db.redistricting.plan import Plan
from db.write import Write

# Codes may pass from one town to another of the same file: all are free before any is given.
_FREE_CODES = """
update regions set code = '~' || id, division_code = null where id = any($1::bigint[])
"""
_CHANGE_REGIONS = """
update regions r set code = n.code,
  division_code = case when n.code ~ '^[0-9]{12}$' then n.code end,
  name = n.name, short_name = n.short_name, parent_id = n.parent_id, path = n.path, depth = n.depth
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
  $7::int[]) as n (id, code, name, short_name, parent_id, path, depth)
where r.id = n.id
"""
# Whom towns leave or join is no longer whom a census counted.
_FORGET_POPULATION = """
update regions set population = null, population_year = null, population_source = null
where population is not null and id <> all($3::bigint[])
  and (id = any($2::bigint[])
    or id in (select parent_id from regions where id = any($1::bigint[])))
"""
_END_REGIONS = """
update regions set valid_to = greatest(valid_from, $2::date) where id = any($1::bigint[])
"""
_SUCCEED = """
insert into region_successions (old_region_id, new_region_id, kind, old_code, effective_on,
  document)
select o, n, kind, old_code, $5, $6
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as s (o, n, kind, old_code)
"""
_PLACES = """
select r.id, r.path from regions r where r.id = any($1::bigint[])
"""
_LYING_TEAMS = """
select id from teams where region_path = any($1::text[]) and id <> all($2::bigint[]) order by id
"""
_LOCK_ROWS = "select id from {table} where region_path = any($1::text[]) order by id for update"
# The old path names the region: it is a copy of that region's.
_PLACE = """
update {table} t set region_id = n.region_id, region_path = n.path
from unnest($1::text[], $2::bigint[], $3::text[]) as n (old_path, region_id, path)
where t.region_path = n.old_path and {which}
"""
_PLACE_RECORDS = """
update service_records t set region_path = n.path
from unnest($1::text[], $2::text[]) as n (old_path, path)
where t.region_path = n.old_path
  and t.starts_at >= ($3::date)::timestamp at time zone 'Asia/Shanghai'
"""
_FOLLOW_TEAMS = """
update service_records s set team_path = t.path
from teams t
where t.id = any($1::bigint[]) and s.team_id = t.id and s.team_path <> t.path
  and s.starts_at >= ($2::date)::timestamp at time zone 'Asia/Shanghai'
returning s.id
"""
_ANSWER_FOR = """
update {table} t set {column} = n.new from unnest($1::bigint[], $2::bigint[]) as n (old, new)
where t.{column} = n.old and {which}
"""
_ANSWERING = (
    _ANSWER_FOR.format(table="teams", column="registration_authority_id", which="true"),
    _ANSWER_FOR.format(table="stations", column="region_id", which="true"),
    _ANSWER_FOR.format(table="complaints", column="handler_region_id", which="t.closed_at is null"),
    _ANSWER_FOR.format(table="needs", column="region_id", which="t.status = 'OPEN'"),
    _ANSWER_FOR.format(table="offers", column="region_id", which="t.status = 'OPEN'"),
)


async def change_regions(write: Write, plan: Plan, *, day: date, document: str | None) -> None:
    """Gives the regions their codes, names and places, and notes who succeeds whom."""
    changes = plan.changes
    joined = sorted(set(plan.towns.values()))
    await write.run(_FORGET_POPULATION, [*plan.towns], joined, [*plan.dissolved])
    await write.run(_FREE_CODES, [change.id for change in changes])
    await write.run(
        _CHANGE_REGIONS,
        [change.id for change in changes],
        [change.new_code for change in changes],
        [change.new_name for change in changes],
        [change.short_name for change in changes],
        [change.parent_id for change in changes],
        [change.path for change in changes],
        [change.depth for change in changes],
    )
    ended = await write.run("select id, code from regions where id = any($1)", [*plan.dissolved])
    await write.run(_END_REGIONS, [*plan.dissolved], day)
    successions = [
        (change.id, change.id, kind.value, change.old_code)
        for change in changes
        for kind in change.kinds
    ] + [(row["id"], plan.dissolved[row["id"]], "MERGED", row["code"]) for row in ended]
    await write.run(
        _SUCCEED, *(list(each) for each in zip(*successions, strict=True)), day, document
    )


async def fetch_paths(write: Write, region_ids: Collection[int]) -> Mapping[int, str]:
    """Where regions lie."""
    return {row["id"]: row["path"] for row in await write.run(_PLACES, sorted(region_ids))}


class Places:
    """From the path that a region had to the region and path that take its place."""

    def __init__(self, plan: Plan, paths: Mapping[int, str]) -> None:
        after = {**paths, **{change.id: change.path for change in plan.changes}}
        places = [
            (paths[old], new, after[new])
            for old, new in plan.place_of.items()
            if paths[old] != after[new]
        ]
        self.old_paths = [old_path for old_path, _, _ in places]
        self.region_ids = [region_id for _, region_id, _ in places]
        self.paths = [path for _, _, path in places]

    async def fetch_teams(self, write: Write, *, but: Collection[int]) -> list[int]:
        """The teams that lie in one of the regions."""
        rows = await write.run(_LYING_TEAMS, self.old_paths, sorted(but))
        return [row["id"] for row in rows]

    async def place_teams(self, write: Write, ids: Sequence[int]) -> None:
        """Moves teams, locked already, to where their regions lie."""
        await self._place(write, "teams", "t.id = any($4::bigint[])", ids)

    async def place_volunteers(self, write: Write) -> None:
        """Moves volunteers to where their region of residence lies."""
        await self._lock(write, Rank.VOLUNTEER, "volunteers")
        await self._place(write, "volunteers", "true")

    async def place_projects(self, write: Write) -> None:
        """Moves projects to where their service area lies."""
        await self._lock(write, Rank.PROJECT, "projects")
        await self._place(write, "projects", "true")

    async def place_records(self, write: Write, day: date) -> int:
        """How many records of service on or after the day followed their team's region."""
        rows = await write.run(_PLACE_RECORDS + " returning t.id", self.old_paths, self.paths, day)
        return len(rows)

    async def _lock(self, write: Write, rank: Rank, table: str) -> None:
        write.locking(rank)
        await write.run(_LOCK_ROWS.format(table=table), self.old_paths)

    async def _place(self, write: Write, table: str, which: str, *more: Any) -> None:
        await write.run(
            _PLACE.format(table=table, which=which),
            self.old_paths,
            self.region_ids,
            self.paths,
            *more,
        )


async def follow_teams(write: Write, team_ids: Sequence[int], day: date) -> int:
    """How many records of service on or after the day followed their team to where it hangs."""
    return len(await write.run(_FOLLOW_TEAMS, team_ids, day))


async def answer_for_dissolved(write: Write, plan: Plan) -> None:
    """Puts successors in the place of dissolved departments: authorities, stations, complaints.

    Neither their persons nor partners' contracts: over a larger region both must be named anew.
    """
    old, new = [*plan.dissolved], [*plan.dissolved.values()]
    for statement in _ANSWERING:
        await write.run(statement, old, new)
