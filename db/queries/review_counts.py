"""How many reviews wait, by kind and by how long they have waited."""

from sqlalchemy import ColumnElement, DateTime, bindparam, func, select

from db.enums import ReviewKind, ReviewState
from db.queries.entities import REVIEW
from db.queries.filtering import Filtering
from db.queries.joined import source_of
from db.rows import Row
from db.scope import Scope
from db.statements import Statement, prepare

_MOMENT = DateTime(timezone=True)
_STATEMENTS: dict[tuple[object, ...], Statement["ReviewCountRow"]] = {}


class ReviewCountRow(Row):
    """How many reviews of a kind wait."""

    kind: ReviewKind
    total: int
    today: int
    within_3_days: int
    within_7_days: int
    older: int


def review_counts(scope: Scope, filters: Filtering) -> Statement[ReviewCountRow]:
    """The counts of what waits in scope and passes the filters, by kind; kinds without are left.

    Parameters: ``today``, ``days_3`` and ``days_7``, when these stretches begin; filters; scope.
    """
    key = (scope.key, filters)
    if key not in _STATEMENTS:
        source, row, team = source_of(REVIEW)
        today, days_3, days_7 = (
            bindparam(name, type_=_MOMENT) for name in ("today", "days_3", "days_7")
        )
        created = row.c.created_at
        query = (
            select(
                row.c.kind,
                func.count(),
                _count(created >= today),
                _count((created < today) & (created >= days_3)),
                _count((created < days_3) & (created >= days_7)),
                _count(created < days_7),
            )
            .select_from(source)
            .where(
                row.c.state == ReviewState.PENDING.value,
                scope.clause(row, team),
                *filters.conditions(REVIEW, row, team),
            )
            .group_by(row.c.kind)
            .order_by(row.c.kind)
        )
        _STATEMENTS[key] = prepare(query, ReviewCountRow)
    return _STATEMENTS[key]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
