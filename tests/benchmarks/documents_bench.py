"""What registered documents cost: `python -m tests.benchmarks.documents_bench`.

By id against the warm and the cold text path, in CPU of the gateway's own process; a station with
10,000 documents until it is ready; one lookup.
"""

import asyncio
import gc
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from db.embedded.postgres import EmbeddedPostgres
from db.embedded.redis import EmbeddedRedis
from db.private_files import passable_mode
from db.session import Database
from db.urls import asyncpg_dsn
from gateway.document_checks import check_documents
from gateway.document_ids import document_id
from gateway.document_store import DocumentStore
from gateway.documents import Documents
from gateway.manifests import ManifestDocument
from gateway.registration import store_documents
from gateway.settings import Limits
from permissions.viewer import Role
from schema.build import build_schemas
from tests.api.client import Client, running
from tests.api.people_world import prepare_people
from tests.edge.documents_world import DOCUMENTS, register

MANY = 10_000
CHECKED = 300
ROUNDS = 300
SELECTION = """{
  region(code: "500112") {
    code name shortName level population
    parent { name level }
    children { code name level teams(first: 3) { nodes { ...T } } }
  }
}
fragment T on Team { id teamNo name kind status region { name level } contactTeam { name } }"""
HEADERS = {"accept": "application/graphql-response+json"}


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def document(number: int) -> ManifestDocument:
    text = f"query Q{number} {SELECTION}"
    return ManifestDocument(f"q{number}", text, document_id(text))


async def cpu_us(ask: Callable[[int], Awaitable[Any]], rounds: int = ROUNDS) -> float:
    """The median CPU of one call, in microseconds."""
    taken = []
    for number in range(rounds):
        began = time.process_time_ns()
        await ask(number)
        taken.append(time.process_time_ns() - began)
    return statistics.median(taken) / 1000


async def paths(client: Client, work: Any) -> None:
    one = document(0)

    async def post(body: dict[str, Any]) -> None:
        answer = await client.http.post(
            "/graphql",
            content=orjson.dumps(body),
            headers={**HEADERS, "content-type": "application/json"},
        )
        assert answer.status_code == 200, answer.text
        assert "errors" not in answer.json()

    async def by_id(_: int) -> None:
        await post({"documentId": one.id})

    async def warm(_: int) -> None:
        await post({"query": one.text})

    async def cold(number: int) -> None:
        await post({"query": f"{one.text} # {number}"})

    for each in (by_id, warm):
        await cpu_us(each, 50)
    before = (work.parsed, work.validated, work.planned, work.priced)
    found = {"by id": await cpu_us(by_id)}
    done = tuple(
        now - then
        for now, then in zip(
            (work.parsed, work.validated, work.planned, work.priced), before, strict=True
        )
    )
    found["warm text"] = await cpu_us(warm)
    found["cold text"] = await cpu_us(cold)
    found["by id again"] = await cpu_us(by_id)
    for name, value in found.items():
        say(f"{name:<12} {value:8.0f} µs of CPU")
    best = min(found["by id"], found["by id again"])
    say(f"parsed, validated, planned, priced by {ROUNDS} requests by id: {done}")
    say(f"by id against warm text: {best / found['warm text']:.2f}")
    say(f"by id against cold text: {1 - best / found['cold text']:.0%} less")


def lookup(store: DocumentStore) -> None:
    ids = [document(n).id for n in range(0, MANY, 7)]
    began = time.perf_counter()
    for _ in range(20):
        for each in ids:
            assert store.find("many", Role.PUBLIC, each)
    took = (time.perf_counter() - began) / (20 * len(ids))
    say(f"lookup       {took * 1e6:8.2f} µs")


async def many(url: str, redis_url: str) -> None:
    """A station with many documents, from its start until it is ready."""
    began = time.process_time()
    some = check_documents(
        DOCUMENTS, Role.PUBLIC, [document(n) for n in range(CHECKED)], longest_page=100
    )
    each_ms = (time.process_time() - began) / CHECKED * 1000
    say(f"checked {CHECKED} documents, {each_ms:.1f} ms of CPU each")
    # The same operation under other names: the checks of the rest would say nothing new.
    rest = [replace(some[0], document=document(n)) for n in range(CHECKED, MANY)]
    began = time.perf_counter()
    async with Database(url) as database:
        await store_documents(
            database,
            "many",
            Role.PUBLIC,
            [*some, *rest],
            schema_hash=DOCUMENTS.schema_hashes[Role.PUBLIC],
        )
    say(f"stored {MANY} documents in {time.perf_counter() - began:.1f} s")
    connection = await asyncpg.connect(asyncpg_dsn(url))
    await connection.execute(
        "insert into document_usage select id, current_date, 1, 1 from trusted_documents"
        " on conflict do nothing"
    )
    await connection.close()
    code = "import sys; from tests.benchmarks.documents_bench import ready; ready(*sys.argv[1:])"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, url, redis_url)
    assert await process.wait() == 0


def ready(url: str, redis_url: str) -> None:
    """In a process of its own: how long until ready, and how much memory that takes."""
    schemas = build_schemas()
    asyncio.run(_ready(url, Documents(schemas, Limits())))
    del redis_url


async def _ready(url: str, documents: Documents) -> None:
    async with Database(url) as database:
        store = DocumentStore(database, documents, None)
        _ = documents.schema_hashes
        gc.collect()
        before = memory()
        began = time.perf_counter()
        await store.refresh()
        loaded = time.perf_counter() - began
        await store.warm()
        took = time.perf_counter() - began
        assert len(store) >= MANY
        say(f"loaded in {loaded:.2f} s, ready in {took:.2f} s")
        say(f"planned {documents.work.planned}, validated {documents.work.validated}")
        say(f"memory of the documents: {memory() - before:.0f} MB")
        lookup(store)


def memory() -> float:
    """What this process has in memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


async def main(url: str, redis_url: str) -> None:
    await prepare_people(url)
    async with Database(url) as database:
        await register(database, "one", Role.PUBLIC, [document(0)])
    async with running(url, redis_url) as client:
        while (await client.http.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.02)
        transport: Any = client.http._transport
        work = transport.app.routes[0].endpoint.__self__.trusted.documents.work
        await paths(client, work)
    await many(url, redis_url)


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="volunteer-gateway-bench-"))
    folder.chmod(passable_mode())
    postgres, redis = EmbeddedPostgres(folder, durable=False), EmbeddedRedis(folder)
    try:
        asyncio.run(main(postgres.start(), redis.start()))
    finally:
        postgres.stop()
        redis.stop()
