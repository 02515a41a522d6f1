"""One event loop, one database and one district for all examples of a state machine."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from db.session import Database
from db.urls import asyncpg_dsn
from tests.small_world import Planter
from tests.workflows.district import District

T = TypeVar("T")


class Stage:
    """Runs what is asynchronous for machines that are not."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.database = Database(url)
        self.run(self.database.open)
        planter = Planter(self.database)
        self.district: District = self.run(lambda: District.plant(planter))
        self.db: Any = self.run(lambda: asyncpg.connect(asyncpg_dsn(url)))

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """What the work comes to."""

        async def wait() -> T:
            return await work()

        return self.runner.run(wait())

    def close(self) -> None:
        """Gives everything back."""
        self.run(self.db.close)
        self.run(self.database.close)
        self.runner.close()
