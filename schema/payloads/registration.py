"""The payload of registering a volunteer."""

from collections.abc import Sequence
from typing import Any

from resolvers.outcomes import Outcome
from schema.payloads.user_error import UserErrorType
from schema.visibility import REGISTRANTS, batched, object_type


@object_type(to=REGISTRANTS, description="Outcome of registering a volunteer (注册结果)")
class RegisterVolunteerPayload:
    """The outcome of registering a volunteer; the objects are ``Outcome``."""

    @batched(
        str | None,
        to=REGISTRANTS,
        description="Number of the volunteer (志愿者编号)",
    )
    @staticmethod
    def volunteer_no(parents: Sequence[Outcome]) -> list[str | None]:
        return [each.number for each in parents]

    @batched(list[UserErrorType], to=REGISTRANTS, description="Why nobody was registered (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
