"""The statement that folds: facts, expanded by ancestor, breakdown and period, become totals.

Who is counted once in each scope, however often (active volunteers of a month, members of a
subtree), is counted by what changes in the set of scopes above all his leaves: a leaf for each
place where he was counted, with how often.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.periods import ALL_TIME

PENDING = """
  delete from ledger_pending where id = any(array(
    select id from ledger_pending order by id limit $1))
  returning kind, day, region_path, team_path, person, thing, dims, n, quantity
"""

# What is counted once in each scope: the code, from which facts, who, and whether by month.
DISTINCT = """
  select 'active' as kind, person as who,
    (extract(year from day) * 100 + extract(month from day))::int as period,
    date_trunc('month', day)::date as day, region_path, team_path, n
  from {taken} where kind = 'record'
  union all
  select 'served', thing, 0, day, region_path, team_path, n
  from {taken} where kind = 'record' and thing is not null
  union all
  select 'people', person, 0, day, region_path, team_path, n from {taken} where kind = 'member'
  union all
  select 'covered', thing, 0, day, region_path, null, n
  from {taken} where kind in ('team', 'hub') and thing is not null
"""


def month_sql(day: str) -> str:
    """The period of the month of a day."""
    return f"(extract(year from {day}) * 100 + extract(month from {day}))::int"


def day_sql(day: str) -> str:
    """The period of a day."""
    return f"({month_sql(day)} * 100 + extract(day from {day}))::int"


DISTINCT_KINDS = frozenset({"active", "served", "people", "covered"})
_ABOVE = "string_to_array(rtrim({}, '/'), '/')::bigint[]"

_FOLD = f"""
with taken as materialized ({{taken}}),
facts as materialized (
  select kind, day, region_path, team_path, dims, sum(n)::bigint as n,
    sum(quantity)::bigint as quantity
  from taken group by 1, 2, 3, 4, 5
),
-- A breakdown is kept by month: its facts count on the first day of theirs.
named as (
  select kind as name, true as is_whole, {day_sql("day")} as day, region_path, team_path, n,
    quantity
  from facts
  union all
  select kind || '/' || v, false, {month_sql("day")} * 100 + 1, region_path, team_path, n, quantity
  from facts cross join lateral unnest(dims) v
),
placed as (
  select 1 as tree, region_path as path, name, is_whole, day, sum(n) as n,
    sum(quantity) as quantity
  from named group by 2, 3, 4, 5
  union all
  select -1, team_path, name, is_whole, day, sum(n), sum(quantity)
  from named where team_path is not null group by 2, 3, 4, 5
),
above as materialized (
  select tree, path, {_ABOVE.format("path")} as ids
  from (select distinct tree, path from placed) p
),
moved as materialized (
  select kind, who, period, day, region_path, team_path, sum(n)::bigint as n
  from ({{distinct}}) d group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0
),
touched as materialized (select distinct kind, who, period from moved),
known as materialized (
  select l.id, l.kind, l.who, l.period, l.region_path, l.team_path, l.n
  from ledger_leaves l join touched using (kind, who, period)
),
leaves as materialized (
  select kind, who, period, region_path, team_path, sum(n)::bigint as n
  from (select kind, who, period, region_path, team_path, n from known
        union all select kind, who, period, region_path, team_path, n from moved) b
  group by 1, 2, 3, 4, 5
),
changed as materialized (
  select k.id, n.*
  from known k join leaves n on (n.kind, n.who, n.period, n.region_path)
    = (k.kind, k.who, k.period, k.region_path) and n.team_path is not distinct from k.team_path
  where n.n <> k.n
),
grown as (
  insert into ledger_leaves (id, kind, who, period, region_path, team_path, n)
  select id, kind, who, period, region_path, team_path, n from changed where n <> 0
  on conflict (id) do update set n = excluded.n
),
shed as (
  delete from ledger_leaves where id = any(array(select id from changed where n = 0))
),
sprung as (
  insert into ledger_leaves (kind, who, period, region_path, team_path, n)
  select kind, who, period, region_path, team_path, n from leaves n
  where n.n <> 0 and not exists (
    select from known k where (n.kind, n.who, n.period, n.region_path)
      = (k.kind, k.who, k.period, k.region_path) and n.team_path is not distinct from k.team_path)
),
days as (select distinct kind, who, period, day from moved),
-- What he was at each step: before, and after each day on which something changed.
steps as (
  select s.kind, s.who, s.period, s.day, s.step, l.region_path, l.team_path, sum(l.n) as n
  from (
    select kind, who, period, day, row_number() over w as step,
      lead(day) over w as until
    from days window w as (partition by kind, who, period order by day)
  ) s
  join (
    select kind, who, period, '-infinity'::date as day, region_path, team_path, n from known
    union all select kind, who, period, day, region_path, team_path, n from moved
  ) l on (l.kind, l.who, l.period) = (s.kind, s.who, s.period) and l.day <= s.day
  group by 1, 2, 3, 4, 5, 6, 7 having sum(l.n) > 0
),
counted as (
  -- before the first day, taken away on it
  select k.kind, k.who, k.period, d.day, k.region_path, k.team_path, -1 as sign
  from known k
  join (select kind, who, period, min(day) as day from days group by 1, 2, 3) d
    on (d.kind, d.who, d.period) = (k.kind, k.who, k.period)
  where k.n > 0
  union all
  select kind, who, period, day, region_path, team_path, 1 from steps
  union all
  -- each step, taken away when the next begins
  select s.kind, s.who, s.period, n.day, s.region_path, s.team_path, -1
  from steps s
  join (
    select kind, who, period, day as before,
      lead(day) over (partition by kind, who, period order by day) as day
    from days
  ) n on (n.kind, n.who, n.period, n.before) = (s.kind, s.who, s.period, s.day)
  where n.day is not null
),
once as (
  select kind, day, scope, sum(sign) as n
  from (
    select distinct kind, who, period, day, sign, u.id as scope
    from counted cross join lateral unnest({_ABOVE.format("region_path")}) u(id)
    union all
    select distinct kind, who, period, day, sign, -u.id
    from counted cross join lateral unnest({_ABOVE.format("team_path")}) u(id)
    where team_path is not null
  ) e
  group by 1, 2, 3 having sum(sign) <> 0
),
coined as (
  insert into ledger_codes (number, name)
  select (select coalesce(max(number), 0) from ledger_codes) + row_number() over (order by name),
    name
  from (select name from placed union select kind from once) n
  where not exists (select from ledger_codes c where c.name = n.name)
  returning number, name
),
codes as materialized (select number, name from ledger_codes union all select * from coined),
daily as materialized (
  select u.id * p.tree as scope, c.number as code, p.day, p.is_whole, sum(p.n) as n,
    sum(p.quantity) as quantity
  from placed p
  join above a on a.tree = p.tree and a.path = p.path
  cross join lateral unnest(a.ids) u(id)
  join codes c on c.name = p.name
  group by 1, 2, 3, 4
),
summed as (
  select scope, code, day as period, n::bigint, quantity::bigint from daily where is_whole
  union all
  select scope, code, case when grouping(month) = 0 then month else {ALL_TIME} end,
    sum(n)::bigint, sum(quantity)::bigint
  from (select *, day / 100 as month from daily) d
  group by grouping sets ((scope, code, month), (scope, code))
  union all
  -- A month has its own count of who was active in it; days and all time have none.
  select scope, c.number, {month_sql("day")}, n, 0
  from once join codes c on c.name = once.kind where kind = 'active'
  union all
  select scope, c.number,
    case when grouping(day) = 0 then day when grouping(month) = 0 then month
      else {ALL_TIME} end,
    sum(n), 0
  from (
    select kind, scope, n, {day_sql("day")} as day, {month_sql("day")} as month
    from once where kind <> 'active'
  ) d join codes c on c.name = d.kind
  group by grouping sets ((scope, number, day), (scope, number, month), (scope, number))
),
added as (
  insert into ledger_totals (scope, code, period, n, quantity)
  select scope, code, period, n, quantity from summed
  where n <> 0 or quantity <> 0
  order by 1, 2, 3
  on conflict (scope, code, period) do update
    set n = ledger_totals.n + excluded.n, quantity = ledger_totals.quantity + excluded.quantity
)
select count(*) as rows from taken
"""


def fold_statement(taken: str) -> str:
    """The statement over the facts that are taken; it answers how many they were."""
    return _FOLD.format(taken=taken, distinct=DISTINCT.format(taken="taken"))
