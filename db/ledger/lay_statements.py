"""The statements that lay facts out: numbered, summed where they lie, then level by level.

``ledger_facts`` is taken; each statement leaves a table for those after it. Places, figures and
days are numbers from the first on, for what costs is to compare texts.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.fold_statement import FLOWS
from db.ledger.once import KINDS
from db.ledger.periods import ALL_TIME, day_sql
from db.ledger.scales import dims_sql, standing_sql

# Every place of a fact and all above it; a scope that lay in two places has two nodes.
NODES = """
create temp table lay_nodes on commit drop as
with placed as (
  select 1 as tree, region_path as path from ledger_facts group by 2
  union all
  select -1, team_path from ledger_facts where team_path is not null group by 2
),
prefixes as (
  select distinct tree, ids[:depth] as ids
  from (select tree, string_to_array(rtrim(path, '/'), '/')::bigint[] as ids from placed) p
  cross join lateral generate_subscripts(ids, 1) depth
),
numbered as materialized (
  select row_number() over ()::int as node, tree, ids, cardinality(ids) as depth,
    tree * ids[cardinality(ids)] as scope
  from prefixes
),
twice as (select scope from numbered group by 1 having count(*) > 1)
select n.node, p.node as parent, n.depth, n.scope, n.tree, n.ids,
  array_to_string(n.ids, '/') || '/' as path,
  exists (select from twice) and exists (
    select from unnest(n.ids) u join twice on scope = u * n.tree) as is_moved
from numbered n left join numbered p on p.tree = n.tree and p.ids = n.ids[:n.depth - 1]
"""
DEPTH = "select max(depth) from lay_nodes"

_ONCE_NAMES = ", ".join(f"'{kind}'" for kind in KINDS)
COINED = f"""
insert into ledger_codes (number, name)
select (select coalesce(max(number), 0) from ledger_codes) + row_number() over (order by name),
  name
from (
  select kind as name from ledger_facts
  union select kind || '/' || v from ledger_facts cross join lateral unnest(dims) v
  union select kind || '/' || v from lay_scaled cross join lateral unnest(dims) v
  union select unnest(array[{_ONCE_NAMES}])
) n
where not exists (select from ledger_codes c where c.name = n.name)
"""

FACTS = f"""
create temp table lay_facts on commit drop as
select f.kind, {day_sql("f.day")} as day, f.day as date, r.node as region, t.node as team,
  f.person, f.thing, f.dims, f.n::int as n, f.quantity
from ledger_facts f
join lay_nodes r on r.tree = 1 and r.path = f.region_path
left join lay_nodes t on t.tree = -1 and t.path = f.team_path
"""

# Most have no quantity; what is not summed need not be turned from a numeric.
_SUM = "coalesce(sum(f.quantity) filter (where f.quantity <> 0), 0)::bigint"

# How large each team is, and where it is counted (``db.ledger.scales``).
SIZES = f"""
insert into ledger_sizes (team_id, month, members, minutes)
select -x.scope, case when grouping(f.day / 100) = 0 then f.day / 100 else {ALL_TIME} end,
  coalesce(sum(f.n) filter (where f.kind = 'member'), 0)::bigint,
  coalesce(sum(f.quantity) filter (where f.kind = 'record'), 0)::bigint
from lay_facts f join lay_nodes x on x.node = f.team
where f.kind in ('member', 'record') group by grouping sets ((1, f.day / 100), (1))
"""
PLACES = """
insert into ledger_places (team_id, kind, region_path, team_path, month, n)
select -t.scope, f.kind, r.path, t.path, f.month, f.n
from (
  select kind, region, team, day / 100 as month, sum(n)::bigint as n
  from lay_facts where kind in ('team', 'hub') group by 1, 2, 3, 4 having sum(n) <> 0
) f
join lay_nodes r on r.node = f.region join lay_nodes t on t.node = f.team
"""
# A team stands on the lowest scales until something is told of it, then on others from month to
# month; of each stretch on the same scales, the first and the next one's first are written.
SCALED = f"""
create temp table lay_scaled on commit drop as
with stood as (
  select team_id, 0 as month, 0 as standing from ledger_places group by 1
  union all
  select team_id, month, {standing_sql("sum(members) over w", "sum(minutes) over w")}
  from ledger_sizes where month <> {ALL_TIME}
  window w as (partition by team_id order by month)
),
stretches as (
  select team_id, month, standing, lead(month) over (partition by team_id order by month) as until
  from (
    select team_id, month, standing,
      lag(standing) over (partition by team_id order by month) as before
    from stood) s
  where standing is distinct from before
)
select p.kind, c.month * 100 + 1 as day, r.node as region, t.node as team,
  {dims_sql("s.standing")} as dims, c.n
from ledger_places p
join stretches s on s.team_id = p.team_id and (s.until is null or p.month < s.until)
join lay_nodes r on r.tree = 1 and r.path = p.region_path
join lay_nodes t on t.tree = -1 and t.path = p.team_path
cross join lateral (values (greatest(s.month, p.month), p.n), (s.until, -p.n)) c(month, n)
where c.month is not null
"""

# What lies right at a place: whole figures by day, breakdowns by month.
_HERE = """
create temp table lay_{what}_here on commit drop as
with named as materialized ({named})
select region as node, code, day, n, quantity from named
union all
select team, code, day, n, quantity from named where team is not null
"""
WHOLE_HERE = _HERE.format(
    what="whole",
    named=f"""
  select region, team, c.number as code, f.day, sum(f.n)::int as n, {_SUM} as quantity
  from lay_facts f join ledger_codes c on c.name = f.kind group by 1, 2, 3, 4
""",
)
PARTS_HERE = _HERE.format(
    what="parts",
    named=f"""
  select f.region, f.team, c.number as code, f.month as day, sum(f.n)::int as n,
    {_SUM} as quantity
  from (
    select kind, day / 100 as month, region, team, unnest(dims) as part, n, quantity from lay_facts
    union all
    select kind, day / 100, region, team, unnest(dims), n, 0 from lay_scaled) f
  join (
    select number, split_part(name, '/', 1) as kind, split_part(name, '/', 2) as part
    from ledger_codes where strpos(name, '/') > 0) c on c.kind = f.kind and c.part = f.part
  group by 1, 2, 3, 4
""",
)
# Who is counted once in each scope, and where (``db.ledger.once``).
LEAVES = """
create temp table lay_leaves on commit drop as
select kind, who, period, day, region, team, sum(n)::int as n
from (
  select 'active' as kind, person as who, day / 100 as period, day / 100 * 100 + 1 as day, region,
    team, n
  from lay_facts where kind = 'record'
  union all
  select 'served', thing, 0, day, region, team, n
  from lay_facts where kind = 'record' and thing is not null
  union all
  select 'people', person, 0, day, region, team, n from lay_facts where kind = 'member'
  union all
  select 'covered', thing, 0, day, region, null, n
  from lay_facts where kind in ('team', 'hub') and thing is not null) f
group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0
"""
KEPT_LEAVES = """
insert into ledger_leaves (kind, who, period, day, region_path, team_path, n)
select l.kind, l.who, l.period, to_date(l.day::text, 'YYYYMMDD'), r.path, t.path, l.n
from lay_leaves l join lay_nodes r on r.node = l.region left join lay_nodes t on t.node = l.team
"""
# Most have come and stayed: they count from their first day on. The others are walked through.
CHANGED = """
create temp table lay_changed on commit drop as
select distinct l.kind, l.who, l.period
from lay_leaves l join lay_nodes r on r.node = l.region left join lay_nodes t on t.node = l.team
where l.n < 0 or r.is_moved or t.is_moved
"""
SEEN_HERE = """
create temp table lay_seen_here on commit drop as
select u.node, c.number as code, l.who, l.period, min(l.day) as day
from lay_leaves l join ledger_codes c on c.name = l.kind
cross join lateral (values (l.region), (l.team)) u(node)
where u.node is not null
  and not exists (select from lay_changed h
    where h.kind = l.kind and h.who = l.who and h.period = l.period)
group by 1, 2, 3, 4
"""

# From a level to the one above it: figures without what lies there, which is summed at the end;
# persons with those who are there, for whoever is both must not count twice.
_RISE = f"""
insert into lay_{{what}} (node, code, day, n, quantity)
select x.parent, f.code, f.day, sum(f.n)::int, {_SUM}
from (
  select node, code, day, n, quantity from lay_{{what}}_here
  union all select node, code, day, n, quantity from lay_{{what}}) f
join lay_nodes x on x.node = f.node and x.depth = $1 + 1
group by 1, 2, 3
"""
_RISE_SEEN = """
insert into lay_seen (node, code, who, period, day)
select node, code, who, period, min(day)
from (
  select h.node, code, who, period, day
  from lay_seen_here h join lay_nodes x on x.node = h.node and x.depth = $1
  union all
  select x.parent, code, who, period, day
  from lay_seen h join lay_nodes x on x.node = h.node and x.depth = $1 + 1) f
group by 1, 2, 3, 4
"""
RISES = {
    "whole": _RISE.format(what="whole"),
    "parts": _RISE.format(what="parts"),
    "seen": _RISE_SEEN,
}
EMPTY = "create temp table lay_{what} (like lay_{what}_here) on commit drop"

ONCE = """
create temp table lay_once on commit drop as
select scope, code, day, sum(n)::int as n
from (
  select x.scope, s.code, s.day, count(*) as n
  from lay_seen s join lay_nodes x using (node) group by 1, 2, 3
  union all
  select scope, code, day, (sum(n) over w > 0)::int - (sum(n) over w - n > 0)::int
  from (
    select x.tree * u.id as scope, c.number as code, l.who, l.period, l.day, sum(l.n) as n
    from lay_leaves l
    join lay_changed h on h.kind = l.kind and h.who = l.who and h.period = l.period
    join ledger_codes c on c.name = l.kind
    cross join lateral (values (l.region), (l.team)) p(node)
    join lay_nodes x on x.node = p.node
    cross join lateral unnest(x.ids) u(id)
    group by 1, 2, 3, 4, 5
  ) walked
  window w as (partition by scope, code, who, period order by day)
) f
group by 1, 2, 3 having sum(n) <> 0
"""

# One pass over what is sorted gives days, months and all time.
_ADDED = f"""
insert into ledger_totals as t (scope, code, period, n, quantity)
select scope, code, {{period}}, sum(n), {_SUM}
from (
  select x.scope, c.code, c.day, c.n, c.quantity
  from (
    select node, code, day, n, quantity from lay_{{what}}_here
    union all select node, code, day, n, quantity from lay_{{what}}) c
  join lay_nodes x using (node)
  union all
  select scope, code, {{once}} from lay_once
  where (code = (select number from ledger_codes where name = 'active')) = {{is_active}}
) f
group by grouping sets {{sets}}
having (sum(n) <> 0 or {_SUM} <> 0) {{kept}}
{{meeting}}
"""
_MEETING = """
on conflict (scope, code, period) do update
set n = t.n + excluded.n, quantity = t.quantity + excluded.quantity
"""
_FLOWS = " and ".join(f"name not like '{kind}/%'" for kind in FLOWS)
# The breakdowns of flows, and who was active, have no row of all time.
_KEPT = f"""
and (grouping(day) = 0 or code = any(array(
  select number from ledger_codes where name <> 'active' and {_FLOWS})))
"""


def totals_statements(*, is_empty: bool) -> list[str]:
    """The statements that write the totals: into nothing, or onto what is there."""
    meeting = "" if is_empty else _MEETING
    whole = _ADDED.format(
        what="whole",
        period=f"case when grouping(day) = 0 then day when grouping(day / 100) = 0 then day / 100"
        f" else {ALL_TIME} end",
        sets="((scope, code, day / 100, day), (scope, code, day / 100), (scope, code))",
        once="day, n, 0",
        is_active="false",
        kept="",
        meeting=meeting,
    )
    parts = _ADDED.format(
        what="parts",
        period=f"case when grouping(day) = 0 then day else {ALL_TIME} end",
        sets="((scope, code, day), (scope, code))",
        once="day / 100, n, 0",
        is_active="true",
        kept=_KEPT,
        meeting=meeting,
    )
    return [whole, parts]
