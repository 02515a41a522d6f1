"""Two gateways that differ in their classes only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import orjson
import strawberry
from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Route

from db.session import Snapshot
from gateway.app import create_app
from gateway.auth import Asker, Authentication
from gateway.documents import Documents
from gateway.graphql_http import GraphQLEndpoint
from gateway.settings import Settings
from permissions.viewer import Viewer
from tests.api.client import KEYS

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"  # what is refused reads nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class OneViewer(Authentication):
    """Takes everyone for one viewer."""

    viewer: Viewer

    async def asker(
        self, headers: Headers, host: str, snapshot: Snapshot, *, may_owe_password: bool = False
    ) -> Asker:
        del headers, host, snapshot, may_owe_password
        return Asker(viewer=self.viewer, capacities=(self.viewer,))


@dataclass(frozen=True, slots=True)
class Gateway:
    """The edge over one schema, for one viewer."""

    http: httpx.AsyncClient
    asked: dict[bytes, bytes] = field(default_factory=dict)

    async def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> bytes:
        """The whole answer: status, headers and body; a request is made once."""
        content = orjson.dumps({"query": document, "variables": variables})
        if content not in self.asked:
            self.asked[content] = await self._ask(content)
        return self.asked[content]

    async def _ask(self, content: bytes) -> bytes:
        answer = await self.http.post(
            "/graphql",
            content=content,
            headers={
                "content-type": "application/json",
                "accept": "application/graphql-response+json",
            },
        )
        headers = sorted((name, value) for name, value in answer.headers.items())
        return b"%d %s\n%s" % (answer.status_code, str(headers).encode(), answer.content)


def gateway_of(schema: Any) -> Gateway:
    """A gateway with only this schema, for a developer, who may ask any document in it."""
    settings = Settings()
    app = create_app(settings, KEYS, database_url=NOWHERE, redis_url="redis://127.0.0.1:1/0")
    (route,) = (each for each in app.routes if isinstance(each, Route) and each.path == "/graphql")
    endpoint: GraphQLEndpoint = route.endpoint.__self__  # type: ignore[attr-defined]
    given = endpoint.authentication
    viewer = Viewer(flags=frozenset({"is_developer"}))
    one = OneViewer(
        settings=given.settings, tokens=given.tokens, issuer=given.issuer, viewer=viewer
    )
    documents = Documents({viewer.role: schema}, settings.limits)
    trusted = replace(endpoint.trusted, documents=documents)
    own = replace(endpoint, trusted=trusted, authentication=one)
    alone = Starlette(routes=[Route("/graphql", own.answer, methods=["GET", "POST"])])
    transport = httpx.ASGITransport(app=alone)
    return Gateway(httpx.AsyncClient(transport=transport, base_url="http://localhost"))


def standing_on(schema: GraphQLSchema, whole: strawberry.Schema) -> strawberry.Schema:
    """A schema as the edge takes it, made of a built one: it validates and tells of itself."""
    whole._schema = schema
    schema._strawberry_schema = whole  # type: ignore[attr-defined]
    return whole
