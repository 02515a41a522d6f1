"""From resolved values to the result: lists opened and closed, leaves coerced, objects descended.

The rules and messages are graphql-core's (`Executor.complete_value`), for a whole level at once.
"""

from collections.abc import AsyncIterable, Awaitable, Generator, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLError, Undefined, is_abstract_type, is_leaf_type
from graphql.execution import Executor
from graphql.pyutils import is_iterable

from gateway.engine.field_plan import FieldPlan
from gateway.engine.frames import Frame, Origin
from gateway.engine.leaves import Column, is_plain, may_be_awaited, one_kind
from gateway.engine.typing_objects import complete_abstract, complete_objects

if TYPE_CHECKING:
    from gateway.engine.run import Run

Job: TypeAlias = Generator[list[Awaitable[Any]], list[Any], None]
"""Work that yields what it must await and is sent the results; an exception is a result."""

Part: TypeAlias = Generator[list[Awaitable[Any]], list[Any], Column]


def complete(run: "Run", frame: Frame, field: FieldPlan, values: Column) -> Job:
    """Complete a field's values and put them into the frame's results."""
    origin = Origin(frame, field)
    values, kind = yield from _opened(run, origin, values)
    completed: Column | None
    if field.leaf is not None:
        completed = field.leaf.complete(values, nullable=field.nullable[-1])
        if completed is None:
            completed = complete_leaves(run, origin, values)
    elif is_abstract_type(field.named_type):
        completed = yield from complete_abstract(run, origin, present(run, origin, values))
    else:
        if kind is None:
            values = present(run, origin, values)
        completed = yield from complete_objects(run, origin, values, kind)
    for counts in reversed(origin.counts):
        completed = _close_lists(completed, counts)
    key = field.key
    for result, value in zip(frame.results, completed, strict=True):
        result[key] = value


def _opened(
    run: "Run", origin: Origin, values: Column
) -> Generator[list[Awaitable[Any]], list[Any], tuple[Column, type[Any] | None]]:
    """What is inside the lists, awaited; and its class, if all of it has one."""
    kind = one_kind(values)
    if kind is None:
        values = yield from awaited(run.executor, values)
    for _ in range(origin.field.depth):
        if kind is list:
            origin.counts.append(list(map(len, values)))
            values = list(chain.from_iterable(values))
        else:
            values = yield from _open_lists(run, origin, values)
        kind = one_kind(values)
        if kind is None:
            values = yield from awaited(run.executor, values)
    return values, kind


def awaited(executor: Executor[Any], values: Column) -> Part:
    """The values with those that are awaitable replaced by what they give."""
    if not any(map(may_be_awaited, set(map(type, values)))):
        return values
    places = [place for place, value in enumerate(values) if executor.is_awaitable(value)]
    if not places:
        return values
    results = yield [values[place] for place in places]
    if len(results) == len(values):
        return results
    replaced = list(values)
    for place, result in zip(places, results, strict=True):
        replaced[place] = result
    return replaced


def present(run: "Run", origin: Origin, values: Column) -> Column:
    """The values with None for all that is null or failed, which is noted."""
    if all(map(is_plain, set(map(type, values)))):
        return values
    found: list[Any] = []
    field, depth = origin.field, origin.depth
    nullable = field.nullable[depth]
    for place, value in enumerate(values):
        kept = value
        if isinstance(value, Exception):
            run.fail(origin, depth, place, value)
            kept = None
        elif value is None or value is Undefined:
            if not nullable:
                run.fail(origin, depth, place, field.null_error())
            kept = None
        found.append(kept)
    return found


def complete_leaves(run: "Run", origin: Origin, values: Column) -> Column:
    """The leaves one by one, noting those that fail."""
    leaf_type = origin.field.named_type
    if not is_leaf_type(leaf_type):
        raise TypeError(leaf_type)
    found: list[Any] = []
    for place, value in enumerate(present(run, origin, values)):
        completed = None
        if value is not None:
            try:
                completed = run.executor.complete_leaf_value(leaf_type, value)
            except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
                run.fail(origin, origin.depth, place, error)
        found.append(completed)
    return found


def _open_lists(run: "Run", origin: Origin, values: Column) -> Part:
    """The items of all lists in one row; how many each list has is kept at the origin."""
    depth = origin.depth
    counts: list[int | None] = []
    items: list[Any] = []
    for place, value in enumerate(present(run, origin, values)):
        if value is None:
            counts.append(None)
            continue
        before = len(items)
        try:
            if run.executor.is_async_iterable(value):
                [outcome] = yield [_drain(value, items)]
                if isinstance(outcome, Exception):
                    run.fail(origin, depth, place, outcome)
            else:
                items.extend(_iterable(origin.field, value))
        except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
            run.fail(origin, depth, place, error)
        # What came before an iterable failed is completed: graphql-core reports its errors first.
        counts.append(len(items) - before)
    origin.counts.append(counts)
    return items


def _iterable(field: FieldPlan, value: Any) -> Iterable[Any]:
    if is_iterable(value):
        return value
    raise GraphQLError(
        f"Expected Iterable, but did not find one for field '{field.parent_type}.{field.name}'."
    )


async def _drain(value: AsyncIterable[Any], items: list[Any]) -> None:
    async for item in value:
        items.append(item)  # noqa: PERF401  # what came before an error must be kept


def _close_lists(flat: Column, counts: Sequence[int | None]) -> list[Any]:
    if type(flat) is not list:
        flat = list(flat)
    lists: list[Any] = []
    start = 0
    for count in counts:
        if count is None:
            lists.append(None)
            continue
        end = start + count
        lists.append(flat[start:end])
        start = end
    return lists
