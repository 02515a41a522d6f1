"""The payloads of what changes memberships."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import MEMBERSHIP, VOLUNTEER
from permissions.viewer import Role
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.volunteer import Membership, Volunteer
from schema.visibility import TEAMS, VOLUNTEERS, Audience, batched, object_type

MEMBERS: Audience = TEAMS | {Role.VOLUNTEER}


@object_type(to=MEMBERS, description="Outcome of changing a membership (成员关系变更结果)")
class MembershipPayload:
    """The outcome of leaving, inviting or answering; the objects are ``Outcome``."""

    @batched(Membership | None, to=MEMBERS, description="Membership as it now is (成员关系)")
    @staticmethod
    async def membership(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, MEMBERSHIP, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=MEMBERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=VOLUNTEERS, description="Outcome of withdrawing (注销结果)")
class WithdrawVolunteerPayload:
    """The outcome of withdrawing; the objects are ``Outcome``."""

    @batched(Volunteer | None, to=VOLUNTEERS, description="Volunteer as it now is (志愿者)")
    @staticmethod
    async def volunteer(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=VOLUNTEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
