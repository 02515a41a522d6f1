"""How large teams are and how much they serve: by how many there are on each scale (DOMAIN §9).

A team's size is no column: a writer who counted it would wait for the next one. So the ledger
keeps how many members and minutes each team came by in each month, and where it is counted since
when. A team is counted on the scale of each month's end, as breakdowns are kept, also for what is
told late.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.facts import last_of
from db.ledger.periods import ALL_TIME, month_sql

# Members and minutes at which the next scale begins: more than none, then up to a thousand persons
# and to a hundred thousand hours.
SIZE_SCALE = (1, 10, 30, 100, 300, 1_000)
SERVED_SCALE = (1, 6_000, 60_000, 600_000, 6_000_000)

DIMENSIONS = ("size", "hours")
KINDS = ("team", "hub")

_TEAM = last_of("team_path")


def _scale(value: str, bounds: tuple[int, ...]) -> str:
    return f"width_bucket({value}, array[{', '.join(map(str, bounds))}]::bigint[])"


def standing_sql(members: str, minutes: str) -> str:
    """On which scales so many members and minutes stand, as one number."""
    return f"{_scale(members, SIZE_SCALE)} * 10 + {_scale(minutes, SERVED_SCALE)}"


def dims_sql(standing: str) -> str:
    """The scales of a standing, as ``dims`` of a fact."""
    return f"array['size:' || {standing} / 10, 'hours:' || {standing} % 10]"


def first_day_sql(month: str) -> str:
    """The first day of a month's period."""
    return f"make_date({month} / 100, {month} % 100, 1)"


_HAD = standing_sql("b.members + sum(came) over w", "b.minutes + sum(served) over w")
_HAS = standing_sql(
    "b.members + sum(came + more) over w", "b.minutes + sum(served + longer) over w"
)

# What a team stood on from a month until another, before what is now told and after. Before the
# first month that something is told of, nothing changes: what was then is all that was ever, less
# what came since. A stretch whose standing changed takes its team from the one scale to the other,
# from the later of the stretch's month and the one in which the team came to its place.
SCALED = f"""
told as materialized (
  select {_TEAM} as team_id, {month_sql("day")} as month, kind in ('team', 'hub') as is_place,
    (sum(n) filter (where kind = 'member'))::int as members,
    (sum(quantity) filter (where kind = 'record'))::int as minutes
  from taken where kind in ('member', 'record', 'team', 'hub') group by 1, 2, 3
),
told_of as materialized (
  select team_id, min(month) as month, bool_or(is_place) as is_placed from told group by 1
),
sizes as materialized (
  select s.* from told_of t cross join lateral (
    select team_id, month, members, minutes from ledger_sizes
    where team_id = t.team_id and month = {ALL_TIME}
    union all
    select team_id, month, members, minutes from ledger_sizes
    where team_id = t.team_id and month >= t.month offset 0) s
),
before as materialized (
  select t.team_id, t.is_placed,
    coalesce(sum(case s.month when {ALL_TIME} then s.members else -s.members end), 0)::bigint
      as members,
    coalesce(sum(case s.month when {ALL_TIME} then s.minutes else -s.minutes end), 0)::bigint
      as minutes
  from told_of t left join sizes s using (team_id) group by 1, 2
),
stretches as materialized (
  select b.team_id, month, lead(month) over w as until, is_placed,
    {_HAD} as had, {_HAS} as has
  from (
    select team_id, month, sum(came)::int as came, sum(served)::int as served,
      sum(more)::int as more, sum(longer)::int as longer
    from (
      select team_id, month, members as came, minutes as served, 0 as more, 0 as longer
      from sizes where month <> {ALL_TIME}
      union all select team_id, month, 0, 0, coalesce(members, 0), coalesce(minutes, 0) from told
    ) f group by 1, 2
  ) e
  join before b using (team_id)
  window w as (partition by b.team_id order by month)
),
stood as materialized (
  select s.team_id, l.id, l.kind, l.region_path, l.team_path, l.month, l.n
  from (select distinct team_id from stretches where had <> has or is_placed) s
  cross join lateral (
    select id, kind, region_path, team_path, month, n from ledger_places
    where team_id = s.team_id offset 0) l
),
placed_anew as materialized (
  select {_TEAM} as team_id, kind, region_path, team_path, {month_sql("day")} as month,
    sum(n)::bigint as n
  from taken where kind in ('team', 'hub') group by 1, 2, 3, 4, 5
),
scaled as (
  select kind, {first_day_sql("c.month")} as day, region_path, team_path,
    {dims_sql("standing")} as dims, sum(c.n)::bigint as n
  from (
    select p.kind, p.region_path, p.team_path, greatest(s.month, p.month) as month, s.until, c.*
    from stood p join stretches s
      on s.team_id = p.team_id and s.had <> s.has and (s.until is null or p.month < s.until)
    cross join lateral (values (s.had, -p.n), (s.has, p.n)) c(standing, n)
    union all
    select p.kind, p.region_path, p.team_path, greatest(s.month, p.month), s.until, s.has, p.n
    from placed_anew p join stretches s
      on s.team_id = p.team_id and (s.until is null or p.month < s.until)
  ) f
  cross join lateral (values (f.month, f.n), (f.until, -f.n)) c(month, n)
  where c.month is not null
  group by 1, 2, 3, 4, 5 having sum(c.n) <> 0
)
"""

# What the ledger keeps of the told: of each month and in all; of where teams are, as it now stands.
KEPT = f"""
resized as (
  insert into ledger_sizes as s (team_id, month, members, minutes)
  select team_id, case when grouping(month) = 0 then month else {ALL_TIME} end,
    coalesce(sum(members), 0), coalesce(sum(minutes), 0)
  from told where not is_place group by grouping sets ((team_id, month), (team_id))
  on conflict (team_id, month) do update
    set members = s.members + excluded.members, minutes = s.minutes + excluded.minutes
),
replaced as materialized (
  select team_id, min(id) as id, kind, region_path, team_path, month, sum(n)::bigint as n,
    sum(known)::bigint as known
  from (
    select team_id, id, kind, region_path, team_path, month, n, n as known from stood
    union all
    select team_id, null, kind, region_path, team_path, month, n, 0 from placed_anew) p
  group by 1, 3, 4, 5, 6 having sum(n) <> sum(known)
),
left_behind as (
  delete from ledger_places where id = any(array(select id from replaced where id is not null))
),
placed_at as (
  insert into ledger_places (team_id, kind, region_path, team_path, month, n)
  select team_id, kind, region_path, team_path, month, n from replaced where n <> 0
)
"""
