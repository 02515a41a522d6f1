"""What the engine may know about the objects that it reads."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol, runtime_checkable


@runtime_checkable
class Row(Protocol):
    """An object whose attributes can also be read by position: `__columns__[i]` is `row[i]`."""

    __columns__: ClassVar[tuple[str, ...]]

    def __getitem__(self, position: int, /) -> Any: ...


def columns_of(row_class: type) -> tuple[str, ...] | None:
    """The column names of a class of rows, or None if its objects are read by attribute."""
    return getattr(row_class, "__columns__", None)


def is_instance_of(*classes: type) -> Callable[[Any, Any], bool]:
    """An `is_type_of` for a Strawberry type that is decided by the object's class alone.

    The engine recognises it and asks once for each class instead of once for each object:

        is_type_of = staticmethod(is_instance_of(TeamRow))
    """

    def is_type_of(value: Any, _info: Any) -> bool:
        return isinstance(value, classes)

    is_type_of.classes = classes  # type: ignore[attr-defined]  # the mark that the engine reads
    return is_type_of
