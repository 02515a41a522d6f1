"""The payload of handing in feedback on the trial."""

from collections.abc import Sequence
from typing import Any

from resolvers.outcomes import Outcome
from resolvers.trial_feedback import get_feedback
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.types.feedback import DEPARTMENTS, TrialFeedback
from schema.visibility import batched, object_type


@object_type(to=DEPARTMENTS, description="Outcome of handing in feedback (意见反馈结果)")
class SubmitTrialFeedbackPayload:
    """The outcome of handing in feedback; the objects are ``Outcome``."""

    @batched(TrialFeedback | None, to=DEPARTMENTS, description="The form as it is kept (反馈表)")
    @staticmethod
    async def trial_feedback(parents: Sequence[Outcome], info: Info) -> Any:
        return [
            None if each.subject_id is None else await get_feedback(info.context, each.subject_id)
            for each in parents
        ]

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why nothing was kept (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
