"""Descriptions of worlds: types, fields, and what is odd about each of them."""

import enum
from dataclasses import dataclass
from typing import Any, NewType, Optional

import strawberry

Fussy = NewType("Fussy", str)


def serialize_fussy(value: Any) -> Any:
    if value == "refuse":
        raise ValueError("Fussy refuses.")
    return None if value == "nothing" else f"<{value}>"


FUSSY = strawberry.scalar(name="Fussy", serialize=serialize_fussy, parse_value=str)


@strawberry.enum
class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"
    ONE = 1


@strawberry.input
class Filter:
    prefix: str = "p"
    number: int | None = None


LEAVES = ("Int", "String", "Boolean", "Float", "ID", "Color", "Fussy")
PYTHON: dict[str, Any] = {
    "Int": int, "String": str, "Boolean": bool, "Float": float, "ID": strawberry.ID,
    "Color": Color, "Fussy": Fussy,
}  # fmt: skip
ARGUMENTS = {
    "none": "",
    "default": "n: int = 3",
    "several": 'n: int | None = None, s: str = "d"',
    "input": "given: Filter | None = None",
    "required": "n: int",
}
TIDY: dict[str, tuple[Any, Any]] = {
    "Int": (7, 2**40), "String": ("text", None), "Boolean": (True, None),
    "Float": (0.5, float("inf")), "ID": ("id", None), "Color": (Color.RED, Color.BLUE),
    "Fussy": ("fuss", "nothing"),
}  # fmt: skip
WAYS = ("attribute", "guarded", "ordinary", "watched", "batch", "batch_guarded")


@dataclass(frozen=True)
class Kind:
    """A field's type: `shape` from the outside in, `n` for null allowed, `l` for a list of."""

    shape: tuple[bool, ...]
    named: str

    def annotation(self, names: dict[str, Any]) -> Any:
        made = names[self.named]
        for depth, nullable in enumerate(reversed(self.shape)):
            if depth:
                made = list[made]
            if nullable:
                made = Optional[made]  # noqa: UP045  # `|` needs types that know it
        return made


@dataclass(frozen=True)
class FieldSpec:
    name: str
    kind: Kind
    way: str = "attribute"
    arguments: str = "none"
    is_async: bool = False
    items: str = "list"
    always_fails: bool = False
    tidy: bool = False
    """Whether all values are of one class, as a column of a table is."""


@dataclass(frozen=True)
class TypeSpec:
    name: str
    fields: tuple[FieldSpec, ...]
    implements: bool = False
    is_type_of: str = "function"
    objects: str = "plain"


@dataclass(frozen=True)
class WorldSpec:
    types: tuple[TypeSpec, ...]
    query: TypeSpec
    mutation: TypeSpec
    interface_fields: tuple[FieldSpec, ...]
    union: tuple[str, ...]
    silent: bool = False

    def type_named(self, name: str) -> TypeSpec:
        return next(each for each in (*self.types, self.query, self.mutation) if each.name == name)

    @property
    def abstract(self) -> tuple[str, ...]:
        """The abstract types that the schema has: a union only if a field is of it."""
        owners = (*self.types, self.query, self.mutation)
        used = {field.kind.named for owner in owners for field in owner.fields}
        return ("I", "U") if "U" in used else ("I",)

    def possible(self, name: str) -> tuple[str, ...]:
        if name == "U":
            return self.union
        if name == "I":
            return tuple(each.name for each in self.types if each.implements)
        return (name,)

    def fields_of(self, name: str) -> tuple[FieldSpec, ...]:
        if name == "I":
            return self.interface_fields
        if name == "U":
            return ()
        spec = self.type_named(name)
        return (*self.interface_fields, *spec.fields) if spec.implements else spec.fields
