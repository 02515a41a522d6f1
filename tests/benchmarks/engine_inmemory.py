"""The engine beside stock graphql-core on a tree of hubs in memory, no database.

    python -m tests.benchmarks.engine_inmemory [--repeat 15] [--profile]

One district hub, 30 hubs below it, 9 below each of those, seven fields each, and the first five
teams of each hub as a connection; then the same tree with 4 and 16 times the teams.
"""

import argparse
import asyncio
import cProfile
import gc
import json
import pstats
import statistics
import sys
import tracemalloc
from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from time import process_time
from typing import Any

import strawberry
from graphql import parse
from strawberry import Info
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.engine.engine import Engine
from gateway.engine.fields import batch_field
from gateway.engine.rows import is_instance_of

TREE = """query Tree($first: Int!) {
  hub { ...H childHubs { ...H childHubs { ...H } } }
}
fragment H on Hub {
  id name kind regionCode level volunteers founded
  teams(first: $first) { totalCount edges { cursor node { id name kind members } } }
}"""


def row_class(name: str, *columns: str) -> type[tuple[Any, ...]]:
    """A class of rows as the driver gives them: a tuple whose columns are properties too."""
    properties: dict[str, Any] = {
        column: property(itemgetter(position)) for position, column in enumerate(columns)
    }
    return type(name, (tuple,), {"__slots__": (), "__columns__": columns, **properties})


HubRow = row_class(
    "HubRow", "id", "name", "kind", "region_code", "level", "volunteers", "founded", "parent_id"
)
TeamRow = row_class("TeamRow", "id", "name", "kind", "members", "hub_id")


class EdgeRow:
    __slots__ = ("cursor", "node")

    def __init__(self, cursor: str, node: Any) -> None:
        self.cursor = cursor
        self.node = node


class ConnectionRow:
    __slots__ = ("edges", "total_count")

    def __init__(self, edges: list[EdgeRow], total_count: int) -> None:
        self.edges = edges
        self.total_count = total_count


@strawberry.type
class Team:
    id: strawberry.ID
    name: str
    kind: str
    members: int
    is_type_of = staticmethod(is_instance_of(TeamRow))


@strawberry.type
class TeamEdge:
    cursor: str
    node: Team


@strawberry.type
class TeamConnection:
    edges: list[TeamEdge]
    total_count: int


class World:
    """The hubs and teams, keyed by what they are asked by."""

    def __init__(self, times: int) -> None:
        self.calls = 0
        self.batches: dict[Any, Any] = {}
        self.hubs: dict[str, list[Any]] = {}
        self.teams: dict[str, list[Any]] = {}
        self.connections: dict[tuple[str, int], ConnectionRow] = {}
        self.district = self._hub("0", None)
        for child in range(30):
            below = self._hub(f"0.{child}", "0")
            for grandchild in range(9):
                self._hub(f"0.{child}.{grandchild}", below[0])
        for hub in [*self.hubs]:
            self.teams[hub] = [
                TeamRow((f"{hub}-{n}", f"服务队 {n}", "SERVICE", n, hub)) for n in range(5 * times)
            ]

    def connection(self, hub: str, first: int) -> ConnectionRow:
        """The first teams of a hub, made once: what is measured is execution."""
        known = self.connections.get((hub, first))
        if known is None:
            rows = self.teams[hub][:first]
            known = ConnectionRow([EdgeRow(row[0], row) for row in rows], len(rows))
            self.connections[hub, first] = known
        return known

    def _hub(self, key: str, parent: str | None) -> Any:
        row = HubRow((key, f"志愿服务中心 {key}", "HUB", "310000", 3, 1200, "2019-05-05", parent))
        self.hubs.setdefault(key, [])
        if parent is not None:
            self.hubs[parent].append(row)
        return row


@strawberry.type
class Hub:
    id: strawberry.ID
    name: str
    kind: str
    region_code: str
    level: int
    volunteers: int
    founded: str | None
    is_type_of = staticmethod(is_instance_of(HubRow))

    @batch_field(graphql_type=list["Hub"], needs=("id",))
    @staticmethod
    async def child_hubs(parents: Sequence[Any], info: Info[World, None]) -> list[Any]:
        info.context.calls += 1
        return [info.context.hubs[row[0]] for row in parents]

    @batch_field(graphql_type=TeamConnection, needs=("id",))
    @staticmethod
    async def teams(parents: Sequence[Any], info: Info[World, None], first: int = 5) -> list[Any]:
        info.context.calls += 1
        return [info.context.connection(row[0], first) for row in parents]


@strawberry.type
class Query:
    @strawberry.field
    async def hub(self, info: Info[World, None]) -> Hub | None:
        return info.context.district  # type: ignore[no-any-return]


SCHEMA = strawberry.Schema(
    Query,
    execution_context_class=StrawberryGraphQLCoreExecutionContext,
    extensions=[ParserCache, ValidationCache],
)

Ask = Callable[[World, dict[str, Any]], Awaitable[dict[str, Any] | None]]


def askers() -> dict[str, Ask]:
    """The two ways to execute the same document on the same schema."""
    engine = Engine(SCHEMA)
    planned = engine.plan(parse(TREE))

    async def ours(world: World, variables: dict[str, Any]) -> dict[str, Any] | None:
        outcome = await engine.run(planned, variables=variables, context=world)
        assert not outcome.errors, outcome.errors
        return outcome.data

    async def stock(world: World, variables: dict[str, Any]) -> dict[str, Any] | None:
        result = await SCHEMA.execute(TREE, variable_values=variables, context_value=world)
        assert not result.errors, result.errors
        return result.data

    return {"stock": stock, "engine": ours}


async def measure(times: int, repeat: int) -> dict[str, Any]:
    """Milliseconds of CPU of both, best of interleaved turns, once their answers are equal."""
    world, variables = World(times), {"first": 5 * times}
    ways = askers()
    answers = {name: await ask(world, variables) for name, ask in ways.items()}
    assert json.dumps(answers["stock"]) == json.dumps(answers["engine"])
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repeat):
        for name, ask in ways.items():
            if name == "stock" and turn >= max(3, repeat // times):
                continue
            gc.collect()
            start = process_time()
            await ask(world, variables)
            spent[name].append((process_time() - start) * 1000)
    objects = 1 + 301 * 2 + 301 * 5 * times * 2
    best = {name: min(each) for name, each in spent.items()}
    median = {name: statistics.median(each) for name, each in spent.items()}
    return {
        "times": times,
        "objects": objects,
        "stock_ms": round(best["stock"], 2),
        "engine_ms": round(best["engine"], 2),
        "ratio": round(best["stock"] / best["engine"], 1),
        "engine_us_per_object": round(best["engine"] * 1000 / objects, 3),
        "median_ratio": round(median["stock"] / median["engine"], 1),
    }


async def memory(times: int) -> dict[str, Any]:
    """The most memory that one request takes, beside the bytes of its answer."""
    world, engine = World(times), Engine(SCHEMA)
    planned = engine.plan(parse(TREE))
    variables = {"first": 5 * times}
    await engine.run(planned, variables=variables, context=world)
    tracemalloc.start()
    outcome = await engine.run(planned, variables=variables, context=world)
    answer = outcome.encode()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "times": times,
        "answer_bytes": len(answer),
        "peak_bytes": peak,
        "peak_per_byte": round(peak / len(answer), 1),
    }


async def profile() -> None:
    """Where the engine's time goes."""
    world, ask = World(1), askers()["engine"]
    await ask(world, {"first": 5})
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(50):
        await ask(world, {"first": 5})
    profiler.disable()
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(18)


def main() -> None:
    """Measure and print lines of JSON: time for each size, then memory for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    if given.profile:
        asyncio.run(profile())
        return
    for times in (1, 4, 16):
        # As a server does once it has started: what stays is not looked through for garbage.
        gc.collect()
        gc.freeze()
        sys.stdout.write(json.dumps(asyncio.run(measure(times, given.repeat))) + "\n")
    for times in (1, 4, 16):
        sys.stdout.write(json.dumps(asyncio.run(memory(times))) + "\n")


if __name__ == "__main__":
    main()
