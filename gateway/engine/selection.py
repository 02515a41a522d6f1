"""What a client selected below a field, as the attributes that its objects are read by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.permission import PermissionExtension
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from gateway.engine.fields import batch_call_of

DEFINITION = "strawberry-definition"


class PlannedNodes(list[FieldNode]):
    """The field nodes of a plan, which remembers what is selected below them.

    Switches cannot make it stale: another setting of them is another plan.
    """

    __slots__ = ("known",)

    def __init__(self, nodes: Iterable[FieldNode]) -> None:
        super().__init__(nodes)
        self.known: dict[tuple[str, ...], frozenset[str]] = {}


class SharedNodes(list[FieldNode]):
    """The field nodes of an `info` that stands for several fields of one call."""

    __slots__ = ("groups",)

    def __init__(self, groups: Sequence[list[FieldNode]]) -> None:
        super().__init__(groups[0])
        self.groups = groups


def selected(info: Info[Any, Any], *path: str) -> frozenset[str]:
    """The attributes that the selection below the field needs on its objects.

    They are the Python names of all selected fields, attributes and resolvers alike, and what the
    resolvers and permissions among them declare as `needs`; a loader takes those that it knows.
    `path` goes down by Python names first: `selected(info, "edges", "node")` of a connection.
    """
    raw = info._raw_info  # noqa: SLF001
    nodes = raw.field_nodes
    if isinstance(nodes, SharedNodes):
        return frozenset().union(*(_selected(raw, group, path) for group in nodes.groups))
    return _selected(raw, nodes, path)


def _selected(
    raw: GraphQLResolveInfo[Any], nodes: list[FieldNode], path: tuple[str, ...]
) -> frozenset[str]:
    known = nodes.known if isinstance(nodes, PlannedNodes) else {}
    names = known.get(path)
    if names is None:
        values: Any = raw.variable_values
        variables = VariableValues({}, getattr(values, "coerced", values))
        walk = _Walk(raw.schema, raw.fragments, raw.operation, variables)
        names = frozenset(walk.names(get_named_type(raw.return_type), nodes, path))
        known[path] = names
    return names


def strawberry_field(field: GraphQLField) -> StrawberryField | None:
    """The Strawberry field behind a field of the schema, or None if it has none."""
    definition = field.extensions.get(DEFINITION)
    return definition if isinstance(definition, StrawberryField) else None


def needs_of(field: StrawberryField) -> Iterator[str]:
    """What a field's resolver and permissions declare to read on its object."""
    call = batch_call_of(field)
    if call is not None:
        yield from call.needs
    yield from field.metadata.get("needs", ())
    for extension in field.extensions:
        if isinstance(extension, PermissionExtension):
            for permission in extension.permissions:
                yield from getattr(permission, "needs", ())


class _Walk:
    """The selections of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._fragments = {name: FragmentDetails(each) for name, each in fragments.items()}
        self._operation = operation
        self._variables = variables

    def names(
        self, named: GraphQLNamedType, nodes: Iterable[FieldNode], path: tuple[str, ...]
    ) -> Iterator[str]:
        for field, below in self._fields(named, nodes):
            definition = strawberry_field(field)
            if definition is None or definition.python_name is None:
                continue
            if not path:
                yield definition.python_name
                yield from needs_of(definition)
            elif definition.python_name == path[0]:
                yield from self.names(get_named_type(field.type), below, path[1:])

    def _fields(
        self, named: GraphQLNamedType, nodes: Iterable[FieldNode]
    ) -> Iterator[tuple[GraphQLField, list[FieldNode]]]:
        details = [FieldDetails(node, None) for node in nodes]
        for concrete in self._concrete(named):
            grouped = collect_subfields(
                self._schema, self._fragments, self._variables, self._operation, concrete, details
            ).grouped_field_set
            for group in grouped.values():
                field = self._schema.get_field(concrete, group[0].node.name.value)
                if field is not None:
                    yield field, [each.node for each in group]

    def _concrete(self, named: GraphQLNamedType) -> Iterable[GraphQLObjectType]:
        if is_abstract_type(named):
            return self._schema.get_possible_types(named)
        return (named,) if is_object_type(named) else ()
