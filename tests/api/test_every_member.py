"""Every field of every type, asked once on real rows: none is a bug, and no list has no bound."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from permissions.viewer import Role
from schema.build import build_schema
from tests.api import people_world as world
from tests.api.client import Client
from tests.api.people_world import account, global_id
from tests.api.test_visibility import EXPECTED, NODES, VIEWERS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKERS = {
    Role.PUBLIC: "public",
    Role.VOLUNTEER: "li",
    Role.TEAM: "reading",
    Role.HUB: "yubei",
    Role.DEPARTMENT: "mca_city",
}
SCHEMAS: Mapping[Role, GraphQLSchema] = {role: build_schema(role)._schema for role in ASKERS}
TYPES = [
    (role, name)
    for role, schema in SCHEMAS.items()
    for name in [*NODES, "Region", "Station"]
    if name in schema.type_map
]
CONNECTIONS = [
    (role, kind.name, field)
    for role, schema in SCHEMAS.items()
    for kind in schema.type_map.values()
    if isinstance(kind, GraphQLObjectType)
    for field, definition in kind.fields.items()
    if get_named_type(definition.type).name.endswith("Connection")
]


def object_of(kind: Any) -> GraphQLObjectType:
    assert isinstance(kind, GraphQLObjectType)
    return kind


def takes_nothing(field: GraphQLField) -> bool:
    return not any(map(is_required_argument, field.args.values()))


def selection(kind: GraphQLObjectType, *, deeper: int) -> str:
    """Every field that needs no argument, and so on below."""
    return " ".join(_fields(kind, deeper))


def _fields(kind: GraphQLObjectType, deeper: int) -> Iterator[str]:
    yield "__typename"
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if not takes_nothing(field):
            continue
        if is_leaf_type(below):
            yield name
        elif deeper and isinstance(below, GraphQLObjectType):
            # A connection and its edges are no level of their own.
            step = 0 if below.name.endswith(("Connection", "Edge")) else 1
            if not (kind.name.endswith("Connection") and name == "nodes"):
                yield f"{name} {{ {selection(below, deeper=deeper - step)} }}"


def visible(role: Role, type_name: str) -> list[str]:
    if type_name in {"Region", "Station"}:
        return list(world.NAMES[type_name])
    return sorted(EXPECTED[type_name][ASKERS[role]])


@pytest.mark.parametrize(("role", "type_name"), TYPES)
async def test_every_field_of_every_visible_row_is_read_without_an_error(
    people: Client, role: Role, type_name: str
) -> None:
    who, acting_as = VIEWERS[ASKERS[role]]
    kind = object_of(SCHEMAS[role].type_map[type_name])
    ids = [global_id(type_name, name) for name in visible(role, type_name)]
    if not ids:
        pytest.skip("there is no row of it for this role")

    answer = await people.ask(
        f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{"
        f" {selection(kind, deeper=1)} }} }} }}",
        {"ids": ids},
        viewer=account(who) if who else None,
        acting_as=acting_as,
    )

    assert [node["__typename"] for node in answer.good["nodes"]] == [type_name] * len(ids)


@pytest.mark.parametrize("role", ASKERS)
async def test_every_root_field_without_arguments_is_read_without_an_error(
    people: Client, role: Role
) -> None:
    who, acting_as = VIEWERS[ASKERS[role]]
    query = SCHEMAS[role].query_type
    assert query is not None

    for field in _fields(query, 2):
        answer = await people.ask(
            f"{{ {field} }}", viewer=account(who) if who else None, acting_as=acting_as
        )
        assert answer.good


@pytest.mark.parametrize(("role", "type_name", "field"), CONNECTIONS)
async def test_no_list_gives_more_than_a_hundred(
    people: Client, role: Role, type_name: str, field: str
) -> None:
    who, acting_as = VIEWERS[ASKERS[role]]
    asked = f"{field}(first: 101) {{ __typename }}"
    ids: list[str] = []
    if type_name == "Query":
        document = f"query ($ids: [ID!]!) {{ {asked} nodes(ids: $ids) {{ id }} }}"
    else:
        document = (
            f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ {asked} }} }} }}"
        )
        ids = [global_id(type_name, name) for name in visible(role, type_name)][:1]

    answer = await people.ask(
        document, {"ids": ids}, viewer=account(who) if who else None, acting_as=acting_as
    )

    assert [error["extensions"] for error in answer.errors] == [
        {"code": "LIMIT_EXCEEDED", "limit": "pageSize"}
    ]
