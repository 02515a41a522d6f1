"""What each member of a schema costs, read once from its directives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from schema.costs import PAGE, Cost, ListSize

Member: TypeAlias = GraphQLField | GraphQLArgument | GraphQLInputField | GraphQLNamedType

DEFINITION = "strawberry-definition"
PLUMBING = ("Connection", "Edge", "PageInfo")
"""Ends of the names of types that only lead to others: they weigh nothing of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """What a field costs: its own weight, that of an object it gives, and how many it gives.

    ``assumed`` is None where it gives one; ``sized`` names the fields below that are long instead;
    ``inputs`` are the types of the arguments whose values cost something themselves.
    """

    weight: float
    type_weight: float
    assumed: int | None
    slicing: Sequence[str]
    sized: frozenset[str]
    arguments: dict[str, float]
    inputs: dict[str, GraphQLInputType]
    named_type: GraphQLNamedType


class CostRules:
    """The rules of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._fields: dict[int, FieldRule] = {}  # by identity: fields cannot be hashed
        self._types: dict[str, float] = {}

    def of(self, field: GraphQLField, parent: GraphQLNamedType) -> FieldRule:
        """The rule of a field of a type."""
        known = self._fields.get(id(field))
        if known is None:
            known = self._fields[id(field)] = self._made(field, parent)
        return known

    def _made(self, field: GraphQLField, parent: GraphQLNamedType) -> FieldRule:
        named = get_named_type(field.type)
        size = next((each for each in directives_of(field) if isinstance(each, ListSize)), None)
        plumbing = is_plumbing(named)
        own = 1.0 if is_composite_type(named) and not is_plumbing(parent) else 0.0
        weights = {name: stated_weight(each) for name, each in field.args.items()}
        slicing = tuple((size and size.slicing_arguments) or ())
        sized = frozenset((size and size.sized_fields) or ())
        assumed = (size.assumed_size or None) if size else None
        if size is None and _is_list(field.type) and is_composite_type(named):
            assumed = PAGE
        if size is None and "first" in field.args:
            assumed, slicing, sized = PAGE, ("first", "last"), frozenset({"edges", "nodes"})
        return FieldRule(
            weight=own if (stated := stated_weight(field)) is None else stated,
            type_weight=self._type_weight(named),
            assumed=assumed,
            slicing=slicing,
            sized=sized if plumbing else frozenset(),
            arguments={name: each for name, each in weights.items() if each},
            inputs={
                name: each.type
                for name, each in field.args.items()
                if is_input_object_type(get_named_type(each.type))
            },
            named_type=named,
        )

    def _type_weight(self, named: GraphQLNamedType) -> float:
        known = self._types.get(named.name)
        if known is None:
            known = self._types[named.name] = self._weighed(named)
        return known

    def _weighed(self, named: GraphQLNamedType) -> float:
        stated = stated_weight(named)
        if stated is not None:
            return stated
        if is_abstract_type(named):
            possible = self.schema.get_possible_types(named)
            return max((self._type_weight(each) for each in possible), default=1.0)
        return 1.0 if is_object_type(named) and not is_plumbing(named) else 0.0


def directives_of(member: Member) -> Sequence[Any]:
    """The schema directives that Strawberry knows of a member."""
    definition = member.extensions.get(DEFINITION)
    return tuple(getattr(definition, "directives", None) or ())


def is_plumbing(named: GraphQLNamedType) -> bool:
    """Whether a type is a part of a connection and not of the domain."""
    return named.name.endswith(PLUMBING)


def stated_weight(member: Member) -> float | None:
    """The weight that a member states, if it does."""
    stated = next((each for each in directives_of(member) if isinstance(each, Cost)), None)
    return None if stated is None else float(stated.weight)


def _is_list(graphql_type: Any) -> bool:
    while is_non_null_type(graphql_type):
        graphql_type = graphql_type.of_type
    return bool(is_list_type(graphql_type))
