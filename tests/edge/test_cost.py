"""Prices of documents, worked out by hand after the IBM specification of GraphQL costs."""

import sys
from itertools import count
from typing import Annotated

import pytest
import strawberry
from graphql import OperationDefinitionNode, parse

from gateway.cost import Pricing
from gateway.price import MOST
from schema.costs import CONNECTION, COUNTED, Cost, given, sized


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Badge(Named):
    level: int

    @strawberry.field(directives=[Cost(weight="7")])
    def owner(self) -> "Team": ...


@strawberry.type
class TeamEdge:
    cursor: str
    node: "Team"


@strawberry.type
class TeamConnection:
    edges: list[TeamEdge]
    nodes: list["Team"]

    @strawberry.field(directives=[COUNTED])
    def total_count(self) -> int: ...


@strawberry.type
class Team(Named):
    @strawberry.field(directives=[CONNECTION])
    def teams(
        self,
        first: int | None = None,
        last: int | None = None,
        search: Annotated[str | None, strawberry.argument(directives=[Cost(weight="3")])] = None,
    ) -> TeamConnection: ...

    @strawberry.field(directives=[sized(5)])
    def badges(self) -> list[Badge]: ...

    @strawberry.field
    def parent(self) -> "Team": ...


@strawberry.input
class Person:
    name: str
    photo: str | None = strawberry.field(default=None, directives=[Cost(weight="5")])


@strawberry.input
class NewTeam:
    principal: Person
    members: list[Person] | None = None


@strawberry.type
class Query:
    @strawberry.field
    def team(self) -> Team: ...

    @strawberry.field
    def founded(self, input: NewTeam) -> Team: ...

    @strawberry.field(directives=[given("ids", 4)])
    def nodes(self, ids: list[strawberry.ID]) -> list[Named | None]: ...


SCHEMA = strawberry.Schema(Query, types=[Badge, Team])
PRICING = Pricing(SCHEMA._schema)


def price(text: str, **variables: object) -> float:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return PRICING.formula(document, operation).price(variables)


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("{ team { name } }", {}, 2),  # field and object
        ("{ team { parent { name } } }", {}, 4),
        ("{ team { badges { name level } } }", {}, 2 + 1 + 5 * 1),
        ("{ team { badges { owner { name } } } }", {}, 2 + 1 + 5 * (1 + 7 + 1)),
        ("{ team { teams(first: 3) { nodes { name } } } }", {}, 2 + 1 + 3),
        ("{ team { teams(first: 3) { edges { node { name } } } } }", {}, 2 + 1 + 3),
        ("{ team { teams { nodes { name } } } }", {}, 2 + 1 + 20),  # as long as a page is
        ("{ team { teams(first: 3) { totalCount } } }", {}, 2 + 1 + 2),  # once, whatever the page
        ('{ team { teams(first: 1, search: "x") { nodes { name } } } }', {}, 2 + 1 + 3 + 1),
        ("query($n: Int) { team { teams(first: $n) { nodes { name } } } }", {"n": 50}, 2 + 1 + 50),
        ("query($n: Int = 7) { team { teams(first: $n) { nodes { name } } } }", {}, 2 + 1 + 7),
        ("query($n: Int) { team { teams(first: $n) { nodes { name } } } }", {}, 2 + 1 + 20),
        ("query($n: Int) { team { teams(first: $n) { nodes { name } } } }", {"n": -9}, 2 + 1),
        ("query($i: [ID!]!) { nodes(ids: $i) { name } }", {"i": ["a", "b"]}, 1 + 2),
        ('{ nodes(ids: ["a", "b", "c"]) { name } }', {}, 1 + 3),
        # Of an abstract type, what the most expensive object costs.
        (
            ('{ nodes(ids: ["a"]) { ... on Badge { owner { name } }'
            " ... on Team { parent { name } } } }"),
            {},
            1 + 1 + max(8, 2),
        ),
        ("query($w: Boolean!) { team { parent @include(if: $w) { name } } }", {"w": True}, 4),
        ("query($w: Boolean!) { team { parent @include(if: $w) { name } } }", {"w": False}, 2),
        ("query($w: Boolean!) { team { parent @skip(if: $w) { name } } }", {"w": True}, 2),
        ("{ team { parent @skip(if: true) { name } } }", {}, 2),
        (
            ("{ team { ...F } } fragment F on Team { parent { name } ...G }"
            " fragment G on Team { name }"),
            {},
            4,
        ),
        (
            ("{ team { teams(first: 3) { ...P } } }"
            " fragment P on TeamConnection { nodes { name } totalCount }"),
            {},
            2 + 1 + 2 + 3,
        ),
        ("{ __typename }", {}, 0),
        ("{ __schema { types { name } } }", {}, 10),
    ],
)  # fmt: skip
def test_price(text: str, variables: dict[str, object], expected: float) -> None:
    assert price(text, **variables) == expected


ZHAO = {"name": "赵敏"}


@pytest.mark.parametrize(
    ("given", "variables", "expected"),
    [
        ('{principal: {name: "赵敏"}}', {}, 2),
        ('{principal: {name: "赵敏", photo: "x"}}', {}, 2 + 5),
        ('{principal: {name: "赵敏"}, members: {name: "王"}}', {}, 3),  # a list of one
        ("$new", {"new": {"principal": ZHAO, "members": [ZHAO] * 100}}, 102),
        ("{principal: $one, members: [$one, {name: $name, photo: null}]}", {"one": ZHAO}, 4 + 5),
        ("$new", {"new": "not an object"}, 0),
        ("$new", {}, 0),
    ],
)
def test_input_objects_are_priced_as_they_are_given(
    given: str, variables: dict[str, object], expected: float
) -> None:
    declared = "($new: NewTeam!, $one: Person!, $name: String!)" if "$" in given else ""

    assert price(f"query{declared} {{ founded(input: {given}) {{ name }} }}", **variables) == (
        2 + expected
    )


def test_price_follows_the_variables_of_each_request() -> None:
    document = parse(
        "query($n: Int, $m: Int) {"
        " team { teams(first: $n) { nodes { teams(first: $m) { nodes { name } } } } } }"
    )
    formula = PRICING.formula(document, document.definitions[0])  # type: ignore[arg-type]

    assert not formula.is_constant
    for n in (0, 1, 10):
        for m in (0, 3, 100):
            assert formula.price({"n": n, "m": m}) == 3 + n * (1 + 1 + m)


def chain(levels: int, body: str) -> str:
    """Fragments that each spread the next twice: 2^levels expansions."""
    links = [f"fragment F{n} on Team {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return f"{{ team {{ ...F0 }} }} {' '.join(links)} fragment F{levels} on Team {{ {body} }}"


def calls_to_price(text: str) -> int:
    """How many functions are called to price a document: what it takes on any machine."""
    document = parse(text)
    calls = count()
    sys.setprofile(lambda _frame, event, _given: event == "call" and next(calls))
    try:
        PRICING.formula(document, document.definitions[0])  # type: ignore[arg-type]
    finally:
        sys.setprofile(None)
    return next(calls)


def test_fragments_that_double_forever_are_priced_in_one_pass() -> None:
    few, many = (calls_to_price(chain(levels, "parent { name }")) for levels in (7, 14))

    assert 100 < few < many < 2.5 * few
    assert price(chain(30, "parent { name }")) == 2 + 2**30 * 2
    assert price(chain(300, "parent { name }")) == MOST
    assert price(chain(300, "name")) == 2


def test_long_chain_of_fragments_needs_no_stack() -> None:
    links = [f"fragment F{n} on Team {{ ...F{n + 1} }}" for n in range(3_000)]
    text = (
        f"{{ team {{ ...F0 }} }} {' '.join(links)} fragment F3000 on Team {{ parent {{ name }} }}"
    )

    assert price(text) == 4


def test_price_of_nested_lists_saturates() -> None:
    deep = "teams(first: $n) { nodes { " * 13 + "name" + " } }" * 13
    assert price(f"query($n: Int) {{ team {{ {deep} }} }}", n=2**31 - 1) == MOST
