"""What is done about sign-ups: fields of the mutation root."""

from typing import Any

from resolvers.sign_up_answers import (
    answer_project_invitation,
    cancel_sign_up,
    change_post,
    decide_sign_ups,
)
from resolvers.sign_up_attendance import check_in, check_out
from resolvers.sign_ups import invite_to_project, sign_up
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.project_parts import text_or_none
from schema.inputs.sign_ups import (
    SIDES,
    AnswerProjectInvitationInput,
    AttendanceInput,
    CancelSignUpInput,
    ChangePostInput,
    DecideSignUpsInput,
    InviteToProjectInput,
    SignUpInput,
    sign_up_number,
)
from schema.payloads.projects import DecideSignUpsPayload, SignUpPayload
from schema.visibility import EVERYONE, TEAMS, VOLUNTEERS, object_type, root


@object_type(to=EVERYONE, description="What is done about sign-ups (报名变更)")
class SignUpMutations:
    """Fields of the mutation root."""

    @root(
        to=VOLUNTEERS,
        description="Sign up to a post; the right password admits at once (报名)",
        graphql_type=SignUpPayload,
    )
    @staticmethod
    async def sign_up(info: Info, input: SignUpInput) -> Any:
        context = info.context
        outcome = await sign_up(
            context.database,
            context.viewer,
            input.application,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Invite a volunteer to a post (邀请参加项目)",
        graphql_type=SignUpPayload,
    )
    @staticmethod
    async def invite_to_project(info: Info, input: InviteToProjectInput) -> Any:
        context = info.context
        outcome = await invite_to_project(
            context.database,
            context.viewer,
            input.invitation,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Answer a project's invitation (答复项目邀请)",
        graphql_type=SignUpPayload,
    )
    @staticmethod
    async def answer_project_invitation(info: Info, input: AnswerProjectInvitationInput) -> Any:
        context = info.context
        outcome = await answer_project_invitation(
            context.database,
            context.viewer,
            sign_up_number(input.sign_up_id),
            or_none(input.idempotency_key),
            accepts=input.accept,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Accept or refuse applications, with an outcome for each (录用)",
        graphql_type=DecideSignUpsPayload,
    )
    @staticmethod
    async def decide_sign_ups(info: Info, input: DecideSignUpsInput) -> Any:
        context = info.context
        outcome = await decide_sign_ups(
            context.database,
            context.viewer,
            input.decided,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=SIDES,
        description="Change to another post of the same project (调整岗位)",
        graphql_type=SignUpPayload,
    )
    @staticmethod
    async def change_post(info: Info, input: ChangePostInput) -> Any:
        context = info.context
        outcome = await change_post(
            context.database,
            context.viewer,
            sign_up_number(input.sign_up_id),
            number_of(input.post_id, "Post", field="input.postId"),
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=SIDES,
        description="End a sign-up before its time (取消报名)",
        graphql_type=SignUpPayload,
    )
    @staticmethod
    async def cancel_sign_up(info: Info, input: CancelSignUpInput) -> Any:
        context = info.context
        outcome = await cancel_sign_up(
            context.database,
            context.viewer,
            sign_up_number(input.sign_up_id),
            text_or_none(input.reason),
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=SIDES, description="Check in, by the gateway's clock (签到)", graphql_type=SignUpPayload
    )
    @staticmethod
    async def check_in(info: Info, input: AttendanceInput) -> Any:
        context = info.context
        outcome = await check_in(
            context.database,
            context.viewer,
            sign_up_number(input.sign_up_id),
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=SIDES, description="Check out, by the gateway's clock (签退)", graphql_type=SignUpPayload
    )
    @staticmethod
    async def check_out(info: Info, input: AttendanceInput) -> Any:
        context = info.context
        outcome = await check_out(
            context.database,
            context.viewer,
            sign_up_number(input.sign_up_id),
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome
