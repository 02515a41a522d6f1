"""The error table: every refusal a client can meet, with its stable code (README lists them).

``ClientError`` is raised and becomes a top-level error or an HTTP answer; ``UserError`` is a
value, an expected outcome inside a payload. Whatever is neither is a bug and is masked.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from db import errors as db
from permissions.user_errors import UserError, UserErrorCode

__all__ = [
    "CapacityNotHeld",
    "ClientError",
    "Conflict",
    "ConsistencyTokenInvalid",
    "ErrorCode",
    "Forbidden",
    "IdempotencyKeyReused",
    "InvalidCursor",
    "InvalidId",
    "InvalidInput",
    "LimitExceeded",
    "PartnerKeyExpired",
    "PartnerKeyInvalid",
    "PartnerSuspended",
    "PasswordChangeRequired",
    "RateLimited",
    "ServiceUnavailable",
    "Unauthenticated",
    "UserError",
    "UserErrorCode",
    "client_error",
]


class ErrorCode(StrEnum):
    """The codes in ``extensions.code``; public, so they are added and never renamed."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    CAPACITY_NOT_HELD = "CAPACITY_NOT_HELD"
    PASSWORD_CHANGE_REQUIRED = "PASSWORD_CHANGE_REQUIRED"  # noqa: S105 - a code
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_ID = "INVALID_ID"
    INVALID_CURSOR = "INVALID_CURSOR"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    CONSISTENCY_TOKEN_INVALID = "CONSISTENCY_TOKEN_INVALID"  # noqa: S105 - a code
    PARTNER_KEY_INVALID = "PARTNER_KEY_INVALID"
    PARTNER_KEY_EXPIRED = "PARTNER_KEY_EXPIRED"
    PARTNER_SUSPENDED = "PARTNER_SUSPENDED"
    RATE_LIMITED = "RATE_LIMITED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"


class ClientError(Exception):
    """A refusal that the client is told of, in a full sentence that names nothing hidden."""

    code: ClassVar[ErrorCode]

    @property
    def details(self) -> Mapping[str, object]:
        """What stands beside the code."""
        return {}

    @property
    def extensions(self) -> dict[str, object]:
        """What the error's ``extensions`` hold."""
        return {"code": self.code.value, **self.details}


class Unauthenticated(ClientError):
    """Nobody has signed in, or the token is forged, expired or withdrawn."""

    code = ErrorCode.UNAUTHENTICATED

    def __init__(self, message: str = "Sign in first.") -> None:
        super().__init__(message)


class Forbidden(ClientError):
    """The viewer may see the subject and may not do this to it."""

    code = ErrorCode.FORBIDDEN

    def __init__(self, message: str = "This capacity may not do that.") -> None:
        super().__init__(message)


class CapacityNotHeld(ClientError):
    """The account does not hold the capacity it asks to act in, or there is none such."""

    code = ErrorCode.CAPACITY_NOT_HELD

    def __init__(self) -> None:
        super().__init__("The account does not hold this capacity here.")


class PasswordChangeRequired(ClientError):
    """The account signed in by a first password and does nothing else before it changes it."""

    code = ErrorCode.PASSWORD_CHANGE_REQUIRED

    def __init__(self) -> None:
        super().__init__("Change the first password before anything else: changePassword.")


class InvalidInput(ClientError):
    """A value of the right type that makes no sense."""

    code = ErrorCode.INVALID_INPUT

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    @property
    def details(self) -> Mapping[str, object]:
        return {"field": self.field}


class InvalidId(ClientError):
    """A global id that is none of ours, or of another type."""

    code = ErrorCode.INVALID_ID

    def __init__(self, field: str = "id") -> None:
        super().__init__("This is not an id of the expected type.")
        self.field = field

    @property
    def details(self) -> Mapping[str, object]:
        return {"field": self.field}


class InvalidCursor(ClientError):
    """A cursor that this list did not give."""

    code = ErrorCode.INVALID_CURSOR

    def __init__(self, field: str = "after") -> None:
        super().__init__("This is not a cursor of this list.")
        self.field = field

    @property
    def details(self) -> Mapping[str, object]:
        return {"field": self.field}


class Conflict(ClientError):
    """Another write came first; the same request may succeed when sent again."""

    code = ErrorCode.CONFLICT

    def __init__(self, message: str = "Another change came first; send the request again.") -> None:
        super().__init__(message)

    @property
    def details(self) -> Mapping[str, object]:
        return {"retryable": True}


class IdempotencyKeyReused(ClientError):
    """The key was given before with another input."""

    code = ErrorCode.IDEMPOTENCY_KEY_REUSED

    def __init__(self) -> None:
        super().__init__("This idempotency key was used before with another input.")


class ConsistencyTokenInvalid(ClientError):
    """The token is malformed, of another cluster, or ahead of what is written."""

    code = ErrorCode.CONSISTENCY_TOKEN_INVALID

    def __init__(self) -> None:
        super().__init__("This is not a consistency token of this station.")


class LimitExceeded(ClientError):
    """The request asks for more than one request may."""

    code = ErrorCode.LIMIT_EXCEEDED

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit

    @property
    def details(self) -> Mapping[str, object]:
        return {"limit": self.limit}


class PartnerKeyInvalid(ClientError):
    """No partner holds this key, or it was revoked."""

    code = ErrorCode.PARTNER_KEY_INVALID

    def __init__(self) -> None:
        super().__init__("This is no partner's key, or it was revoked.")


class PartnerKeyExpired(ClientError):
    """The key has ended; another may be valid."""

    code = ErrorCode.PARTNER_KEY_EXPIRED

    def __init__(self) -> None:
        super().__init__("This key has expired; use a newer one.")


class PartnerSuspended(ClientError):
    """The partner was stopped."""

    code = ErrorCode.PARTNER_SUSPENDED

    def __init__(self) -> None:
        super().__init__("This partner is suspended.")


class RateLimited(ClientError):
    """More was asked for than a contract or a pace has left; over HTTP a 429 with Retry-After."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, limit: str, retry_after_seconds: int) -> None:
        super().__init__("More than is allowed at the moment; try again later.")
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds

    @property
    def details(self) -> Mapping[str, object]:
        return {"limit": self.limit, "retryAfter": self.retry_after_seconds}


class ServiceUnavailable(ClientError):
    """Something the answer needs is away or overloaded; over HTTP a 503 with Retry-After."""

    code = ErrorCode.SERVICE_UNAVAILABLE

    def __init__(self, *, retry_after_seconds: int = 1) -> None:
        super().__init__("The service is not available at the moment; try again soon.")
        self.retry_after_seconds = retry_after_seconds

    @property
    def details(self) -> Mapping[str, object]:
        return {"retryAfter": self.retry_after_seconds}


def client_error(refusal: db.DatabaseRefusal) -> ClientError:
    """What the client is told of a refusal of the database."""
    match refusal:
        case db.KeyReused():
            return IdempotencyKeyReused()
        case db.TokenRefused():
            return ConsistencyTokenInvalid()
        case db.LockUnavailable():
            return Conflict()
        case db.StatementTimeout():
            return LimitExceeded("statementTimeout", "The request took too long.")
        case _:
            return ServiceUnavailable()
