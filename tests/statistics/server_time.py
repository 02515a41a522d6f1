"""What a statement costs the server, whoever else is busy."""

import asyncio
import re
from typing import Any

USED = re.compile(r"([\d.]+) s user, ([\d.]+) s system, [\d.]+ s elapsed")


async def processor_seconds(connection: Any, sql: str, *given: Any) -> float:
    """How long a processor worked for a statement with its triggers: not how long it waited."""
    told: list[str] = []

    def hear(_: Any, message: Any) -> None:
        if message.message == "EXECUTOR STATISTICS":
            told.append(message.detail)

    connection.add_log_listener(hear)
    await connection.execute("set client_min_messages = log; set log_executor_stats = on")
    told.clear()
    await connection.execute(sql, *given)
    await asyncio.sleep(0)  # in which the driver tells what was said
    spent = told[:]
    await connection.execute("reset log_executor_stats; reset client_min_messages")
    connection.remove_log_listener(hear)
    (said,) = spent
    found = USED.search(said)
    assert found is not None, said
    return float(found[1]) + float(found[2])
