"""The limit: a bare route that runs one hand-written statement and passes its JSON through."""

import argparse
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.urls import asyncpg_dsn

SQL = Path(__file__).parent / "limit"


def statement(name: str) -> str:
    """The SQL of a workload."""
    return (SQL / f"{name.lower()}.sql").read_text(encoding="utf-8")


async def keep_bytes(connection: Any) -> None:
    """Lets texts stay the bytes that they come as: they would be decoded and encoded again."""
    await connection.set_type_codec(
        "text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary"
    )


async def keep_all(_connection: Any) -> None:
    """Resets nothing: the statements leave nothing behind, and a reset is one more round trip."""


def make_app(database_url: str) -> Starlette:
    """A route a workload; the body holds the statement's one value."""
    held: dict[str, Any] = {}

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            asyncpg_dsn(database_url),
            min_size=8,
            max_size=10,
            init=keep_bytes,
            reset=keep_all,
            server_settings={"jit": "off"},
        ) as pool:
            held["pool"] = pool
            yield

    statements = {path.stem: statement(path.stem) for path in SQL.glob("*.sql")}

    async def answer(request: Request) -> Response:
        sql = statements[request.path_params["name"]]
        value = orjson.loads(await request.body())
        body = await held["pool"].fetchval(sql, value)
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/{name}", answer, methods=["POST"])], lifespan=lifespan)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    given = parser.parse_args()
    uvicorn.run(
        make_app(given.database),
        host="127.0.0.1",
        port=given.port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
