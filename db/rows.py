"""Rows: what loaders return, read by attribute or by position.

A row class names its columns in order::

    class TeamRow(Row):
        id: int
        name: str

and asyncpg fills instances of it as they come off the wire, at no cost beyond its own.

A row may carry parts: rows of other tables that its statement joined, behind its own columns.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from inspect import get_annotations
from operator import itemgetter
from typing import Any, ClassVar, Self

from asyncpg import Record
from sqlalchemy import ColumnElement, FromClause


class Row(Record):  # type: ignore[misc]
    """A row whose declared columns are attributes; position i holds ``__columns__[i]``."""

    __columns__: ClassVar[tuple[str, ...]] = ()
    __parts__: ClassVar[Mapping[str, tuple[int, int, type[tuple[Any, ...]]]]] = {}
    Part: ClassVar[type[tuple[Any, ...]]] = tuple
    """The class of its like where they are parts of other rows: read alike, but no Record."""

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
        if cls.__mro__[1] is Row:
            cls.Part = type(f"{cls.__name__}Part", (tuple,), {"__slots__": ()})

    @classmethod
    def only(cls, names: Collection[str], *extra: str) -> type[Self]:
        """This class with the named columns and ``id`` alone, and others behind them."""
        wanted = tuple(name for name in cls.__columns__ if name == "id" or name in names)
        narrowed: type[Self] = _narrowed(cls, (*wanted, *extra))  # type: ignore[arg-type]
        return narrowed

    @classmethod
    def carrying(cls, parts: tuple[tuple[str, type["Row"]], ...]) -> type[Self]:
        """This class with named parts behind its columns, to be narrowed no further."""
        carrier: type[Self] = _carrying(cls, parts)  # type: ignore[arg-type]
        return carrier

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


@cache
def _carrying(row: type[Any], parts: tuple[tuple[str, type[Any]], ...]) -> type[Any]:
    columns = list(row.__columns__)
    places = {}
    for name, part in parts:
        start = len(columns)
        columns += [f"{name}.{column}" for column in part.__columns__]
        places[name] = (start, len(columns), _as_part(part))  # type: ignore[arg-type]
    carrier: type[Any] = _narrowed(row, tuple(columns))  # type: ignore[arg-type]
    carrier.__parts__ = places
    return carrier


@cache
def _as_part(row: type[Any]) -> type[tuple[Any, ...]]:
    """The class of a part that has a row class's columns and, in turn, its parts."""
    read = {name: property(itemgetter(at)) for at, name in enumerate(row.__columns__)}
    own = {"__slots__": (), "__columns__": row.__columns__, "__parts__": row.__parts__}
    return type(row.__name__, (row.Part,), read | own)


def part_of_each(rows: Sequence[Any], name: str) -> list[Any] | None:
    """A part of each row, None where nothing was joined; None at all if not every row has it."""
    parts: list[Any] = []
    kind: type[Any] | None = None
    start = stop = 0
    make: Any = None
    for row in rows:
        if type(row) is not kind:
            kind = type(row)
            place = getattr(kind, "__parts__", {}).get(name)
            if place is None:
                return None
            start, stop, make = place
        parts.append(None if row[start] is None else make(row[start:stop]))
    return parts


def _not_loaded(_row: Record) -> None:
    raise AttributeError("The statement did not select this column.")
