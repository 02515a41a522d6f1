"""The payload of a look at an ID number."""

from collections.abc import Sequence
from typing import Any

from db.enums import IdentityType
from resolvers.identities import Revealed
from schema.inputs.identities import REVEALING
from schema.payloads.user_error import UserErrorType
from schema.visibility import attribute, batched, object_type


@object_type(to=REVEALING, description="Outcome of looking at an ID number (查看证件号码结果)")
class RevealIdNumberPayload:
    """The outcome of a look; the objects are ``Revealed``."""

    id_number: str | None = attribute(
        to=REVEALING, description="Whole number; each look is audited (证件号码)"
    )
    id_type: IdentityType | None = attribute(
        to=REVEALING, description="Kind of document (证件类型)"
    )

    @batched(list[UserErrorType], to=REVEALING, description="Why it is not shown (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Revealed]) -> list[Any]:
        return [each.errors for each in parents]
