"""Feedback on the trial: fields of the mutation root and of the query root."""

from typing import Annotated, Any

from db.clock import CHINA
from resolvers.trial_feedback import list_feedback, submit_feedback, sum_feedback
from schema.costs import sized
from schema.info import Info
from schema.inputs.feedback import SubmitTrialFeedbackInput
from schema.inputs.left_out import or_none
from schema.payloads.feedback import SubmitTrialFeedbackPayload
from schema.region_named import region_named
from schema.types.feedback import DEPARTMENTS, TrialFeedback, TrialFeedbackSummary
from schema.visibility import argument, object_type, root

Code = Annotated[str, argument(description="Code of the region (区划代码)")]


@object_type(to=DEPARTMENTS, description="What is done about the trial (试运行变更)")
class FeedbackMutations:
    """Fields of the mutation root."""

    @root(
        to=DEPARTMENTS,
        description="Hand in the own region's feedback on the trial (提交试运行意见反馈)",
        graphql_type=SubmitTrialFeedbackPayload,
    )
    @staticmethod
    async def submit_trial_feedback(info: Info, input: SubmitTrialFeedbackInput) -> Any:
        context = info.context
        outcome = await submit_feedback(
            context.database,
            context.viewer,
            input.form,
            or_none(input.idempotency_key),
            today=context.now.astimezone(CHINA).date(),
        )
        await context.wrote(outcome.consistency_token)
        return outcome


@object_type(to=DEPARTMENTS, description="Feedback on the trial (试运行意见)")
class FeedbackQueries:
    """Fields of the query root."""

    @root(
        to=DEPARTMENTS,
        description="Newest forms of a region and of those directly below (试运行意见反馈表)",
        graphql_type=list[TrialFeedback],
        hints=(sized(40),),
    )
    @staticmethod
    async def trial_feedback(info: Info, region_code: Code) -> Any:
        return await list_feedback(info.context, await _path(info, region_code))

    @root(
        to=DEPARTMENTS,
        description="Sums over all forms of a region and below (试运行意见汇总)",
        graphql_type=TrialFeedbackSummary | None,
    )
    @staticmethod
    async def trial_feedback_summary(info: Info, region_code: Code) -> Any:
        return await sum_feedback(info.context, await _path(info, region_code))


async def _path(info: Info, code: str) -> str | None:
    region = await region_named(info, code, "path")
    return None if region is None else region.path
