"""Payloads of what is changed about a team, at once or by way of a review."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import REGION, REVIEW, TEAM
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.region import Region
from schema.types.review import Review
from schema.types.team import Team
from schema.visibility import MANAGERS, OVERSEERS, batched, object_type


@object_type(to=MANAGERS, description="Outcome of changing a team (队伍变更结果)")
class TeamChangePayload:
    """The outcome of changing a team; the objects are ``Outcome``."""

    @batched(Team | None, to=MANAGERS, description="Team as it now is (队伍)")
    @staticmethod
    async def team(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, TEAM, [each.subject_id for each in parents])

    @batched(Review | None, to=MANAGERS, description="Review that the change waits for (审核)")
    @staticmethod
    async def review(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REVIEW, [each.review_id for each in parents])

    @batched(
        list[UserErrorType], to=MANAGERS, description="What is unusual, and still allowed (提示)"
    )
    @staticmethod
    def warnings(parents: Sequence[Outcome]) -> list[Any]:
        return [each.warnings for each in parents]

    @batched(list[UserErrorType], to=MANAGERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=OVERSEERS, description="Outcome of settling a region's policy (地方政策结果)")
class LocalPolicyPayload:
    """The outcome of settling a region's policy; the objects are ``Outcome``."""

    @batched(Region | None, to=OVERSEERS, description="Region, as it now is (区划)")
    @staticmethod
    async def region(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REGION, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=OVERSEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
