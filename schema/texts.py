"""Texts that clients send, before they reach a statement."""

from collections.abc import Iterable


def is_storable(text: str) -> bool:
    """Whether the database could hold the text: no zero byte, no half of a surrogate pair.

    What it cannot hold is equal to nothing in it, and must not reach a statement.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def storable(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of the texts that the database could hold."""
    return tuple(text for text in texts if is_storable(text))
