"""GraphQL over HTTP: one endpoint for all roles."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from db.clock import CHINA
from db.consistency import ConsistencyToken
from db.session import Database, Snapshot
from gateway.auth import Asker, Authentication
from gateway.contracts import Charges
from gateway.documents import DocumentRefused, Prepared, is_mutation, roots_are
from gateway.engine.engine import Outcome, PlannedDocument
from gateway.errors import STATUS, formatted_all, of_refusal
from gateway.graphql_answers import (
    CONSISTENCY,
    GRAPHQL,
    JSON,
    Answer,
    answer_type,
    encode_refusal,
)
from gateway.http_caching import Keeping
from gateway.pages import Pages, prefers_html
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

    async def _answer(self, request: Request, snapshot: Snapshot, answer: Answer) -> None:
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


def _refused(media_type: str, refusal: RequestRefused) -> Response:
    body = encode_refusal([{"message": str(refusal), "extensions": {"code": refusal.code.value}}])
    return Response(
        body,
        refusal.status,
        {**refusal.headers, "Cache-Control": "no-store"},
        media_type=f"{media_type}; charset=utf-8",
    )
