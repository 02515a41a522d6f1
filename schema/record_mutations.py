"""What is done about service records: fields of the mutation root."""

from typing import Any

from resolvers.records.applying import apply_for_record
from resolvers.records.correcting import complete_open_record, correct_record, void_record
from resolvers.records.disputing import confirm_record, dispute_record, withdraw_application
from resolvers.records.entering import create_record, create_records
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.records import (
    ApplyForRecordInput,
    CompleteRecordInput,
    ConfirmRecordInput,
    CorrectRecordInput,
    CreateServiceRecordInput,
    CreateServiceRecordsInput,
    DisputeRecordInput,
    VoidRecordInput,
    WithdrawRecordApplicationInput,
)
from schema.payloads.records import CreateServiceRecordsPayload, ServiceRecordPayload
from schema.visibility import EVERYONE, TEAMS, VOLUNTEERS, object_type, root


@object_type(to=EVERYONE, description="What is done about service records (服务记录变更)")
class RecordMutations:
    """Fields of the mutation root."""

    @root(
        to=TEAMS,
        description="Enter a record for the own team (录入服务记录)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def create_service_record(info: Info, input: CreateServiceRecordInput) -> Any:
        context = info.context
        outcome = await create_record(
            context.database,
            context.viewer,
            number_of(input.team_id, "Team", field="input.teamId"),
            input.record.entry,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Enter many records, with an outcome for each (批量录入服务记录)",
        graphql_type=CreateServiceRecordsPayload,
    )
    @staticmethod
    async def create_service_records(info: Info, input: CreateServiceRecordsInput) -> Any:
        context = info.context
        outcome = await create_records(
            context.database,
            context.viewer,
            number_of(input.team_id, "Team", field="input.teamId"),
            [each.entry for each in input.records],
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Apply for a record of own service; the team decides (申请服务记录)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def apply_for_record(info: Info, input: ApplyForRecordInput) -> Any:
        context = info.context
        outcome = await apply_for_record(
            context.database,
            context.viewer,
            number_of(input.team_id, "Team", field="input.teamId"),
            input.entry,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Take back an application for a record (撤回服务记录申请)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def withdraw_record_application(info: Info, input: WithdrawRecordApplicationInput) -> Any:
        context = info.context
        outcome = await withdraw_application(
            context.database,
            context.viewer,
            _record(input.record_id),
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Correct a record in a new revision (更正服务记录)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def correct_record(info: Info, input: CorrectRecordInput) -> Any:
        context = info.context
        outcome = await correct_record(
            context.database,
            context.viewer,
            _record(input.record_id),
            input.changes.changes,
            or_none(input.idempotency_key),
            reason=input.reason,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Void a record; it stays to be read (作废服务记录)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def void_record(info: Info, input: VoidRecordInput) -> Any:
        context = info.context
        outcome = await void_record(
            context.database,
            context.viewer,
            _record(input.record_id),
            input.reason,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Complete a record whose check-out is missing (补录签退)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def complete_record(info: Info, input: CompleteRecordInput) -> Any:
        context = info.context
        outcome = await complete_open_record(
            context.database,
            context.viewer,
            _record(input.record_id),
            input.ends_at,
            or_none(input.idempotency_key),
            unserved_minutes=input.unserved_minutes,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Dispute an own record (对服务记录提出异议)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def dispute_record(info: Info, input: DisputeRecordInput) -> Any:
        context = info.context
        outcome = await dispute_record(
            context.database,
            context.viewer,
            _record(input.record_id),
            input.reason,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Confirm a disputed record after verification (核实并维持服务记录)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def confirm_record(info: Info, input: ConfirmRecordInput) -> Any:
        context = info.context
        outcome = await confirm_record(
            context.database,
            context.viewer,
            _record(input.record_id),
            input.answer,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome


def _record(global_id: str) -> int:
    return number_of(global_id, "ServiceRecord", field="input.recordId")
