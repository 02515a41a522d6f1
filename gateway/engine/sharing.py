"""One call for the objects that ask for themselves in one turn of the event loop."""

from collections.abc import Hashable, Mapping, MutableMapping
from inspect import isawaitable
from typing import Any, cast

from aiodataloader import DataLoader
from strawberry.types.info import Info

from gateway.engine.calls import BatchCall, freeze, one_each


async def share_call(call: BatchCall, parent: Any, info: Info, arguments: Mapping[str, Any]) -> Any:
    """The result for one parent, of a call shared with others that ask the same.

    Calls with other selections below are not shared: the function may ask what was selected.
    """
    waiting = _calls_of_request(info)
    nodes = tuple(map(id, info._raw_info.field_nodes))  # noqa: SLF001
    key = (call, nodes, freeze(arguments))
    loader = waiting.get(key)
    if loader is None:

        async def load(parents: list[tuple[Any]]) -> list[Any]:
            # Whoever asks from here on is too late for this call and starts another.
            waiting.pop(key, None)
            objects = [each[0] for each in parents]
            results = call(objects, info, arguments)
            if isawaitable(results):
                results = await results
            return list(one_each(call.name, results, len(objects)))

        loader = waiting[key] = DataLoader(load, cache=False)
    # A loader refuses the key None, which is what a root object may be.
    return await loader.load((parent,))


def _calls_of_request(info: Info) -> MutableMapping[Hashable, Any]:
    """The open calls of this request: kept in `context.batches`, else on its executor."""
    batches = getattr(info.context, "batches", None)
    if isinstance(batches, MutableMapping):
        return batches
    executor = cast("Any", info._raw_info.async_helpers.gather).__self__  # noqa: SLF001
    return cast("MutableMapping[Hashable, Any]", vars(executor).setdefault("batches", {}))
