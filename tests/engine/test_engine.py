"""`Engine`: plans and runs without Strawberry's own pipeline."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, parse
from strawberry import Info
from strawberry.extensions import ParserCache

from gateway.engine.engine import Engine, Outcome, encode_response
from gateway.engine.fields import batch_field
from gateway.engine.run import DeadlinePassed
from gateway.engine.selection import selected
from tests.benchmarks.engine_inmemory import SCHEMA as TREE_SCHEMA
from tests.benchmarks.engine_inmemory import TREE, World


class Row:
    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    @property
    def name(self) -> str:
        if self.key.endswith("x"):
            raise ValueError("nameless")
        return f"name of {self.key}"


@strawberry.type
class Leaf:
    key: str
    name: str | None


@strawberry.type
class Node:
    key: str
    name: str | None

    @batch_field(graphql_type=list["Node"])
    @staticmethod
    async def below(parents: Sequence[Row], info: Info, count: int = 2) -> list[list[Row]]:
        info.context.append(("below", [row.key for row in parents]))
        return [[Row(f"{row.key}{n}") for n in range(count)] for row in parents]

    @batch_field(graphql_type=list[Leaf])
    @staticmethod
    async def leaves(parents: Sequence[Row], info: Info) -> list[list[Row]]:
        info.context.append(("leaves", [row.key for row in parents], selected(info)))
        return [[Row(f"{row.key}!")] for row in parents]

    @batch_field(graphql_type=list[Leaf], share_levels=False)
    @staticmethod
    async def now(parents: Sequence[Row], info: Info) -> list[list[Row]]:
        info.context.append(("now", [row.key for row in parents]))
        return [[] for row in parents]

    @strawberry.field
    async def slow(self) -> str | None:
        await asyncio.sleep(0.05)
        return "done"


@strawberry.type
class Query:
    @strawberry.field(graphql_type=Node)
    def top(self, key: str = "t") -> Row:
        return Row(key)

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    async def hang(self, info: Info) -> Node:
        info.context.append("began")
        try:
            await asyncio.sleep(60)
        finally:
            info.context.append("stopped")
        raise AssertionError


@strawberry.type
class Subscription:
    @strawberry.subscription(graphql_type=AsyncIterator[Node])
    async def tops(self, info: Info, count: int) -> AsyncIterator[Row]:
        info.context.append("source")
        for number in range(count):
            yield Row(str(number))


SCHEMA = strawberry.Schema(Query, subscription=Subscription, extensions=[ParserCache])
ENGINE = Engine(SCHEMA)


async def run(query: str, context: Any = None, **given: Any) -> Outcome:
    return await ENGINE.run(ENGINE.plan(parse(query)), context=context, **given)


async def test_one_field_at_three_levels_is_one_call() -> None:
    calls: list[Any] = []
    outcome = await run(
        "{ top { leaves { key } below { leaves { name } below { leaves { key } } } } }", calls
    )

    assert not outcome.errors
    assert calls == [
        ("below", ["t"]),
        ("below", ["t0", "t1"]),
        ("leaves", ["t", "t0", "t1", "t00", "t01", "t10", "t11"], {"key", "name"}),
    ]
    assert outcome.data is not None
    assert outcome.data["top"]["below"][1]["below"][0] == {"leaves": [{"key": "t10!"}]}
    assert list(outcome.data["top"]) == ["leaves", "below"]


async def test_the_tree_takes_three_calls_and_its_levels() -> None:
    engine, world = Engine(TREE_SCHEMA), World(1)
    outcome = await engine.run(engine.plan(parse(TREE)), variables={"first": 5}, context=world)

    assert world.calls == outcome.statistics.batch_calls == 3
    assert outcome.statistics.objects == 1 + 301 + 301 + 1505 + 1505
    assert outcome.statistics.levels == 6


async def test_below_nothing_nothing_is_asked_for() -> None:
    calls: list[Any] = []
    outcome = await run("{ top { below(count: 0) { slow now { key } leaves { key } } } }", calls)

    assert outcome.data == {"top": {"below": []}}
    assert calls == [("below", ["t"])]
    assert outcome.statistics.levels == 2


async def test_a_field_that_does_not_wait_is_called_level_by_level() -> None:
    calls: list[Any] = []
    await run("{ top { now { key } below { now { key } } } }", calls)

    assert sorted(calls) == [("below", ["t"]), ("now", ["t"]), ("now", ["t0", "t1"])]


async def test_other_arguments_are_other_calls() -> None:
    calls: list[Any] = []
    await run("{ top { a: below(count: 1) { key } b: below { key } c: below { name } } }", calls)

    assert calls == [("below", ["t"]), ("below", ["t", "t"])]


async def test_fields_that_wait_for_each_other_are_called_all_the_same() -> None:
    calls: list[Any] = []
    outcome = await run(
        "{ top { a: below(count: 1) { below { key } } b: below { below(count: 1) { key } } } }",
        calls,
    )

    assert not outcome.errors
    assert outcome.data == {
        "top": {
            "a": [{"below": [{"key": "t00"}, {"key": "t01"}]}],
            "b": [{"below": [{"key": "t00"}]}, {"below": [{"key": "t10"}]}],
        }
    }


async def test_a_plan_serves_many_requests_and_switches() -> None:
    planned = ENGINE.plan(parse("query ($on: Boolean!) { top { key name @include(if: $on) } }"))

    off, on, again = [
        (await ENGINE.run(planned, variables={"on": each}, context=[])).data
        for each in (False, True, False)
    ]

    assert off == again == {"top": {"key": "t"}}
    assert on == {"top": {"key": "t", "name": "name of t"}}


async def test_a_response_is_encoded_with_errors_and_extensions() -> None:
    outcome = await run('{ top(key: "x") { key name } }')

    assert json.loads(outcome.encode({"cost": 1})) == {
        "errors": [
            {
                "message": "nameless",
                "locations": [{"line": 1, "column": 23}],
                "path": ["top", "name"],
            }
        ],
        "data": {"top": {"key": "x", "name": None}},
        "extensions": {"cost": 1},
    }


@pytest.mark.parametrize("value", [2**70, "\ud800", ["志愿", None]])
def test_whatever_is_json_is_encoded(value: Any) -> None:
    assert json.loads(encode_response({"value": value})) == {"data": {"value": value}}


async def test_wrong_variables_are_the_only_answer() -> None:
    outcome = await run("query ($text: String!) { echo(text: $text) }", variables={"text": 5})

    assert outcome.data is None
    assert [error.message for error in outcome.errors] == [
        "Variable '$text' has invalid value: String cannot represent a non string value: 5"
    ]


def test_an_operation_must_be_named_among_several() -> None:
    document = parse("query A { __typename } query B { __typename }")

    assert ENGINE.plan(document, "B").operation is document.definitions[1]
    with pytest.raises(GraphQLError, match="name of an operation"):
        ENGINE.plan(document)


async def test_a_run_gives_up_at_its_deadline() -> None:
    with pytest.raises(DeadlinePassed):
        await run("{ top { slow below { key } } }", [], deadline=monotonic() + 0.01)


async def test_cancelling_a_run_stops_its_resolvers() -> None:
    calls: list[Any] = []
    task = asyncio.create_task(run("{ hang { key } other: hang { key } }", calls))
    async with asyncio.timeout(10):
        while calls != ["began", "began"]:
            await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert calls == ["began", "began", "stopped", "stopped"]


async def test_each_event_of_a_subscription_has_its_own_context() -> None:
    planned = ENGINE.plan(parse("subscription ($n: Int!) { tops(count: $n) { below { key } } }"))
    source: list[Any] = []
    seen: list[Any] = []

    @asynccontextmanager
    async def open_context(event: Row) -> AsyncIterator[list[Any]]:
        calls: list[Any] = []
        yield calls
        seen.append((event.key, calls))

    stream = await ENGINE.subscribe(
        planned, variables={"n": 2}, context=source, event_context=open_context
    )
    assert not isinstance(stream, Outcome)
    told = [outcome async for outcome in stream]

    assert [outcome.data for outcome in told] == [
        {"tops": {"below": [{"key": "00"}, {"key": "01"}]}},
        {"tops": {"below": [{"key": "10"}, {"key": "11"}]}},
    ]
    assert [outcome.statistics.batch_calls for outcome in told] == [1, 1]
    assert source == ["source"]
    assert seen == [("0", [("below", ["0"])]), ("1", [("below", ["1"])])]


async def test_a_subscription_that_cannot_start_is_an_outcome() -> None:
    planned = ENGINE.plan(parse("subscription ($n: Int!) { tops(count: $n) { key } }"))

    refused = await ENGINE.subscribe(planned, variables={}, context=[])

    assert isinstance(refused, Outcome)
    assert [error.message for error in refused.errors] == [
        "Variable '$n' has invalid value: Expected a value of non-null type 'Int!' to be provided."
    ]


def test_extensions_that_are_left_aside_are_named() -> None:
    assert ENGINE.unused_extensions == ("ParserCache",)
