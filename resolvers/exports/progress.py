"""How an export tells how far it has come."""

from collections.abc import Awaitable, Callable

Progress = Callable[[int, int], Awaitable[None]]
"""Is told how much of how much is done."""
