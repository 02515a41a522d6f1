"""Optional input: what a client left out is None."""

from typing import TypeVar

from strawberry import UNSET

T = TypeVar("T")


def or_none(given: T | None) -> T | None:
    """What was given, None where it was left out."""
    return None if given is UNSET else given
