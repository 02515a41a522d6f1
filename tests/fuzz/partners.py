"""Partner systems of a drawn world, and a gateway that takes any document from them."""

from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from db.enums import DocumentMode
from gateway.graphql_http import GraphQLEndpoint
from gateway.trusted_requests import TrustedRequests
from permissions.viewer import Viewer
from tests.access.world import World

PARTNERS = """
insert into partners (id, name, region_id, status, contact,
                      requests_per_minute, requests_per_day, cost_per_minute, cost_per_day)
values ($1, $2, $3, 'ACTIVE', '甲', $4, $4, $4, $4)
"""
KEYS = "insert into partner_keys (id, partner_id, key_hash, hint) values ($1, $1, $2, '-')"
PLENTY = 10**9


class AnyDocument(TrustedRequests):
    """Takes what a partner could have registered, unregistered; all else is as it is."""

    def mode(self, viewer: Viewer, client: str | None) -> DocumentMode:
        del viewer, client
        return DocumentMode.OPEN


def open_to_partners(app: Starlette) -> None:
    """Makes an application take any document from a partner."""
    routes = app.router.routes
    (place,) = (n for n, each in enumerate(routes) if getattr(each, "path", "") == "/graphql")
    (route,) = routes[place : place + 1]
    assert isinstance(route, Route)
    endpoint: GraphQLEndpoint = route.endpoint.__self__  # type: ignore[attr-defined]
    given = {each.name: getattr(endpoint.trusted, each.name) for each in fields(TrustedRequests)}
    own = replace(endpoint, trusted=AnyDocument(**given))
    routes[place] = Route("/graphql", own.answer, methods=["GET", "POST"])


def key_of(viewer: Viewer) -> str:
    """The key that a partner of a drawn world sends."""
    assert viewer.partner is not None
    return f"vgk_{viewer.partner.id}"


async def store_partners(connection: Any, world: World) -> None:
    """Writes the partners of the world's contracts, each with its key."""
    for number, region in enumerate(world.contracts, start=1):
        await connection.execute(PARTNERS, number, f"伙伴{number - 1}", region + 1, PLENTY)
        hashed = sha256(f"vgk_{number}".encode()).digest()
        await connection.execute(KEYS, number, hashed)
