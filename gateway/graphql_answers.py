"""The answer to a GraphQL request over HTTP, while it is being made and as it is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

from db.session import Snapshot
from gateway.contracts import Charge
from gateway.engine.engine import Outcome, encode_response
from gateway.errors import STATUS, EdgeCode, formatted_all
from gateway.http_caching import Kept
from gateway.pages import accept_qualities
from permissions.context import RequestContext

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
RETRY_AFTER_S = "1"
CONSISTENCY = "X-Consistency-Token"


class Answer:
    """The answer to one request, while it is being made."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        self.status = 200
        self.body = b""
        self.headers: dict[str, str] = {}
        self.facts: Mapping[str, Any] = {}
        self.context: RequestContext | None = None
        self.kept: Kept | None = None
        self.charge: Charge | None = None
        self.writes = False

    def refuse(
        self, errors: Sequence[Mapping[str, Any]], status: int, *, whole: bool = False
    ) -> None:
        """Nothing was run. Old clients of ``application/json`` read 200 unless HTTP is at fault."""
        plain = self.media_type == JSON and not whole
        self.status = 200 if plain else status
        self.body = encode_refusal(errors)
        self.kept = None
        after = errors[0]["extensions"].get("retryAfter")
        if after is not None:
            self.headers["Retry-After"] = str(after)
        if status == 401:  # noqa: PLR2004
            self.headers["WWW-Authenticate"] = "Bearer"

    def fulfil(self, outcome: Outcome, context: RequestContext) -> None:
        """The operation was run, or its variables did not fit."""
        if outcome.data is None and outcome.errors and not outcome.errors[0].path:
            self.refuse(formatted_all(outcome.errors, EdgeCode.VARIABLES_INVALID), 400)
            return
        errors = formatted_all(outcome.errors, EdgeCode.DOCUMENT_INVALID)
        away = next((error for error in errors if _is_away(error)), None)
        if away is not None and not self.writes:
            # What could still be read is no answer; the client asks again for the whole.
            self.refuse([{name: away[name] for name in ("message", "extensions")}], 503, whole=True)
            return
        extensions: dict[str, object] = {}
        if self.charge is not None and self.kept is None:
            extensions.update(self.charge.extensions)
        if context.consistency_token is not None:
            extensions["consistencyToken"] = context.consistency_token
            self.headers[CONSISTENCY] = context.consistency_token
        self.body = encode_response(outcome.data, errors, extensions)
        self.facts = {
            **self.facts,
            "statements": context.snapshot.statements,
            "levels": outcome.statistics.levels,
            "objects": outcome.statistics.objects,
            "errors": len(errors),
        }
        if errors:
            self.kept = None
        if outcome.data is None and all(_is_away(error) for error in errors):
            self.status = 503
            self.headers["Retry-After"] = RETRY_AFTER_S

    async def close(self, first: Snapshot) -> None:
        """Gives back what was read from."""
        await first.close()
        if self.context is not None and self.context.snapshot is not first:
            await self.context.snapshot.close()

    def response(self) -> Response:
        """The HTTP answer."""
        headers = {**self.headers, "Cache-Control": "no-store"}
        if self.charge is not None:
            headers.update(self.charge.headers)
        if self.kept is not None:
            headers.update(self.kept.headers(self.body))
            if self.kept.has(headers):
                return Response(status_code=304, headers=headers)
        return Response(
            self.body, self.status, headers, media_type=f"{self.media_type}; charset=utf-8"
        )


def _is_away(error: Mapping[str, Any]) -> bool:
    return bool(STATUS.get(error["extensions"]["code"]) == 503)  # noqa: PLR2004


def encode_refusal(errors: Sequence[Mapping[str, Any]]) -> bytes:
    """A response without data: a request error has no key ``data`` (GraphQL 2025-09, §7.1)."""
    return orjson.dumps({"errors": list(errors)})


def answer_type(accept: str) -> str | None:
    """The media type to answer in, or None if the client takes neither of ours.

    A client that says nothing gets ``application/json``, as the draft's legacy rules have it.
    """
    if not accept.strip():
        return JSON
    qualities = accept_qualities(accept)

    def quality(media_type: str) -> float:
        main = media_type.partition("/")[0]
        for pattern in (media_type, f"{main}/*", "*/*"):
            if pattern in qualities:
                return qualities[pattern]
        return 0.0

    if GRAPHQL in qualities and quality(GRAPHQL) >= max(quality(JSON), 0.001):
        return GRAPHQL
    if quality(JSON) > 0:
        return JSON
    return GRAPHQL if quality(GRAPHQL) > 0 else None
