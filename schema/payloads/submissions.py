"""The payload of what is done about an article."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import REVIEW, SUBMISSION
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.review import Review
from schema.types.submission import Submission
from schema.visibility import PERSONS, batched, object_type


@object_type(to=PERSONS, description="Outcome of an act on an article (稿件办理结果)")
class SubmissionPayload:
    """The outcome of writing or editing; the objects are ``Outcome``."""

    @batched(Submission | None, to=PERSONS, description="Article as it now is (稿件)")
    @staticmethod
    async def submission(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, SUBMISSION, [each.subject_id for each in parents])

    @batched(Review | None, to=PERSONS, description="Review that it now waits for (审核)")
    @staticmethod
    async def review(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REVIEW, [each.review_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
