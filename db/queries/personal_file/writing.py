"""Trainings, awards and stars as they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.write import Write

_TRAINING = """
insert into trainings (province, volunteer_id, team_id, name, content, minutes, organiser, held_on,
  account_id)
select province, $2, id, $3, $4, $5, $6, $7, $8 from teams where id = $1 returning id
"""
_AWARD = """
insert into awards (province, volunteer_id, team_id, name, granted_by, granted_on, grantor,
  material, verification, account_id)
select province, $2, id, $3, $4, $5, $6::text, $7, $8, $9 from teams where id = $1 returning id
"""
_SAME_AWARD = """
select exists (select from awards where volunteer_id = $1 and name = $2 and granted_by = $3
               and granted_on = $4) as known
"""
_RATED = """
select v.star, v.effective_minutes, v.evaluation_count, v.evaluation_total, v.region_path
from volunteers v where v.id = $1
"""
# The scale of the nearest region at or above a place that has one of its own, else the nation's.
_SCALE = """
select t.stars, t.hours, t.least_score, t.rated_by from star_thresholds t
where t.region_id is not distinct from (
  select o.region_id from star_thresholds o join regions r on r.id = o.region_id
  where starts_with($1, r.path) order by r.depth desc limit 1)
order by t.stars
"""
_RATE = """
with rated as (
  update volunteers set star = $2, updated_at = now() where id = $1
)
insert into star_ratings (province, volunteer_id, stars, stars_before, minutes, reason, account_id,
  capacity)
select province, id, $2, star, effective_minutes, $3, $4, $5 from volunteers where id = $1
"""
_OWN_SCALE = "delete from star_thresholds where region_id = $1"
_SET_SCALE = """
insert into star_thresholds (region_id, stars, hours, least_score, rated_by)
select $1, n.stars, n.hours, n.least_score::numeric(3, 2), n.rated_by
from unnest($2::int[], $3::int[], $4::float8[], $5::text[])
  as n (stars, hours, least_score, rated_by)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleStep:
    """So many stars from so many hours on, and who gives them."""

    stars: int
    hours: int
    least_score: float | None = None
    rated_by: str | None = None


async def insert_training(
    write: Write, team_id: int, volunteer_id: int, said: Sequence[Any]
) -> int:
    """The id of the training; what is said of it in the order of its columns."""
    rows = await write.run(_TRAINING, team_id, volunteer_id, *said, write.account_id)
    return int(rows[0]["id"])


async def insert_award(write: Write, team_id: int, volunteer_id: int, said: Sequence[Any]) -> int:
    """The id of the award; what is said of it in the order of its columns."""
    rows = await write.run(_AWARD, team_id, volunteer_id, *said, write.account_id)
    return int(rows[0]["id"])


async def has_award(
    write: Write, volunteer_id: int, name: str, granted_by: str, granted_on: date
) -> bool:
    """Whether the award is in the volunteer's file; to be asked under the volunteer's lock."""
    rows = await write.run(_SAME_AWARD, volunteer_id, name, granted_by, granted_on)
    return bool(rows[0]["known"])


async def fetch_rated(write: Write, volunteer_id: int) -> Any:
    """What a rating rests on; to be read under the volunteer's lock."""
    return (await write.run(_RATED, volunteer_id))[0]


async def fetch_scale(write: Write, region_path: str) -> Sequence[ScaleStep]:
    """The scale that holds at a place, by stars."""
    return [
        ScaleStep(
            stars=row["stars"],
            hours=row["hours"],
            least_score=None if row["least_score"] is None else float(row["least_score"]),
            rated_by=row["rated_by"],
        )
        for row in await write.run(_SCALE, region_path)
    ]


async def rate(write: Write, volunteer_id: int, stars: int, reason: str | None) -> None:
    """Gives or takes stars, and keeps what was before."""
    await write.run(_RATE, volunteer_id, stars, reason, write.account_id, write.capacity)


async def replace_scale(write: Write, region_id: int, steps: Sequence[ScaleStep]) -> None:
    """Gives a region a scale of its own; without steps it has that of the region above again."""
    await write.run(_OWN_SCALE, region_id)
    await write.run(
        _SET_SCALE,
        region_id,
        [each.stars for each in steps],
        [each.hours for each in steps],
        [each.least_score for each in steps],
        [each.rated_by for each in steps],
    )
