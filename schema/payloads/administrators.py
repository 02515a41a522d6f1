"""Payloads of what is done about the administrators of departments."""

from collections.abc import Sequence
from typing import Any

from strawberry import ID

from db.queries.entities import ADMINISTRATOR
from resolvers.administrators.issuing import Issued
from resolvers.outcomes import Outcome
from schema.ids import encode
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.administrator import DEPARTMENTS, Administrator
from schema.visibility import batched, object_type


@object_type(to=DEPARTMENTS, description="Outcome of issuing an account (下发账号结果)")
class AdministratorPayload:
    """An administrator and, once, the first password; the objects are ``Issued``."""

    @batched(Administrator | None, to=DEPARTMENTS, description="The administrator (管理员)")
    @staticmethod
    async def administrator(parents: Sequence[Issued], info: Info) -> Any:
        return await referred(info, ADMINISTRATOR, [each.outcome.subject_id for each in parents])

    @batched(
        str | None,
        to=DEPARTMENTS,
        description="First password, told this once and never again (初始密码)",
    )
    @staticmethod
    def first_password(parents: Sequence[Issued]) -> list[str | None]:
        return [each.first_password for each in parents]

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why nothing was done (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Issued]) -> list[Any]:
        return [each.outcome.errors for each in parents]


@object_type(to=DEPARTMENTS, description="Outcome of reminding an administrator (督促结果)")
class RemindAdministratorPayload:
    """What became of a reminder; the objects are ``Outcome``."""

    @batched(Administrator | None, to=DEPARTMENTS, description="The administrator (管理员)")
    @staticmethod
    async def administrator(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, ADMINISTRATOR, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why nobody was reminded (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=DEPARTMENTS, description="Outcome of removing an administrator (撤销结果)")
class RemoveAdministratorPayload:
    """What became of a removal; the objects are ``Outcome``."""

    @batched(
        ID | None, to=DEPARTMENTS, description="Global id of who is one no more (原管理员标识)"
    )
    @staticmethod
    def administrator_id(parents: Sequence[Outcome]) -> list[ID | None]:
        return [
            None if each.subject_id is None else encode("Administrator", each.subject_id)
            for each in parents
        ]

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why nobody was removed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
