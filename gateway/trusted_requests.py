"""Which document a request may run: by the mode that its client and role are held to."""

import logging
from dataclasses import dataclass
from datetime import date

from graphql import GraphQLError
from starlette.datastructures import Headers

from db.enums import DocumentMode
from gateway.document_ids import document_id, is_own
from gateway.document_store import DocumentStore, Trusted
from gateway.documents import DocumentRefused, Documents, Prepared
from gateway.errors import EdgeCode
from gateway.request_body import GraphQLRequest, RequestRefused
from gateway.settings import Settings
from permissions.errors import ServiceUnavailable
from permissions.viewer import Role, Viewer

log = logging.getLogger(__name__)

CLIENT_HEADERS = ("graphql-client-name", "apollographql-client-name")

STRICTNESS = tuple(DocumentMode)
NOT_FOUND = "There is no such document."


@dataclass(frozen=True, slots=True)
class Chosen:
    """The document of a request, and what it is registered as, if it is."""

    prepared: Prepared
    trusted: Trusted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRequests:
    """Finds the document of each request, or says why it may not run."""

    settings: Settings
    documents: Documents
    store: DocumentStore

    def choose(
        self, asked: GraphQLRequest, viewer: Viewer, client: str | None, today: date
    ) -> Chosen:
        """The document that a request asks for.

        Raises:
            RequestRefused: the client is held to its documents, or this one is past its last day.
            DocumentRefused: there is no such document, or it is not valid.
            LimitExceeded: the text is too long, or nested too deep.
            ServiceUnavailable: this process does not know yet what is registered.
        """
        trusted = None
        if asked.document_id is not None:
            trusted = self._named(asked, asked.document_id, viewer.role, client)
        if trusted is None and asked.query is not None:
            trusted = self._by_text(asked.query, viewer, client)
        if trusted is None:
            if asked.query is None:
                raise DocumentRefused([GraphQLError(NOT_FOUND)], EdgeCode.PERSISTED_QUERY_NOT_FOUND)
            introspection = self._may_introspect(viewer)
            return Chosen(
                self.documents.prepare(viewer.role, asked.query, introspection=introspection)
            )
        if trusted.sunset_on is not None and today > trusted.sunset_on:
            raise RequestRefused(
                410,
                f"The last day of this document was {trusted.sunset_on}.",
                code=EdgeCode.DOCUMENT_SUNSET,
            )
        return Chosen(self.store.prepared(trusted), trusted)

    def _named(
        self, asked: GraphQLRequest, given: str, role: Role, client: str | None
    ) -> Trusted | None:
        trusted = self._find(client, role, given)
        if asked.query is not None:
            expected = trusted.id if trusted is not None else given
            if document_id(asked.query) != expected and (trusted is not None or is_own(given)):
                raise RequestRefused(
                    400,
                    "The document's id and its text are not of one document.",
                    code=EdgeCode.DOCUMENT_ID_MISMATCH,
                )
        return trusted

    def _by_text(self, text: str, viewer: Viewer, client: str | None) -> Trusted | None:
        """What a text is registered as; None where any text may run."""
        mode = self.mode(viewer, client)
        if mode is DocumentMode.OPEN:
            return None
        if mode is DocumentMode.REQUIRE_ID:
            raise RequestRefused(
                403,
                "Documents are registered here and asked for by their id.",
                code=EdgeCode.PERSISTED_QUERY_ID_REQUIRED,
            )
        own = document_id(text)
        trusted = self._find(client, viewer.role, own)
        if trusted is not None:
            return trusted
        if mode is DocumentMode.SAFELIST:
            raise RequestRefused(
                403,
                "Only registered documents are answered here.",
                code=EdgeCode.PERSISTED_QUERY_NOT_IN_LIST,
            )
        log.warning(
            "document_not_registered",
            extra={"client": client, "role": viewer.role.value, "document_hash": own[7:23]},
        )
        return None

    def _find(self, client: str | None, role: Role, given: str) -> Trusted | None:
        """What is registered under an id.

        Raises:
            ServiceUnavailable: this process does not know yet what is registered.
        """
        if not self.store.is_loaded:
            raise ServiceUnavailable
        return self.store.find(client, role, given)

    def mode(self, viewer: Viewer, client: str | None) -> DocumentMode:
        """How strictly a request is held to registered documents.

        SECURITY: anyone can send a client's name, so a client's own mode only ever makes it
        stricter than what the role is held to.
        """
        if viewer.role is Role.PARTNER:
            return DocumentMode.REQUIRE_ID
        if "is_developer" in viewer.flags:
            return DocumentMode.OPEN
        held = [self.settings.document_mode]
        if viewer.role is Role.PUBLIC and self.settings.is_production:
            held.append(DocumentMode.SAFELIST)
        own = self.store.mode(client, viewer.role)
        if own is not None:
            held.append(own)
        return max(held, key=STRICTNESS.index)

    def _may_introspect(self, viewer: Viewer) -> bool:
        return not self.settings.is_production or "is_developer" in viewer.flags


def client_of(viewer: Viewer, headers: Headers) -> str | None:
    """The client that a request comes from: a partner is one by its key, a page says its name."""
    if viewer.partner is not None:
        return viewer.partner.name
    return next((headers[name] for name in CLIENT_HEADERS if headers.get(name)), None)
