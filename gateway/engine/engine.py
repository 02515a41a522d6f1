"""The engine for whoever executes a schema without Strawberry's own pipeline."""

import json
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    get_operation_ast,
)
from graphql.execution import ExecutionResult, create_source_event_stream
from strawberry.execution.is_awaitable import optimized_is_awaitable

from gateway.engine.context import BreadthFirstExecutionContext
from gateway.engine.plan import Plan
from gateway.engine.plans import Plans
from gateway.engine.run import Statistics


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A validated document with the plan of one of its operations."""

    document: DocumentNode
    operation: OperationDefinitionNode
    plan: Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an execution gave: the response's parts, and what it took."""

    data: dict[str, Any] | None
    errors: Sequence[GraphQLError] = ()
    statistics: Statistics = field(default_factory=Statistics)

    def encode(self, extensions: Mapping[str, Any] | None = None) -> bytes:
        """The response as JSON, errors first where there are any."""
        return encode_response(self.data, [error.formatted for error in self.errors], extensions)


EventContext = Callable[[Any], AbstractAsyncContextManager[Any]]
"""Opens the context of one event, given the event, and closes it when the event is told."""


class Engine:
    """Executes planned documents of one schema.

    Args:
        schema: The schema.
        hide_suggestions: Whether errors in variables do without "Did you mean …".
    """

    def __init__(self, schema: strawberry.Schema, *, hide_suggestions: bool = False) -> None:
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        self._plans = Plans()

    @property
    def unused_extensions(self) -> tuple[str, ...]:
        """Extensions of the schema that the engine leaves aside: those of Strawberry's pipeline."""
        extensions = self._schema.get_extensions(sync=False)
        return tuple(type(each).__name__ for each in extensions)

    def plan(self, document: DocumentNode, operation_name: str | None = None) -> PlannedDocument:
        """The plan of an operation of a validated document, to be kept with the document.

        Raises:
            GraphQLError: the document has no such operation, or several and none was named.
        """
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            raise GraphQLError("Must provide the name of an operation of the document.")
        fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        return PlannedDocument(document, operation, self._plans.plan(operation, fragments))

    async def run(
        self,
        planned: PlannedDocument,
        *,
        variables: Mapping[str, Any] | None = None,
        context: Any = None,
        root: Any = None,
        operation_extensions: dict[str, Any] | None = None,
        deadline: float | None = None,
    ) -> Outcome:
        """Execute a query or mutation.

        Args:
            planned: What to execute.
            variables: Its variables, as the client sent them.
            context: What resolvers find at `info.context`.
            root: The object that the root fields are asked of.
            operation_extensions: What resolvers find at `info.input_extensions`.
            deadline: When, by `time.monotonic()`, to give up between two levels.

        Raises:
            DeadlinePassed: it did.
        """
        executor = self._executor(planned, variables, context, root, operation_extensions)
        if isinstance(executor, list):
            return Outcome(None, executor)
        executor.deadline = deadline
        try:
            return await _outcome(executor, executor.execute_operation())
        finally:
            executor.forget()

    async def subscribe(
        self,
        planned: PlannedDocument,
        *,
        variables: Mapping[str, Any] | None = None,
        context: Any = None,
        root: Any = None,
        operation_extensions: dict[str, Any] | None = None,
        event_context: EventContext | None = None,
    ) -> AsyncIterator[Outcome] | Outcome:
        """Start a subscription: an outcome for each event, or one that says why it cannot start.

        Args:
            planned: What to execute.
            variables: Its variables, as the client sent them.
            context: What the source of events finds at `info.context`.
            root: The object that the source is asked of.
            operation_extensions: What resolvers find at `info.input_extensions`.
            event_context: Gives each event its own `info.context`; else all share `context`.
        """
        executor = self._executor(planned, variables, context, root, operation_extensions)
        if isinstance(executor, list):
            return Outcome(None, executor)
        source: Any = create_source_event_stream(executor)
        if optimized_is_awaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            return Outcome(source.data, source.errors or ())
        return _events(executor, source, event_context)

    def _executor(
        self,
        planned: PlannedDocument,
        variables: Mapping[str, Any] | None,
        context: Any,
        root: Any,
        operation_extensions: dict[str, Any] | None,
    ) -> BreadthFirstExecutionContext | list[GraphQLError]:
        name = planned.operation.name
        executor = BreadthFirstExecutionContext.build(
            self._schema._schema,  # noqa: SLF001  # Strawberry has no other door to it
            planned.document,
            root,
            context,
            dict(variables or {}),
            None if name is None else name.value,
            is_awaitable=cast("Any", optimized_is_awaitable),
            hide_suggestions=self._hide_suggestions,
            operation_extensions=operation_extensions,
        )
        if isinstance(executor, list):
            return executor
        made = cast("BreadthFirstExecutionContext", executor)
        made.use(planned.plan)
        return made


async def _outcome(executor: BreadthFirstExecutionContext, result: Any) -> Outcome:
    if optimized_is_awaitable(result):
        result = await result
    if not isinstance(result, ExecutionResult):
        raise GraphQLError("The operation would give several payloads.")
    return Outcome(result.data, result.errors or (), executor.statistics)


async def _events(
    executor: BreadthFirstExecutionContext,
    source: AsyncIterable[Any],
    event_context: EventContext | None,
) -> AsyncIterator[Outcome]:
    try:
        async for event in source:
            own = cast("BreadthFirstExecutionContext", executor.build_per_event_executor(event))
            own.statistics = Statistics()
            if event_context is None:
                yield await _outcome(own, own.execute_operation(serially=False))
                continue
            async with event_context(event) as own.context_value:
                outcome = await _outcome(own, own.execute_operation(serially=False))
            own.forget()
            yield outcome
    finally:
        # Whoever leaves early leaves the source as well.
        if isinstance(source, AsyncGenerator):
            await source.aclose()


def encode_response(
    data: dict[str, Any] | None,
    errors: Sequence[Mapping[str, Any]] = (),
    extensions: Mapping[str, Any] | None = None,
) -> bytes:
    """A GraphQL response as JSON bytes."""
    response: dict[str, Any] = {"errors": errors} if errors else {}
    response["data"] = data
    if extensions:
        response["extensions"] = extensions
    try:
        return orjson.dumps(response)
    except TypeError:
        # Integers beyond 64 bits and lone surrogates are JSON, but not to orjson.
        return json.dumps(response, ensure_ascii=True, separators=(",", ":")).encode()
