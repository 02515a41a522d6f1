"""`batch_field` and `BatchPermission` on stock graphql-core."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import strawberry
from strawberry import Info
from strawberry.permission import BasePermission

from gateway.engine.fields import BatchPermission, batch_call_of, batch_field


@dataclass
class Context:
    batches: dict[Any, Any] = field(default_factory=dict)
    calls: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HubRow:
    id: int
    name: str


class IsEven(BatchPermission):
    message = "Odd."

    async def decide_batch(
        self, parents: Sequence[HubRow], info: Info[Context, None], **arguments: Any
    ) -> Sequence[bool]:
        info.context.calls.append(("IsEven", [row.id for row in parents], arguments))
        return [row.id % 2 == 0 for row in parents]


class IsSmall(BatchPermission):
    message = "Too big."

    def decide_batch(
        self, parents: Sequence[HubRow], info: Info[Context, None], **arguments: Any
    ) -> Sequence[bool]:
        del info, arguments
        return [row.id < 100 for row in parents]


@strawberry.input
class Filter:
    prefix: str = ""
    tags: list[str] = strawberry.field(default_factory=list)


async def load_children(
    parents: Sequence[HubRow], info: Info[Context, None], first: int = 2
) -> list[Any]:
    info.context.calls.append(("children", [row.id for row in parents], first))
    return [
        ValueError(f"hub {row.id} fails")
        if row.id == 13
        else [HubRow(row.id * 10 + n, f"{row.name}.{n}") for n in range(first)]
        for row in parents
    ]


@strawberry.type
class Hub:
    id: int
    name: str

    children = batch_field(
        load_children,
        graphql_type=list["Hub"],
        description="Hubs below",
        metadata={"mark": "kept"},
        needs=("id",),
    )

    @batch_field(graphql_type=str | None, name="label")
    @staticmethod
    def make_label(
        parents: Sequence[HubRow],
        prefix: Annotated[str, strawberry.argument(description="In front")] = "#",
        given: Filter | None = None,
    ) -> list[str]:
        more = given.prefix if given else ""
        return [f"{prefix}{more}{row.id}" for row in parents]

    @batch_field(graphql_type=str | None, permission_classes=[IsEven])
    @staticmethod
    async def secret(parents: Sequence[HubRow], given: Filter) -> list[str]:
        return [f"{given.prefix}{','.join(given.tags)}{row.id}" for row in parents]

    @batch_field(graphql_type=str | None)
    @staticmethod
    async def short(parents: Sequence[HubRow]) -> list[str]:
        return [row.name for row in parents][:-1]

    small: str | None = strawberry.field(
        resolver=lambda: "small", permission_classes=[IsSmall], graphql_type=str | None
    )


@strawberry.type
class Query:
    @strawberry.field
    def hubs(self) -> list[Hub]:
        return [HubRow(1, "a"), HubRow(2, "b"), HubRow(200, "c")]  # type: ignore[list-item]

    @strawberry.field
    def bad(self) -> list[Hub]:
        return [HubRow(13, "bad"), HubRow(1, "good")]  # type: ignore[list-item]

    @batch_field(graphql_type=int)
    @staticmethod
    async def root_count(parents: Sequence[None]) -> list[int]:
        return [len(parents)]


SCHEMA = strawberry.Schema(Query)


async def test_objects_of_one_turn_share_one_call() -> None:
    context = Context()

    result = await SCHEMA.execute(
        "{ hubs { children { children(first: 1) { id } } } }", context_value=context
    )

    assert result.errors is None
    assert result.data is not None
    assert result.data["hubs"][1] == {
        "children": [{"children": [{"id": 200}]}, {"children": [{"id": 210}]}]
    }
    assert context.calls == [
        ("children", [1, 2, 200], 2),
        ("children", [10, 11, 20, 21, 2000, 2001], 1),
    ]
    assert context.batches == {}


async def test_other_arguments_or_selections_are_other_calls() -> None:
    context = Context()

    await SCHEMA.execute(
        "{ hubs { a: children(first: 1) { id } b: children(first: 1) { name } "
        "c: children(first: 3) { id } } }",
        context_value=context,
    )

    assert [call[2] for call in context.calls] == [1, 1, 3]
    assert all(call[1] == [1, 2, 200] for call in context.calls)


async def test_a_result_that_is_an_exception_fails_that_parent_only() -> None:
    result = await SCHEMA.execute(
        "{ bad { id more: label children { id } } }", context_value=Context()
    )

    assert result.data is None
    assert result.errors is not None
    assert [(error.message, error.path) for error in result.errors] == [
        ("hub 13 fails", ["bad", 0, "children"])
    ]


async def test_sync_function_needs_no_event_loop() -> None:
    result = SCHEMA.execute_sync('{ hubs { label(prefix: "no ", given: {prefix: "x"}) } }')

    assert result.errors is None
    assert result.data == {"hubs": [{"label": "no x1"}, {"label": "no x2"}, {"label": "no x200"}]}


async def test_permission_is_asked_once_for_all_objects() -> None:
    context = Context()

    result = await SCHEMA.execute(
        '{ hubs { secret(given: {tags: ["t"]}) } }', context_value=context
    )

    assert result.data == {"hubs": [{"secret": None}, {"secret": "t2"}, {"secret": "t200"}]}
    assert result.errors is not None
    assert [(error.message, error.path) for error in result.errors] == [
        ("Odd.", ["hubs", 0, "secret"])
    ]
    assert [call[:2] for call in context.calls] == [("IsEven", [1, 2, 200])]
    assert context.calls[0][2] == {"given": Filter(tags=["t"])}


async def test_sync_permission_guards_a_sync_field() -> None:
    result = SCHEMA.execute_sync("{ hubs { small } }")

    assert result.data == {"hubs": [{"small": "small"}, {"small": "small"}, {"small": None}]}
    assert [error.message for error in result.errors or ()] == ["Too big."]


async def test_context_without_batches_shares_all_the_same() -> None:
    result = await SCHEMA.execute("{ rootCount other: rootCount }", context_value=None)

    assert result.data == {"rootCount": 1, "other": 1}


async def test_too_few_results_fail_all_parents_by_name() -> None:
    result = await SCHEMA.execute("{ hubs { short } }", context_value=Context())

    assert result.data == {"hubs": [{"short": None}] * 3}
    assert {error.message for error in result.errors or ()} == {
        "Batch function 'Hub.short' gave 2 results for 3 parents."
    }


def test_field_keeps_what_it_was_given() -> None:
    kept = next(each for each in Hub.__strawberry_definition__.fields if each.name == "children")

    call = batch_call_of(kept)
    assert kept.metadata["mark"] == "kept"
    assert kept.description == "Hubs below"
    assert call is not None
    assert call.needs == {"id"}
    assert call.function is load_children
    assert issubclass(IsEven, BasePermission)
    assert SCHEMA.as_str().count('"""In front"""') == 1
