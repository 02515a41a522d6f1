"""Getting a field's values: attributes, batch functions and their permissions, plain resolvers."""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path
from strawberry.exceptions import PermissionReturnedNonBooleanError
from strawberry.permission import PermissionExtension
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from gateway.engine.calls import BatchCall, one_each
from gateway.engine.columns import read_columns, read_one_by_one
from gateway.engine.completion import Job, complete
from gateway.engine.field_plan import FieldPlan, Reach
from gateway.engine.fields import BatchPermission
from gateway.engine.frames import Frame
from gateway.engine.selection import SharedNodes

if TYPE_CHECKING:
    from gateway.engine.run import Run

Ask: TypeAlias = Callable[[Any, GraphQLResolveInfo[Any]], Any]
Part: TypeAlias = Generator[list[Awaitable[Any]], list[Any], list[Any]]


class Group:
    """Frames whose objects are asked for one field by one call."""

    __slots__ = ("asks", "field", "members", "reach", "shares_levels", "strawberry")

    def __init__(self, frame: Frame, field: FieldPlan) -> None:
        if field.strawberry is None:
            raise TypeError(field.name)
        self.field = field
        self.strawberry = field.strawberry
        self.members = [(frame, field)]
        self.asks = (field.name, field.written)
        self.reach: Reach = field.reach
        self.shares_levels = field.call is not None and field.call.share_levels

    def add(self, frame: Frame, field: FieldPlan) -> None:
        """Let the call serve another field of the document with the same arguments, or frame."""
        self.members.append((frame, field))
        self.reach |= field.reach


def resolve_attribute(run: "Run", frame: Frame, field: FieldPlan) -> Job:
    """A field that is an attribute of its objects."""
    return complete(run, frame, field, read_attribute(frame, field))


def read_attribute(frame: Frame, field: FieldPlan) -> Sequence[Any]:
    """The attribute of all objects; an exception where reading it raised."""
    name = str(field.attribute)
    try:
        return read_columns(frame.objects, [name], frame.columns)[0]
    except Exception:  # noqa: BLE001  # found again, value by value
        return read_one_by_one(frame.objects, name)


def resolve_ordinary(run: "Run", frame: Frame, field: FieldPlan) -> Job:
    """A field that is resolved object by object, as graphql-core does it."""
    executor = run.executor
    resolve = field.definition.resolve or executor.field_resolver
    try:
        arguments = field.arguments(executor)
    except Exception as error:  # noqa: BLE001  # fails the field of every object
        return complete(run, frame, field, [error] * len(frame.objects))

    def ask(source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return resolve(source, info, **arguments)

    return complete(run, frame, field, _each(run, frame, field, range(len(frame.objects)), ask))


def _each(
    run: "Run", frame: Frame, field: FieldPlan, indices: Sequence[int], ask: Ask
) -> list[Any]:
    """What asking some of a frame's objects one by one gives; an exception where it raised."""
    build = run.executor.build_resolve_info
    values: list[Any] = []
    for index in indices:
        path = Path(frame.path(index), field.key, field.parent_type.name)
        info = build(field.definition, field.nodes, field.parent_type, path)
        try:
            values.append(ask(frame.objects[index], info))
        except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
            values.append(error)
    return values


def resolve_group(run: "Run", group: Group) -> Job:
    """A field that all its objects are asked for at once, permissions first."""
    parents = [each for frame, _ in group.members for each in frame.objects]
    values: list[Any] = [None] * len(parents)
    field = group.strawberry
    try:
        info = _info(run, group, field) if group.field.uses_info else None
        arguments = group.field.call_arguments(run.executor, info)
    except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
        values = [error] * len(parents)
    else:
        allowed = yield from _allowed(field, parents, info, arguments, values)
        asked = parents if len(allowed) == len(parents) else [parents[i] for i in allowed]
        if asked:
            if group.field.call is None:
                results = _behind_permissions(run, group, allowed)
            else:
                results = yield from _results(run, group.field.call, asked, info, arguments)
            for index, result in zip(allowed, results, strict=True):
                values[index] = result
    start = 0
    for frame, member in group.members:
        end = start + len(frame.objects)
        yield from complete(run, frame, member, values[start:end])
        start = end


def _results(
    run: "Run", call: BatchCall, asked: list[Any], info: Info | None, arguments: Mapping[str, Any]
) -> Part:
    """One value for each object asked; an exception where it failed."""
    run.statistics.batch_calls += 1
    try:
        results: Any = call(asked, info, arguments)
        if isawaitable(results):
            [results] = yield [results]
            if isinstance(results, Exception):
                return [results] * len(asked)
        return list(one_each(call.name, results, len(asked)))
    except Exception as error:  # noqa: BLE001  # fails the field of every object
        return [error] * len(asked)


def _behind_permissions(run: "Run", group: Group, allowed: Sequence[int]) -> list[Any]:
    """The values of an attribute or an ordinary resolver, whose permissions were asked at once."""
    frame, plan = group.members[0]
    field = group.strawberry
    if field.base_resolver is None:
        return read_one_by_one([frame.objects[index] for index in allowed], str(plan.attribute))
    given, config = plan.arguments(run.executor), _config(run)
    schema = run.executor.schema._strawberry_schema  # type: ignore[attr-defined]  # noqa: SLF001

    def ask(source: Any, raw: GraphQLResolveInfo[Any]) -> Any:
        info = config.info_class(_raw_info=raw, _field=field)
        registry = schema.schema_converter.scalar_registry
        arguments, keywords = get_arguments(
            field=field, source=source, info=info, kwargs=given, config=config,
            scalar_registry=registry,
        )  # fmt: skip
        return field.get_result(source, info=info, args=arguments, kwargs=keywords)

    return _each(run, frame, plan, allowed, ask)


def _allowed(
    field: StrawberryField,
    parents: Sequence[Any],
    info: Info | None,
    arguments: Mapping[str, Any],
    values: list[Any],
) -> Generator[list[Awaitable[Any]], list[Any], Sequence[int]]:
    """The indices of the objects that all permissions allow; what refusal gives goes to values."""
    allowed: Sequence[int] = range(len(parents))
    for extension in reversed(field.extensions):
        if not isinstance(extension, PermissionExtension):
            continue
        for permission in extension.permissions:
            if not isinstance(permission, BatchPermission) or not allowed:
                continue
            asked = [parents[index] for index in allowed]
            decisions = yield from _decisions(permission, asked, info, arguments)
            still: list[int] = []
            for index, decision in zip(allowed, decisions, strict=True):
                if decision is True:
                    still.append(index)
                else:
                    values[index] = _refused(extension, permission, decision)
            allowed = still
    return allowed


def _decisions(
    permission: BatchPermission, asked: list[Any], info: Info | None, arguments: Mapping[str, Any]
) -> Part:
    try:
        decisions: Any = permission.decide_batch(asked, cast("Info", info), **arguments)
        if isawaitable(decisions):
            [decisions] = yield [decisions]
            if isinstance(decisions, Exception):
                return [decisions] * len(asked)
        return list(one_each(type(permission).__name__, decisions, len(asked)))
    except Exception as error:  # noqa: BLE001  # fails the field of every object
        return [error] * len(asked)


def _refused(extension: PermissionExtension, permission: BatchPermission, decision: Any) -> Any:
    """The value, or the exception, of a field that was not allowed."""
    if isinstance(decision, Exception):
        return decision
    try:
        if not isinstance(decision, bool):
            raise PermissionReturnedNonBooleanError(permission, decision)  # noqa: TRY301
        return extension._on_unauthorized(permission)  # noqa: SLF001  # as Strawberry itself does
    except Exception as error:  # noqa: BLE001  # the refusal
        return error


def _info(run: "Run", group: Group, field: StrawberryField) -> Info:
    """The `info` of a call; its path has no list positions, for it stands for many objects."""
    plan = group.field
    groups = [plan.nodes, *(member.nodes for _, member in group.members if member is not plan)]
    nodes = SharedNodes(groups) if len(groups) > 1 else plan.nodes
    frame: Frame | None = group.members[0][0]
    keys = [plan.key]
    while frame is not None and frame.origin is not None:
        keys.append(frame.origin.field.key)
        frame = frame.origin.frame
    path = None if frame is None else frame.path(0)
    for key in reversed(keys):
        path = Path(path, key, None)
    if path is None:
        raise TypeError(plan.key)
    raw = run.executor.build_resolve_info(plan.definition, nodes, plan.parent_type, path)
    config = _config(run)
    return cast("Info", config.info_class(_raw_info=raw, _field=field))


def _config(run: "Run") -> Any:
    return run.executor.schema._strawberry_schema.config  # type: ignore[attr-defined]  # noqa: SLF001
