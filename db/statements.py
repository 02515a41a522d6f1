"""Statements, compiled once and run on the driver's own connection.

SQLAlchemy writes the SQL; at run time only asyncpg is in the way (DESIGN §8).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from asyncpg import Record
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    any_,
    bindparam,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import CompoundSelect

R = TypeVar("R", bound=Record)

_DIALECT = dialect()  # type: ignore[no-untyped-call]

# A reader's transaction begins before the request that reads in it (``db.readers``).
_BEGINNING_OF_TRANSACTION = re.compile(
    r"\b(now\(\)|transaction_timestamp|current_(date|time|timestamp)|localtime)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Statement(Generic[R]):
    """SQL text, the names of its parameters in order, and the class of its rows.

    ``fixed`` are the values that the statement was written with; a call gives the others.
    """

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    row: type[R]

    def __post_init__(self) -> None:
        if _BEGINNING_OF_TRANSACTION.search(self.sql):
            raise ValueError(f"Give the moment as a parameter: {self.sql}")

    def arguments(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """The parameters of one run, in order; a missing one is a bug and raises KeyError."""
        fixed = self.fixed
        return [values[name] if name in values else fixed[name] for name in self.names]


def among(column: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds one of fixed values, as one array: ``IN`` would expand anew."""
    given = bindparam(None, [str(value) for value in values], ARRAY(Text), unique=True)
    return column == any_(given)


def not_among(column: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds none of fixed values, written out: so a partial index is found."""
    return column.not_in([literal_column(f"'{value}'") for value in values])


def prepare(
    query: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], row: type[R]
) -> Statement[R]:
    """The statement of a query; its parameters are the ``bindparam`` without a value."""
    compiled = query.compile(dialect=_DIALECT)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a query compiles to nothing else
    names = tuple(compiled.positiontup or ())
    given = {
        name: bind.value
        for name, bind in compiled.binds.items()
        if name in names and not bind.required
    }
    return Statement(sql=str(compiled), names=names, fixed=given, row=row)
