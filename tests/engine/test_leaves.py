"""Columns of leaves: completed as the type completes value by value, or left to that."""

import datetime as dt
import enum
import uuid
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
import strawberry
from graphql import GraphQLLeafType, GraphQLString, Undefined
from graphql.execution import Executor

from gateway.engine.leaves import Leaf, is_plain, one_kind


@strawberry.enum
class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"
    ONE = 1


@strawberry.enum
class Level(enum.StrEnum):
    LOW = "low"


class Other(enum.StrEnum):
    LOW = "low"


@strawberry.type
class Query:
    integer: int
    text: str
    key: strawberry.ID
    flag: bool
    real: float
    size: Size
    level: Level
    day: dt.date
    token: uuid.UUID


FIELDS = strawberry.Schema(Query)._schema.query_type.fields  # type: ignore[union-attr]

VALUES: list[Any] = [
    None, True, False, 0, 7, -(2**31), 2**31 - 1, 2**31, 2**70, 1.0, 1.5, float("nan"),
    float("inf"), "7", "text", "", "s", "low", "nope", Size.SMALL, Size.LARGE, Size.ONE, Level.LOW,
    Other.LOW, dt.date(2026, 1, 1), uuid.UUID(int=1), [1], {}, ValueError("value"), Undefined,
    b"bytes",
]  # fmt: skip


def one_by_one(leaf_type: GraphQLLeafType, column: Sequence[Any], *, nullable: bool) -> Any:
    """The column as graphql-core completes it, or None if any value of it fails."""
    completed = []
    for value in column:
        if isinstance(value, Exception) or (value in (None, Undefined) and not nullable):
            return None
        if value is None or value is Undefined:
            completed.append(None)
            continue
        try:
            completed.append(Executor.complete_leaf_value(leaf_type, value))
        except Exception:  # noqa: BLE001
            return None
    return completed


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("nullable", [True, False])
def test_columns_are_completed_as_their_values_are(name: str, nullable: bool) -> None:
    leaf_type: Any = FIELDS[name].type.of_type
    leaf = Leaf(leaf_type)
    quick = 0

    columns = [(value,) for value in VALUES] + list(permutations(VALUES, 2))
    for column in columns:
        completed = leaf.complete(column, nullable=nullable)
        if completed is None:
            continue  # told value by value
        quick += 1
        expected = one_by_one(leaf_type, column, nullable=nullable)
        assert repr(list(completed)) == repr(expected), column

    assert quick


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("integer", [1, 2]),
        ("text", ["a", "b"]),
        ("key", ["a"]),
        ("flag", [True]),
        ("real", [0.5]),
        ("size", [Size.SMALL, Size.LARGE]),
        ("size", ["s", "l"]),
        ("level", [Level.LOW]),
        ("level", ["low"]),
        ("day", [dt.date(2026, 1, 1)]),
        ("token", [uuid.UUID(int=1)]),
    ],
)
def test_usual_columns_are_not_looked_at_one_by_one(name: str, column: list[Any]) -> None:
    leaf = Leaf(FIELDS[name].type.of_type)

    assert leaf.complete(column, nullable=False) is not None
    assert leaf.complete([*column, None], nullable=True) is not None
    assert leaf.complete([*column, None], nullable=False) is None


def test_one_kind_is_of_plain_values_only() -> None:
    class Awaited:
        def __await__(self) -> Any:
            yield

    assert one_kind([1, 2]) is int
    assert one_kind([]) is None
    assert one_kind([1, "a"]) is None
    assert one_kind([None]) is None
    assert one_kind([ValueError()]) is None
    assert one_kind([Awaited()]) is None
    assert is_plain(type(GraphQLString))
