"""A GraphQL request as it comes in: by POST with JSON, or by GET in the address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from gateway.document_ids import HEX_64, PREFIX, is_id, rule_of
from gateway.errors import EdgeCode
from gateway.settings import Limits
from permissions.errors import LimitExceeded

ROOM = 16 * 1024  # for what stands around the document and the variables


class RequestRefused(Exception):
    """A request that is no GraphQL request, and the HTTP status that says so."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        code: EdgeCode = EdgeCode.REQUEST_INVALID,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQLRequest:
    """What is to be run: a document by text or id, which of its operations, and its variables."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: Mapping[str, Any]
    extensions: Mapping[str, Any]
    by_get: bool


async def read_request(request: Request, limits: Limits) -> GraphQLRequest:
    """The GraphQL request of an HTTP request.

    Raises:
        RequestRefused: it is none.
        LimitExceeded: its variables are too long.
    """
    if request.method in {"GET", "HEAD"}:
        return _of(_address(request), by_get=True)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RequestRefused(415, "Send the request as application/json.")
    body = await read_body(request, limits.document_bytes + limits.variables_bytes + ROOM)
    given = _json(body, "The body is not JSON.")
    if not isinstance(given, dict):
        raise RequestRefused(400, "The body must be a JSON object; batches are not taken.")
    # Only a long body can hold long variables; what was small need not be written out again.
    if len(body) > limits.variables_bytes:
        size = _size(given.get("variables"))
        if size > limits.variables_bytes:
            raise LimitExceeded(
                "variablesBytes", f"The variables are longer than {limits.variables_bytes} bytes."
            )
    return _of(given, by_get=False)


async def read_body(request: Request, most: int) -> bytes:
    """The body, read no further than it may be long.

    Raises:
        RequestRefused: it is longer.
    """
    too_long = RequestRefused(413, f"The body is longer than {most} bytes.")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise too_long
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise too_long
        chunks.append(chunk)
    return b"".join(chunks)


def _address(request: Request) -> Mapping[str, Any]:
    given: dict[str, Any] = {}
    for name in ("query", "operationName", "documentId", "doc_id"):
        if name in request.query_params:
            given[name] = request.query_params[name]
    for name in ("variables", "extensions"):
        if text := request.query_params.get(name):
            given[name] = _json(text.encode(), f"The parameter {name} is not JSON.")
    return given


def _json(text: bytes, refusal: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        # Integers beyond 64 bits and lone surrogates are JSON, but not to orjson.
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RequestRefused(400, refusal) from None


def _size(value: Any) -> int:
    try:
        return len(orjson.dumps(value))
    except TypeError:
        return len(json.dumps(value, separators=(",", ":")))


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _of(given: Mapping[str, Any], *, by_get: bool) -> GraphQLRequest:
    query = given.get("query")
    document_id = _document_id(given)
    if not isinstance(query, str) and (query is not None or document_id is None):
        raise RequestRefused(400, "The request has no query, or one that is no text.")
    name = given.get("operationName")
    if name is not None and not isinstance(name, str):
        raise RequestRefused(400, "operationName must be a text.")
    return GraphQLRequest(
        query=query,
        document_id=document_id,
        operation_name=name or None,
        variables=_map(given, "variables"),
        extensions=_map(given, "extensions"),
        by_get=by_get,
    )


def _map(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestRefused(400, f"{name} must be a JSON object.")
    return value


def _document_id(given: Mapping[str, Any]) -> str | None:
    """The id of a document in the standard's form, Relay's, or Apollo's; always written as ours."""
    found = {}
    for name in ("documentId", "doc_id"):
        if given.get(name) is not None:
            found[name] = _id(given[name], name)
    persisted = _map(given, "extensions").get("persistedQuery")
    if persisted is not None:
        name = "extensions.persistedQuery.sha256Hash"
        digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        if isinstance(digest, str):
            digest = f"{PREFIX}{digest.removeprefix(PREFIX)}"  # newer tools write it themselves
        found[name] = _id(digest, name)
    if len(set(found.values())) > 1:
        raise RequestRefused(
            400,
            f"{' and '.join(found)} name different documents.",
            code=EdgeCode.DOCUMENT_ID_INVALID,
        )
    return next(iter(found.values()), None)


def _id(given: object, name: str) -> str:
    if not isinstance(given, str):
        raise RequestRefused(400, f"{name} must be a text.", code=EdgeCode.DOCUMENT_ID_INVALID)
    if not is_id(given):
        message = f"{name} is no id. {rule_of(given)}"
        raise RequestRefused(400, message, code=EdgeCode.DOCUMENT_ID_INVALID)
    return f"{PREFIX}{given}" if HEX_64.fullmatch(given) else given
