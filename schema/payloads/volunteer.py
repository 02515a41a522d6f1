"""Payloads of what a volunteer does."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import MEMBERSHIP, VOLUNTEER
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.volunteer import Membership, Volunteer
from schema.visibility import VOLUNTEERS, batched, object_type


@object_type(to=VOLUNTEERS, description="Outcome of changing the profile (修改资料结果)")
class UpdateProfilePayload:
    """The outcome of changing the profile; the objects are ``Outcome``."""

    @batched(Volunteer | None, to=VOLUNTEERS, description="Volunteer as it now is (志愿者)")
    @staticmethod
    async def volunteer(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=VOLUNTEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=VOLUNTEERS, description="Outcome of joining a team (加入队伍结果)")
class JoinTeamPayload:
    """The outcome of joining a team; the objects are ``Outcome``."""

    @batched(
        Membership | None, to=VOLUNTEERS, description="Membership, joined or applied for (成员关系)"
    )
    @staticmethod
    async def membership(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, MEMBERSHIP, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=VOLUNTEERS, description="Why there is none (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
