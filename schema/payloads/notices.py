"""Payloads of what is done about notices."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import NOTICE
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.notice import Notice
from schema.visibility import PERSONS, batched, object_type


@object_type(to=PERSONS, description="Outcome of an act on a notice (通知办理结果)")
class NoticePayload:
    """The outcome of issuing or withdrawing; the objects are ``Outcome``."""

    @batched(Notice | None, to=PERSONS, description="Notice as it now is (通知)")
    @staticmethod
    async def notice(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, NOTICE, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=PERSONS, description="Outcome of marking notices as read (标记结果)")
class MarkNoticesReadPayload:
    """The outcome of marking notices; the objects are ``Outcome``."""

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
