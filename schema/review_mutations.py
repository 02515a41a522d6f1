"""What an applicant does in the queue of reviews: fields of the mutation root."""

from typing import Any

from resolvers.review_withdrawal import withdraw_review
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.reviews import WithdrawReviewInput
from schema.payloads.reviews import WithdrawReviewPayload
from schema.visibility import PERSONS, object_type, root


@object_type(to=PERSONS, description="What an applicant does (申请人操作)")
class ReviewMutations:
    """Fields of the mutation root."""

    @root(
        to=PERSONS,
        description="Take back what waits for its reviewer (撤回申请)",
        graphql_type=WithdrawReviewPayload,
    )
    @staticmethod
    async def withdraw_review(info: Info, input: WithdrawReviewInput) -> Any:
        context = info.context
        outcome = await withdraw_review(
            context.database,
            context.viewer,
            number_of(input.review_id, "Review", field="input.reviewId"),
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome
