"""What keeps guessing slow: a pace for each thing that may be guessed, by who guesses."""

from typing import Protocol


class Throttle(Protocol):
    """Counts attempts, whatever comes of them, across all processes."""

    async def take(self, what: str, who: str, /) -> None:
        """One attempt more.

        Raises:
            RateLimited: there were too many of late.
        """
        ...
