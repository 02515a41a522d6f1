"""Payloads of registering, deciding on, disabling and enabling teams."""

from collections.abc import Sequence
from typing import Any

from strawberry import ID

from db.queries.entities import REVIEW, TEAM
from resolvers.outcomes import Outcome
from resolvers.review_decisions import ReviewOutcome
from schema.ids import encode
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.review import Review
from schema.types.team import Team
from schema.visibility import MANAGERS, OVERSEERS, PERSONS, attribute, batched, object_type


@object_type(to=PERSONS, description="Outcome of registering a team (注册队伍结果)")
class RegisterTeamPayload:
    """The outcome of registering a team; the objects are ``Outcome``."""

    @batched(
        str | None,
        to=PERSONS,
        description="Number of the team, by which its manager acts from now on (联络编号)",
    )
    @staticmethod
    def team_no(parents: Sequence[Outcome]) -> list[str | None]:
        return [each.number for each in parents]

    @batched(Review | None, to=PERSONS, description="Review that decides on the team (审核)")
    @staticmethod
    async def review(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REVIEW, [each.subject_id for each in parents])

    @batched(
        list[UserErrorType], to=PERSONS, description="What is unusual, and still allowed (提示)"
    )
    @staticmethod
    def warnings(parents: Sequence[Outcome]) -> list[Any]:
        return [each.warnings for each in parents]

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing was registered (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=MANAGERS, description="What came of one review (单项审核结果)")
class ReviewResult:
    """What came of one review; the objects are ``ReviewOutcome``."""

    @batched(ID, to=MANAGERS, description="Global id that was given (审核标识)")
    @staticmethod
    def review_id(parents: Sequence[ReviewOutcome]) -> list[ID]:
        return [encode("Review", each.review_id) for each in parents]

    @batched(Review | None, to=MANAGERS, description="Review as it now is (审核)")
    @staticmethod
    async def review(parents: Sequence[ReviewOutcome], info: Info) -> Any:
        return await referred(info, REVIEW, [each.review_id for each in parents])

    @batched(list[UserErrorType], to=MANAGERS, description="Why it was not decided (错误)")
    @staticmethod
    def user_errors(parents: Sequence[ReviewOutcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=MANAGERS, description="Outcome of deciding reviews (审核结果)")
class DecideReviewsPayload:
    """The outcome of deciding reviews; the object is ``DecisionOutcome``."""

    items: list[ReviewResult] = attribute(
        to=MANAGERS, description="What came of each, in the order given (逐项结果)", name="results"
    )
    errors: list[UserErrorType] = attribute(
        to=MANAGERS, description="What was wrong with the whole (错误)", name="userErrors"
    )


@object_type(to=OVERSEERS, description="Outcome of disabling or enabling a team (停用启用结果)")
class TeamStatePayload:
    """The outcome of disabling or enabling a team; the objects are ``Outcome``."""

    @batched(Team | None, to=OVERSEERS, description="Team as it now is (队伍)")
    @staticmethod
    async def team(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, TEAM, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=OVERSEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
