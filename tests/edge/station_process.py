"""A station of the smallest parts that write and read for real; run as a process by the tests."""

import os
import sys
from collections.abc import Mapping
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from db.embedded.process import Tell
from gateway.environment import SettingsError
from gateway.logs import configure_logs
from gateway.settings import Settings
from gateway.station import Parts, Station, run_station


class WrongSchema(Exception):
    pass


async def migrate(station: Station) -> None:
    connection = await asyncpg.connect(station.database_url)
    await connection.execute("create table if not exists marks (mark text primary key)")
    refused = await connection.fetchval("select mark from marks where mark = 'newer schema'")
    await connection.close()
    if refused:
        raise WrongSchema("The database has a newer schema than this release knows.")


async def seed(station: Station) -> None:
    connection = await asyncpg.connect(station.database_url)
    await connection.execute("insert into marks values ('seeded') on conflict do nothing")
    await connection.close()


def create_app(station: Station) -> Any:
    async def write(request: Request) -> JSONResponse:
        mark = request.path_params["mark"]
        connection = await asyncpg.connect(station.database_url)
        try:
            await connection.execute("insert into marks values ($1)", mark)
        finally:
            await connection.close()
        return JSONResponse({"mark": mark})

    async def read(request: Request) -> JSONResponse:
        del request
        connection = await asyncpg.connect(station.database_url)
        try:
            rows = await connection.fetch("select mark from marks")
        finally:
            await connection.close()
        return JSONResponse([mark for (mark,) in rows])

    async def keys(request: Request) -> JSONResponse:
        del request
        return JSONResponse(repr(station.keys))

    return Starlette(
        routes=[
            Route("/marks", read),
            Route("/marks/{mark}", write, methods=["POST"]),
            Route("/keys", keys),
        ]
    )


def start(environment: Mapping[str, str], *, tell: Tell) -> int:
    parts = Parts(
        migrate=migrate,
        seed=seed,
        create_app=create_app,
        greeting=lambda station: f"ready at {station.address}",
        refusals=(WrongSchema,),
    )
    try:
        settings = Settings.from_environment(environment)
    except SettingsError as error:
        tell(str(error))
        return 1
    return run_station(settings, parts, tell=tell)


if __name__ == "__main__":
    configure_logs("ERROR")

    def tell(message: str) -> None:
        sys.stderr.write(f"{message}\n")

    sys.exit(start(os.environ, tell=tell))
