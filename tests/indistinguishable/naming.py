"""Requests that name a member, in every place where a document or its variables can."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_required_argument,
)

from tests.indistinguishable.control import Hidden

ABOUT = "{ name kind description fields { name args { name } } inputFields { name } }"
INTROSPECTION = """
{
  __schema {
    types {
      kind name description
      fields(includeDeprecated: true) {
        name description isDeprecated
        args(includeDeprecated: true) { name description defaultValue type { ...T } }
        type { ...T }
      }
      inputFields(includeDeprecated: true) { name description defaultValue type { ...T } }
      interfaces { name }
      enumValues(includeDeprecated: true) { name description }
      possibleTypes { name }
    }
    queryType { name } mutationType { name } subscriptionType { name }
    directives { name description locations args { name } }
  }
}
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { name } } } }
"""


class Request(NamedTuple):
    """A document and its variables."""

    document: str
    variables: Mapping[str, Any] | None = None


def requests(member: Hidden, schema: GraphQLSchema) -> Iterator[Request]:
    """Requests that name a member; ``schema`` is the one in which it stands."""
    match member.kind:
        case "type":
            yield from _naming_type(member.owner)
        case "field":
            yield Request(f'{{ __type(name: "{member.owner}") {ABOUT} }}')
            yield from _naming_field(schema, member.owner, member.name)
        case "argument":
            for name in misspelt(member.argument):
                yield from _naming_argument(member.owner, member.name, name)
        case "input":
            for name in misspelt(member.name):
                yield from _naming_input(schema, member.owner, name)
        case "value":
            for name in misspelt(member.name):
                yield from _naming_value(schema, member.owner, name)


def misspelt(name: str) -> tuple[str, str]:
    """A name, and one near enough to it that it might be suggested."""
    return name, f"{name[:-1]}y"


EVERYWHERE = """
query ($v: %(name)s, $w: [%(name)s!]! = [], $x: %(name)s = {name: 1}) {
  ... on %(name)s { __typename }
  ...F
  node(id: "x") { ... on %(name)s { id } ...F }
  held { ... on %(name)s { title } }
  works { ... on %(name)s { x } }
}
fragment F on %(name)s { id name }
"""


# Few enough mistakes that each is told with what was meant.
FEW = """
query ($v: %(name)s) { node(id: $v) { ... on %(name)s { id } ...F } } fragment F on %(name)s { id }
"""


def _naming_type(type_name: str) -> Iterator[Request]:
    name, near = misspelt(type_name)
    yield Request(f'{{ __type(name: "{name}") {ABOUT} near: __type(name: "{near}") {ABOUT} }}')
    yield Request(EVERYWHERE % {"name": name}, {"v": None})
    yield Request(FEW % {"name": name})
    yield Request(FEW % {"name": near})


def _naming_field(schema: GraphQLSchema, owner: str, name: str) -> Iterator[Request]:
    yield Request(
        f"{{ ...F }} fragment F on {owner}"
        f" {{ {name} a: {name} {{ id nodes {{ id }} }} b: {name}(first: 1) @skip(if: true) }}"
    )
    roots = {"query": schema.query_type, "mutation": schema.mutation_type}
    of = next((each for each, root in roots.items() if root and root.name == owner), None)
    name, near = misspelt(name)
    yield Request(f"{{ ...F }} fragment F on {owner} {{ {name} {{ id }} {near}(first: 1) }}")
    if of is not None:
        given = '(id: "x", input: {}, first: $first) { id totalCount }'
        yield Request(f"{of} ($first: Int) {{ a: {name} {name}{given} {near} }}", {"first": 1})


def _naming_argument(owner: str, field: str, name: str) -> Iterator[Request]:
    yield Request(f"{{ {field}({name}: null) {{ __typename }} }}")
    yield Request(f"query ($v: String) {{ {field}({name}: $v) {{ __typename }} }}", {"v": "x"})
    yield Request(f"{{ ...F }} fragment F on {owner} {{ {field}({name}: 1) {{ __typename }} }}")
    yield Request(f'{{ __type(name: "{owner}") {{ fields {{ name args {{ name }} }} }} }}')


def _naming_input(schema: GraphQLSchema, owner: str, name: str) -> Iterator[Request]:
    for operation, field, argument, written in _takers(schema, owner):
        ask = f"{field}({argument}: {{{name}: null}}) {{ __typename }}"
        yield Request(f"{operation} {{ {ask} }}")
        ask = f"{field}({argument}: $v) {{ __typename }}"
        for value in (None, True, "x", 1):
            yield Request(f"{operation} ($v: {written}) {{ {ask} }}", {"v": {name: value, "no": 1}})
        yield Request(f"{operation} ($v: {written} = {{{name}: null}}) {{ {ask} }}")
    yield Request(f'{{ __type(name: "{owner}") {ABOUT} }}')


def _naming_value(schema: GraphQLSchema, owner: str, name: str) -> Iterator[Request]:
    for operation, field, argument, written in _takers(schema, owner):
        yield Request(f"{operation} {{ {field}({argument}: {name}) {{ __typename }} }}")
        ask = f"{field}({argument}: $v) {{ __typename }}"
        yield Request(f"{operation} ($v: {written}) {{ {ask} }}", {"v": name})
        yield Request(f"{operation} ($v: {written} = {name}) {{ {ask} }}")
    yield Request(f'{{ __type(name: "{owner}") {{ enumValues {{ name }} }} }}')


def _takers(schema: GraphQLSchema, type_name: str) -> Iterator[tuple[str, str, str, str]]:
    """Root fields that take an input or enum type: the operation, the field, the argument, as what.

    Fields with another required argument are left out.
    """
    for operation, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for name, field in root.fields.items() if root is not None else ():
            for argument, each in field.args.items():
                others = [one for key, one in field.args.items() if key != argument]
                named = get_named_type(each.type)
                if named.name == type_name and not any(map(is_required_argument, others)):
                    yield operation, name, argument, str(each.type)
