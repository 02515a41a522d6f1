"""How long lists are, counted no further than a bound, and how they differ from the ledger."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.ledger.periods import ALL_TIME
from db.models.base import BYTES_TEXT
from db.queries.entities import Entity
from db.queries.filtering import Filtering
from db.queries.joined import source_of
from db.queries.pages import Join, Relation, conditions_of, parents_of
from db.queries.rows import CountRow, KeptCountRow
from db.scope import Clause, Kept, KeptFigures, Scope
from db.statements import Statement, prepare

# A list is counted so far and no further; more is told as at least so many.
MOST_COUNTED = 10_000

_regions = models.Region.__table__
_COUNTS: dict[tuple[object, ...], Statement[Any]] = {}


def count(entity: Entity, scope: Scope, filters: Filtering) -> Statement[CountRow]:
    """How many rows in scope pass the filters."""
    return _count(entity, scope, filters, None)


def counts(relation: Relation, scope: Scope, filters: Filtering) -> Statement[CountRow]:
    """How many rows of each parent in scope pass the filters; parents without rows are left out."""
    return _count(relation.entity, scope, filters, relation)


def kept_count(entity: Entity, scope: Scope, kept: Kept) -> Statement[KeptCountRow]:
    """How many rows are in scope, by the ledger. Parameters: the scope's."""
    key = ("kept", entity.name, scope.key)
    if key not in _COUNTS:
        known = (_known(each.names, _scopes(each)) for each in kept.figures)
        query = select(
            literal(0).label("parent_key"),
            _added(select(_sum(each)).scalar_subquery() for each in known).label("number"),
            _number(entity, [kept.more] if kept.more else []).label("more"),
            literal(0).label("fewer"),
        )
        _COUNTS[key] = prepare(query, KeptCountRow)
    return _COUNTS[key]


def kept_counts(relation: Relation, scope: Scope, kept: Kept) -> Statement[KeptCountRow] | None:
    """How many rows in scope lie below the team at each path, by the ledger.

    None if it does not know: a region may lie across a subtree.
    """
    if any(each.region is not None for each in kept.figures):
        return None
    key = ("kept", relation.name, scope.key)
    if key not in _COUNTS:
        parents = parents_of(relation)

        def of_parent(join: Join) -> Clause:
            return lambda row, team: join(row, team, parents.c.key)

        also = [kept.more, of_parent(relation.join)] if kept.more else []
        left_out = relation.left_out
        counted_too = [kept.counted, of_parent(left_out)] if kept.counted and left_out else []
        source: FromClause = parents
        numbers = []
        for nth, each in enumerate(kept.figures):
            found = _by_scope(each, relation, f"found_{nth}")
            source = source.outerjoin(found, found.c.scope == _scope_below(each, parents.c.key))
            numbers.append(func.coalesce(found.c.n, 0))
        query = select(
            parents.c.key,
            _added(numbers).label("number"),
            _number(relation.entity, also, parents).label("more"),
            _number(relation.entity, counted_too, parents).label("fewer"),
        ).select_from(source)
        _COUNTS[key] = prepare(query, KeptCountRow)
    return _COUNTS[key]


def _count(
    entity: Entity, scope: Scope, filters: Filtering, relation: Relation | None
) -> Statement[CountRow]:
    key = ("count", entity.name if relation is None else relation.name, scope.key, filters)
    if key not in _COUNTS:
        source, row, team = source_of(entity)
        found = select(literal(1).label("one")).select_from(source)
        found = found.where(*conditions_of(entity, scope, filters, row, team))
        if relation is None:
            total = _counted(found).subquery()
            query: Select[*tuple[Any, ...]] = select(literal(0).label("parent_key"), total.c.count)
        else:
            parents = parents_of(relation)
            found = found.where(relation.join(row, team, parents.c.key)).correlate(parents)
            counted = _counted(found).lateral("counted")
            query = select(parents.c.key, counted.c.count).select_from(
                parents.join(counted, true())
            )
        _COUNTS[key] = prepare(query, CountRow)
    return _COUNTS[key]


def _number(entity: Entity, conditions: Sequence[Clause], *outer: FromClause) -> ColumnElement[int]:
    """How many rows fulfil the conditions; none if there are no conditions."""
    if not conditions:
        return literal(0)
    source, row, team = source_of(entity)
    found = select(literal(1).label("one")).select_from(source)
    found = found.where(*(condition(row, team) for condition in conditions)).correlate(*outer)
    return _counted(found).scalar_subquery()


def _known(names: Sequence[str], scopes: Select[int]) -> FromClause:
    """What the ledger knows of scopes by those names, of all time, one by one."""
    nothing: list[Any] = []
    asked = func.ledger_figures(
        literal(list(names), ARRAY(Text)),
        literal([ALL_TIME], ARRAY(Integer)),
        *(literal(nothing, ARRAY(kind)) for kind in (Text, Integer, Text, Integer)),
        func.array(scopes.scalar_subquery(), type_=ARRAY(BigInteger)),
    )
    return asked.table_valued("scope", "n", name="figures")


def _added(numbers: Iterable[ColumnElement[int]]) -> ColumnElement[int]:
    return reduce(add, numbers)


def _sum(figures: FromClause) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(figures.c.n), 0), BigInteger)


def _scopes(figures: KeptFigures) -> Select[int]:
    """The scopes that the figures are of."""
    if figures.team is not None:
        return select(-_last_id(bindparam(figures.team, type_=BYTES_TEXT)))
    if figures.region is not None:
        return select(_last_id(bindparam(figures.region, type_=BYTES_TEXT)))
    return select(_regions.c.id).where(_regions.c.parent_id.is_(None))


def _by_scope(figures: KeptFigures, relation: Relation, name: str) -> FromClause:
    """What the ledger knows of each scope below parents."""
    scopes = select(_scope_below(figures, parents_of(relation).c.key)).distinct()
    known = _known(figures.names, scopes)
    return select(known.c.scope, _sum(known).label("n")).group_by(known.c.scope).subquery(name)


def _scope_below(figures: KeptFigures, path: ColumnElement[str]) -> ColumnElement[int]:
    """Where what is below a path is counted: of subtrees, the lower; 0 if neither holds the other.

    SECURITY: no path is below none, for whoever acts for no team.
    """
    if figures.team is None:
        return -_last_id(path)
    mine = func.nullif(bindparam(figures.team, type_=BYTES_TEXT), "")
    return case(
        (func.starts_with(path, mine), -_last_id(path)),
        (func.starts_with(mine, path), -_last_id(mine)),
        else_=0,
    )


def _last_id(path: ColumnElement[str]) -> ColumnElement[int]:
    """The id of what lies at the end of a path; of none, that of nothing."""
    last = func.split_part(func.rtrim(path, "/"), "/", -1)
    return cast(func.coalesce(func.nullif(last, ""), "0"), BigInteger)


def _counted(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """How many rows a query finds, no further than one beyond the bound."""
    return select(func.count().label("count")).select_from(
        found.limit(MOST_COUNTED + 1).subquery("found")
    )
