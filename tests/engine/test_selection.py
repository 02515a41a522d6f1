"""`selected`: what a loader learns about the fields below."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from graphql import parse
from strawberry import Info

from gateway.engine.engine import Engine
from gateway.engine.fields import BatchPermission, batch_field
from gateway.engine.selection import selected


class Asked(BatchPermission):
    needs = ("owner_id",)

    def decide_batch(self, parents: Sequence[Any], info: Info, **arguments: Any) -> list[bool]:
        del info, arguments
        return [True for _ in parents]


@strawberry.interface
class Named:
    full_name: str


@strawberry.type
class Team(Named):
    size: int = strawberry.field(permission_classes=[Asked])

    @batch_field(graphql_type=int, needs=("id", "version"))
    @staticmethod
    def total(parents: Sequence[Any]) -> list[int]:
        return [1 for _ in parents]


@strawberry.type
class Volunteer(Named):
    score: int

    @strawberry.field(metadata={"needs": ("hours",)})
    def grade(self) -> str:
        return "A"


@strawberry.type
class Edge:
    node: Annotated[Team | Volunteer, strawberry.union("Member")]


@strawberry.type
class Connection:
    edges: list[Edge]
    total_count: int


@strawberry.type
class Query:
    @batch_field(graphql_type=Connection | None)
    @staticmethod
    async def members(parents: Sequence[None], info: Info) -> list[None]:
        info.context.append((selected(info), selected(info, "edges", "node")))
        return [None for _ in parents]


SCHEMA = strawberry.Schema(Query, types=[Team, Volunteer])


async def names(query: str, **variables: object) -> Any:
    seen: list[Any] = []
    result = await SCHEMA.execute(query, variable_values=dict(variables), context_value=seen)
    assert result.errors is None
    return seen[0]


async def test_names_are_those_of_python_through_fragments_and_types() -> None:
    top, node = await names(
        """{ members { totalCount ...E } }
        fragment E on Connection { edges { node {
            __typename ... on Named { alias: fullName }
            ... on Team { size } ... on Volunteer { grade }
        } } }"""
    )

    assert top == {"total_count", "edges"}
    assert node == {"full_name", "size", "owner_id", "grade", "hours"}


async def test_needs_of_a_batch_field_are_named() -> None:
    _, node = await names("{ members { edges { node { ... on Team { total } } } } }")

    assert node == {"total", "id", "version"}


async def test_skipped_fields_are_not_named() -> None:
    query = """query ($on: Boolean!) { members {
        totalCount @include(if: $on) edges { node { ... on Team @skip(if: $on) { size } } } } }"""

    on, off = await names(query, on=True), await names(query, on=False)

    assert on == ({"total_count", "edges"}, set())
    assert off == ({"edges"}, {"size", "owner_id"})


async def test_a_plan_remembers_names_for_each_setting_of_its_switches() -> None:
    engine = Engine(SCHEMA)
    planned = engine.plan(
        parse(
            "query ($on: Boolean!) { members { totalCount @include(if: $on) "
            "edges { __typename } } }"
        )
    )
    seen: list[Any] = []

    for on in (True, False, True):
        await engine.run(planned, variables={"on": on}, context=seen)

    assert [top for top, _ in seen] == [
        {"total_count", "edges"},
        {"edges"},
        {"total_count", "edges"},
    ]
