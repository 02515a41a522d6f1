"""How long work tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Told of each step: what is being done, how many are done, of how many if that is known."""

    def __call__(self, step: str, done: int, total: int | None, /) -> None: ...


def silent(_step: str, _done: int, _total: int | None, /) -> None:
    """The progress nobody watches."""
