"""The execution context: what it takes, what it leaves to its parent, what it overrides."""

import inspect
from collections.abc import AsyncIterator, Sequence
from importlib.metadata import version
from types import FunctionType
from typing import Any

import pytest
import strawberry
from graphql import parse
from graphql.execution import Executor, experimental_execute_incrementally
from strawberry import Info
from strawberry.extensions import SchemaExtension
from strawberry.extensions.field_extension import FieldExtension
from strawberry.permission import BasePermission, PermissionExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.engine import run as run_module
from gateway.engine.context import BreadthFirstExecutionContext
from gateway.engine.fields import BatchPermission, batch_field


class Shout(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        return f"{next_(source, info, **kwargs)}!"

    async def resolve_async(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        return f"{await next_(source, info, **kwargs)}!"


class Even(BatchPermission):
    message = "Odd."

    def decide_batch(self, parents: Sequence[Any], info: Info, **_arguments: Any) -> list[bool]:
        info.context.append(("Even", [each.number for each in parents]))
        return [each.number % 2 == 0 for each in parents]


class Small(BatchPermission):
    message = "Too big."

    async def decide_batch(
        self, parents: Sequence[Any], info: Info, **_arguments: Any
    ) -> list[bool]:
        info.context.append(("Small", [each.number for each in parents]))
        return [each.number < 3 for each in parents]


class Never(BasePermission):
    message = "Never."

    def has_permission(self, _source: Any, _info: Info, **_kwargs: Any) -> bool:
        return False


@strawberry.type
class Item:
    number: int
    guarded: str | None = strawberry.field(permission_classes=[Even])

    @batch_field(graphql_type=str | None)
    @staticmethod
    async def label(parents: Sequence[Any], info: Info) -> list[str]:
        info.context.append(("label", [each.number for each in parents]))
        return [f"item {each.number}" for each in parents]

    @batch_field(graphql_type=str, extensions=[Shout()])
    @staticmethod
    async def shouted(parents: Sequence[Any]) -> list[str]:
        return [f"item {each.number}" for each in parents]

    @batch_field(
        graphql_type=list[str] | None,
        extensions=[PermissionExtension([Even(), Small()], fail_silently=True)],
    )
    @staticmethod
    def silent(parents: Sequence[Any]) -> list[list[str]]:
        return [[str(each.number)] for each in parents]

    @batch_field(
        graphql_type=str | None,
        extensions=[PermissionExtension([Small()]), PermissionExtension([Even()])],
    )
    @staticmethod
    async def twice(parents: Sequence[Any]) -> list[str]:
        return [str(each.number) for each in parents]

    @strawberry.field(graphql_type=str | None, permission_classes=[Even])
    def own(self, mark: str = "#") -> str:
        return f"{mark}{self.number}"

    @strawberry.field(graphql_type=str | None, extensions=[PermissionExtension([Small(), Even()])])
    async def later(self, info: Info) -> str:
        info.context.append(("later", self.number))
        return f"later {self.number}"

    @batch_field(graphql_type=str | None, permission_classes=[Never])
    @staticmethod
    def never(parents: Sequence[Any]) -> list[str]:
        return ["" for _ in parents]


class Row:
    __slots__ = ("guarded", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.guarded = f"guarded {number}"


@strawberry.type
class Query:
    @strawberry.field(graphql_type=list[Item])
    def items(self, count: int = 3) -> list[Row]:
        return [Row(number) for number in range(count)]


@strawberry.type
class Mutation:
    @strawberry.mutation(graphql_type=list[Item])
    async def make(self, count: int) -> list[Row]:
        return [Row(number) for number in range(count)]


@strawberry.type
class Subscription:
    @strawberry.subscription(graphql_type=AsyncIterator[Item])
    async def made(self) -> AsyncIterator[Row]:
        for number in range(3):
            yield Row(number)


SCHEMA = strawberry.Schema(
    Query, Mutation, Subscription, execution_context_class=BreadthFirstExecutionContext
)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The runs that the engine makes."""
    made: list[Any] = []
    execute = run_module.Run.execute

    def counted(self: Any, *args: Any) -> Any:
        made.append(self)
        return execute(self, *args)

    monkeypatch.setattr(run_module.Run, "execute", counted)
    return made


async def test_a_query_is_one_run(runs: list[Any]) -> None:
    calls: list[Any] = []
    result = await SCHEMA.execute("{ items { number label } }", context_value=calls)

    assert result.data == {"items": [{"number": n, "label": f"item {n}"} for n in range(3)]}
    assert calls == [("label", [0, 1, 2])]
    assert len(runs) == 1


def test_a_query_without_awaitables_needs_no_event_loop(runs: list[Any]) -> None:
    result = SCHEMA.execute_sync("{ items { number guarded } }", context_value=[])

    assert result.data == {
        "items": [
            {"number": 0, "guarded": "guarded 0"},
            {"number": 1, "guarded": None},
            {"number": 2, "guarded": "guarded 2"},
        ]
    }
    assert [(e.message, e.path) for e in result.errors or ()] == [("Odd.", ["items", 1, "guarded"])]
    assert len(runs) == 1


async def test_permissions_ask_only_for_what_the_ones_before_allowed() -> None:
    calls: list[Any] = []
    result = await SCHEMA.execute("{ items(count: 5) { silent } }", context_value=calls)

    assert result.errors is None
    assert result.data == {
        "items": [{"silent": ["0"]}, {"silent": []}, {"silent": ["2"]}, {"silent": []},
                  {"silent": []}]
    }  # fmt: skip
    assert calls == [("Even", [0, 1, 2, 3, 4]), ("Small", [0, 2, 4])]


@pytest.mark.parametrize(
    ("query", "decisions", "resolved"),
    [
        ('{ items(count: 4) { own(mark: "no ") } }', [("Even", [0, 1, 2, 3])], []),
        (
            "{ items(count: 4) { later } }",
            [("Small", [0, 1, 2, 3]), ("Even", [0, 1, 2])],
            [("later", 0), ("later", 2)],
        ),
    ],
    ids=["sync", "async"],
)
async def test_permissions_of_an_ordinary_resolver_are_asked_once_for_all_objects(
    query: str, decisions: list[Any], resolved: list[Any]
) -> None:
    calls: list[Any] = []
    result = await SCHEMA.execute(query, context_value=calls)
    stock = strawberry.Schema(Query)
    expected = await stock.execute(query, context_value=[])

    assert calls == [*decisions, *resolved]
    assert result.data == expected.data
    assert [(each.message, each.path) for each in result.errors or ()] == [
        (each.message, each.path) for each in expected.errors or ()
    ]
    assert result.errors


@pytest.mark.parametrize(
    "executor", [BreadthFirstExecutionContext, StrawberryGraphQLCoreExecutionContext]
)
async def test_the_last_extension_asks_first(
    executor: type[StrawberryGraphQLCoreExecutionContext],
) -> None:
    calls: list[Any] = []
    schema = strawberry.Schema(Query, execution_context_class=executor)
    result = await schema.execute("{ items(count: 5) { twice } }", context_value=calls)

    assert result.data == {"items": [{"twice": each} for each in ("0", None, "2", None, None)]}
    assert sorted(error.message for error in result.errors or ()) == ["Odd.", "Odd.", "Too big."]
    assert calls[-1] == ("Small", [0, 2, 4])


async def test_other_extensions_and_permissions_keep_working_object_by_object() -> None:
    result = await SCHEMA.execute("{ items(count: 2) { shouted never } }", context_value=[])

    assert result.data == {
        "items": [{"shouted": "item 0!", "never": None}, {"shouted": "item 1!", "never": None}]
    }
    assert [error.message for error in result.errors or ()] == ["Never.", "Never."]


async def test_what_a_mutation_returns_is_run(runs: list[Any]) -> None:
    calls: list[Any] = []
    result = await SCHEMA.execute(
        "mutation { a: make(count: 2) { number } b: make(count: 1) { label } }", context_value=calls
    )

    assert result.data == {"a": [{"number": 0}, {"number": 1}], "b": [{"label": "item 0"}]}
    assert calls == [("label", [0])]
    assert len(runs) == 3


async def test_each_event_of_a_subscription_is_a_run(runs: list[Any]) -> None:
    events = SCHEMA.subscribe("subscription { made { number label } }", context_value=[])
    told = [event.data async for event in await events]  # type: ignore[misc,union-attr]

    assert told == [{"made": {"number": n, "label": f"item {n}"}} for n in range(3)]
    assert len(runs) == 3


@pytest.mark.parametrize(
    "query", ["{ __schema { queryType { name } } }", '{ __type(name: "Item") { name } }']
)
async def test_introspection_is_the_parents(query: str, runs: list[Any]) -> None:
    result = await SCHEMA.execute(query)

    assert result.errors is None
    assert runs == []


async def test_middleware_is_the_parents(runs: list[Any]) -> None:
    class Upper(SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            value = _next(root, info, *args, **kwargs)
            return value + 100 if isinstance(value, int) else value

    schema = strawberry.Schema(
        Query, extensions=[Upper], execution_context_class=BreadthFirstExecutionContext
    )
    result = await schema.execute("{ items(count: 1) { number } }")

    assert result.data == {"items": [{"number": 100}]}
    assert runs == []


async def test_deferred_fragments_are_the_parents(runs: list[Any]) -> None:
    schema = strawberry.Schema(
        Query,
        config=StrawberryConfig(enable_experimental_incremental_execution=True),
        execution_context_class=BreadthFirstExecutionContext,
    )
    result: Any = experimental_execute_incrementally(
        schema._schema,
        parse("{ items(count: 1) { number ... @defer { guarded } } }"),
        executor_class=BreadthFirstExecutionContext,
        context_value=[],
    )

    assert result.initial_result.data == {"items": [{"number": 0}]}
    assert [part async for part in result.subsequent_results]
    assert runs == []


def test_what_is_overridden_is_there_with_the_same_signature() -> None:
    """A new graphql-core must be read before it is used: these methods are private to it."""
    parent = StrawberryGraphQLCoreExecutionContext
    own = {
        name
        for name, value in vars(BreadthFirstExecutionContext).items()
        if isinstance(value, FunctionType) and hasattr(parent, name)
    }

    assert version("graphql-core") == "3.3.2"
    assert own == {"__init__", "execute_collected_root_fields", "execute_collected_subfields"}
    for name in own - {"__init__"}:
        expected = list(inspect.signature(getattr(parent, name)).parameters)
        assert list(inspect.signature(getattr(BreadthFirstExecutionContext, name)).parameters) == (
            expected
        )


def test_what_is_called_of_the_parent_is_there() -> None:
    used = {
        "build", "build_resolve_info", "collect_subfields", "complete_leaf_value",
        "ensure_valid_runtime_type", "execute_operation",
    }  # fmt: skip

    assert used <= set(dir(Executor))
