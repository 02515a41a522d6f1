"""What regions settle for themselves, as policies are read and set."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from db.rows import Row
from db.statements import Statement
from db.write import Write

# Each setting is that of the nearest region, at or above the path, that has one.
_NEAREST = """
with wanted as (
  select distinct path from unnest($1::text[]) as p (path)
), above as (
  select w.path, r.depth, l.reviews_hours, l.reviews_evaluations
  from wanted w
  join regions r on r.id = any(string_to_array(left(w.path, -1), '/')::bigint[])
  join local_policies l on l.region_id = r.id
)
select w.path,
  (select a.reviews_hours from above a where a.path = w.path and a.reviews_hours is not null
   order by a.depth desc limit 1) as reviews_hours,
  (select a.reviews_evaluations from above a
   where a.path = w.path and a.reviews_evaluations is not null
   order by a.depth desc limit 1) as reviews_evaluations
from wanted w
"""
_SET = """
insert into local_policies (province, region_id, reviews_hours, reviews_evaluations, reason)
select r.province, r.id, $2, $3, $4 from regions r where r.id = $1
on conflict (region_id) do update
set reviews_hours = excluded.reviews_hours, reviews_evaluations = excluded.reviews_evaluations,
    reason = excluded.reason, updated_at = now()
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds in a place; None where nobody has settled it."""

    reviews_hours: bool | None
    reviews_evaluations: bool | None


class PolicyRow(Row):
    """What holds in the region of a path."""

    path: str
    reviews_hours: bool
    reviews_evaluations: bool


_HOLDS = f"""
select n.path, coalesce(n.reviews_hours, false), coalesce(n.reviews_evaluations, false)
from ({_NEAREST}) n
"""  # noqa: S608 - a statement of ours
POLICIES = Statement(
    _HOLDS,
    ("paths",),
    {},
    PolicyRow,
)


async def fetch_nearest(write: Write, paths: Collection[str]) -> Mapping[str, Settings]:
    """What holds in each region, by its path."""
    rows = await write.run(_NEAREST, sorted(paths))
    return {row["path"]: Settings(row["reviews_hours"], row["reviews_evaluations"]) for row in rows}


async def store(write: Write, region_id: int, settings: Settings, reason: str) -> None:
    """Settles it for a region; None leaves a setting to the region above."""
    await write.run(_SET, region_id, settings.reviews_hours, settings.reviews_evaluations, reason)
