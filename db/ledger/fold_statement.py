"""The statement that folds: facts, expanded by ancestor, breakdown and period, become totals.

What is known of all time is written with each fact, but for the breakdowns of flows: records come
all day, and a third of what folding wrote was that row of theirs. They are read by months.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.once import once_counted
from db.ledger.periods import ALL_TIME, day_sql, month_sql
from db.ledger.scales import KEPT, SCALED

PENDING = """
  delete from ledger_pending where id = any(array(
    select id from ledger_pending order by id limit $1))
  returning kind, day, region_path, team_path, person, thing, dims, n, quantity
"""
# What happens, rather than what there is: its breakdowns have no row of all time.
FLOWS = ("record", "overdue")

_ABOVE = "string_to_array(rtrim({}, '/'), '/')::bigint[]"
IS_FLOW = f"{{}} in ({', '.join(repr(kind) for kind in FLOWS)})"

# Sums of few and of many small numbers: of a ``bigint`` it would be a numeric, at twice the price.
_SUM = "coalesce(sum(quantity) filter (where quantity <> 0), 0)::bigint"


# Each total goes right into its part, so that no row has to look for it.
def _added(part: str, sums: str, which: str = "true") -> str:
    return f"""
added_to_{part} as (
  insert into ledger_totals_{part} as t (scope, code, period, n, quantity)
  select scope, code, period, n, quantity from {sums}
  where {which} and (n <> 0 or quantity <> 0)
  order by 1, 2, 3
  on conflict (scope, code, period) do update
    set n = t.n + excluded.n, quantity = t.quantity + excluded.quantity
)
"""


_FOLD = f"""
with taken as materialized ({{taken}}),
{once_counted()},
{SCALED},
facts as materialized (
  select kind, day, region_path, team_path, dims, true as is_whole, sum(n)::int as n,
    {_SUM} as quantity
  from taken group by 1, 2, 3, 4, 5
  union all select kind, day, region_path, team_path, dims, false, n::int, 0 from scaled
),
-- A breakdown is kept by month: its facts count on the first day of theirs.
named as (
  select kind as name, true as is_whole, true as is_kept, {day_sql("day")} as day, region_path,
    team_path, n, quantity
  from facts where is_whole
  union all
  select kind || '/' || v, false, not {IS_FLOW.format("kind")}, {month_sql("day")} * 100 + 1,
    region_path, team_path, n, quantity
  from facts cross join lateral unnest(dims) v
),
placed as materialized (
  select 1 as tree, region_path as path, name, is_whole, is_kept, day, sum(n)::int as n,
    {_SUM} as quantity
  from named group by 2, 3, 4, 5, 6
  union all
  select -1, team_path, name, is_whole, is_kept, day, sum(n)::int, {_SUM}
  from named where team_path is not null group by 2, 3, 4, 5, 6
),
above as materialized (
  select tree, path, {_ABOVE.format("path")} as ids
  from (select distinct tree, path from placed) p
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
  select u.id * p.tree as scope, c.number as code, p.day, p.is_whole, p.is_kept,
    sum(n)::int as n, {_SUM} as quantity
  from placed p
  join above a on a.tree = p.tree and a.path = p.path
  join codes c on c.name = p.name
  cross join lateral unnest(a.ids) u(id)
  group by 1, 2, 3, 4, 5
),
once_daily as materialized (
  select scope, c.number as code, {day_sql("day")} as day, n
  from once join codes c on c.name = once.kind where kind <> 'active'
),
days as (
  select scope, code, day as period, n, quantity from daily where is_whole
  union all
  select scope, code, day, n, 0 from once_daily
),
longer as materialized (
  select scope, code, day / 100 as period, n, quantity from daily where not is_whole
  union all
  select scope, code, day / 100, sum(n)::int, {_SUM}
  from daily where is_whole group by 1, 2, 3
  union all
  select scope, code, {ALL_TIME}, sum(n)::int, {_SUM}
  from daily where is_kept group by 1, 2
  union all
  -- A month has its own count of who was active in it; days and all time have none.
  select scope, (select number from codes where name = 'active'), {month_sql("day")}, n, 0
  from once where kind = 'active'
  union all
  select scope, code, case when grouping(month) = 0 then month else {ALL_TIME} end,
    sum(n)::bigint, 0
  from (select scope, code, n, day / 100 as month from once_daily) d
  group by grouping sets ((scope, code, month), (scope, code))
),
{_added("days", "days")},
{_added("teams", "longer", "scope < 0")},
{_added("regions", "longer", "scope > 0")},
leaves as materialized (
  select min(id) as id, kind, who, period, day, region_path, team_path, sum(n)::bigint as n,
    sum(known) as known
  from (
    select id, kind, who, period, day, region_path, team_path, n, n as known from known
    union all
    select null, kind, who, period, day, region_path, team_path, n, 0 from moved) b
  group by 2, 3, 4, 5, 6, 7
  having sum(n) <> sum(known)
),
grown as (
  insert into ledger_leaves (id, kind, who, period, day, region_path, team_path, n)
  select id, kind, who, period, day, region_path, team_path, n from leaves
  where n <> 0 and id is not null
  on conflict (id) do update set n = excluded.n
),
shed as (
  delete from ledger_leaves where id = any(array(select id from leaves where n = 0))
),
sprung as (
  insert into ledger_leaves (kind, who, period, day, region_path, team_path, n)
  select kind, who, period, day, region_path, team_path, n from leaves
  where n <> 0 and id is null
),
{KEPT}
select count(*) as rows from taken
"""


def fold_statement(taken: str) -> str:
    """The statement over the facts that are taken; it answers how many they were."""
    return _FOLD.format(taken=taken)
