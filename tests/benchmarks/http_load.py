"""Load on one server: wrk where it is installed, else a generator of our own."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its types are another package

from tests.benchmarks.contenders import Ask, Contender

CONNECTIONS = 8
LONGER = 6
TICK = os.sysconf("SC_CLK_TCK")

SCRIPT = """
wrk.method = "POST"
wrk.body = %(body)s
%(headers)s
function done(summary, latency, requests)
    io.write(string.format(
        '\\nRESULT {"requests": %%d, "us": %%d, "bytes": %%d, "p50": %%d, "p99": %%d, '
            .. '"failed": %%d}\\n',
        summary.requests, summary.duration, summary.bytes, latency:percentile(50),
        latency:percentile(99), summary.errors.status + summary.errors.connect
            + summary.errors.read + summary.errors.write + summary.errors.timeout
    ))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn of load gave; times in milliseconds, CPU for each request."""

    requests: int
    per_second: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float
    bytes: float


@dataclass(frozen=True, slots=True)
class _Load:
    requests: int
    seconds: float
    bytes: int
    p50: float
    p99: float


class LoadFailed(Exception):
    """Requests were answered with an error, or not at all."""


def load(contender: Contender, ask: Ask, *, postmaster: int, seconds: int) -> Turn:
    """One turn: eight connections that each wait for an answer before they ask again.

    Raises:
        LoadFailed: not every request was answered with 200.
    """
    generate = _wrk if shutil.which("wrk") else _own
    before = cpu_of_tree(contender.pid), cpu_of_tree(postmaster)
    found = generate(contender, ask, seconds)
    if not found.requests:
        # Whoever answers nothing in a turn needs a longer one.
        before = cpu_of_tree(contender.pid), cpu_of_tree(postmaster)
        found = generate(contender, ask, LONGER * seconds)
    if not found.requests:
        raise LoadFailed(f"{contender.name} answered nothing in {LONGER * seconds} s.")
    after = cpu_of_tree(contender.pid), cpu_of_tree(postmaster)
    server, database = ((b - a) * 1000 / found.requests for a, b in zip(before, after, strict=True))
    return Turn(
        requests=found.requests,
        per_second=found.requests / found.seconds,
        p50=found.p50,
        p99=found.p99,
        server_cpu=server,
        database_cpu=database,
        bytes=found.bytes / found.requests,
    )


def cpu_of_tree(pid: int) -> float:
    """Seconds of CPU that a process and its children took, ended children included."""
    process = psutil.Process(pid)
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        if each.pid == pid:
            total += times.children_user + times.children_system
    return total


def _wrk(contender: Contender, ask: Ask, seconds: int) -> _Load:
    headers = "\n".join(
        f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}"
        for name, value in ask.headers.items()
    )
    body = json.dumps(ask.body.decode("utf-8"), ensure_ascii=False)
    script = Path("/tmp") / f"wrk-{os.getpid()}.lua"  # noqa: S108 - ours alone, by the process id
    script.write_text(SCRIPT % {"body": body, "headers": headers}, encoding="utf-8")
    try:
        said = subprocess.run(  # noqa: S603
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s",  # noqa: S607
             "-s", str(script), contender.url(ask)],
            check=True, capture_output=True, text=True, timeout=seconds + 60,
        ).stdout  # fmt: skip
    finally:
        script.unlink()
    given = json.loads(said.partition("RESULT ")[2])
    if given["failed"]:
        raise LoadFailed(said)
    return _Load(
        requests=given["requests"],
        seconds=given["us"] / 1e6,
        bytes=given["bytes"],
        p50=given["p50"] / 1000,
        p99=given["p99"] / 1000,
    )


def _own(contender: Contender, ask: Ask, seconds: int) -> _Load:
    return asyncio.run(_generate(contender, ask, seconds))


async def _generate(contender: Contender, ask: Ask, seconds: int) -> _Load:
    lines = [
        f"POST {ask.path} HTTP/1.1",
        f"Host: 127.0.0.1:{contender.port}",
        f"Content-Length: {len(ask.body)}",
        *(f"{name}: {value}" for name, value in ask.headers.items()),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode() + ask.body
    start = time.perf_counter()
    times: list[float] = []
    sizes: list[int] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", contender.port, limit=2**20)
        while time.perf_counter() - start < seconds:
            asked = time.perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            if " 200 " not in head.partition("\r\n")[0]:
                raise LoadFailed(head)
            length = int(head.partition("content-length:")[2].partition("\r\n")[0])
            await reader.readexactly(length)
            times.append((time.perf_counter() - asked) * 1000)
            sizes.append(length)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    took = time.perf_counter() - start
    times.sort()
    return _Load(
        requests=len(times),
        seconds=took,
        bytes=sum(sizes),
        p50=times[len(times) // 2],
        p99=times[len(times) * 99 // 100],
    )
