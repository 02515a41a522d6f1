"""What a redistricting must keep, and what it moves: counted before and after."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from db.write import Write

COUNTED = (
    *("regions", "teams", "volunteers", "memberships", "projects", "posts", "sign_ups"),
    *("service_records", "certificates", "reviews"),
)
_COUNTS = "select " + ", ".join(f"(select count(*) from {table}) as {table}" for table in COUNTED)  # noqa: S608 - names of ours
_MINUTES = "select coalesce(sum(minutes), 0)::bigint as minutes from service_records"
_HUBS_BELOW = """
select d.id, d.name, d.status, r.code, array_agg(t.id) filter (where t.hub_level = 'TOWN') as towns,
  count(*) filter (where t.hub_level = 'COMMUNITY') as communities,
  count(t.id) filter (where t.id <> d.id) as teams
from teams d
join regions r on r.id = d.region_id
left join teams t on t.path >= d.path and t.path < left(d.path, -1) || '0'
  and t.status <> 'DISSOLVED'
where d.id = any($1::bigint[])
group by d.id, r.code order by r.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictHub:
    """The hub of a district, and the town hubs below it."""

    id: int
    name: str
    code: str
    is_dissolved: bool
    towns: frozenset[int]
    communities: int
    teams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts of a database at one moment."""

    totals: Mapping[str, int] = field(default_factory=dict)
    districts: Sequence[DistrictHub] = ()


async def count_all(write: Write, hub_ids: Collection[int]) -> Figures:
    """The figures as this write sees them; ``hub_ids`` are the hubs of the districts involved."""
    (totals,), (minutes,) = await write.run(_COUNTS), await write.run(_MINUTES)
    rows = await write.run(_HUBS_BELOW, sorted(hub_ids))
    return Figures(
        totals={**totals, **minutes},
        districts=[
            DistrictHub(
                id=row["id"],
                name=row["name"],
                code=row["code"],
                is_dissolved=row["status"] == "DISSOLVED",
                towns=frozenset(row["towns"] or ()),
                communities=row["communities"],
                teams=row["teams"],
            )
            for row in rows
        ],
    )
