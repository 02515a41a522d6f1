"""Generated Python: reading attributes as columns, and building result objects from columns."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from keyword import iskeyword
from typing import Any, TypeAlias

Assemble: TypeAlias = Callable[..., list[dict[str, Any]]]
Read: TypeAlias = Callable[[Sequence[Any]], list[Any]]

WIDEST = 4
"""How many times wider than what is read a row may be to be transposed as a whole."""

COLUMN, NULL = "column", "null"


@lru_cache(maxsize=4096)
def assembler(layout: tuple[tuple[str, str], ...]) -> Assemble:
    """A function of (objects, *columns) that builds one dict for each object.

    `layout` gives each key, in order, what it holds: a column, null for now, or a constant text.
    """
    entries: list[str] = []
    names: list[str] = []
    for key, holds in layout:
        if holds == COLUMN:
            names.append(f"v{len(names)}")
            entries.append(f"{key!r}: {names[-1]}")
        elif holds == NULL:
            entries.append(f"{key!r}: None")
        else:
            entries.append(f"{key!r}: {holds[1:]!r}")
    parameters = ", ".join(name.upper() for name in names)
    body = "{" + ", ".join(entries) + "}"
    if not names:
        source = f"lambda objects: [{body} for _ in objects]"
    elif len(names) == 1:
        source = f"lambda objects, V0: [{body} for v0 in V0]"
    else:
        source = (
            f"lambda objects, {parameters}: [{body} for {', '.join(names)} in zip({parameters})]"
        )
    return eval(source, {})  # type: ignore[no-any-return]  # noqa: S307  # keys are repr'd, no input is code


def constant(text: str) -> str:
    """How a layout spells a key that always holds `text`."""
    return f"={text}"


@lru_cache(maxsize=4096)
def attribute_reader(name: str) -> Read:
    """A function that reads one attribute of all objects."""
    if name.isidentifier() and not iskeyword(name):
        source = f"lambda objects: [each.{name} for each in objects]"
        return eval(source, {})  # type: ignore[no-any-return]  # noqa: S307  # an identifier
    return lambda objects: [getattr(each, name) for each in objects]


@lru_cache(maxsize=4096)
def position_reader(position: int) -> Read:
    """A function that reads one position of all rows."""
    source = f"lambda objects: [each[{position}] for each in objects]"
    return eval(source, {})  # type: ignore[no-any-return]  # noqa: S307  # an integer


def read_columns(
    objects: Sequence[Any], names: Sequence[str], columns: tuple[str, ...] | None
) -> list[Sequence[Any]]:
    """The attributes of all objects, as one column for each name.

    `columns` are the names by position, if all objects are rows of one class. Raises what reading
    an object raises.
    """
    if columns is None or not objects:
        return [attribute_reader(name)(objects) for name in names]
    inside = [columns.index(name) if name in columns else None for name in names]
    # Turning the rows over as a whole costs a fifth of reading value by value.
    whole = len(columns) <= WIDEST * (len(inside) - inside.count(None))
    turned = list(zip(*objects, strict=False)) if whole else ()
    read: list[Sequence[Any]] = []
    for name, position in zip(names, inside, strict=True):
        if position is None:
            read.append(attribute_reader(name)(objects))
        elif whole:
            read.append(turned[position])
        else:
            read.append(position_reader(position)(objects))
    return read


def read_one_by_one(objects: Sequence[Any], name: str) -> list[Any]:
    """One attribute of all objects; where reading raises, the exception stands for the value."""
    values: list[Any] = []
    for each in objects:
        try:
            values.append(getattr(each, name))
        except Exception as error:  # noqa: BLE001  # a field's error, whatever it is
            values.append(error)
    return values
