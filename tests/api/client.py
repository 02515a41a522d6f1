"""A client of an application under test: asks, and tells what an answer took."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import redis.asyncio
from starlette.applications import Starlette

from db.keys import Key, KeyRing, Purpose
from gateway.app import create_app
from gateway.logs import request_id
from gateway.rate_limit import KEY as BUDGETS
from gateway.settings import Settings
from gateway.tokens import AccessTokens

KEYS = KeyRing(
    {
        purpose: [Key(id="k1", secret=bytes(range(n, n + 32)))]
        for n, purpose in enumerate(Purpose, start=1)
    }
)
NATIONAL = "national.localhost"
STATION_HOST = "cq.localhost"
SETTLED_S = 0.1
ENDPOINT_LOG = logging.getLogger("gateway.graphql_http")

_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP; ``took`` is what the gateway logged of the request."""

    response: httpx.Response
    took: Mapping[str, Any]

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = orjson.loads(self.response.content)
        return body

    @property
    def data(self) -> Any:
        """The data; a request error has no such key and fails here."""
        return self.body["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = self.body.get("errors", [])
        return errors

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]

    @property
    def good(self) -> Any:
        """The data of an answer without errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def statements(self) -> int:
        """How many statements were read, those that establish who asks among them."""
        statements: int = self.took["statements"]
        return statements


class Told(logging.Handler):
    """Keeps what the endpoint logs, by request."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, Mapping[str, Any]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == "request":
            self.of[request_id.get() or ""] = vars(record)


@dataclass(frozen=True, slots=True)
class Client:
    """Asks an application."""

    http: httpx.AsyncClient
    told: Told
    tokens: AccessTokens
    settings: Settings
    keys: KeyRing = field(default=KEYS, repr=False)

    def token(self, account: int) -> str:
        """An access token of an account."""
        return self.tokens.issue(account).text

    async def ask(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        viewer: int | None = None,
        acting_as: str | None = None,
        headers: Mapping[str, str] | None = None,
        host: str = NATIONAL,
        operation: str | None = None,
    ) -> Answer:
        """The answer to a document, asked by an account in a capacity."""
        given = {"accept": "application/graphql-response+json", **(headers or {})}
        if viewer is not None:
            given["authorization"] = f"Bearer {self.token(viewer)}"
        if acting_as is not None:
            given["x-acting-as"] = acting_as
        body = {"query": document, "variables": variables, "operationName": operation}
        return await self.post(body, headers=given, host=host)

    async def post(
        self, body: Any, *, headers: Mapping[str, str] | None = None, host: str = NATIONAL
    ) -> Answer:
        """The answer to a body of JSON."""
        return await self.send("POST", content=orjson.dumps(body), headers=headers, host=host)

    async def send(
        self,
        method: str,
        *,
        headers: Mapping[str, str] | None = None,
        host: str = NATIONAL,
        **request: Any,
    ) -> Answer:
        """The answer to a request to the endpoint."""
        name = f"test-{next(_ids):08d}"
        given = {"host": host, "x-request-id": name}
        if method == "POST":
            given["content-type"] = "application/json"
        response = await self.http.request(
            method, "/graphql", headers={**given, **(headers or {})}, **request
        )
        return Answer(response, self.told.of.pop(name, {}))


async def forget_paces(redis_url: str) -> None:
    """Fills all budgets: tests come from one address, and none is to pay for another's requests."""
    async with redis.asyncio.from_url(redis_url) as shared:
        async for key in shared.scan_iter(f"{BUDGETS}*"):
            await shared.delete(key)


@asynccontextmanager
async def running(
    database_url: str,
    redis_url: str,
    settings: Settings | None = None,
    alter: Callable[[Starlette], None] | None = None,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Client]:
    """A client of an application that runs on a database; ``alter`` changes it before it starts."""
    settings = settings or Settings()
    app: Starlette = create_app(
        settings, KEYS, database_url=database_url, redis_url=redis_url, clock=clock
    )
    if alter is not None:
        alter(app)
    tokens = AccessTokens(
        KEYS,
        issuer=f"volunteer-gateway:{settings.station}",
        lifetime=timedelta(minutes=15),
    )
    told = Told()
    level = ENDPOINT_LOG.level
    ENDPOINT_LOG.addHandler(told)
    ENDPOINT_LOG.setLevel(logging.INFO)
    transport = httpx.ASGITransport(app=app)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
        ):
            # A subscription that is cancelled while redis-py connects goes on for ever.
            await asyncio.sleep(SETTLED_S)
            yield Client(http, told, tokens, settings)
    finally:
        ENDPOINT_LOG.removeHandler(told)
        ENDPOINT_LOG.setLevel(level)
