"""Scalars and enums of many objects at once: a column in, the same column for the result out."""

from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isfinite
from types import CoroutineType, GeneratorType, NoneType
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

Column: TypeAlias = Sequence[Any]
"""The values of one field, one for each object."""

_Fast: TypeAlias = Callable[[Column], Column | None]


@lru_cache(maxsize=4096)
def may_be_awaited(kind: Any) -> bool:
    """Whether values of a class may be awaitables."""
    return issubclass(kind, (CoroutineType, GeneratorType)) or hasattr(kind, "__await__")


@lru_cache(maxsize=4096)
def is_plain(kind: Any) -> bool:
    """Whether values of a class are neither null, nor errors, nor to be awaited."""
    special = (NoneType, type(Undefined), Exception)
    return not (issubclass(kind, special) or may_be_awaited(kind))


def all_of(kind: type[Any], values: Sequence[Any]) -> bool:
    """Whether all values are of just this class; no loop is quicker than counting in a list."""
    return list(map(type, values)).count(kind) == len(values)


def one_kind(values: Sequence[Any]) -> type[Any] | None:
    """The class of all values, if they have one and are plain."""
    if not values:
        return None
    kind: Any = type(values[0])
    if not all_of(kind, values) or not is_plain(kind):
        return None
    return cast("type[Any]", kind)


class Leaf:
    """One leaf type, with the quickest way to complete a column of it.

    The quick ways accept only values for which they answer as the type itself would.
    """

    __slots__ = ("_coerce", "_fast", "type")

    def __init__(self, leaf_type: GraphQLLeafType) -> None:
        self.type = leaf_type
        self._coerce = leaf_type.coerce_output_value
        self._fast = _fast_way(leaf_type)

    def complete(self, column: Column, *, nullable: bool) -> Column | None:
        """The completed column, or None if its values must be looked at one by one."""
        if self._fast is not None:
            completed = self._fast(column)
            if completed is not None:
                return completed
        kinds = set(map(type, column))
        if NoneType in kinds:
            if not nullable:
                return None
            present = [value for value in column if value is not None]
            completed = self.complete(present, nullable=False) if present else ()
            if completed is None:
                return None
            each = iter(completed)
            return [None if value is None else next(each) for value in column]
        if not all(map(is_plain, kinds)):
            return None
        return self._by_type(column)

    def _by_type(self, column: Column) -> Column | None:
        try:
            completed = list(map(self._coerce, column))
        except Exception:  # noqa: BLE001  # whatever a scalar raises is told value by value
            return None
        bad = [1 for value in completed if value is None or value is Undefined]
        return None if bad else completed


def _fast_way(leaf_type: GraphQLLeafType) -> _Fast | None:
    if leaf_type is GraphQLString or leaf_type is GraphQLID:
        return _strings
    if leaf_type is GraphQLInt:
        return _integers
    if leaf_type is GraphQLFloat:
        return _floats
    if leaf_type is GraphQLBoolean:
        return _booleans
    if isinstance(leaf_type, GraphQLEnumType):
        return _enum_way(leaf_type)
    return None


def _strings(column: Column) -> Column | None:
    return column if all_of(str, column) else None


def _booleans(column: Column) -> Column | None:
    return column if all_of(bool, column) else None


def _integers(column: Column) -> Column | None:
    if not all_of(int, column):
        return None
    try:
        # 32 bits with a sign, as GraphQL has it: cheaper than looking for the least and the most.
        array("i", column)
    except OverflowError:
        return None
    return column


def _floats(column: Column) -> Column | None:
    if not all_of(float, column):
        return None
    return column if all(map(isfinite, column)) else None


class _Names(dict[Any, Any]):
    """The names of an enum's values, each found out when it is first met.

    Types look a value up by going through all; to do so for every value is much for every plan.
    """

    __slots__ = ("_coerce",)

    def __init__(self, coerce: Callable[[Any], Any]) -> None:
        super().__init__()
        self._coerce = coerce

    def __missing__(self, value: Any) -> Any:
        name = self[value] = self._coerce(value)
        return name


def _enum_way(enum: GraphQLEnumType) -> _Fast:
    """Names by enum members and by plain string values, as the type itself gives them."""
    members = getattr(enum, "wrapped_cls", None)
    by_member, by_string = _Names(enum.coerce_output_value), _Names(enum.coerce_output_value)

    def names(column: Column) -> Column | None:
        kinds = set(map(type, column))
        if len(kinds) != 1:
            return None
        kind = kinds.pop()
        table = by_member if kind is members else by_string if kind is str else None
        if table is None:
            return None
        try:
            return [table[value] for value in column]
        except Exception:  # noqa: BLE001  # what the schema leaves out is told value by value
            return None

    return names
