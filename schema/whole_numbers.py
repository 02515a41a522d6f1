"""Whole numbers beyond 32 bits: a city's minutes of service are billions."""

from typing import NewType

import strawberry

Long = NewType("Long", int)
LONG = strawberry.scalar(
    name="Long",
    description="Whole number up to 2^53, as JSON holds it exactly (长整数)",
    serialize=int,
    parse_value=int,
)
