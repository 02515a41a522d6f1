"""What is known of a selection before any request: its fields merged, typed and classified."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from types import NoneType
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    IntValueNode,
    StringValueNode,
    is_leaf_type,
    print_ast,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.execution.values import get_argument_values
from graphql.type import TypeNameMetaFieldDef
from strawberry.permission import PermissionExtension
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from gateway.engine.calls import BatchCall
from gateway.engine.columns import COLUMN, NULL, Assemble, assembler, constant
from gateway.engine.fields import BatchPermission, batch_call_of
from gateway.engine.leaves import Leaf
from gateway.engine.selection import PlannedNodes, strawberry_field

CONSTANTS = (BooleanValueNode, EnumValueNode, FloatValueNode, IntValueNode, StringValueNode)
IMMUTABLE = frozenset({bool, float, int, str, NoneType})

Reach = frozenset[tuple[str, str]]
"""Fields that a document may ask for somewhere below: names with their arguments as written."""


class Way(Enum):
    """How a field gets its values."""

    TYPENAME = auto()
    ATTRIBUTE = auto()
    GUARDED = auto()
    BATCH = auto()
    ORDINARY = auto()


class FieldPlan:
    """One field of a selection: its merged nodes, its type, and how it is resolved."""

    __slots__ = (
        "argument_values",
        "attribute",
        "call",
        "definition",
        "depth",
        "details",
        "index",
        "key",
        "keyword_arguments",
        "leaf",
        "name",
        "named_type",
        "nodes",
        "nullable",
        "parent_type",
        "reach",
        "strawberry",
        "subselections",
        "uses_info",
        "way",
        "written",
    )  # fmt: skip

    call: BatchCall | None

    def __init__(
        self, index: int, details: FieldDetailsList, parent_type: GraphQLObjectType,
        definition: GraphQLField, reach_of: Callable[[Sequence[FieldNode]], Reach],
    ) -> None:  # fmt: skip
        node = details[0].node
        self.index = index
        self.details = details
        self.nodes = PlannedNodes(each.node for each in details)
        self.key = node.alias.value if node.alias else node.name.value
        self.name = node.name.value
        self.parent_type = parent_type
        self.definition = definition
        self.nullable, self.named_type = _shape(definition.type)
        self.depth = len(self.nullable) - 1
        self.leaf = Leaf(self.named_type) if is_leaf_type(self.named_type) else None
        self.strawberry = strawberry_field(definition)
        self.call = None if self.strawberry is None else batch_call_of(self.strawberry)
        self.attribute = _attribute(definition, self.strawberry)
        self.way = self._way()
        self.argument_values: dict[str, Any] | None = (
            None if definition.args or node.arguments else {}
        )
        self.keyword_arguments: dict[str, Any] | None = self.argument_values
        self.uses_info = self._uses_info()
        self.written = written_arguments(node)
        self.reach = reach_of(self.nodes)
        self.subselections: dict[GraphQLObjectType, SelectionPlan] = {}

    def _way(self) -> Way:
        if self.definition is TypeNameMetaFieldDef:
            return Way.TYPENAME
        field, resolve = self.strawberry, self.definition.resolve
        if field is None or resolve is None:
            return Way.ORDINARY
        if self.attribute is not None and resolve.__name__ == "_get_basic_result":
            return Way.ATTRIBUTE
        known = _only_batch_permissions(field) and not _handles_exceptions(resolve)
        if known and self.call is not None:
            return Way.BATCH
        if known and (self.attribute is not None or _may_be_asked_apart(field)):
            return Way.GUARDED
        return Way.ORDINARY

    def arguments(self, executor: Executor[Any]) -> dict[str, Any]:
        """The field's arguments in this request. Raises what coercing them raises."""
        if self.argument_values is not None:
            return self.argument_values
        values = get_argument_values(
            self.definition, self.nodes[0], executor.variable_values,
            hide_suggestions=executor.hide_suggestions,
        )  # fmt: skip
        if self._is_constant(values):
            self.argument_values = values
        return values

    def call_arguments(self, executor: Executor[Any], info: Info | None) -> dict[str, Any]:
        """The arguments as Strawberry hands them to a function. Raises what coercing them raises.

        `info` is needed where there are any.
        """
        if self.keyword_arguments is not None:
            return self.keyword_arguments
        field, given = self.strawberry, self.arguments(executor)
        if field is None or not field.arguments:
            return {}
        schema = executor.schema._strawberry_schema  # type: ignore[attr-defined]  # noqa: SLF001
        converted = convert_arguments(
            given,
            field.arguments,
            scalar_registry=schema.schema_converter.scalar_registry,
            config=schema.config,
            info=info,
        )
        if self.argument_values is not None and self._is_constant(converted):
            self.keyword_arguments = converted
        return converted

    def _is_constant(self, values: Mapping[str, Any]) -> bool:
        """Whether the arguments are the same in every request, and nobody can change them."""
        written = [argument.value for argument in self.nodes[0].arguments or ()]
        return all(isinstance(value, CONSTANTS) for value in written) and all(
            type(value) in IMMUTABLE for value in values.values()
        )

    def _uses_info(self) -> bool:
        """Whether anyone who is asked for the field's values looks at its `info`."""
        if self.call is None or self.strawberry is None:
            return True
        return bool(
            self.call.info_name is not None
            or self.strawberry.arguments
            or self.strawberry.extensions
        )

    def below(
        self,
        executor: Executor[Any],
        object_type: GraphQLObjectType,
        reach_of: Callable[[Sequence[FieldNode]], Reach],
    ) -> "SelectionPlan":
        """The selection on objects of one type. Raises what collecting its fields raises."""
        known = self.subselections.get(object_type)
        if known is None:
            grouped = executor.collect_subfields(object_type, self.details).grouped_field_set
            known = plan_selection(executor, object_type, grouped, reach_of)
            self.subselections[object_type] = known
        return known

    def null_error(self) -> TypeError:
        """The error of a null where the type allows none."""
        return TypeError(
            f"Cannot return null for non-nullable field {self.parent_type}.{self.name}."
        )


class SelectionPlan:
    """The fields of one object type, parted into those read at once and those that take steps."""

    __slots__ = ("assemble", "columns", "names", "steps", "type")

    def __init__(self, object_type: GraphQLObjectType, fields: Sequence[FieldPlan]) -> None:
        self.type = object_type
        self.columns = [
            field for field in fields
            if field.way is Way.ATTRIBUTE and field.leaf is not None and field.depth == 0
        ]  # fmt: skip
        self.names = [str(field.attribute) for field in self.columns]
        direct = set(map(id, self.columns))
        self.steps = [
            field for field in fields if id(field) not in direct and field.way is not Way.TYPENAME
        ]
        self.assemble: Assemble = assembler(
            tuple(
                (field.key, COLUMN if id(field) in direct
                 else constant(object_type.name) if field.way is Way.TYPENAME else NULL)
                for field in fields
            )
        )  # fmt: skip


def plan_selection(
    executor: Executor[Any],
    object_type: GraphQLObjectType,
    grouped: GroupedFieldSet,
    reach_of: Callable[[Sequence[FieldNode]], Reach],
) -> SelectionPlan:
    """The plan of a selection whose fields are collected and merged already."""
    fields: list[FieldPlan] = []
    for details in grouped.values():
        definition = executor.schema.get_field(object_type, details[0].node.name.value)
        if definition is not None:  # as graphql-core: what the type lacks is left out
            fields.append(FieldPlan(len(fields), details, object_type, definition, reach_of))
    return SelectionPlan(object_type, fields)


def written_arguments(node: FieldNode) -> str:
    """A field's arguments as text: equal texts are equal values within one request."""
    return ", ".join(sorted(map(print_ast, node.arguments or ())))


def _shape(graphql_type: Any) -> tuple[tuple[bool, ...], GraphQLNamedType]:
    """Whether the field, its items, their items … may be null; and the type inside."""
    nullable: list[bool] = []
    while True:
        required = isinstance(graphql_type, GraphQLNonNull)
        nullable.append(not required)
        inner = graphql_type.of_type if required else graphql_type
        if not isinstance(inner, GraphQLList):
            return tuple(nullable), inner
        graphql_type = inner.of_type


def _attribute(definition: GraphQLField, field: StrawberryField | None) -> str | None:
    """The attribute that Strawberry's own resolver reads, if it does nothing else at last."""
    plain = (
        field is not None
        and field.base_resolver is None
        and field.default_resolver is getattr
        and getattr(definition.resolve, "_is_default", False)
        and not definition.args
    )
    return field.python_name if plain and field is not None else None


def _only_batch_permissions(field: StrawberryField) -> bool:
    return all(
        type(extension) is PermissionExtension
        and all(isinstance(each, BatchPermission) for each in extension.permissions)
        for extension in field.extensions
    )


def _may_be_asked_apart(field: StrawberryField) -> bool:
    """Whether a field's permissions can be asked before its resolver, with the same arguments."""
    resolver = field.base_resolver
    return (
        bool(field.extensions)
        and resolver is not None
        and not (resolver.parent_parameter or resolver.root_parameter)
    )


def _handles_exceptions(resolve: Any) -> bool:
    """Whether something beside Strawberry's plain resolver may answer for this field."""
    if getattr(resolve, "__module__", None) != GraphQLCoreConverter.__module__:
        return True
    cells = dict(zip(resolve.__code__.co_freevars, resolve.__closure__ or (), strict=True))
    handlers = cells.get("field_exception_handlers")
    return handlers is None or bool(handlers.cell_contents)
