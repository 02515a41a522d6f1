"""Measure four servers over HTTP, side by side: ours with its engine, ours with stock graphql-core,
the limit of a hand-written statement, and PostGraphile.

The answers are compared first. Turns of load are short and interleaved, so that whatever else the
machine does meets everyone alike; the table gives medians over the rounds.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx

from db.embedded.postgres import EmbeddedPostgres
from db.embedded.redis import EmbeddedRedis
from db.keys import KeyRing
from db.ledger.folding import fold_database
from db.migrate import upgrade
from db.private_files import passable_mode
from db.seed.run import AlreadySeeded, seed
from db.urls import asyncpg_dsn
from tests.benchmarks.contenders import (
    POSTGRAPHILE,
    Contender,
    install_postgraphile,
    running,
)
from tests.benchmarks.http_load import Turn, load
from tests.benchmarks.http_report import Cell, Machine, write_results
from tests.benchmarks.limit_server import statement
from tests.benchmarks.same_answers import plain
from tests.benchmarks.workloads import FOLDER, STATION, Workload, workloads

ROOT = FOLDER.parent.parent
DATA = ROOT / ".data" / "benchmark"
MAKERS = ("db/migrations/versions", "db/ledger", "db/seed")
NAMES = ("engine", "stock", "limit", "postgraphile")
WARM_UP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long to measure, and what."""

    rounds: int
    seconds: int
    names: Sequence[str]
    workloads: Sequence[str]
    results: Path


@dataclass(slots=True)
class Bench:
    """The measurements, as they come in."""

    plan: Plan
    postmaster: int
    turns: dict[tuple[str, str], list[Turn]] = field(default_factory=dict)
    loads: list[float] = field(default_factory=list)

    def run(self, contenders: Sequence[Contender], asked: Sequence[Workload]) -> None:
        """Rounds of one turn for each workload and contender."""
        for each in range(self.plan.rounds):
            for workload in asked:
                for contender in contenders:
                    self._turn(contender, workload)
            tell(f"round {each + 1} of {self.plan.rounds}, load {os.getloadavg()[0]:.1f}")

    def _turn(self, contender: Contender, workload: Workload) -> None:
        turn = load(
            contender,
            contender.ask(workload),
            postmaster=self.postmaster,
            seconds=self.plan.seconds,
        )
        self.loads.append(os.getloadavg()[0])
        self.turns.setdefault((workload.name, contender.name), []).append(turn)

    def cells(self) -> list[Cell]:
        """The median turn of each workload and contender."""
        return [
            Cell(
                workload=workload,
                contender=contender,
                **{
                    name: median(getattr(turn, name) for turn in turns)
                    for name in Turn.__dataclass_fields__
                    if name != "requests"
                },
                requests=sum(turn.requests for turn in turns),
                each=[turn.per_second for turn in turns],
            )
            for (workload, contender), turns in self.turns.items()
        ]


def tell(sentence: str) -> None:
    """Says how far it is."""
    sys.stderr.write(f"{sentence}\n")


def data_folder() -> Path:
    """The folder of a station as today's migrations and seed make it; one of others is removed."""
    digest = sha256()
    for path in sorted(each for maker in MAKERS for each in (ROOT / maker).rglob("*.py")):
        digest.update(path.read_bytes())
    folder = DATA / digest.hexdigest()[:12]
    if DATA.exists():
        for each in DATA.iterdir():
            if each != folder:
                shutil.rmtree(each)
    folder.mkdir(parents=True, exist_ok=True)
    for each in (DATA, folder):
        each.chmod(passable_mode())
    return folder


async def prepare(url: str, keys: KeyRing) -> None:
    """The default station, with what PostGraphile needs beside it."""
    await upgrade(url, station=STATION)
    with contextlib.suppress(AlreadySeeded):
        await seed(url, keys)
    # Figures of what is not yet folded are slow to read, and the others do not know of it.
    await fold_database(url)
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        if not await connection.fetchval("select to_regnamespace('postgraphile') is not null"):
            functions = POSTGRAPHILE / "functions.sql"
            await connection.execute(functions.read_text(encoding="utf-8"))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


def answer(contender: Contender, workload: Workload) -> bytes:
    """One answer."""
    ask = contender.ask(workload)
    with httpx.Client(timeout=60, trust_env=False) as client:
        response = client.post(contender.url(ask), content=ask.body, headers=ask.headers)
    assert response.status_code == 200, (contender.name, workload.name, response.text[:2000])
    return response.content


def compare(contenders: Sequence[Contender], asked: Sequence[Workload]) -> None:
    """Makes sure that all answer the same, and that their caches and compilers are warm."""
    for workload in asked:
        first: Any = None
        for contender in contenders:
            told = plain(workload, answer(contender, workload))
            first = told if first is None else first
            assert told == first, f"{contender.name} answers {workload.name} differently."
            for _ in range(WARM_UP):
                answer(contender, workload)
        tell(f"{workload.name}: {len(contenders)} answers are equal")


async def explain(url: str, asked: Sequence[Workload]) -> dict[str, str]:
    """How PostgreSQL runs the limit's statements."""
    connection: Any = await asyncpg.connect(asyncpg_dsn(url), server_settings={"jit": "off"})
    found = {}
    try:
        for workload in asked:
            (value,) = workload.rows.values()
            literal = f"'{value}'" if isinstance(value, str) else str(value)
            text = statement(workload.name).replace("$1", literal)
            for _ in range(3):
                rows = await connection.fetch(f"explain (analyze, buffers, costs off) {text}")
            found[workload.name] = "\n".join(row[0] for row in rows)
    finally:
        await connection.close()
    return found


async def describe(url: str, loads: Sequence[float]) -> Machine:
    """Where it was measured, and how busy it was."""
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        version = await connection.fetchval("select split_part(version(), ' on ', 1)")
        counts = {
            table: await connection.fetchval(f"select count(*) from {table}")  # noqa: S608
            for table in ("teams", "projects", "sign_ups", "service_records")
        }
    finally:
        await connection.close()
    return Machine(
        cpu=cpu_model(),
        cores=os.cpu_count() or 1,
        load=(min(loads), median(loads), max(loads)),
        versions=f"{version}, Python {platform.python_version()}",
        rows=counts,
        at=datetime.now(UTC),
    )


def cpu_model() -> str:
    """The processor's name, as the kernel tells it."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(": ")[2] for line in told if line.startswith("model name")]
    return models[0] if models else platform.machine()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the table, the plot and the figures."""
    plan = _plan(arguments)
    names = [name for name in plan.names if name != "postgraphile" or install_postgraphile()]
    if len(names) < len(plan.names):
        tell("PostGraphile could not be installed; the others are measured without it.")
    data = data_folder()
    keys = KeyRing.open(data / "keys")
    postgres = EmbeddedPostgres(data)
    with (
        postgres,
        EmbeddedRedis(data) as redis,
        tempfile.TemporaryDirectory() as logs,
    ):
        url = postgres.url
        assert postgres.pid is not None
        asyncio.run(prepare(url, keys))
        asked = [each for each in asyncio.run(workloads(url, keys)) if each.name in plan.workloads]
        with running(
            names, data_dir=data, database_url=url, redis_url=redis.url, logs=Path(logs)
        ) as contenders:
            compare(contenders, asked)
            bench = Bench(plan, postgres.pid)
            bench.run(contenders, asked)
        machine = asyncio.run(describe(url, bench.loads))
        plans = asyncio.run(explain(url, asked)) if "limit" in names else {}
    written = write_results(plan.results, bench.cells(), machine, plans)
    sys.stdout.write(written.read_text(encoding="utf-8"))


def _plan(arguments: Sequence[str] | None) -> Plan:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--workloads", nargs="+", default=["Tree", "Page", "Profile", "Region"])
    parser.add_argument("--results", type=Path, default=FOLDER / "results")
    given = parser.parse_args(arguments)
    return Plan(
        rounds=given.rounds,
        seconds=given.seconds,
        names=given.only,
        workloads=given.workloads,
        results=given.results,
    )


if __name__ == "__main__":
    main()
