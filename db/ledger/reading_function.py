"""The database's function that reads figures: folded totals plus what is still pending.

A function, because its plans are then made once for a connection: planning took four times what
reading takes. What is pending is looked at only if there is any, and who is counted once, or on
what scale a team stands, only if asked for. Pending rows are reduced to the asked scopes and kinds
before anything is made of them, for after a bulk load there may be many.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger import scales
from db.ledger.fold_statement import IS_FLOW
from db.ledger.once import ABOVE, KINDS, once_counted
from db.ledger.periods import FIRST_DAY, day_sql, month_sql
from db.ledger.scales import SCALED

# Whether a name in a period is asked for.
_ASKED = """
    (({0} = any(names) and {1} = any(periods))
      or ({0} = any(more_names) and {1} = any(more_periods))
      or ({1} = any(their_periods)
        and exists (select from unnest(beginnings) b where starts_with({0}, b))))
"""

# Names are looked up in arrays: a join would be planned from the codes, each searched for alone.
_CODED = """
    select array_agg(c.number), array_agg(c.name) into codes, coined from ledger_codes c
    where {which};
"""
_FOLDED = """
    if {asked} then
      return query
      select t.scope, coined[array_position(codes, t.code)], t.period, t.n, t.quantity
      from ledger_totals t
      where t.scope = any(scopes) and t.code = any(codes) and t.period = any({periods}) and {part};
    end if;
"""
# By which question of a part's scopes and periods each part is looked into, and the planner told.
_PARTS = {
    "0 < any(scopes)": f"t.scope > 0 and t.period < {FIRST_DAY}",
    "0 > any(scopes)": f"t.scope < 0 and t.period < {FIRST_DAY}",
    f"{FIRST_DAY} <= any({{periods}})": f"t.period >= {FIRST_DAY}",
}


def _folded(which: str, periods: str) -> str:
    parts = (
        _FOLDED.format(asked=asked.format(periods=periods), part=part, periods=periods)
        for asked, part in _PARTS.items()
    )
    return _CODED.format(which=which) + "".join(parts)


_BEGINS = "exists (select from unnest(beginnings) b where starts_with(c.name, b))"
_PERIODS = f"""
  unnest(case when v.is_whole then array[0, {month_sql("f.day")}, {day_sql("f.day")}]
    when {IS_FLOW.format("f.kind")} then array[{month_sql("f.day")}]
    else array[0, {month_sql("f.day")}] end)
"""
# From facts near the asked scopes to figures.
_FIGURES = f"""
  select f.scope, v.name, p.period, f.n, f.quantity
  from near f
  cross join lateral (
    select f.kind as name, true as is_whole where f.is_whole
    union all select f.kind || '/' || d, false from unnest(f.dims) d) v
  cross join lateral {_PERIODS} p(period)
  where {_ASKED.format("v.name", "p.period")}
"""
PENDING = f"""
with near as materialized (
  select u.scope, f.kind, f.day, case when f.kind = any(broken) then f.dims end as dims,
    true as is_whole, sum(f.n)::bigint as n, sum(f.quantity)::bigint as quantity
  from ledger_pending f cross join lateral ({ABOVE.format("f")}) u
  where split_part(f.kind, '/', 1) = any(kinds) and u.scope = any(scopes)
  group by 1, 2, 3, 4
)
{_FIGURES}
"""
# Of whom is asked that is counted once; of the others, nothing is looked up.
ONCE = f"""
with taken as materialized (
  select * from ledger_pending f
  where kind in ('record', 'member', 'team', 'hub')
    and exists (select from ({ABOVE.format("f")}) u where u.scope = any(scopes))
),
{once_counted("u.scope = any(scopes)", "{} = any(kinds)")}
select o.scope, o.kind, p.period, o.n, 0::bigint
from once o
cross join lateral unnest(
  case when o.kind = 'active' then array[{month_sql("o.day")}]
    else array[0, {month_sql("o.day")}, {day_sql("o.day")}] end) p(period)
where {_ASKED.format("o.kind", "p.period")}
"""
# Of a scale, all that is told of a team counts, wherever it was: what is near is known at the end.
SCALES = f"""
with taken as materialized (select * from ledger_pending),
{SCALED},
near as materialized (
  select u.scope, f.kind, f.day, f.dims, false as is_whole, sum(f.n)::bigint as n,
    0::bigint as quantity
  from scaled f cross join lateral ({ABOVE.format("f")}) u
  where u.scope = any(scopes) group by 1, 2, 3, 4
)
{_FIGURES}
"""
_SCALE_NAMES = ", ".join(
    f"'{kind}/{dimension}:'" for kind in scales.KINDS for dimension in scales.DIMENSIONS
)

FUNCTION = f"""
create or replace function ledger_figures(
  names text[], periods int[], more_names text[], more_periods int[],
  beginnings text[], their_periods int[], scopes bigint[]
) returns table (scope bigint, name text, period int, n bigint, quantity bigint)
language plpgsql stable rows 500
set plan_cache_mode = force_generic_plan set enable_nestloop = off set enable_mergejoin = off
as $body$
#variable_conflict use_column
declare
  codes int[];
  coined text[];
  kinds text[];
  broken text[];
begin
  if names <> '{{}}' then
{_folded("c.name = any(names)", "periods")}
  end if;
  if more_names <> '{{}}' then
{_folded("c.name = any(more_names)", "more_periods")}
  end if;
  if beginnings <> '{{}}' then
{_folded(_BEGINS, "their_periods")}
  end if;
  if exists (select from ledger_pending) then
    select array_agg(distinct split_part(a, '/', 1)),
      coalesce(array_agg(distinct split_part(a, '/', 1)) filter (where strpos(a, '/') > 0), '{{}}')
    into kinds, broken from unnest(names || more_names || beginnings) a;
    return query {PENDING};
    if kinds && array[{", ".join(f"'{kind}'" for kind in KINDS)}] then
      return query {ONCE};
    end if;
    if beginnings && array[{_SCALE_NAMES}] then
      return query {SCALES};
    end if;
  end if;
end
$body$
"""
