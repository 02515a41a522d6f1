"""Rows of other tables that a page's statement brings along, one for each of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, literal_column, select, true

from db import models
from db.queries.entities import Entity
from db.rows import Row
from db.scope import Scope


@dataclass(frozen=True, slots=True, eq=False)
class ToOne:
    """A column that names one row of another entity."""

    name: str
    column: str
    entity: Entity


@dataclass(frozen=True, slots=True)
class Joined:
    """A row to bring along: which, what of it, and what it brings along itself."""

    edge: ToOne
    row: type[Row]
    scope: Scope
    joined: tuple["Joined", ...] = ()


def carrying(row: type[Row], joined: Sequence[Joined]) -> type[Row]:
    """The row class that holds what is joined behind its own columns."""
    parts = tuple((each.edge.name, carrying(each.row, each.joined)) for each in joined)
    return row.carrying(parts) if parts else row


def scope_keys(joined: Sequence[Joined]) -> tuple[object, ...]:
    """What makes the SQL of equal row classes differ."""
    return tuple((each.scope.key, scope_keys(each.joined)) for each in joined)


def scope_values(joined: Sequence[Joined]) -> dict[str, Any]:
    """The parameters of the scopes of what is joined."""
    values: dict[str, Any] = {}
    for each in joined:
        values |= each.scope.values
        values |= scope_values(each.joined)
    return values


def carry(
    joined: Sequence[Joined],
    rows: FromClause,
    source: FromClause,
    columns: Sequence[ColumnElement[Any]],
) -> Select[*tuple[Any, ...]]:
    """Columns of a source, and behind them those of what is joined to the rows in it.

    Each is found by its key for each row: a lateral subquery of one row is nothing else to the
    planner, whatever it thinks of the page's size, and keeps the order of the rows.
    """
    carried = list(columns)
    source = _join(joined, rows, source, carried, "")
    return select(*carried).select_from(source)


def _join(
    joined: Sequence[Joined],
    rows: FromClause,
    source: FromClause,
    carried: list[ColumnElement[Any]],
    prefix: str,
) -> FromClause:
    """The source with everything joined side by side; nested, it would not see the rows."""
    for each in joined:
        name = f"{prefix}{each.edge.name}."
        found = _one(each, rows.c[each.edge.column])
        source = source.join(found, true(), isouter=True)
        carried += [column.label(f"{name}{column.name}") for column in found.c]
        source = _join(each.joined, found, source, carried, name)
    return source


def _one(joined: Joined, key: ColumnElement[Any]) -> FromClause:
    """The row of a key, if it is in scope."""
    source, row, team = source_of(joined.edge.entity)
    query = (
        select(*(row.c[name] for name in joined.row.__columns__))
        .select_from(source)
        .where(row.c.id == key, joined.scope.clause(row, team))
        .limit(literal_column("1"))
    )
    return query.lateral()


def source_of(entity: Entity) -> tuple[FromClause, FromClause, FromClause]:
    """What to select from, the entity's table in it, and the table of the team it belongs to."""
    row = entity.table.alias("r")
    if entity.team_key is None or entity.team_key == "id":
        return row, row, row
    team = models.Team.__table__.alias("t")
    optional = entity.table.c[entity.team_key].nullable
    return row.join(team, team.c.id == row.c[entity.team_key], isouter=optional), row, team


def own_columns(row: type[Row], entity: Entity) -> list[str]:
    """The columns of a row class that are of the entity's own table."""
    return [name for name in row.__columns__ if name in entity.table.c]
