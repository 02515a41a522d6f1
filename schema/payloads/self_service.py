"""Payloads of self-service; they are the same whether or not there is such an account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from resolvers.self_service import Challenge, Recovered
from resolvers.self_service_reset import ResetAsked
from schema.payloads.user_error import UserErrorType
from schema.visibility import REGISTRANTS, attribute, batched, object_type

ERRORS = "Why nothing was done (错误)"


@object_type(to=REGISTRANTS, description="Outcome of asking for a code (获取验证码结果)")
class RecoveryCodePayload:
    """The outcome of asking for a code; the objects are ``Challenge``."""

    expires_at: datetime | None = attribute(
        to=REGISTRANTS, description="When the code expires (验证码有效期)"
    )
    errors: list[UserErrorType] = attribute(to=REGISTRANTS, description=ERRORS, name="userErrors")

    @batched(
        str | None,
        to=REGISTRANTS,
        description="Challenge, to be given back with the code (凭据)",
    )
    @staticmethod
    def challenge(parents: Sequence[Challenge]) -> list[str | None]:
        return [each.token for each in parents]


@object_type(to=REGISTRANTS, description="Outcome of giving a code (验证结果)")
class RecoveryPayload:
    """The outcome of giving a code; the objects are ``Recovered``."""

    username: str | None = attribute(
        to=REGISTRANTS, description="Username, if that was asked for (用户名)"
    )
    errors: list[UserErrorType] = attribute(to=REGISTRANTS, description=ERRORS, name="userErrors")

    @batched(bool, to=REGISTRANTS, description="Whether it was done (是否完成)")
    @staticmethod
    def done(parents: Sequence[Recovered]) -> list[bool]:
        return [each.is_done for each in parents]


@object_type(to=REGISTRANTS, description="Outcome of asking for a reviewed reset (人工重置结果)")
class ReviewedResetPayload:
    """The outcome of asking for a reviewed reset; the objects are ``ResetAsked``."""

    @batched(bool, to=REGISTRANTS, description="Whether it was received (是否已受理)")
    @staticmethod
    def received(parents: Sequence[ResetAsked]) -> list[bool]:
        return [each.is_kept for each in parents]

    @batched(list[UserErrorType], to=REGISTRANTS, description=ERRORS)
    @staticmethod
    def user_errors(parents: Sequence[ResetAsked]) -> list[Any]:
        return [each.errors for each in parents]
