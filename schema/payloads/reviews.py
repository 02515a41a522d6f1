"""Payloads of what an applicant does in the queue of reviews."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import REVIEW
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.review import Review
from schema.visibility import PERSONS, batched, object_type


@object_type(to=PERSONS, description="Outcome of taking a review back (撤回结果)")
class WithdrawReviewPayload:
    """The outcome of taking a review back; the objects are ``Outcome``."""

    @batched(Review | None, to=PERSONS, description="Review as it now is (审核)")
    @staticmethod
    async def review(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REVIEW, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
