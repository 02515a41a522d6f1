"""How long lists are, counted no further than a bound."""

from typing import Any

from sqlalchemy import Select, func, literal, select, true

from db.queries.entities import Entity
from db.queries.filtering import Filtering
from db.queries.joined import source_of
from db.queries.pages import Relation, conditions_of, parents_of
from db.queries.rows import CountRow
from db.scope import Scope
from db.statements import Statement, prepare

# A list is counted so far and no further; more is told as at least so many.
MOST_COUNTED = 10_000

_COUNTS: dict[tuple[object, ...], Statement[CountRow]] = {}


def count(entity: Entity, scope: Scope, filters: Filtering) -> Statement[CountRow]:
    """How many rows in scope pass the filters."""
    return _count(entity, scope, filters, None)


def counts(relation: Relation, scope: Scope, filters: Filtering) -> Statement[CountRow]:
    """How many rows of each parent in scope pass the filters; parents without rows are left out."""
    return _count(relation.entity, scope, filters, relation)


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


def _counted(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """How many rows a query finds, no further than one beyond the bound."""
    return select(func.count().label("count")).select_from(
        found.limit(MOST_COUNTED + 1).subquery("found")
    )
