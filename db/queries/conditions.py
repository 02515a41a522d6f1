"""Conditions of lists, in SQL: each reads the rows' table and has parameters of its own."""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    Text,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.paths import in_subtree

TEXTS = ARRAY(Text)

# From the entity's table and its team's to a condition with parameters of the filter's own.
FilterClause = Callable[[FromClause, FromClause], ColumnElement[bool]]


def one_of(column: str) -> FilterClause:
    """Rows whose column is one of the given texts."""
    return lambda row, _team: row.c[column] == any_(bindparam(f"f_{column}", type_=TEXTS))


def equals(column: str, parameter: str) -> FilterClause:
    """Rows whose column is the given one."""
    return lambda row, _team: row.c[column] == bindparam(parameter, type_=row.c[column].type)


def since(column: str, parameter: str) -> FilterClause:
    """Rows at or after a moment."""
    return lambda row, _team: row.c[column] >= bindparam(parameter, type_=DateTime(timezone=True))


def before(column: str, parameter: str) -> FilterClause:
    """Rows before a moment."""
    return lambda row, _team: row.c[column] < bindparam(parameter, type_=DateTime(timezone=True))


def overlapping(column: str) -> FilterClause:
    """Rows whose array shares a value with the given one."""
    return lambda row, _team: row.c[column].bool_op("&&")(bindparam(f"f_{column}", type_=TEXTS))


def named(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Rows whose name holds the given text: found by grams, then compared as search compares."""
    grams = row.c.name_grams.bool_op("@>")(bindparam("f_grams", type_=TEXTS))
    folded = func.lower(func.pg_catalog.normalize(row.c.name, literal("NFKC", Text)))
    plain = func.regexp_replace(folded, r"\s", "", "g")
    return grams & (func.strpos(plain, bindparam("f_name", type_=Text)) > 0)


def in_region(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Rows that lie in a region or below it."""
    return between(row.c.region_path, "f_region_path")


def in_region_named(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Rows whose region is one or lies below it; they name it, and keep no copy of its path."""
    regions = models.Region.__table__
    below = select(regions.c.id).where(between(regions.c.path, "f_region_path"))
    return row.c.region_id.in_(below)


def between(column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    """Rows whose path lies at or below a given one."""
    path = bindparam(parameter, type_=models.base.BYTES_TEXT)
    end = bindparam(f"{parameter}_end", type_=models.base.BYTES_TEXT)
    return in_subtree(column, path, end)


def served(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Volunteers whose effective service within a time comes to so many minutes."""
    records = models.ServiceRecord.__table__
    served = (
        select(func.coalesce(func.sum(records.c.minutes), 0))
        .where(
            records.c.volunteer_id == row.c.id,
            records.c.status == literal("EFFECTIVE", Text),
            records.c.starts_at >= bindparam("f_served_since", type_=DateTime(timezone=True)),
            records.c.starts_at < bindparam("f_served_before", type_=DateTime(timezone=True)),
        )
        .correlate(row)
        .scalar_subquery()
    )
    return served >= bindparam("f_served_minutes", type_=BigInteger)


def hubs(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Teams that are hubs."""
    return row.c.is_hub


def not_hubs(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Teams that are no hubs."""
    return ~row.c.is_hub


def undecided(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Complaints that somebody must still decide."""
    return row.c.closed_at.is_(None) & row.c.decided_at.is_(None)


def overdue(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Complaints that should have been decided by a moment."""
    past = row.c.due_at < bindparam("f_due_before", type_=DateTime(timezone=True))
    return undecided(row, team) & past


def unread(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Notices that the account has not marked as read."""
    reads = models.NoticeRead.__table__
    read = select(reads.c.notice_id).where(
        reads.c.notice_id == row.c.id,
        reads.c.account_id == bindparam("f_reader", type_=BigInteger),
    )
    return ~read.correlate(row).exists()
