"""The one funnel that every error leaves the gateway by."""

import logging
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphql import GraphQLError

from db.errors import DatabaseRefusal
from gateway.engine.run import DeadlinePassed
from gateway.variable_errors import without_values
from permissions.errors import ClientError, ErrorCode, LimitExceeded, client_error

log = logging.getLogger(__name__)

INTERNAL_MESSAGE = "Internal error."


class EdgeCode(StrEnum):
    """Codes of errors that no rule of ours raised; public, added and never renamed."""

    REQUEST_INVALID = "REQUEST_INVALID"
    DOCUMENT_INVALID = "DOCUMENT_INVALID"
    VARIABLES_INVALID = "VARIABLES_INVALID"
    DOCUMENT_ID_INVALID = "DOCUMENT_ID_INVALID"
    DOCUMENT_ID_MISMATCH = "DOCUMENT_ID_MISMATCH"
    DOCUMENT_SUNSET = "DOCUMENT_SUNSET"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_NOT_IN_LIST = "PERSISTED_QUERY_NOT_IN_LIST"
    PERSISTED_QUERY_ID_REQUIRED = "PERSISTED_QUERY_ID_REQUIRED"
    INTERNAL = "INTERNAL"


def cause_of(error: GraphQLError) -> BaseException | None:
    """What a resolver raised, through the layers that wrapped it."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def told(error: BaseException) -> ClientError | None:
    """What a client is told of an error, or None if it is a bug and must not be shown."""
    if isinstance(error, ClientError):
        return error
    if isinstance(error, DatabaseRefusal):
        return client_error(error)
    if isinstance(error, TimeoutError | DeadlinePassed):
        return LimitExceeded("requestTimeout", "The request took too long.")
    return None


def formatted(error: GraphQLError, code: EdgeCode) -> Mapping[str, Any]:
    """An error as the client sees it; a bug is masked here and whole in the log.

    ``code`` is that of an error without a cause: it comes from the stage that found it.
    """
    cause = cause_of(error)
    is_about_variables = code is EdgeCode.VARIABLES_INVALID
    message = without_values(error.message) if is_about_variables else error.message
    shown: dict[str, Any] = {"message": message}
    if error.locations:
        shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    if cause is None or isinstance(cause, GraphQLError):
        shown["extensions"] = {"code": code.value}
        return shown
    client = told(cause)
    if client is not None:
        return shown | {"message": str(client), "extensions": client.extensions}
    log.error("bug", exc_info=(type(cause), cause, cause.__traceback__), extra={"path": error.path})
    return shown | {"message": INTERNAL_MESSAGE, "extensions": {"code": EdgeCode.INTERNAL.value}}


def formatted_all(errors: Sequence[GraphQLError], code: EdgeCode) -> list[Mapping[str, Any]]:
    """Errors as the client sees them."""
    return [formatted(error, code) for error in errors]


def of_refusal(error: BaseException) -> Mapping[str, Any]:
    """An error that stopped a whole request, as the client sees it."""
    client = told(error)
    if client is not None:
        return {"message": str(client), "extensions": client.extensions}
    log.error("bug", exc_info=(type(error), error, error.__traceback__))
    return {"message": INTERNAL_MESSAGE, "extensions": {"code": EdgeCode.INTERNAL.value}}


STATUS: Mapping[str, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.CAPACITY_NOT_HELD: 403,
    ErrorCode.PASSWORD_CHANGE_REQUIRED: 403,
    ErrorCode.PARTNER_KEY_INVALID: 401,
    ErrorCode.PARTNER_KEY_EXPIRED: 401,
    ErrorCode.PARTNER_SUSPENDED: 403,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.SERVICE_UNAVAILABLE: 503,
    ErrorCode.CONSISTENCY_TOKEN_INVALID: 400,
    ErrorCode.LIMIT_EXCEEDED: 400,
    EdgeCode.INTERNAL: 500,
}
"""The HTTP status of a request that an error of this code stopped whole."""
