"""Who is counted once in each scope, however often: active volunteers, members, served projects.

A leaf says where somebody was counted, from which day and how often. Of those whom new facts touch,
each scope above their leaves is walked through day by day, as it was and as it is now: what the
walks differ by is what the scope's figure changes by, on the very days, also for what is told late.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.periods import month_sql

KINDS = ("active", "covered", "people", "served")

_IDS = "unnest(string_to_array(rtrim({}, '/'), '/')::bigint[])"
# The scopes above a row: its regions, and its teams with a minus.
ABOVE = f"""
    select {_IDS.format("{0}.region_path")} as scope
    union all select -{_IDS.format("{0}.team_path")}
"""

# The code, from which facts, who, and whether by month.
_FACTS = f"""
    select 'active' as kind, person as who, {month_sql("day")} as period,
      date_trunc('month', day)::date as day, region_path, team_path, n
    from taken where kind = 'record' and {{active}}
    union all
    select 'served', thing, 0, day, region_path, team_path, n
    from taken where kind = 'record' and thing is not null and {{served}}
    union all
    select 'people', person, 0, day, region_path, team_path, n
    from taken where kind = 'member' and {{people}}
    union all
    select 'covered', thing, 0, day, region_path, null, n
    from taken where kind in ('team', 'hub') and thing is not null and {{covered}}
"""
_LEAF = "kind, who, period, day, region_path, team_path"

_ONCE = f"""
moved as materialized (
  select {_LEAF}, sum(n)::bigint as n from ({_FACTS}) d group by {_LEAF} having sum(n) <> 0
),
-- OFFSET keeps the look-up by index, whatever the planner thinks of the tables' sizes.
known as materialized (
  select l.*
  from (select distinct kind, who, period from moved) t
  cross join lateral (
    select id, kind, who, period, day, region_path, team_path, n from ledger_leaves
    where who = t.who and period = t.period and kind = t.kind offset 0) l
),
-- Leaves of records are never below nothing: where one stands and stays, later ones change nothing.
standing as materialized (
  select k.kind, k.who, k.period, k.region_path, coalesce(k.team_path, '') as team_path,
    min(k.day) as day
  from known k left join moved m
    on (m.kind, m.who, m.period, m.day, m.region_path)
      = (k.kind, k.who, k.period, k.day, k.region_path)
    and coalesce(m.team_path, '') = coalesce(k.team_path, '')
  where k.kind in ('active', 'served') and k.n > 0 and coalesce(m.n, 0) >= 0
  group by 1, 2, 3, 4, 5
),
stirred as materialized (
  select m.kind, m.who, m.period
  from moved m left join standing s
    on (s.kind, s.who, s.period, s.region_path) = (m.kind, m.who, m.period, m.region_path)
    and s.team_path = coalesce(m.team_path, '')
  where s.day is null or m.day < s.day
  group by 1, 2, 3
),
walked as (
  select l.kind, l.who, l.period, u.scope, l.day, l.is_now, sum(l.n) as n
  from (
    select {_LEAF}, n, is_now from known cross join (values (false), (true)) v(is_now)
    union all select {_LEAF}, n, true from moved
  ) l
  join stirred using (kind, who, period)
  cross join lateral ({ABOVE.format("l")}) u
  where {{near}}
  group by 1, 2, 3, 4, 5, 6
),
stepped as (
  select kind, scope, day, case when is_now then 1 else -1 end
    * ((sum(n) over w > 0)::int - (sum(n) over w - n > 0)::int) as step
  from walked window w as (partition by who, scope, period, is_now, kind order by day)
),
once as (
  select kind, day, scope, sum(step)::bigint as n
  from stepped where step <> 0 group by 1, 2, 3 having sum(step) <> 0
)
"""


def once_counted(near: str = "true", asked: str = "true") -> str:
    """The expressions from ``taken`` to ``once``: a kind's change in a scope on a day.

    ``near`` limits the scopes ``u.scope``; ``asked`` is a condition on a kind in braces.
    """
    wanted = {kind: asked.format(f"'{kind}'") for kind in KINDS}
    return _ONCE.format(near=near, **wanted)
