"""What resolvers of generated worlds give: objects, and values that come late or break off."""

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any


class Later:
    """An awaitable that is not a coroutine: nobody warns if it is left alone."""

    def __init__(self, give: Callable[[], Any]) -> None:
        self._give = give

    def __await__(self) -> Generator[Any, None, Any]:
        if False:
            yield
        return self._give()


@dataclass(frozen=True)
class Raised:
    """A value that is raised where it would be given."""

    message: str

    def give(self) -> Any:
        raise ValueError(self.message)


class Thing:
    """An object of a generated type, read by attribute."""

    def __init__(self, world: Any, name: str, seed: int) -> None:
        self.world = world
        self.name = name
        self.seed = seed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.world.attribute(self, name)

    def __inspect__(self) -> str:
        return f"{self.name}#{self.seed}"

    __repr__ = __inspect__


def seed_of(source: Any) -> object:
    return getattr(source, "seed", None) if isinstance(source, (Thing, tuple)) else repr(source)


def broken(items: list[Any], name: str) -> Iterator[Any]:
    yield from items
    if len(items) > 1:
        raise ValueError(f"{name} broke off")


async def stream(items: list[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item
