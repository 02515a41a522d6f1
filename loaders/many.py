"""The batching of all loaders: what several callers ask for in one moment, in one statement."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

V = TypeVar("V")


class Many(DataLoader[tuple[Any, ...], None], Generic[V]):
    """Values by key. All keys of one caller are one key of the DataLoader.

    A future for each row would cost more than the row; here there is one for each caller, and who
    asks in the same turn of the event loop still shares a statement.
    """

    cache = False

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[Any, V] = {}

    async def many(self, keys: Iterable[Any]) -> Mapping[Any, V]:
        """The value of each key, among others; no key is fetched twice in a request."""
        found = self._found
        wanted = tuple([key for key in keys if key not in found])
        if wanted:
            await self.load(wanted)
        return found

    async def batch_load_fn(self, keys: list[tuple[Any, ...]]) -> list[None]:
        """Fetches what is still missing, for all callers."""
        found = self._found
        wanted = list({key: None for group in keys for key in group if key not in found})
        if wanted:
            found.update(await self.fetch(wanted))
        return [None] * len(keys)

    @abstractmethod
    async def fetch(self, keys: list[Any]) -> Mapping[Any, V]:
        """The value of each of the keys, which are different and at least one."""
