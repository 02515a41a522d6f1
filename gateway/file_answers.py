"""Files over HTTP, given to who may have them: who asks, what came of it, how a refusal reads."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from db.session import Database, Snapshot
from gateway.auth import Authentication
from gateway.errors import STATUS, of_refusal
from gateway.graphql_answers import encode_refusal
from gateway.request_body import RequestRefused
from gateway.settings import Limits
from permissions.errors import ErrorCode
from permissions.viewer import Viewer
from resolvers.uploads import StorageAway

log = logging.getLogger(__name__)

JSON = "application/json; charset=utf-8"
PRIVATE = "private, no-store"
HEADERS: Mapping[str, str] = {
    "Cache-Control": PRIVATE,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Authorization, X-Acting-As",
    "X-Content-Type-Options": "nosniff",
}
"""What goes with every file: no cache keeps it, no browser runs it."""

AWAY = RequestRefused(503, "The storage of files is away; try again.", {"Retry-After": "5"})
OWN_STATUS: Mapping[str, int] = {
    **STATUS,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.LIMIT_EXCEEDED: 429,
}
SERVER_ERROR = 500

Work = Callable[[Request, Viewer, Snapshot], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswers:
    """Does the work of a request for who asks, and makes an answer of every refusal."""

    database: Database
    authentication: Authentication
    limits: Limits

    async def answer(self, request: Request, work: Work) -> Response:
        """What the work answers; a refusal as GraphQL writes one, with the status it has."""
        snapshot = Snapshot(self.database)
        try:
            async with asyncio.timeout(self.limits.request_timeout.total_seconds()):
                host = (request.url.hostname or "").lower()
                asker = await self.authentication.asker(request.headers, host, snapshot)
                return await work(request, asker.viewer, snapshot)
        except RequestRefused as refusal:
            return _refused(refusal)
        except StorageAway:
            log.warning("file_storage_away")
            return _refused(AWAY)
        except Exception as error:  # noqa: BLE001 - the funnel of a whole request
            shown = of_refusal(error)
            status = OWN_STATUS.get(shown["extensions"]["code"], 400)
            return Response(encode_refusal([shown]), status, HEADERS, media_type=JSON)
        finally:
            await asyncio.shield(snapshot.close())


def _refused(refusal: RequestRefused) -> Response:
    is_ours = refusal.status >= SERVER_ERROR
    code = ErrorCode.SERVICE_UNAVAILABLE if is_ours else refusal.code
    body = encode_refusal([{"message": str(refusal), "extensions": {"code": code.value}}])
    return Response(body, refusal.status, {**HEADERS, **refusal.headers}, media_type=JSON)
