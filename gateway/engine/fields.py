"""How a schema marks what can be asked for many objects at once: fields and permissions.

    @strawberry.type
    class Hub:
        name: str

        @batch_field(graphql_type=list["Hub"], needs=("id",))
        @staticmethod
        async def child_hubs(parents: Sequence[HubRow], info: Info, first: int = 5) -> Answer: ...

The same classes run on stock graphql-core: there each object asks for itself, and the objects that
ask in one turn of the event loop share one call.
"""

import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import update_wrapper
from typing import Any, ClassVar, cast

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import Parameter, Signature
from strawberry.types.info import Info

from gateway.engine.calls import BatchCall, BatchFunction, one_each
from gateway.engine.sharing import share_call

_MARK = "__batch_call__"


def batch_field(
    resolver: BatchFunction | None = None,
    *,
    graphql_type: Any,
    name: str | None = None,
    description: str | None = None,
    deprecation_reason: str | None = None,
    directives: Sequence[object] = (),
    extensions: list[FieldExtension] | None = None,
    permission_classes: list[type[BasePermission]] | None = None,
    metadata: Mapping[Any, Any] | None = None,
    needs: Collection[str] = (),
    share_levels: bool = True,
) -> Any:
    """A Strawberry field that is resolved for all objects of a level by one call.

    The function gets the parents first, then `info` if it has a parameter of that name or type,
    then the field's arguments. It returns one result for each parent, in their order; a result that
    is an exception fails that parent's field. It may be sync.

    Args:
        resolver: The function; without it the call gives a decorator.
        graphql_type: The field's type for one object, as an annotation would write it.
        name: The field's name in the schema.
        description: The field's description in the schema.
        deprecation_reason: Why clients should no longer use it.
        directives: Schema directives of the field.
        extensions: Strawberry field extensions.
        permission_classes: Strawberry permissions, asked at once if they are `BatchPermission`.
        metadata: Kept on the field for whoever reads it.
        needs: Attributes that the function reads on the parents; `selected` names them to whoever
            loads the parents.
        share_levels: Whether the field may wait for deeper levels, to ask for all of them at once.
    """

    def mark(function: BatchFunction) -> Any:
        field = strawberry.field(
            resolver=_per_object(function, needs, share_levels),
            graphql_type=graphql_type,
            name=name,
            description=description,
            deprecation_reason=deprecation_reason,
            directives=directives,
            extensions=list(extensions or ()),
            permission_classes=list(permission_classes or ()),
            metadata=metadata,
        )
        return cast("Any", field)

    return mark if resolver is None else mark(resolver)


def batch_call_of(field: StrawberryField) -> BatchCall | None:
    """The batch call behind a field that `batch_field` made, or None for any other field."""
    resolver = field.base_resolver
    return None if resolver is None else getattr(resolver.wrapped_func, _MARK, None)


class BatchPermission(BasePermission):
    """A permission that is decided for many objects at once.

    A subclass writes `decide_batch`, sync or async; the per-object form is made from it.
    `needs` names the attributes that it reads on the objects, as in `batch_field`.
    """

    needs: ClassVar[Collection[str]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Strawberry looks at the method itself to learn whether it has to await.
        if "decide_batch" in vars(cls):
            is_async = inspect.iscoroutinefunction(cls.decide_batch)
            cls.has_permission = _decide_async if is_async else _decide  # type: ignore[method-assign]

    def decide_batch(
        self, parents: Sequence[Any], info: Info, **arguments: Any
    ) -> Sequence[bool] | Awaitable[Sequence[bool]]:
        """One decision for each parent, in their order."""
        raise NotImplementedError

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool | Awaitable[bool]:
        """The decision for one object."""
        return _decide(self, source, info, **kwargs)


def _decide(self: BatchPermission, source: Any, info: Info, **arguments: Any) -> bool:
    decisions = self.decide_batch([source], info, **arguments)
    return cast("bool", one_each(type(self).__name__, decisions, 1)[0])


async def _decide_async(self: BatchPermission, source: Any, info: Info, **arguments: Any) -> bool:
    call = permission_call(self)
    return cast("bool", await share_call(call, source, info, arguments))


def permission_call(permission: BatchPermission) -> BatchCall:
    """The batch call that asks a permission."""
    return BatchCall(
        function=permission.decide_batch,
        name=type(permission).__name__,
        info_name="info",
        is_async=inspect.iscoroutinefunction(permission.decide_batch),
        needs=frozenset(),
        share_levels=False,
    )


def _per_object(
    function: BatchFunction, needs: Collection[str], share_levels: bool
) -> Callable[..., Any]:
    """The resolver for one object, made from the function for many."""
    if isinstance(function, staticmethod):
        function = function.__func__
    parameters = list(Signature.from_callable(function).parameters.values())[1:]
    info = next((each for each in parameters if _is_info(each)), None)
    call = BatchCall(
        function=function,
        name=getattr(function, "__qualname__", repr(function)),
        info_name=None if info is None else info.name,
        is_async=inspect.iscoroutinefunction(function),
        needs=frozenset(needs),
        share_levels=share_levels,
    )

    async def resolve_shared(self: Any, info: Info, **arguments: Any) -> Any:
        return await share_call(call, self, info, arguments)

    def resolve_alone(self: Any, info: Info, **arguments: Any) -> Any:
        results = call([self], info, arguments)
        if inspect.isawaitable(results):
            return _first(call.name, results)
        return one_each(call.name, results, 1)[0]

    resolve: Any = resolve_shared if call.is_async else resolve_alone
    update_wrapper(resolve, function)
    own = [each for each in parameters if each is not info]
    kind = Parameter.POSITIONAL_OR_KEYWORD
    resolve.__signature__ = Signature(
        [
            Parameter("self", kind),
            Parameter("info", kind, annotation=Info),
            *(each.replace(kind=Parameter.KEYWORD_ONLY) for each in own),
        ]
    )
    setattr(resolve, _MARK, call)
    return cast("Callable[..., Any]", resolve)


async def _first(name: str, results: Awaitable[Sequence[Any]]) -> Any:
    return one_each(name, await results, 1)[0]


def _is_info(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    if parameter.name == "info":
        return True
    origin = getattr(annotation, "__origin__", annotation)
    return isinstance(origin, type) and issubclass(origin, Info)
