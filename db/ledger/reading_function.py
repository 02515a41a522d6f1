"""The database's function that reads figures: folded totals plus what is still pending.

A function, because its plans are then made once for a connection: planning took four times what
reading takes. What is pending is looked at only if there is any, and who is counted once only if
asked for.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.fold_statement import DISTINCT, DISTINCT_KINDS, day_sql, month_sql

_IDS = "unnest(string_to_array(rtrim({}, '/'), '/')::bigint[])"
_ABOVE = f"""
    select {_IDS.format("{0}.region_path")} as scope
    union all select -{_IDS.format("{0}.team_path")}
"""
# Whether a name in a period is asked for.
_ASKED = """
    (({0} = any(names) and {1} = any(periods))
      or ({0} = any(more_names) and {1} = any(more_periods))
      or ({1} = any(their_periods)
        and exists (select from unnest(beginnings) b where starts_with({0}, b))))
"""

# Names are looked up in arrays: a join would be planned from the codes, each searched for alone.
_FOLDED = """
    select array_agg(c.number), array_agg(c.name) into codes, coined from ledger_codes c
    where {which};
    return query
    select t.scope, coined[array_position(codes, t.code)], t.period, t.n, t.quantity
    from ledger_totals t
    where t.scope = any(scopes) and t.code = any(codes) and t.period = any({periods});
"""
_BEGINS = "exists (select from unnest(beginnings) b where starts_with(c.name, b))"
# Who is counted once adds to a scope only if nothing of his was counted in it before. His leaves
# lie where their teams lay that day, so that the scope is looked for among the ids of the path.
_ONCE = f"""
  return query
  select o.scope, o.kind, p.period, o.added::bigint, 0::bigint
  from (
    select g.scope, g.kind, g.period as month, g.day,
      (g.base + sum(g.n) over w > 0)::int - (g.base + sum(g.n) over w - g.n > 0)::int as added
    from (
      select e.scope, d.kind, d.who, d.period, d.day, sum(d.n) as n,
        (select coalesce(sum(l.n), 0) from ledger_leaves l
         where l.who = d.who and l.period = d.period and l.kind = d.kind
           and case when e.scope > 0 then strpos('/' || l.region_path, '/' || e.scope || '/')
             else strpos('/' || l.team_path, '/' || -e.scope || '/') end > 0) as base
      from ({DISTINCT.format(taken="ledger_pending")}) d
      cross join lateral ({_ABOVE.format("d")}) e
      where e.scope = any(scopes) and (d.kind = any(names) or d.kind = any(more_names))
      group by 1, 2, 3, 4, 5
    ) g
    window w as (partition by g.scope, g.kind, g.who, g.period order by g.day)
  ) o
  cross join lateral (
    select o.month as period where o.kind = 'active'
    union all
    select u from unnest(array[0, {month_sql("o.day")}, {day_sql("o.day")}]) u
    where o.kind <> 'active') p
  where o.added <> 0 and {_ASKED.format("o.kind", "p.period")};
"""
_PENDING = f"""
  return query
  select e.scope, v.name, p.period, f.n, f.quantity
  from ledger_pending f
  cross join lateral ({_ABOVE.format("f")}) e
  cross join lateral (
    select f.kind as name, true as is_whole
    union all select f.kind || '/' || d, false from unnest(f.dims) d) v
  cross join lateral unnest(
    array[0, {month_sql("f.day")}] || case when v.is_whole then array[{day_sql("f.day")}] end
  ) p(period)
  where e.scope = any(scopes) and {_ASKED.format("v.name", "p.period")};
"""

FUNCTION = f"""
create or replace function ledger_figures(
  names text[], periods int[], more_names text[], more_periods int[],
  beginnings text[], their_periods int[], scopes bigint[]
) returns table (scope bigint, name text, period int, n bigint, quantity bigint)
language plpgsql stable rows 500 set plan_cache_mode = force_generic_plan
as $body$
#variable_conflict use_column
declare
  codes int[];
  coined text[];
begin
  if names <> '{{}}' then
{_FOLDED.format(which="c.name = any(names)", periods="periods")}
  end if;
  if more_names <> '{{}}' then
{_FOLDED.format(which="c.name = any(more_names)", periods="more_periods")}
  end if;
  if beginnings <> '{{}}' then
{_FOLDED.format(which=_BEGINS, periods="their_periods")}
  end if;
  if exists (select from ledger_pending) then
    {_PENDING}
    if (names || more_names) && array[{", ".join(f"'{kind}'" for kind in sorted(DISTINCT_KINDS))}]
    then
      {_ONCE}
    end if;
  end if;
end
$body$
"""
