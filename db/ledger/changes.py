"""What a trigger appends: the facts that changed, and what they were until then.

A change counts from its day on; of what was before, no row tells any more, so it is kept
(``ledger_past``) for a rebuild.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger import facts
from db.ledger.facts import COLUMNS, last_of

_EMIT = f"""
    insert into ledger_pending ({COLUMNS})
    select kind, day, region_path, team_path, person, thing, dims, sum(n), sum(quantity)
    from ({{signed}}) f
    group by kind, day, region_path, team_path, person, thing, dims
    having sum(n) <> 0 or sum(quantity) <> 0;
"""


# What changed is told of today on, or of the day on which it began if that is later. What it was
# until then is kept, for no row says so any more: by where it belongs, not by where that lay, and
# each value of a breakdown by itself, so that nobody is described who has changed since.
_CHANGE = f"""
    with signed as materialized ({{signed}}), told as (
      insert into ledger_pending ({COLUMNS})
      select kind, greatest(today, day), region_path, team_path, person, thing, dims,
        sum(n), sum(quantity)
      from signed group by 1, 2, 3, 4, 5, 6, 7
      having sum(n) <> 0 or sum(quantity) <> 0
    )
    insert into ledger_past (kind, began, until, region_id, team_id, person, thing, dims, n,
      quantity)
    select kind, day, today,
      case when team_path is null then {last_of("region_path")} end, {last_of("team_path")},
      person, thing, part.dims, -sum(part.n), -sum(part.quantity)
    from signed cross join lateral (
      select array[v] as dims, n, quantity from unnest(dims) v
      union all
      select '{{{{}}}}', n * (1 - cardinality(dims)), quantity * (1 - cardinality(dims))) part
    where day < today
    group by 1, 2, 4, 5, 6, 7, 8
    having sum(part.n) <> 0 or sum(part.quantity) <> 0;
"""


def began(table: str) -> str:
    """The day on which a row began to count, if it has."""
    return f"least({facts.BEGAN[table]}, present)"


def since(table: str) -> str:
    """The day of a change: today, but for what began after a day that lies back."""
    return f"greatest(today, {began(table)})"


def _signed(added: list[str], taken: list[str]) -> str:
    both = [f"select {COLUMNS} from ({each}) added" for each in added]
    minus = COLUMNS.replace("n, quantity", "-n as n, -quantity as quantity")
    both += [f"select {minus} from ({each}) taken" for each in taken]
    return "\n      union all\n".join(both)


def emit(added: list[str], taken: list[str]) -> str:
    """Appends the difference between what rows count as and what they counted as."""
    return _EMIT.format(signed=_signed(added, taken))


def change(added: list[str], taken: list[str]) -> str:
    """Appends the difference, of facts with the days on which they began, and what was before."""
    return _CHANGE.format(signed=_signed(added, taken))


def past(key: str, moved: str, region_path: str, team_path: str) -> str:
    """What changed after the day of a move that is told late, as it was from that day on."""
    return f"""
select p.kind, d.day, {region_path} as region_path, {team_path} as team_path, p.person, p.thing,
  p.dims, p.n * d.sign as n, p.quantity * d.sign as quantity
from {moved} r
cross join lateral (select * from ledger_past where {key} = r.id and until > today offset 0) p
cross join lateral (values (greatest(p.began, today), 1), (p.until, -1)) d(day, sign)
"""
