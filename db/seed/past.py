"""The ledger of a new station, and what its volunteers were before their records came."""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from typing import Any

from db.ledger.facts import BEGAN, CHINA_DAY, HOURS_SCALE, bucket
from db.ledger.rebuilding import make_anew
from db.locks import Lock
from db.progress import Progress
from db.seed.aftermath import STAR_MINUTES

# Written at once, the people and projects of a new station became what they are on its first day.
_FORGET = "delete from ledger_past where kind in ('volunteer', 'project')"
# Each step from one star, or from one scale of hours, to another: until then it was the one.
_STEPS = f"""
insert into ledger_past (kind, began, until, region_id, dims, n, quantity)
select 'volunteer', began, until, region_id, array[v.value], sum(v.n), 0
from (
  select s.*, lag(star, 1, 0) over w as star_before, lag(hours, 1, 0) over w as hours_before
  from (
    select d.volunteer_id, d.day as until, r.region_id, {BEGAN["volunteers"]} as began,
      (select count(*) from unnest($1::bigint[]) least where d.minutes >= least)::int as star,
      {bucket("d.minutes", HOURS_SCALE)} as hours
    from (
      select volunteer_id, day,
        sum(sum(minutes)) over (partition by volunteer_id order by day)::bigint as minutes
      from (
        select volunteer_id, {CHINA_DAY.format("starts_at")} as day, minutes
        from service_records where status = 'EFFECTIVE') e
      group by 1, 2) d
    join volunteers r on r.id = d.volunteer_id and r.status = 'ENABLED'
  ) s
  window w as (partition by volunteer_id order by until)
) c
cross join lateral (values
  ('star:' || star_before, 1, star <> star_before), ('star:' || star, -1, star <> star_before),
  ('hours:' || hours_before, 1, hours <> hours_before),
  ('hours:' || hours, -1, hours <> hours_before)) v(value, n, changed)
where v.changed and until > began
group by 1, 2, 3, 4, 5
"""


async def count(connection: Any, *, progress: Progress) -> None:
    """Makes the ledger of what was written at once: of all days of which the rows tell."""
    await connection.execute(f"select pg_advisory_xact_lock({Lock.LEDGER})")
    await connection.execute(_FORGET)
    await connection.execute(_STEPS, list(STAR_MINUTES))
    await make_anew(connection, progress=progress)
