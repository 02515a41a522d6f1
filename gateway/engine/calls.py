"""The shape of a batch call: what is called, how it is asked, what its answer must be."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias

BatchFunction: TypeAlias = Callable[..., Sequence[Any] | Awaitable[Sequence[Any]]]


class BatchSizeError(RuntimeError):
    """A batch function answered with another number of results than it was given parents."""

    def __init__(self, name: str, *, expected: int, got: int | None) -> None:
        answered = "no sequence" if got is None else f"{got} results"
        super().__init__(f"Batch function '{name}' gave {answered} for {expected} parents.")


@dataclass(frozen=True, slots=True)
class BatchCall:
    """A batch function with what its signature says."""

    function: BatchFunction
    name: str
    info_name: str | None
    is_async: bool
    needs: frozenset[str]
    share_levels: bool

    def __call__(
        self, parents: Sequence[Any], info: Any, arguments: Mapping[str, Any]
    ) -> Sequence[Any] | Awaitable[Sequence[Any]]:
        """Call the function for all parents at once."""
        if self.info_name is None:
            return self.function(parents, **arguments)
        return self.function(parents, **{self.info_name: info}, **arguments)


def one_each(name: str, results: Any, expected: int) -> Sequence[Any]:
    """The results, if there is one for each parent.

    Raises:
        BatchSizeError: there are more or fewer, or it is no sequence at all.
    """
    if not isinstance(results, (list, tuple)):
        if isinstance(results, str) or not isinstance(results, Sequence):
            raise BatchSizeError(name, expected=expected, got=None)
        results = list(results)
    if len(results) != expected:
        raise BatchSizeError(name, expected=expected, got=len(results))
    return results  # type: ignore[no-any-return]  # narrowed to a list or tuple above


def freeze(value: Any) -> Any:
    """A hashable stand-in for an argument: equal arguments have equal stand-ins."""
    if isinstance(value, (list, tuple)):
        return tuple(map(freeze, value))
    if isinstance(value, Mapping):
        return frozenset((key, freeze(item)) for key, item in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        own = tuple((field.name, freeze(getattr(value, field.name))) for field in fields(value))
        return type(value), own
    try:
        hash(value)
    except TypeError:
        return type(value), id(value)
    # 1, 1.0 and True are equal and hash alike, but are different arguments.
    return type(value), value
