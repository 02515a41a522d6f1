"""Objects and abstract types: which type each object has, and the descent into it."""

from collections.abc import Awaitable, Collection, Generator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from graphql import GraphQLAbstractType, GraphQLError, GraphQLObjectType, GraphQLResolveInfo
from graphql.pyutils import inspect

from gateway.engine.frames import Origin
from gateway.engine.leaves import Column, one_kind
from gateway.engine.rows import columns_of

if TYPE_CHECKING:
    from gateway.engine.run import Run

Part: TypeAlias = Generator[list[Awaitable[Any]], list[Any], Column]


def complete_objects(run: "Run", origin: Origin, values: Column, kind: type[Any] | None) -> Part:
    """The results of values that are all of the field's own object type, or null.

    `kind` is their class, if they are known to have one.
    """
    object_type = cast("GraphQLObjectType", origin.field.named_type)
    if kind is not None and (
        object_type.is_type_of is None or _told_by_class(object_type.is_type_of, {kind})
    ):
        try:
            return run.below(origin, object_type, values, range(len(values)), kind)
        except Exception:  # noqa: BLE001, S110  # told below, object by object
            pass
    if not [1 for value in values if value is None]:
        return (yield from _descend(run, origin, object_type, values, range(len(values))))
    places = [place for place, value in enumerate(values) if value is not None]
    objects = [values[place] for place in places]
    results = yield from _descend(run, origin, object_type, objects, places)
    return _spread(results, places, len(values))


def complete_abstract(run: "Run", origin: Origin, values: Column) -> Part:
    """The results of values whose object types are found one by one."""
    abstract = cast("GraphQLAbstractType", origin.field.named_type)
    infos = _Infos(run, origin)
    names = yield from _type_names(run, abstract, values, infos)
    groups: dict[GraphQLObjectType, list[int]] = {}
    valid: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if values[place] is None:
            continue
        if isinstance(name, str) and name in valid:
            valid[name].append(place)
            continue
        if isinstance(name, Exception):
            run.fail(origin, origin.depth, place, name)
            continue
        try:
            object_type = run.executor.ensure_valid_runtime_type(
                name, abstract, origin.field.details, infos.at(place), values[place]
            )
        except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
            run.fail(origin, origin.depth, place, error)
        else:
            valid[name] = groups[object_type] = [place]
    completed: list[Any] = [None] * len(values)
    for object_type, places in groups.items():
        objects = [values[place] for place in places]
        results = yield from _descend(run, origin, object_type, objects, places)
        for place, result in zip(places, results, strict=True):
            completed[place] = result
    return completed


def _spread(results: Column, places: Sequence[int], size: int) -> Column:
    spread: list[Any] = [None] * size
    for place, result in zip(places, results, strict=True):
        spread[place] = result
    return spread


def _type_names(run: "Run", abstract: GraphQLAbstractType, values: Column, infos: "_Infos") -> Part:
    """The name of each value's type as its resolver gives it; an exception where it raised."""
    resolve = abstract.resolve_type or run.executor.type_resolver
    by_class = _decided_by_class(run, abstract)
    known: dict[type, Any] = {}
    names: list[Any] = []
    for place, value in enumerate(values):
        kind = type(value)
        if value is None:
            names.append(None)
        elif kind in known:
            names.append(known[kind])
        else:
            try:
                name: Any = resolve(value, infos.at(place), abstract)
            except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
                name = error
            names.append(name)
            if by_class and isinstance(name, str) and columns_of(kind) is not None:
                known[kind] = name
    return (yield from _awaited(run, names))


def _decided_by_class(run: "Run", abstract: GraphQLAbstractType) -> bool:
    """Whether rows of one class always have the same type: all types are told by class alone."""
    resolve = abstract.resolve_type
    if resolve is not None and not resolve.__module__.startswith("strawberry."):
        return False
    possible = run.executor.schema.get_possible_types(abstract)
    return all(hasattr(each.is_type_of, "classes") for each in possible)


def _descend(
    run: "Run", origin: Origin, object_type: GraphQLObjectType, objects: Sequence[Any],
    places: Sequence[int],
) -> Part:  # fmt: skip
    """The results of the objects at some places, None where they are not of the type."""
    is_type_of = object_type.is_type_of
    kept: Sequence[int] = range(len(objects))
    if is_type_of is not None and objects:
        kept = yield from _of_type(run, origin, object_type, objects, places)
    own, at = objects, places
    if len(kept) < len(objects):
        own, at = [objects[index] for index in kept], [places[index] for index in kept]
    try:
        results = run.below(origin, object_type, own, at, one_kind(own))
    except Exception as error:  # noqa: BLE001  # a switch without a value fails each object
        for place in at:
            run.fail(origin, origin.depth, place, error)
        return [None] * len(objects)
    if own is objects:
        return results
    return _spread(results, kept, len(objects))


def _of_type(
    run: "Run", origin: Origin, object_type: GraphQLObjectType, objects: Sequence[Any],
    places: Sequence[int],
) -> Generator[list[Awaitable[Any]], list[Any], Sequence[int]]:  # fmt: skip
    """The indices of the objects that `is_type_of` says yes to; the others fail."""
    is_type_of = object_type.is_type_of
    if is_type_of is None or _told_by_class(is_type_of, set(map(type, objects))):
        return range(len(objects))
    infos = _Infos(run, origin)
    answers: list[Any] = []
    for place, value in zip(places, objects, strict=True):
        try:
            answers.append(is_type_of(value, infos.at(place)))
        except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
            answers.append(error)
    told = yield from _awaited(run, answers)
    kept: list[int] = []
    for index, answer in enumerate(told):
        failed: Exception | None = answer if isinstance(answer, Exception) else None
        if failed is None and not answer:
            wrong = f"Expected value of type '{object_type}' but got: {inspect(objects[index])}."
            failed = GraphQLError(wrong, origin.field.nodes)
        if failed is None:
            kept.append(index)
        else:
            run.fail(origin, origin.depth, places[index], failed)
    return kept


def _told_by_class(is_type_of: Any, kinds: Collection[type[Any]]) -> bool:
    classes = getattr(is_type_of, "classes", None)
    return classes is not None and all(issubclass(kind, classes) for kind in kinds)


def _awaited(run: "Run", answers: list[Any]) -> Part:
    places = [place for place, each in enumerate(answers) if run.executor.is_awaitable(each)]
    if places:
        results = yield [answers[place] for place in places]
        for place, result in zip(places, results, strict=True):
            answers[place] = result
    return answers


class _Infos:
    """The `info` of the field for each of its values, one for each object that has the field."""

    def __init__(self, run: "Run", origin: Origin) -> None:
        self._run = run
        self._origin = origin
        self._known: dict[int, GraphQLResolveInfo[Any]] = {}

    def at(self, place: int) -> GraphQLResolveInfo[Any]:
        origin, field = self._origin, self._origin.field
        index = origin.owner(origin.depth, place)
        info = self._known.get(index)
        if info is None:
            info = self._known[index] = self._run.executor.build_resolve_info(
                field.definition, field.nodes, field.parent_type, origin.path(0, index)
            )
        return info
