"""The error table: each code has one class, each refusal of the database an answer."""

import pytest

from db import errors as db
from permissions.errors import ClientError, ErrorCode, InvalidInput, client_error


def test_codes_and_classes_are_one_to_one() -> None:
    classes = ClientError.__subclasses__()

    assert sorted(cls.code for cls in classes) == sorted(ErrorCode)


@pytest.mark.parametrize(
    ("refusal", "extensions"),
    [
        (db.KeyReused(), {"code": "IDEMPOTENCY_KEY_REUSED"}),
        (db.TokenRefused(), {"code": "CONSISTENCY_TOKEN_INVALID"}),
        (db.LockUnavailable(), {"code": "CONFLICT", "retryable": True}),
        (db.StatementTimeout(), {"code": "LIMIT_EXCEEDED", "limit": "statementTimeout"}),
        (db.DatabaseAway(), {"code": "SERVICE_UNAVAILABLE", "retryAfter": 1}),
        (db.DatabaseBusy(), {"code": "SERVICE_UNAVAILABLE", "retryAfter": 1}),
    ],
)
def test_refusal_of_the_database_has_its_answer(
    refusal: db.DatabaseRefusal, extensions: dict[str, object]
) -> None:
    assert client_error(refusal).extensions == extensions


def test_invalid_input_names_its_field() -> None:
    error = InvalidInput("first", "At most 100 at a time.")

    assert error.extensions == {"code": "INVALID_INPUT", "field": "first"}
    assert str(error) == "At most 100 at a time."
