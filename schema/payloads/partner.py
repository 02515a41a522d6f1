"""Payloads of what a department does with partners."""

from collections.abc import Sequence
from typing import Any

from permissions.viewer import Role
from resolvers.contracts import get_partner
from resolvers.outcomes import Outcome
from resolvers.partners import KeyOutcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.types.partner import Partner
from schema.visibility import batched, object_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})


@object_type(to=DEPARTMENTS, description="Outcome for a partner (合作方操作结果)")
class PartnerPayload:
    """What was done to a partner; the objects are ``Outcome``."""

    @batched(Partner | None, to=DEPARTMENTS, description="Partner as it now is (合作方)")
    @staticmethod
    async def partner(parents: Sequence[Outcome], info: Info) -> Any:
        return [
            None if each.subject_id is None else await get_partner(info.context, each.subject_id)
            for each in parents
        ]

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=DEPARTMENTS, description="Outcome of making a key (签发密钥结果)")
class IssuePartnerKeyPayload:
    """A key that was made; the objects are ``KeyOutcome``."""

    @batched(
        str | None, to=DEPARTMENTS, description="The key, told this once and never again (密钥)"
    )
    @staticmethod
    def key(parents: Sequence[KeyOutcome]) -> list[str | None]:
        return [each.secret for each in parents]

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why there is none (错误)")
    @staticmethod
    def user_errors(parents: Sequence[KeyOutcome]) -> list[Any]:
        return [each.outcome.errors for each in parents]
