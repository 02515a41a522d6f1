"""Rows: what loaders return, read by attribute or by position.

A row class names its columns in order::

    class TeamRow(Row):
        id: int
        name: str

and asyncpg fills instances of it as they come off the wire, at no cost beyond its own.
"""

from collections.abc import Collection, Sequence
from functools import cache
from inspect import get_annotations
from operator import itemgetter
from typing import Any, ClassVar, Self

from asyncpg import Record
from sqlalchemy import ColumnElement, FromClause


class Row(Record):  # type: ignore[misc]
    """A row whose declared columns are attributes; position i holds ``__columns__[i]``."""

    __columns__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, columns: Sequence[str] | None = None) -> None:
        whole = cls.__mro__[1].__dict__.get("__columns__", ())
        if columns is None:
            own = [name for name in get_annotations(cls) if name[0] != "_"]
            columns = (*whole, *own)
        cls.__columns__ = tuple(columns)
        for name in set(whole) - set(columns):
            setattr(cls, name, property(_not_loaded))
        for position, name in enumerate(columns):
            setattr(cls, name, property(itemgetter(position)))

    @classmethod
    def only(cls, names: Collection[str], *extra: str) -> type[Self]:
        """This class with the named columns and ``id`` alone, and others behind them."""
        wanted = tuple(name for name in cls.__columns__ if name == "id" or name in names)
        narrowed: type[Self] = _narrowed(cls, (*wanted, *extra))  # type: ignore[arg-type]
        return narrowed

    @classmethod
    def select_from(cls, table: FromClause) -> list[ColumnElement[Any]]:
        """The columns of this class on a table, in order."""
        return [table.c[name] for name in cls.__columns__]


@cache
def _narrowed(row: type[Any], columns: tuple[str, ...]) -> type[Any]:
    if columns == row.__columns__:
        return row

    class Narrowed(row, columns=columns):  # type: ignore[misc,call-arg]
        pass

    Narrowed.__name__ = row.__name__
    return Narrowed


def _not_loaded(_row: Record) -> None:
    raise AttributeError("The statement did not select this column.")
