"""Reading figures: folded totals plus what is still pending, in one statement (DESIGN §9).

Figures are asked for by name and period (``db.ledger.periods``): names in periods, other names in
other periods, so that totals and a series over months share a statement, and names by how they
begin, for breakdowns. Every row is a scope with what was found for it; what is not there is 0.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from collections.abc import Mapping
from typing import Any

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

_SUMMED = """
select scope, array_agg(name) as names, array_agg(period) as periods,
  array_agg(n) as amounts, array_agg(quantity) as quantities
from ledger_figures($1, $2, $3, $4, $5, $6, {scopes})
group by scope
"""
_BELOW = """
select {sign}r.id as scope, g.names, g.periods, g.amounts, g.quantities, {columns}
from {table} r
left join ({summed}) g on g.scope = {sign}r.id
where r.{parent} = any($7::bigint[])
order by {order}
"""


def _below(table: str, parent: str, order: str, row: type[Row], sign: str) -> Statement[Any]:
    """The statement for the rows right below a parent, with the rows themselves."""
    scopes = f"array(select {sign}id from {table} where {parent} = any($7::bigint[]))"
    sql = _BELOW.format(
        sign=sign,
        columns=", ".join(f"r.{name}" for name in row.__columns__),
        table=table,
        summed=_SUMMED.format(scopes=scopes),
        parent=parent,
        order=order,
    )
    carrier = FiguresRow.carrying(((table, row),))
    return Statement(sql=sql, names=(*ASKS, "keys"), fixed={}, row=carrier)


FIGURES: Mapping[str, Statement[Any]] = {
    "own": Statement(
        sql=_SUMMED.format(scopes="$7::bigint[]"),
        names=(*ASKS, "keys"),
        fixed={},
        row=FiguresRow,
    ),
    "regions": _below("regions", "parent_id", "r.code", RegionRow, ""),
    "teams": _below("teams", "contact_team_id", "r.sort_key, r.id", TeamRow, "-"),
}
"""The figures of scopes themselves, or of the regions or teams right below some."""
