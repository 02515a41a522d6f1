"""What a mutation comes to: a subject or refusals, and where in the log its write stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from db.consistency import ConsistencyToken
from db.events import Json
from db.write import Write
from permissions.errors import InvalidInput, UserError, UserErrorCode

MAX_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The subject written, or the user errors that say why nothing was.

    A payload reads its subject by this id in a new snapshot; ``number`` is the subject's own, for
    who may not see it yet. ``review_id`` is of what waits to be decided; ``warnings`` are of what
    was done all the same.
    """

    subject_id: int | None = None
    number: str | None = None
    review_id: int | None = None
    errors: Sequence[UserError] = ()
    warnings: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None

    @classmethod
    def of(cls, write: Write) -> "Outcome":
        """The outcome that a finished write, or the one it repeats, has stored."""
        stored = write.outcome or {}
        return cls(
            subject_id=cast("int | None", stored.get("id")),
            number=cast("str | None", stored.get("number")),
            review_id=cast("int | None", stored.get("reviewId")),
            errors=read_errors(stored.get("errors")),
            warnings=read_errors(stored.get("warnings")),
            consistency_token=write.token,
        )


def succeeded(
    id: int,
    *,
    number: str | None = None,
    review_id: int | None = None,
    warnings: Sequence[UserError] = (),
) -> Mapping[str, Json]:
    """The stored form of a success."""
    stored: dict[str, Json] = {"id": id}
    if number is not None:
        stored["number"] = number
    if review_id is not None:
        stored["reviewId"] = review_id
    if warnings:
        stored["warnings"] = stored_errors(warnings)
    return stored


def refused(*errors: UserError) -> Mapping[str, Json]:
    """The stored form of a refusal."""
    return {"errors": stored_errors(errors)}


def stored_errors(errors: Sequence[UserError]) -> list[Json]:
    """User errors as an outcome stores them."""
    return [
        {"code": error.code.value, "field": error.field, "message": error.message}
        for error in errors
    ]


def read_errors(stored: object) -> Sequence[UserError]:
    """User errors that an outcome has stored."""
    rows = cast("Sequence[Mapping[str, str]]", stored or ())
    return tuple(
        UserError(UserErrorCode(row["code"]), row["field"], row["message"]) for row in rows
    )


def require_key(key: str | None) -> None:
    """Fails on an idempotency key that cannot be stored.

    Raises:
        InvalidInput: it is empty, too long, or holds unprintable characters.
    """
    if key is not None and not (0 < len(key) <= MAX_KEY_LENGTH and key.isprintable()):
        raise InvalidInput(
            "idempotencyKey", f"An idempotency key has 1 to {MAX_KEY_LENGTH} printable characters."
        )
