"""The hubs of a redistricting: who hangs under the districts' hubs, and hubs that end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from db.enums import RegionLevel
from db.names import grams, sort_key
from db.redistricting.plan import RegionChange
from db.seed.hub_rules import hub_rule
from db.write import Write

_HUBS = """
select id, region_id from teams
where is_hub and region_id = any($1::bigint[]) and status not in ('DISSOLVED', 'REJECTED', 'DRAFT')
"""
_HANGING = """
select id, contact_team_id, region_id, branch_of_id from teams
where contact_team_id = any($1::bigint[]) order by id
"""
_NAMED = """
select t.id, t.name, t.responsible_unit, t.region_id from teams t
where t.is_hub and t.region_id = any($1::bigint[])
  and t.status not in ('DISSOLVED', 'REJECTED', 'DRAFT')
"""
_RENAME = """
update teams set name = $2, sort_key = $3, name_grams = $4, responsible_unit = $5 where id = $1
"""
_DISSOLVE = """
update teams t set status = 'DISSOLVED', status_reason = $3, successor_id = n.new,
  updated_at = now()
from unnest($1::bigint[], $2::bigint[]) as n (old, new)
where t.id = n.old
"""
# The successor may be the one that chose the view, or its contact team: then there is none.
_DROP_VIEWS = """
delete from team_view_links v using unnest($1::bigint[], $2::bigint[]) as n (old, new), teams t
where v.view_team_id = n.old and t.id = v.team_id
  and (t.id = n.new or t.contact_team_id = n.new
    or exists (select from team_view_links o where o.team_id = t.id and o.view_team_id = n.new))
"""
_HAND_ON_VIEWS = """
update team_view_links v set view_team_id = n.new
from unnest($1::bigint[], $2::bigint[]) as n (old, new)
where v.view_team_id = n.old
"""
LIVE = "('DRAFT', 'PENDING', 'WAITING', 'RUNNING')"
_HAND_ON_PROJECTS = f"""
with passed as (
  update projects p set team_id = n.new
  from unnest($1::bigint[], $2::bigint[]) as n (old, new)
  where p.team_id = n.old and p.status in {LIVE}
  returning p.id, n.old, n.new
), followed as (
  update sign_ups s set team_id = p.new from passed p where s.project_id = p.id
)
update reviews r set team_id = p.new from passed p
where r.subject_type = 'Project' and r.subject_id = p.id and r.state = 'PENDING'
"""  # noqa: S608 - a list of ours
_WITHDRAW = """
update reviews set state = 'WITHDRAWN', opinion = $2, decided_at = now(), decided_as = $3
where state = 'PENDING' and team_id = any($1::bigint[])
"""
_REFUSE_MEMBERS = """
update memberships set status = 'REFUSED' where status = 'APPLYING' and team_id = any($1::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Hanging:
    """A team directly under the hub of a district."""

    id: int
    contact_team_id: int
    region_id: int
    branch_of_id: int | None


async def fetch_hubs(write: Write, region_ids: Collection[int]) -> Mapping[int, int]:
    """The hub of each region that has one."""
    return {row["region_id"]: row["id"] for row in await write.run(_HUBS, sorted(region_ids))}


async def fetch_hanging(write: Write, hub_ids: Collection[int]) -> Sequence[Hanging]:
    """The teams directly under the hubs."""
    return [Hanging(**row) for row in await write.run(_HANGING, sorted(hub_ids))]


async def rename_hubs(write: Write, changes: Sequence[RegionChange]) -> int:
    """How many hubs of renamed regions got the name that the rules give them now.

    One whose name is not by the rules keeps it: a legal person's is the registered one.
    """
    renamed = {change.id: change for change in changes if change.new_name != change.old_name}
    count = 0
    for hub in await write.run(_NAMED, sorted(renamed)):
        change = renamed[hub["region_id"]]
        was = hub_rule(RegionLevel(change.level), change.old_code, change.old_name)
        now = hub_rule(RegionLevel(change.level), change.new_code, change.short_name)
        if hub["name"] == was.name:
            unit = now.unit if hub["responsible_unit"] == was.unit else hub["responsible_unit"]
            name = now.name
            await write.run(_RENAME, hub["id"], name, sort_key(name), grams(name), unit)
            count += 1
    return count


async def dissolve_hubs(write: Write, successors: Mapping[int, int], *, reason: str) -> None:
    """Ends hubs: their successors are seen where they were and go on with their live projects.

    What was asked of a dissolved hub itself is withdrawn; its members and past work stay with it.
    """
    old, new = [*successors], [*successors.values()]
    await write.run(_DISSOLVE, old, new, reason)
    await write.run(_DROP_VIEWS, old, new)
    await write.run(_HAND_ON_VIEWS, old, new)
    await write.run(_HAND_ON_PROJECTS, old, new)
    await write.run(_REFUSE_MEMBERS, old)
    await write.run(_WITHDRAW, old, reason, write.capacity)
