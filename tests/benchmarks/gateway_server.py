"""The gateway as one process of the benchmark, with the engine or with stock graphql-core."""

import argparse
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import uvicorn
from graphql import ExecutionResult
from starlette.applications import Starlette
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway import documents
from gateway.app import create_app
from gateway.engine.engine import Engine, Outcome, PlannedDocument
from gateway.garbage import spare_the_collector
from gateway.logs import configure_logs
from gateway.settings import Settings, load_keys
from tests.benchmarks.workloads import TOKEN_LIFETIME_S


class StockEngine(Engine):
    """Executes what the engine would, object by object, as Strawberry does by itself."""

    async def run(
        self,
        planned: PlannedDocument,
        *,
        variables: Mapping[str, Any] | None = None,
        context: Any = None,
        root: Any = None,
        operation_extensions: dict[str, Any] | None = None,
        deadline: float | None = None,
    ) -> Outcome:
        """The outcome of graphql-core's own executor."""
        del deadline
        name = planned.operation.name
        executor = StrawberryGraphQLCoreExecutionContext.build(
            self._schema._schema,
            planned.document,
            root,
            context,
            dict(variables or {}),
            None if name is None else name.value,
            is_awaitable=cast("Any", optimized_is_awaitable),
            operation_extensions=operation_extensions,
        )
        if isinstance(executor, list):
            return Outcome(None, executor)
        result: Any = executor.execute_operation()
        if optimized_is_awaitable(result):
            result = await result
        assert isinstance(result, ExecutionResult)
        return Outcome(result.data, result.errors or ())


def make_app(data_dir: Path, database_url: str, redis_url: str, *, stock: bool) -> Starlette:
    """The whole application; only what executes a document differs."""
    settings = Settings(
        data_dir=data_dir, access_token_lifetime=timedelta(seconds=TOKEN_LIFETIME_S)
    )
    if stock:
        # The switch that only the benchmark has.
        vars(documents)["Engine"] = StockEngine
    return create_app(settings, load_keys(settings), database_url=database_url, redis_url=redis_url)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--stock", action="store_true")
    given = parser.parse_args()
    # As in service: a line of log for each request, here into the launcher's file.
    configure_logs("INFO", stream=sys.stderr)
    app = make_app(given.data, given.database, given.redis, stock=given.stock)
    spare_the_collector()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=given.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
