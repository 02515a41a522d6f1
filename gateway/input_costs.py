"""What the values of arguments cost: 1 for each input object, and what its fields weigh."""

from typing import Any

from graphql import (
    GraphQLInputType,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)

from gateway.cost_rules import stated_weight
from gateway.price import MOST


def input_cost(graphql_type: GraphQLInputType, value: Any) -> float:
    """The cost of a value, as it was sent: of a list, that of all its items.

    What does not fit its type costs nothing here; it is refused before anything runs.
    """
    total = 0.0
    todo: list[tuple[Any, Any]] = [(graphql_type, value)]
    while todo and total < MOST:
        of, given = todo.pop()
        if is_non_null_type(of):
            todo.append((of.of_type, given))
        elif is_list_type(of):
            todo.extend((of.of_type, each) for each in _items(given))
        elif is_input_object_type(of) and isinstance(given, dict):
            total += 1.0
            for name, field in of.fields.items():
                if name in given:
                    total += stated_weight(field) or 0.0
                    todo.append((field.type, given[name]))
    return total


def _items(given: Any) -> list[Any]:
    """The items of a list value; one that stands alone is a list of one."""
    return given if isinstance(given, list) else [given]
