"""Whole numbers beyond 32 bits: a city's minutes of service are billions."""

from typing import Any, NewType

import strawberry

Long = NewType("Long", int)
MOST = 2**53

LONG = strawberry.scalar(
    name="Long",
    description="Whole number up to 2^53, as JSON holds it exactly (长整数)",
    serialize=int,
    parse_value=int,
)


def long(value: Any) -> Long:
    """The number as the scalar."""
    return Long(int(value))
