"""What a document asks for and a schema lacks, by coordinate; for operators, never over HTTP."""

from collections.abc import Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    NamedTypeNode,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)


def missing_members(schema: GraphQLSchema, document: DocumentNode) -> Sequence[str]:
    """The schema coordinates of everything in the document that the schema has not, in order."""
    info = TypeInfo(schema)
    search = _Search(schema, info)
    visit(document, TypeInfoVisitor(info, search))
    return tuple(search.missing)


class _Search(Visitor):
    """Looks at each mention of a member."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self._schema = schema
        self._info = info
        self.missing: dict[str, None] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._info.get_parent_type()
        if parent is not None and self._info.get_field_def() is None:
            self.missing[f"{parent.name}.{node.name.value}"] = None

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        directive = self._info.get_directive()
        if self._info.get_argument() is not None:
            return
        if directive is not None:
            self.missing[f"@{directive.name}({node.name.value}:)"] = None
        elif parent is not None and field is not None:
            name = next(name for name, each in _fields(parent).items() if each is field)
            self.missing[f"{parent.name}.{name}({node.name.value}:)"] = None

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if self._schema.get_directive(node.name.value) is None:
            self.missing[f"@{node.name.value}"] = None

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        if self._schema.get_type(node.name.value) is None:
            self.missing[node.name.value] = None

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self._info.get_parent_input_type())
        if isinstance(parent, GraphQLInputObjectType) and node.name.value not in parent.fields:
            self.missing[f"{parent.name}.{node.name.value}"] = None

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        kind = get_named_type(self._info.get_input_type())
        if isinstance(kind, GraphQLEnumType) and node.value not in kind.values:
            self.missing[f"{kind.name}.{node.value}"] = None


def _fields(parent: Any) -> dict[str, Any]:
    return getattr(parent, "fields", {})
