"""Input types that hold plain values, made at once instead of field by field.

Strawberry asks of each field anew what it is, whatever was given; for ten thousand entries of one
mutation that is most of their price.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from strawberry.utils.str_converters import to_camel_case

T = TypeVar("T", bound=type)


def plain(cls: T) -> T:
    """Marks an input type whose fields are scalars and lists of scalars, which need no turning."""
    definition: Any = cls.__strawberry_definition__  # type: ignore[attr-defined]
    names = {
        field.graphql_name or to_camel_case(field.python_name): field.python_name
        for field in definition.fields
    }

    def made(type_: type, value: Mapping[str, Any], _context: object) -> Any:
        return type_(**{names[name]: given for name, given in value.items()})

    definition.from_input = made
    return cls
