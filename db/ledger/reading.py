"""Reading figures: folded totals plus what is still pending, in one statement (DESIGN §9).

Figures are asked for by name and period (``db.ledger.periods``). A statement has two asks, each of
names and periods, so that totals and a series over months share it, and a third by the beginnings
of names, for breakdowns. Every row is a scope with what was found for it; what is not there is 0.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from collections.abc import Mapping
from typing import Any

from db.ledger.fold_statement import DISTINCT, DISTINCT_KINDS, day_sql, month_sql
from db.queries.rows import RegionRow, TeamRow
from db.rows import Row
from db.statements import Statement


class FiguresRow(Row):
    """The figures of a scope, as parallel lists."""

    scope: int
    names: list[str] | None
    periods: list[int] | None
    amounts: list[int] | None
    quantities: list[int] | None


ASKS = ("names", "periods", "more_names", "more_periods", "beginnings", "their_periods")

_IDS = "unnest(string_to_array(rtrim({}, '/'), '/')::bigint[])"

# Who is counted once adds to a scope only if nothing of his was counted in it before. His leaves
# lie where their teams lay that day, so that the scope is looked for among the ids of the path.
_PENDING_ONCE = f"""
  union all
  select o.scope, o.kind, p.period, o.added, 0
  from (
    select scope, kind, period as month, day,
      (base + sum(n) over w > 0)::int - (base + sum(n) over w - n > 0)::int as added
    from (
      select e.scope, d.kind, d.who, d.period, d.day, sum(d.n) as n,
        (select coalesce(sum(l.n), 0) from ledger_leaves l
         where l.who = d.who and l.period = d.period and l.kind = d.kind
           and case when e.scope > 0 then strpos('/' || l.region_path, '/' || e.scope || '/')
             else strpos('/' || l.team_path, '/' || -e.scope || '/') end > 0) as base
      from ({DISTINCT.format(taken="ledger_pending")}) d
      cross join lateral (
        select {_IDS.format("d.region_path")} as scope
        union all select -{_IDS.format("d.team_path")}) e
      join scopes s on s.scope = e.scope
      where exists (select from asked a where a.name = d.kind)
      group by 1, 2, 3, 4, 5
    ) g
    window w as (partition by scope, kind, who, period order by day)
  ) o
  cross join lateral (
    select o.month as period where o.kind = 'active'
    union all
    select u from unnest(array[0, {month_sql("o.day")}, {day_sql("o.day")}]) u
    where o.kind <> 'active') p
  where o.added <> 0
    and exists (select from asked a where a.name = o.kind and a.period = p.period)
"""

_FIGURES = f"""
with scopes as materialized ({{scopes}}),
asked as materialized (
  select c.number, c.name, p as period
  from ledger_codes c cross join unnest($2::int[]) p where c.name = any($1::text[])
  union
  select c.number, c.name, p
  from ledger_codes c cross join unnest($4::int[]) p where c.name = any($3::text[])
  union
  select c.number, c.name, p
  from unnest($5::text[]) b
  join ledger_codes c on c.name >= b and c.name < left(b, -1) || ';'
  cross join unnest($6::int[]) p
  union
  -- A name that nothing was folded under yet may be pending all the same.
  select -1, n, p from unnest($1::text[]) n cross join unnest($2::int[]) p
  where not exists (select from ledger_codes c where c.name = n)
  union
  select -1, n, p from unnest($3::text[]) n cross join unnest($4::int[]) p
  where not exists (select from ledger_codes c where c.name = n)
),
folded as (
  select t.scope, t.code, t.period, t.n, t.quantity from ledger_totals t
  where t.scope = any(array(select scope from scopes))
    and t.code = any(array(select number from ledger_codes where name = any($1::text[])))
    and t.period = any($2::int[])
  union
  select t.scope, t.code, t.period, t.n, t.quantity from ledger_totals t
  where t.scope = any(array(select scope from scopes))
    and t.code = any(array(select number from ledger_codes where name = any($3::text[])))
    and t.period = any($4::int[])
  union
  select t.scope, t.code, t.period, t.n, t.quantity from ledger_totals t
  where t.scope = any(array(select scope from scopes))
    and t.code = any(array(
      select c.number from unnest($5::text[]) b
      join ledger_codes c on c.name >= b and c.name < left(b, -1) || ';'))
    and t.period = any($6::int[])
),
pending as (
  select e.scope, v.name, p.period, f.n, f.quantity
  from ledger_pending f
  cross join lateral (
    select {_IDS.format("f.region_path")} as scope
    union all select -{_IDS.format("f.team_path")}) e
  join scopes s on s.scope = e.scope
  cross join lateral (
    select f.kind as name, true as is_whole
    union all select f.kind || '/' || d, false from unnest(f.dims) d) v
  cross join lateral unnest(
    array[0, {month_sql("f.day")}]
      || case when v.is_whole then array[{day_sql("f.day")}] else '{{{{}}}}' end
  ) p(period)
  where exists (select from asked a where a.name = v.name and a.period = p.period)
    or (p.period = any($6::int[])
      and exists (select from unnest($5::text[]) b where starts_with(v.name, b)))
  {{once}}
),
found as (
  select f.scope, c.name, f.period, f.n, f.quantity
  from folded f join ledger_codes c on c.number = f.code
  union all select * from pending
)
select s.scope, g.names, g.periods, g.amounts, g.quantities {{columns}}
from scopes s {{joined}}
left join (
  select scope, array_agg(name) as names, array_agg(period) as periods,
    array_agg(n) as amounts, array_agg(quantity) as quantities
  from (
    select scope, name, period, sum(n)::bigint as n, sum(quantity)::bigint as quantity
    from found group by 1, 2, 3
  ) summed
  group by scope
) g on g.scope = s.scope
{{order}}
"""

_OWN = "select unnest($7::bigint[]) as scope"
_REGIONS = "select id as scope from regions where parent_id = any($7::bigint[])"
_TEAMS = "select -id as scope from teams where contact_team_id = any($7::bigint[])"


def _statement(
    scopes: str, *, once: bool, part: type[Row] | None = None, table: str = ""
) -> Statement[Any]:
    row: type[Row] = FiguresRow
    columns = joined = order = ""
    if part is not None:
        row = FiguresRow.carrying(((table, part),))
        columns = "".join(f", r.{name}" for name in part.__columns__)
        sign = "" if table == "regions" else "-"
        joined = f"join {table} r on r.id = {sign}s.scope"
        order = "order by r.code" if table == "regions" else "order by r.sort_key, r.id"
    sql = _FIGURES.format(
        scopes=scopes, once=_PENDING_ONCE if once else "", columns=columns, joined=joined,
        order=order,
    )  # fmt: skip
    return Statement(sql=sql, names=(*ASKS, "keys"), fixed={}, row=row)


_STATEMENTS: Mapping[tuple[str, bool], Statement[Any]] = {
    (kind, once): statement
    for once in (False, True)
    for kind, statement in (
        ("own", _statement(_OWN, once=once)),
        ("regions", _statement(_REGIONS, once=once, part=RegionRow, table="regions")),
        ("teams", _statement(_TEAMS, once=once, part=TeamRow, table="teams")),
    )
}


def figures_of(kind: str, names: frozenset[str]) -> Statement[Any]:
    """The statement for scopes themselves, or for the regions or teams right below them."""
    return _STATEMENTS[kind, not names.isdisjoint(DISTINCT_KINDS)]
