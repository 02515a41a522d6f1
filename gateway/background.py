"""Loops that run beside the requests, and end when they are told to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

PATIENCE_S = 1.0


@contextlib.asynccontextmanager
async def in_background(*loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs loops until the block ends."""
    tasks = [asyncio.create_task(each) for each in loops]
    try:
        yield
    finally:
        await end(*tasks)


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancels tasks until they are done; what they raise is dropped.

    A library may swallow a cancellation (redis-py does while it connects), so that once is not
    enough.
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=PATIENCE_S)
    await asyncio.gather(*tasks, return_exceptions=True)
