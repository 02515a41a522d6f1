"""Control schemas: of classes that never had what is hidden.

They are made from the text of the schema with every member, by the audiences written in it, and
know nothing of how the gateway leaves members out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from graphql import (
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListValueNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    StringValueNode,
    TypeNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
    parse,
    specified_directives,
)

from permissions.viewer import Role

ROOTS = ("Query", "Mutation", "Subscription")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A member that a role does not see: a type, a field, an argument or a value."""

    kind: str
    owner: str
    name: str = ""
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {'.'.join(filter(None, (self.owner, self.name, self.argument)))}"


@dataclass(frozen=True, slots=True)
class Control:
    """A schema without what is hidden from a role, and what that is."""

    schema: GraphQLSchema
    hidden: Sequence[Hidden]


def control_of(
    whole: strawberry.Schema, role: Role, *, types: Sequence[str], directives: Sequence[str]
) -> Control:
    """The control of a role.

    ``types`` are those that only an interface leads to; they and the directives come in the order
    in which the classes are read, of which the text says nothing.
    """
    document = parse(whole.as_str())
    hidden: list[Hidden] = []
    kept: list[Any] = [
        _without(each, role, hidden)
        for each in document.definitions
        if not _is_type(each) or _sees(each, role)
    ]
    named = {each.name.value: each for each in kept if _is_type(each)}
    for name, each in named.items():
        if isinstance(each, UnionTypeDefinitionNode):
            named[name] = replace(
                each, types=tuple(one for one in each.types if one.name.value in named)
            )
    reached = _reached(named)
    hidden += [Hidden("type", name) for name in sorted(set(_types(document)) - reached)]
    kept = [each for each in kept if not _is_type(each)] + [named[name] for name in reached]
    built = build_ast_schema(DocumentNode(definitions=tuple(kept)))
    return Control(
        _in_order(built, types, directives), [each for each in hidden if _stands(each, reached)]
    )


def _in_order(
    built: GraphQLSchema, types: Sequence[str], directives: Sequence[str]
) -> GraphQLSchema:
    options = built.to_kwargs()
    options["types"] = tuple(built.type_map[name] for name in types if name in built.type_map)
    given = {each.name for each in specified_directives}
    own = [each for each in options["directives"] if each.name not in given]
    own.sort(key=lambda each: (*directives, each.name).index(each.name))
    options["directives"] = (*specified_directives, *own)
    return GraphQLSchema(**options)


def _stands(member: Hidden, reached: set[str]) -> bool:
    """Whether a hidden member is worth asking for: its owner is there, or is itself the member."""
    return member.kind == "type" or member.owner in reached


def _without(node: Any, role: Role, hidden: list[Hidden]) -> Any:
    """The definition without those of its members that are hidden, which are noted."""

    def kept(kind: str, nodes: Any, *above: str) -> tuple[Any, ...]:
        hidden.extend(
            Hidden(kind, *above, each.name.value) for each in nodes or () if not _sees(each, role)
        )
        return tuple(each for each in nodes or () if _sees(each, role))

    owner = node.name.value
    if isinstance(node, EnumTypeDefinitionNode):
        return replace(node, values=kept("value", node.values, owner))
    if isinstance(node, InputObjectTypeDefinitionNode):
        return replace(node, fields=kept("input", node.fields, owner))
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        fields = [
            replace(each, arguments=kept("argument", each.arguments, owner, each.name.value))
            for each in kept("field", node.fields, owner)
        ]
        return replace(node, fields=tuple(fields))
    return node


def _sees(node: Any, role: Role) -> bool:
    stated: DirectiveNode | None = next(
        (each for each in node.directives or () if each.name.value == "visible"), None
    )
    if stated is None:
        return True
    to = stated.arguments[0].value
    assert isinstance(to, ListValueNode)
    return role.value in [each.value for each in to.values if isinstance(each, StringValueNode)]


def _is_type(node: DefinitionNode) -> bool:
    return isinstance(
        node,
        ObjectTypeDefinitionNode
        | InterfaceTypeDefinitionNode
        | InputObjectTypeDefinitionNode
        | UnionTypeDefinitionNode
        | EnumTypeDefinitionNode
        | ScalarTypeDefinitionNode,
    )


def _types(document: DocumentNode) -> Iterator[str]:
    for each in document.definitions:
        if _is_type(each):
            yield each.name.value  # type: ignore[attr-defined]


def _reached(named: Mapping[str, Any]) -> set[str]:
    """The types that the roots lead to; an interface leads to what implements it."""
    reached: set[str] = set()
    waiting = [name for name in ROOTS if name in named]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in named:
            continue
        reached.add(name)
        waiting += _led_to(named[name])
        if isinstance(named[name], InterfaceTypeDefinitionNode):
            waiting += [each for each, node in named.items() if name in _interfaces(node)]
    return reached


def _interfaces(node: Any) -> list[str]:
    return [each.name.value for each in getattr(node, "interfaces", None) or ()]


def _led_to(node: Any) -> Iterator[str]:
    yield from _interfaces(node)
    if isinstance(node, UnionTypeDefinitionNode):
        yield from (each.name.value for each in node.types)
    for field in getattr(node, "fields", None) or ():
        yield _inner(field.type)
        for argument in getattr(field, "arguments", None) or ():
            yield _inner(argument.type)


def _inner(node: TypeNode) -> str:
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]
    return node.name.value
