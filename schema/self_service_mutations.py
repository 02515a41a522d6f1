"""Self-service (自助服务): fields of the mutation root."""

from typing import Any

from resolvers.self_service import recover_username, request_code, reset_password
from resolvers.self_service_mobile import change_mobile, request_mobile_change
from resolvers.self_service_reset import request_reviewed_reset
from schema.info import Info
from schema.inputs.self_service import (
    ChangeMobileInput,
    RecoverUsernameInput,
    RequestMobileChangeInput,
    RequestRecoveryCodeInput,
    RequestReviewedResetInput,
    ResetPasswordInput,
)
from schema.payloads.self_service import (
    RecoveryCodePayload,
    RecoveryPayload,
    ReviewedResetPayload,
)
from schema.visibility import EVERYONE, REGISTRANTS, VOLUNTEERS, object_type, root


@object_type(to=EVERYONE, description="What people do without staff (自助服务)")
class SelfServiceMutations:
    """Fields of the mutation root."""

    @root(
        to=REGISTRANTS,
        description="Ask for a code to the stored phone; the answer never tells of accounts"
        " (获取验证码)",
        graphql_type=RecoveryCodePayload,
    )
    @staticmethod
    async def request_recovery_code(info: Info, input: RequestRecoveryCodeInput) -> Any:
        context = info.context
        outcome = await request_code(
            context.database,
            context.self_service,
            input.purpose,
            input.claim,
            asker=context.asker,
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=REGISTRANTS,
        description="Learn the username by a code (找回用户名)",
        graphql_type=RecoveryPayload,
    )
    @staticmethod
    async def recover_username(info: Info, input: RecoverUsernameInput) -> Any:
        context = info.context
        outcome = await recover_username(
            context.database,
            context.self_service,
            input.challenge,
            input.code,
            asker=context.asker,
        )
        return await _done(info, outcome)

    @root(
        to=REGISTRANTS,
        description="Set a new password by a code; every session ends (重置密码)",
        graphql_type=RecoveryPayload,
    )
    @staticmethod
    async def reset_password(info: Info, input: ResetPasswordInput) -> Any:
        context = info.context
        outcome = await reset_password(
            context.database,
            context.self_service,
            input.challenge,
            input.code,
            input.password,
            asker=context.asker,
        )
        return await _done(info, outcome)

    @root(
        to=REGISTRANTS,
        description="Ask for another phone when the stored ones are dead; the contact team or the"
        " department decides (人工重置)",
        graphql_type=ReviewedResetPayload,
    )
    @staticmethod
    async def request_reviewed_reset(info: Info, input: RequestReviewedResetInput) -> Any:
        context = info.context
        outcome = await request_reviewed_reset(
            context.database,
            context.self_service,
            input.claim,
            input.phone,
            asker=context.asker,
        )
        return await _done(info, outcome)

    @root(
        to=VOLUNTEERS,
        description="Ask for a new phone; it and the stored one are sent codes (申请更换手机)",
        graphql_type=RecoveryCodePayload,
    )
    @staticmethod
    async def request_mobile_change(info: Info, input: RequestMobileChangeInput) -> Any:
        context = info.context
        outcome = await request_mobile_change(
            context.database,
            context.viewer,
            context.self_service,
            input.mobile,
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=VOLUNTEERS,
        description="Change the phone by the codes sent to both (更换手机)",
        graphql_type=RecoveryPayload,
    )
    @staticmethod
    async def change_mobile(info: Info, input: ChangeMobileInput) -> Any:
        context = info.context
        outcome = await change_mobile(
            context.database, context.viewer, context.self_service, input.challenge, input.codes
        )
        return await _done(info, outcome)


async def _done(info: Info, outcome: Any) -> Any:
    await info.context.wrote(outcome.consistency_token)
    return outcome
