"""One execution: level after level, each field once for all objects of its level."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLObjectType
from graphql.execution import Executor
from graphql.pyutils import Path

from gateway.engine.columns import read_columns, read_one_by_one
from gateway.engine.completion import Job, complete, complete_leaves
from gateway.engine.field_plan import FieldPlan, SelectionPlan, Way
from gateway.engine.frames import Failure, Frame, Origin
from gateway.engine.leaves import Column, may_be_awaited
from gateway.engine.plan import Plan
from gateway.engine.resolving import Group, resolve_attribute, resolve_group, resolve_ordinary
from gateway.engine.rows import columns_of
from gateway.engine.settle import settle

Answer: TypeAlias = dict[str, Any] | Awaitable[dict[str, Any]]

BREATH = 5000
"""Objects after which a run lets others have the event loop."""


class DeadlinePassed(TimeoutError):
    """The run was not finished at its deadline."""


@dataclass(slots=True)
class Statistics:
    """What one execution did."""

    levels: int = 0
    objects: int = 0
    batch_calls: int = 0


class Run:
    """An execution of one selection on one object, with everything below it."""

    def __init__(
        self,
        executor: Executor[Any],
        plan: Plan,
        *,
        statistics: Statistics | None = None,
        deadline: float | None = None,
    ) -> None:
        self.executor = executor
        self.plan = plan
        self.statistics = statistics or Statistics()
        self._deadline = deadline
        self._failures: list[Failure] = []
        self._next: list[Frame] = []
        self._late: list[Job] = []
        self._waiting: dict[tuple[int, str], Group] = {}
        self._breath = BREATH

    def execute(
        self,
        selection: SelectionPlan,
        source: Any,
        path: Path | None,
        report: Callable[[GraphQLError], None],
    ) -> Answer:
        """The completed object, or an awaitable of it where something has to be awaited.

        Errors that it could hold go to `report`.

        Raises:
            GraphQLError: an error took the object itself.
        """
        root = Frame(selection, [source], None)
        root.paths[0] = path
        self.open(root)
        steps = self._steps()
        wanted = _advance(steps, None)
        if wanted is None:
            return self._settled(root, path, report)
        return self._drive(steps, wanted, root, path, report)

    def open(self, frame: Frame) -> None:
        """Build a frame's results from its attributes; what takes steps is for the next level."""
        selection, objects = frame.selection, frame.objects
        self.statistics.objects += len(objects)
        try:
            read = read_columns(objects, selection.names, frame.columns)
        except Exception:  # noqa: BLE001  # found again, value by value
            read = [read_one_by_one(objects, name) for name in selection.names]
        completed: list[Column] = []
        for field, column in zip(selection.columns, read, strict=True):
            leaf = field.leaf
            done = leaf.complete(column, nullable=field.nullable[0]) if leaf else None
            if done is None:
                done = self._slowly(frame, field, column)
            completed.append(done)
        frame.results = selection.assemble(objects, *completed)
        if selection.steps:
            self._next.append(frame)

    def _slowly(self, frame: Frame, field: FieldPlan, column: Column) -> Column:
        if any(map(may_be_awaited, map(type, column))):
            self._late.append(complete(self, frame, field, column))
            return [None] * len(column)
        return complete_leaves(self, Origin(frame, field), column)

    def fail(self, origin: Origin, depth: int, place: int, error: Exception) -> None:
        """Note an error at a value; the value itself is to be null until the end."""
        self._failures.append(Failure(origin, depth, place, error))

    def below(
        self,
        origin: Origin,
        object_type: GraphQLObjectType,
        objects: Sequence[Any],
        places: Sequence[int],
        kind: type[Any] | None,
    ) -> list[dict[str, Any]]:
        """The results, soon to be filled, of objects of one type and, if known, of one class.

        Raises what planning raises.
        """
        if not objects:
            return []  # and nothing below is asked for
        selection = origin.field.below(self.executor, object_type, self.plan.reach_of)
        columns = None if kind is None else columns_of(kind)
        frame = Frame(selection, objects, origin, places, columns)
        self.open(frame)
        return frame.results

    def _steps(self) -> Job:
        while self._next or self._late or self._waiting:
            level, self._next = self._next, []
            jobs, self._late = self._late, []
            self.statistics.levels += 1
            reached: set[tuple[str, str]] = set()
            for frame in level:
                for field in frame.selection.steps:
                    if field.way is Way.BATCH:
                        self._wait(frame, field)
                        continue
                    reached |= field.reach
                    jobs.append(self._job(frame, field))
            jobs.extend(resolve_group(self, group) for group in self._due(reached, bool(jobs)))
            yield from _together(jobs)

    def _job(self, frame: Frame, field: FieldPlan) -> Job:
        if field.way is Way.GUARDED:
            return resolve_group(self, Group(frame, field))
        if field.way is Way.ORDINARY:
            return resolve_ordinary(self, frame, field)
        return resolve_attribute(self, frame, field)

    def _wait(self, frame: Frame, field: FieldPlan) -> None:
        shares = field.call is not None and field.call.share_levels
        key = (id(field.definition), field.written) if shares else (id(field), "")
        group = self._waiting.get(key)
        if group is None:
            self._waiting[key] = Group(frame, field)
        else:
            group.add(frame, field)

    def _due(self, reached: set[tuple[str, str]], others: bool) -> list[Group]:
        """The batch calls to make now: those that nothing else may still bring objects for.

        The same field at several levels waits for the deepest, so that one call serves them all.
        """
        deep = [group for group in self._waiting.values() if group.reach]
        due: dict[tuple[int, str], Group] = {}
        for key, group in self._waiting.items():
            asks = group.asks
            if not group.shares_levels or not (
                asks in reached or any(asks in each.reach for each in deep if each is not group)
            ):
                due[key] = group
        if not due and not others:
            due = dict(islice(self._waiting.items(), 1))
        for key in due:
            del self._waiting[key]
        return list(due.values())

    async def _drive(
        self,
        steps: Job,
        wanted: list[Awaitable[Any]] | None,
        root: Frame,
        path: Path | None,
        report: Callable[[GraphQLError], None],
    ) -> dict[str, Any]:
        while wanted is not None:
            results = await _all(wanted)
            if self._deadline is not None and monotonic() > self._deadline:
                raise DeadlinePassed
            if self.statistics.objects > self._breath:
                self._breath = self.statistics.objects + BREATH
                await asyncio.sleep(0)
            wanted = _advance(steps, results)
        return self._settled(root, path, report)

    def _settled(
        self, root: Frame, path: Path | None, report: Callable[[GraphQLError], None]
    ) -> dict[str, Any]:
        data = root.results[0]
        if self._failures:
            errors, raised = settle(self._failures, data, path.as_list() if path else ())
            for error in errors:
                report(error)
            if raised is not None:
                raise raised
        return data


def _advance(steps: Job, results: list[Any] | None) -> list[Awaitable[Any]] | None:
    """What is to be awaited next, None at the end.

    There is no garbage collection meanwhile: all that is made is kept, and looking through it
    again and again took more than half of the time of a large answer.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return next(steps) if results is None else steps.send(results)
    except StopIteration:
        return None
    finally:
        if collects:
            gc.enable()


def _together(jobs: Iterable[Job]) -> Job:
    """Run jobs side by side: what they await is awaited at once."""
    running: list[tuple[Job, list[Awaitable[Any]]]] = []
    for job in jobs:
        for wanted in job:
            running.append((job, wanted))
            break
    while running:
        results = yield [each for _, wanted in running for each in wanted]
        still: list[tuple[Job, list[Awaitable[Any]]]] = []
        start = 0
        for job, wanted in running:
            end = start + len(wanted)
            with suppress(StopIteration):
                still.append((job, job.send(results[start:end])))
            start = end
        running = still


async def _all(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """The result of each, or the exception that it raised."""
    if len(awaitables) == 1:
        try:
            return [await awaitables[0]]
        except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
            return [error]
    results = await asyncio.gather(*awaitables, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
    return results
