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

    A payload reads its subject by this id in a new snapshot.
    """

    subject_id: int | None = None
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None

    @classmethod
    def of(cls, write: Write) -> "Outcome":
        """The outcome that a finished write, or the one it repeats, has stored."""
        stored = write.outcome or {}
        errors = cast("Sequence[Mapping[str, str]]", stored.get("errors", ()))
        return cls(
            subject_id=cast("int | None", stored.get("id")),
            errors=tuple(
                UserError(UserErrorCode(error["code"]), error["field"], error["message"])
                for error in errors
            ),
            consistency_token=write.token,
        )


def succeeded(id: int) -> Mapping[str, Json]:
    """The stored form of a success."""
    return {"id": id}


def refused(*errors: UserError) -> Mapping[str, Json]:
    """The stored form of a refusal."""
    return {
        "errors": [
            {"code": error.code.value, "field": error.field, "message": error.message}
            for error in errors
        ]
    }


def require_key(key: str | None) -> None:
    """Fails on an idempotency key that cannot be stored.

    Raises:
        InvalidInput: it is empty, too long, or holds unprintable characters.
    """
    if key is not None and not (0 < len(key) <= MAX_KEY_LENGTH and key.isprintable()):
        raise InvalidInput(
            "idempotencyKey", f"An idempotency key has 1 to {MAX_KEY_LENGTH} printable characters."
        )
