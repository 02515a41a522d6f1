"""Loops in the background end with their block, whatever they do with a cancellation."""

import asyncio

import pytest

from gateway.background import in_background


async def test_loop_that_swallows_a_cancellation_ends_all_the_same() -> None:
    cancelled = 0
    begun = asyncio.Event()

    async def stubborn() -> None:
        nonlocal cancelled
        begun.set()
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled += 1
                if cancelled > 1:
                    raise

    async with asyncio.timeout(10), in_background(stubborn()):
        await begun.wait()

    assert cancelled == 2


async def test_loop_that_failed_does_not_hide_what_the_block_raised() -> None:
    async def broken() -> None:
        raise ValueError

    async def fail() -> None:
        await asyncio.sleep(0)
        raise KeyError

    with pytest.raises(KeyError):
        async with in_background(broken()):
            await fail()
