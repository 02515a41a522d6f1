"""The payloads of what is done about projects and sign-ups."""

from collections.abc import Sequence
from typing import Any

from strawberry import ID

from db.queries.entities import PROJECT, SIGN_UP
from permissions.viewer import Role
from resolvers.outcomes import Outcome
from resolvers.sign_up_answers import SignUpOutcome
from schema.ids import encode
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.project import Project, SignUp
from schema.visibility import MANAGERS, TEAMS, Audience, attribute, batched, object_type

SIDES: Audience = TEAMS | {Role.VOLUNTEER}


@object_type(to=MANAGERS, description="Outcome of changing a project (项目变更结果)")
class ProjectPayload:
    """The outcome of making, changing, handing in, stopping; the objects are ``Outcome``."""

    @batched(Project | None, to=MANAGERS, description="Project as it now is (项目)")
    @staticmethod
    async def project(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, PROJECT, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=MANAGERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=SIDES, description="Outcome of changing a sign-up (报名变更结果)")
class SignUpPayload:
    """The outcome of signing up, inviting, answering, attending; the objects are ``Outcome``."""

    @batched(SignUp | None, to=SIDES, description="Sign-up as it now is (报名)")
    @staticmethod
    async def sign_up(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, SIGN_UP, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=SIDES, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="What came of one application (单项录用结果)")
class SignUpResult:
    """What came of one application; the objects are ``SignUpOutcome``."""

    @batched(ID, to=TEAMS, description="Global id that was given (报名标识)")
    @staticmethod
    def sign_up_id(parents: Sequence[SignUpOutcome]) -> list[ID]:
        return [encode("SignUp", each.sign_up_id) for each in parents]

    @batched(SignUp | None, to=TEAMS, description="Sign-up as it now is (报名)")
    @staticmethod
    async def sign_up(parents: Sequence[SignUpOutcome], info: Info) -> Any:
        return await referred(info, SIGN_UP, [each.sign_up_id for each in parents])

    @batched(list[UserErrorType], to=TEAMS, description="Why it was not decided (错误)")
    @staticmethod
    def user_errors(parents: Sequence[SignUpOutcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="Outcome of deciding applications (录用结果)")
class DecideSignUpsPayload:
    """The outcome of deciding applications; the object is ``SignUpsOutcome``."""

    items: list[SignUpResult] = attribute(
        to=TEAMS, description="What came of each, in the order given (逐项结果)", name="results"
    )
    errors: list[UserErrorType] = attribute(
        to=TEAMS, description="What was wrong with the whole (错误)", name="userErrors"
    )
