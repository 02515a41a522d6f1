"""What a person does with their own data: fields of the roots."""

from typing import Annotated, Any

import strawberry

from db.paths import path_end
from db.queries.corrections import WAITING
from permissions.errors import InvalidInput, LimitExceeded
from resolvers.consents import give_consent, withdraw_consent
from resolvers.correction_decisions import decide_correction
from resolvers.corrections import request_correction, withdraw_correction
from resolvers.notifications import mark_notifications_read
from resolvers.own_data import export_own_data
from resolvers.volunteer_leaving import erase_volunteer
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.own_data import (
    DEPARTMENTS,
    DecideCorrectionInput,
    EraseVolunteerInput,
    GiveConsentInput,
    MarkNotificationsReadInput,
    RequestCorrectionInput,
    WithdrawConsentInput,
    WithdrawCorrectionInput,
)
from schema.payloads.own_data import (
    ConsentPayload,
    CorrectionPayload,
    EraseVolunteerPayload,
    NotificationsPayload,
    OwnDataPayload,
)
from schema.types.own_data import Correction
from schema.visibility import EVERYONE, PERSONS, VOLUNTEERS, object_type, root

MOST = 100
HowMany = Annotated[int, strawberry.argument(description="How many at most, up to 100 (最多几项)")]


@object_type(to=EVERYONE, description="What is asked about persons' data (个人信息查询)")
class OwnDataQueries:
    """Fields of the query root."""

    @root(
        to=DEPARTMENTS,
        description="Corrections that wait in the region, the oldest first (待处理更正申请)",
        graphql_type=list[Correction],
    )
    @staticmethod
    async def pending_corrections(info: Info, first: HowMany = 50) -> Any:
        if not 0 <= first <= MOST:
            raise LimitExceeded("pageSize", f"At most {MOST} at a time.")
        path = info.context.viewer.office_path
        if not path:
            return []
        return await info.context.snapshot.fetch(
            WAITING, region=path, region_end=path_end(path), most=first
        )


@object_type(to=EVERYONE, description="What persons do about their data (个人信息变更)")
class OwnDataMutations:
    """Fields of the mutation root."""

    @root(to=VOLUNTEERS, description="Give a consent (作出同意)", graphql_type=ConsentPayload)
    @staticmethod
    async def give_consent(info: Info, input: GiveConsentInput) -> Any:
        context = info.context
        outcome = await give_consent(
            context.database, context.viewer, input.consent, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(to=VOLUNTEERS, description="Withdraw a consent (撤回同意)", graphql_type=ConsentPayload)
    @staticmethod
    async def withdraw_consent(info: Info, input: WithdrawConsentInput) -> Any:
        context = info.context
        outcome = await withdraw_consent(
            context.database,
            context.viewer,
            number_of(input.consent_id, "Consent", field="input.consentId"),
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Have a copy of all that is kept about oneself; audited (查阅复制个人信息)",
        graphql_type=OwnDataPayload,
    )
    @staticmethod
    async def export_own_data(info: Info) -> Any:
        context, desk = info.context, info.context.registration
        keys = (desk.identity_key, *desk.old_identity_keys)
        found = await export_own_data(context.database, context.viewer, keys=keys)
        await context.wrote(found.consistency_token)
        return found

    @root(
        to=VOLUNTEERS,
        description="Ask to correct one's real-name data (申请更正)",
        graphql_type=CorrectionPayload,
    )
    @staticmethod
    async def request_correction(info: Info, input: RequestCorrectionInput) -> Any:
        context = info.context
        outcome = await request_correction(
            context.database,
            context.viewer,
            input.correction,
            or_none(input.idempotency_key),
            desk=context.registration,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Take a request to correct back (撤回更正申请)",
        graphql_type=CorrectionPayload,
    )
    @staticmethod
    async def withdraw_correction(info: Info, input: WithdrawCorrectionInput) -> Any:
        context = info.context
        outcome = await withdraw_correction(
            context.database,
            context.viewer,
            number_of(input.correction_id, "Correction", field="input.correctionId"),
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=DEPARTMENTS,
        description="Decide on a correction of real-name data (处理更正申请)",
        graphql_type=CorrectionPayload,
    )
    @staticmethod
    async def decide_correction(info: Info, input: DecideCorrectionInput) -> Any:
        context = info.context
        outcome = await decide_correction(
            context.database, context.viewer, input.verdict, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Be erased after having withdrawn (删除个人信息)",
        graphql_type=EraseVolunteerPayload,
    )
    @staticmethod
    async def erase_volunteer(info: Info, input: EraseVolunteerInput) -> Any:
        context = info.context
        if not input.confirm:
            raise InvalidInput("confirm", "Erasing must be confirmed.")
        outcome = await erase_volunteer(
            context.database, context.viewer, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=PERSONS,
        description="Mark messages of the account as read (标记通知已读)",
        graphql_type=NotificationsPayload,
    )
    @staticmethod
    async def mark_notifications_read(info: Info, input: MarkNotificationsReadInput) -> Any:
        context = info.context
        outcome = await mark_notifications_read(
            context.database, context.viewer, input.numbers, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome
