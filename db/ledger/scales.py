"""How large teams are and how much they serve: by how many there are on each scale (DOMAIN §9).

A team's size is no column: a writer who counted it would wait for the next one. So the ledger keeps
how many members and minutes each team has, and counts the teams of each scale where they lie; a
team changes its scale on the latest day of which something was told of it.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

# Members and minutes at which the next scale begins: more than none, then up to a thousand persons
# and to a hundred thousand hours.
SIZE_SCALE = (1, 10, 30, 100, 300, 1_000)
SERVED_SCALE = (1, 6_000, 60_000, 600_000, 6_000_000)

DIMENSIONS = ("size", "hours")
KINDS = ("team", "hub")

_TEAM = "split_part(rtrim(team_path, '/'), '/', -1)::bigint"


def _scale(value: str, bounds: tuple[int, ...]) -> str:
    return f"width_bucket({value}, array[{', '.join(map(str, bounds))}]::bigint[])"


def scales_sql(members: str, minutes: str) -> str:
    """The scales of so many members and minutes, as ``dims`` of a fact."""
    return (
        f"array['size:' || {_scale(members, SIZE_SCALE)},"
        f" 'hours:' || {_scale(minutes, SERVED_SCALE)}]"
    )


SCALED = f"""
told as materialized (
  select {_TEAM} as team_id, max(day) as day,
    coalesce(sum(n) filter (where kind = 'member'), 0)::bigint as members,
    coalesce(sum(quantity) filter (where kind = 'record'), 0)::bigint as minutes
  from taken where kind in ('member', 'record', 'team', 'hub') group by 1
),
sized as materialized (
  select t.team_id, greatest(s.day, t.day) as day,
    coalesce(s.members, 0) as had_members, coalesce(s.minutes, 0) as had_minutes,
    coalesce(s.members, 0) + t.members as members, coalesce(s.minutes, 0) + t.minutes as minutes
  from told t left join lateral (
    select day, members, minutes from ledger_sizes where team_id = t.team_id offset 0) s on true
),
stood as materialized (
  select s.team_id, l.id, l.kind, l.region_path, l.team_path, l.n
  from sized s cross join lateral (
    select id, kind, region_path, team_path, n from ledger_places
    where team_id = s.team_id offset 0) l
),
placed_anew as materialized (
  select team_id, kind, region_path, team_path, sum(n)::bigint as n
  from (
    select team_id, kind, region_path, team_path, n from stood
    union all
    select {_TEAM}, kind, region_path, team_path, n from taken where kind in ('team', 'hub')
  ) p
  group by 1, 2, 3, 4
),
replaced as materialized (
  select distinct {_TEAM} as team_id from taken where kind in ('team', 'hub')
),
scaled as (
  select kind, day, region_path, team_path, dims, sum(n)::bigint as n
  from (
    select p.kind, s.day, p.region_path, p.team_path,
      {scales_sql("s.had_members", "s.had_minutes")} as dims, -p.n as n
    from stood p join sized s using (team_id)
    union all
    select p.kind, s.day, p.region_path, p.team_path, {scales_sql("s.members", "s.minutes")}, p.n
    from placed_anew p join sized s using (team_id)
  ) f
  group by 1, 2, 3, 4, 5 having sum(n) <> 0
)
"""
