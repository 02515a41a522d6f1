"""Verifying: what the ledger says against what the base tables say, to the last unit."""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from db.ledger.expected import EXPECTED
from db.ledger.facts import LISTS
from db.ledger.fold_statement import FLOWS, PENDING, fold_statement
from db.ledger.folding import SETTINGS
from db.ledger.scales import DIMENSIONS, KINDS
from db.locks import Lock

MOST = 1_000

_FOLD_ALL = fold_statement(PENDING)

# A stock is known for now alone, what flows by day, month and in all; persons as they are counted.
_STOCK_KINDS = (
    "volunteer", "team", "hub", "disabled_team", "member", "project", "sign_up", "review",
    "community", "people", "covered", "served", *LISTS,
)  # fmt: skip

_DIFFERENCES = """
with told as (
  select t.scope, c.name, t.period, t.n, t.quantity
  from ledger_totals t join ledger_codes c on c.number = t.code
  where (t.period = 0 or split_part(c.name, '/', 1) <> all($1::text[]))
    and (t.n, t.quantity) <> (0, 0)
    and ($2::bigint is null or t.scope = $2)
)
select coalesce(e.scope, t.scope) as scope, coalesce(e.name, t.name) as name,
  coalesce(e.period, t.period) as period, coalesce(e.n, 0) as expected, coalesce(t.n, 0) as told,
  coalesce(e.quantity, 0) as expected_quantity, coalesce(t.quantity, 0) as told_quantity
from (select * from ledger_expected
      where (n, quantity) <> (0, 0) and ($2::bigint is null or scope = $2)) e
full join told t on (t.scope, t.name, t.period) = (e.scope, e.name, e.period)
where (e.n, e.quantity) is distinct from (t.n, t.quantity)
order by 1, 2, 3 limit $3
"""
_FLOWS = ", ".join(f"'{kind}/%'" for kind in FLOWS)
# Days must come to their month, and months to all time, or the past of a stock is wrong.
_UNEVEN = f"""
with summed as (
  select scope, code, period / 100 as whole, sum(n) as n, sum(quantity) as quantity
  from ledger_totals where period > 1000000 group by 1, 2, 3
  union all
  select scope, code, 0, sum(n), sum(quantity)
  from ledger_totals where period between 1 and 1000000
    and code <> all(array(
      select number from ledger_codes where name = 'active' or name like any(array[{_FLOWS}])))
  group by 1, 2
)
select s.scope, c.name, s.whole as period, s.n::bigint as expected, coalesce(t.n, 0) as told,
  s.quantity::bigint as expected_quantity, coalesce(t.quantity, 0) as told_quantity
from summed s join ledger_codes c on c.number = s.code
left join ledger_totals t on (t.scope, t.code, t.period) = (s.scope, s.code, s.whole)
where (s.n, s.quantity) is distinct from (coalesce(t.n, 0), coalesce(t.quantity, 0))
  and ($1::bigint is null or s.scope = $1)
order by 1, 2, 3 limit $2
"""
# Of these, each thing has one value: in every month they must sum up to what is broken down.
_SINGLE = (
    *(f"volunteer/{each}" for each in ("sex", "born", "star", "hours")),
    *(f"volunteer/{each}" for each in ("education", "employment", "politics")),
    *(f"team/{each}" for each in ("group", "kind", "registration", "size", "hours")),
    *(f"hub/{each}" for each in ("group", "size", "hours")),
    *(f"project/{each}" for each in ("status", "scope", "headcount")),
    *("sign_up/status", "review/kind", "record/source"),
)
# How many there are is told of a scale of teams, and nothing else.
_COUNTED = ", ".join(f"'{kind}/{each}'" for kind in KINDS for each in DIMENSIONS)
_UNSHARED = f"""
with parts as materialized (
  select number, split_part(name, ':', 1) as part from ledger_codes
  where split_part(name, ':', 1) = any($1::text[])
),
wholes as (
  select p.part, c.number
  from (select distinct part from parts) p
  join ledger_codes c on c.name = split_part(p.part, '/', 1)
)
select scope, part as name, period, sum(whole)::bigint as expected, sum(shared)::bigint as told,
  sum(whole_quantity)::bigint as expected_quantity, sum(shared_quantity)::bigint as told_quantity
from (
  select t.scope, p.part, t.period, 0 as whole, t.n as shared, 0 as whole_quantity,
    t.quantity as shared_quantity
  from ledger_totals_long t join parts p on p.number = t.code where t.period <> 0
  union all
  select t.scope, w.part, t.period, t.n, 0,
    case when w.part in ({_COUNTED}) then 0 else t.quantity end, 0
  from ledger_totals_long t join wholes w on w.number = t.code where t.period <> 0
) f
where $2::bigint is null or scope = $2
group by 1, 2, 3
having sum(whole) <> sum(shared) or sum(whole_quantity) <> sum(shared_quantity)
order by 1, 2, 3 limit $3
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what it must be; ``scope`` is a region's id, or minus a team's."""

    scope: int
    name: str
    period: int
    expected: int
    told: int
    expected_quantity: int
    told_quantity: int

    def __str__(self) -> str:
        where = f"region {self.scope}" if self.scope > 0 else f"team {-self.scope}"
        when = "in all" if self.period == 0 else f"in {self.period}"
        expected = f"{self.expected} ({self.expected_quantity})"
        return f"{where}: {self.name} {when} is {self.told} ({self.told_quantity}), not {expected}"


async def verify(
    connection: Any, *, scope: int | None = None, most: int = MOST
) -> Sequence[Difference]:
    """Where the ledger and the base tables disagree, in one snapshot; at most so many.

    What is pending counts as if it were folded: it is, and that is undone. Writers go on beside
    it; the folder waits. ``connection`` is asyncpg's, outside a transaction.
    """
    async with folder_held(connection):
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            await connection.execute(SETTINGS)
            await connection.execute("set local statement_timeout = 0")
            await connection.fetchval(_FOLD_ALL, None)
            await connection.execute(EXPECTED)
            await connection.execute("analyze ledger_expected")
            rows = await connection.fetch(_DIFFERENCES, list(_STOCK_KINDS), scope, most)
            rows += await connection.fetch(_UNEVEN, scope, most)
            rows += await connection.fetch(_UNSHARED, list(_SINGLE), scope, most)
            return [Difference(*row) for row in rows[:most]]
        finally:
            await transaction.rollback()


@asynccontextmanager
async def folder_held(connection: Any) -> AsyncIterator[None]:
    """Keeps every folder away; before a snapshot is taken, or it would be older than the lock."""
    await connection.execute(f"select pg_advisory_lock({Lock.LEDGER})", timeout=None)
    try:
        yield
    finally:
        await connection.execute(f"select pg_advisory_unlock({Lock.LEDGER})")
