"""GraphQL over HTTP: one endpoint for all roles."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from db.clock import CHINA
from db.consistency import ConsistencyToken
from db.session import Database, Snapshot
from gateway.auth import Asker, Authentication
from gateway.contracts import Charge, Charges
from gateway.documents import DocumentRefused, Prepared, is_mutation, roots_are
from gateway.engine.engine import Outcome, PlannedDocument, encode_response
from gateway.errors import STATUS, EdgeCode, formatted_all, of_refusal
from gateway.http_caching import Keeping, Kept
from gateway.pages import Pages, accept_qualities, prefers_html
from gateway.request_body import GraphQLRequest, RequestRefused, read_request
from gateway.settings import Settings
from gateway.trusted_requests import TrustedRequests, client_of
from permissions.context import PageBounds, RequestContext, Seal
from permissions.errors import PasswordChangeRequired
from permissions.viewer import Role, Viewer
from resolvers.certificate_desk import CertificateDesk
from resolvers.ports import RegistrationDesk
from resolvers.self_service_desk import SelfServiceDesk

log = logging.getLogger(__name__)

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
RETRY_AFTER_S = "1"
CONSISTENCY = "X-Consistency-Token"
WITH_A_FIRST_PASSWORD = frozenset({"changePassword", "signIn", "refreshSession", "signOut"})
DOCUMENT_PARAMETERS = frozenset({"query", "documentId", "doc_id", "extensions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQLEndpoint:
    """Answers GraphQL requests, each in the schema of who asks."""

    settings: Settings
    database: Database
    trusted: TrustedRequests
    authentication: Authentication
    cursors: Seal
    pages: Pages
    registration: RegistrationDesk
    certificates: CertificateDesk
    self_service: SelfServiceDesk
    charges: Charges
    keeping: Keeping
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def answer(self, request: Request) -> Response:
        """The answer to a request."""
        if (
            request.method in {"GET", "HEAD"}
            and not DOCUMENT_PARAMETERS.intersection(request.query_params)
            and prefers_html(request)
        ):
            return self.pages.page("graphiql", request)
        media_type = answer_type(request.headers.get("accept", ""))
        if media_type is None:
            return _refused(JSON, RequestRefused(406, f"Accept {GRAPHQL} or {JSON}."))
        started = time.perf_counter()
        snapshot = Snapshot(self.database)
        answer = Answer(media_type)
        try:
            async with asyncio.timeout(self.settings.limits.request_timeout.total_seconds()):
                await self._answer(request, snapshot, answer)
        except RequestRefused as refusal:
            return _refused(media_type, refusal)
        except DocumentRefused as refusal:
            answer.refuse(formatted_all(refusal.errors, refusal.code), 400)
        except Exception as error:  # noqa: BLE001 - the funnel of a whole request
            shown = of_refusal(error)
            answer.refuse([shown], STATUS.get(shown["extensions"]["code"], 400), whole=True)
        finally:
            await asyncio.shield(answer.close(snapshot))
        log.info(
            "request",
            extra={
                "ms": round((time.perf_counter() - started) * 1000, 2),
                "status": answer.status,
                **answer.facts,
            },
        )
        return answer.response()

    async def _answer(self, request: Request, snapshot: Snapshot, answer: "Answer") -> None:
        asked = await read_request(request, self.settings.limits)
        host = (request.url.hostname or "").lower()
        asker = await self.authentication.asker(
            request.headers, host, snapshot, may_owe_password=True
        )
        viewer = asker.viewer
        written = request.headers.get(CONSISTENCY)
        if written is not None:
            await _must_show(snapshot, ConsistencyToken.parse(written), viewer)
        client = client_of(viewer, request.headers)
        today = self.clock().astimezone(CHINA).date()
        chosen = self.trusted.choose(asked, viewer, client, today)
        prepared = chosen.prepared
        planned = prepared.operation(asked.operation_name)
        # SECURITY: a first password, which others have seen, opens nothing but its own change.
        if asker.must_change_password and not roots_are(planned.operation, WITH_A_FIRST_PASSWORD):
            raise PasswordChangeRequired
        answer.facts = {
            "role": viewer.role.value,
            "capacity": viewer.capacity,
            "document_hash": prepared.digest[:16],
            "client": chosen.trusted.client if chosen.trusted is not None else client,
        }
        if is_mutation(planned.operation) and asked.by_get:
            raise RequestRefused(405, "Send mutations by POST.", {"Allow": "POST"})
        # What a client or a proxy keeps may be older than the write that it asks to see.
        if asked.by_get and written is None:
            answer.kept = self.keeping.look(
                prepared,
                planned.operation,
                asked.variables,
                request,
                role=viewer.role,
                day=today,
                media_type=answer.media_type,
            )
        is_run = answer.kept is None or not answer.kept.is_fresh
        answer.charge = await self.charges.charge(
            asker.contract, chosen, planned.operation, asked.variables, day=today, is_run=is_run
        )
        if not is_run:
            answer.status = 304
            return
        context = self._context(asker, host, snapshot)
        context.asker = request.client.host if request.client is not None else ""
        if answer.charge is not None and answer.charge.taken is not None:
            context.allowance = answer.charge.taken.left
        answer.context = context
        if is_mutation(planned.operation):
            answer.writes = True
            # What follows reads each mutation's own outcome, not the moment before it.
            await context.wrote(None)
        outcome = await _run(prepared, planned, asked, context)
        answer.fulfil(outcome, context)

    def _context(self, asker: Asker, host: str, snapshot: Snapshot) -> RequestContext:
        limits = self.settings.limits
        return RequestContext(
            viewer=asker.viewer,
            capacities=asker.capacities,
            database=self.database,
            snapshot=snapshot,
            now=self.clock(),
            cursors=self.cursors,
            sign_in=self.authentication.desk(host),
            registration=self.registration,
            certificates=self.certificates,
            self_service=self.self_service,
            bounds=PageBounds(most=limits.page_size, nodes=limits.nodes),
            policy=self.settings.policy,
            host=self.authentication.station_host(host),
        )


async def _must_show(snapshot: Snapshot, token: ConsistencyToken, viewer: Viewer) -> None:
    # SECURITY: numbers of transactions tell how much is written; the public learns none by asking.
    if viewer.role is not Role.PUBLIC:
        await snapshot.must_show(token)


async def _run(
    prepared: Prepared, planned: PlannedDocument, asked: GraphQLRequest, context: RequestContext
) -> Outcome:
    return await prepared.engine.run(planned, variables=asked.variables, context=context)


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


def _refused(media_type: str, refusal: RequestRefused) -> Response:
    body = encode_refusal([{"message": str(refusal), "extensions": {"code": refusal.code.value}}])
    return Response(
        body,
        refusal.status,
        {**refusal.headers, "Cache-Control": "no-store"},
        media_type=f"{media_type}; charset=utf-8",
    )
