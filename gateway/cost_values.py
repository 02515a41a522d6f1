"""What values and directives of a document say of its price."""

from collections.abc import Callable, Sequence

from graphql import (
    DirectiveNode,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

from gateway.price import Variables


def has_variables(value: ValueNode) -> bool:
    """Whether a value differs from request to request."""
    todo: list[ValueNode] = [value]
    while todo:
        each = todo.pop()
        if isinstance(each, VariableNode):
            return True
        if isinstance(each, ListValueNode):
            todo.extend(each.values)
        elif isinstance(each, ObjectValueNode):
            todo.extend(field.value for field in each.fields)
    return False


def variable_length(name: str) -> Callable[[Variables], float | None]:
    """What a variable says as a slicing argument."""
    return lambda variables: length_of(variables.get(name))


def length_of(value: object) -> float | None:
    """What a slicing argument says: a number, or as many as a list of values has."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return max(0.0, float(min(value, 1e12)))
    if isinstance(value, list | tuple):
        return float(len(value))
    return 1.0 if isinstance(value, str) else None


def asked_for(directives: Sequence[DirectiveNode]) -> bool | Callable[[Variables], bool]:
    """Whether ``@skip`` and ``@include`` let a selection in: known, or known by the variables."""
    conditions: list[tuple[str, bool]] = []
    for directive in directives:
        if directive.name.value not in {"skip", "include"}:
            continue
        wanted = directive.name.value == "include"
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                conditions.append((argument.value.name.value, wanted))
            elif value_from_ast_untyped(argument.value) is not wanted:
                return False
    if not conditions:
        return True
    return lambda variables: all(
        variables.get(name, wanted) is wanted for name, wanted in conditions
    )
