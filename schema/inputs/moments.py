"""Moments that clients send."""

from datetime import datetime
from typing import Any

from strawberry import UNSET

from permissions.errors import InvalidInput


def instant(given: datetime, field: str) -> datetime:
    """A moment with its offset.

    Raises:
        InvalidInput: a time without an offset, which no clock could tell.
    """
    if given.tzinfo is None:
        raise InvalidInput(f"input.{field}", "A time has an offset, such as +08:00.")
    return given


def moment(given: Any, field: str) -> datetime | None:
    """A moment with its offset; None if it was left out.

    Raises:
        InvalidInput: a time without an offset.
    """
    return None if given is None or given is UNSET else instant(given, field)
