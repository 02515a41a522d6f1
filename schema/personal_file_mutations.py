"""What is done about a volunteer's file beside the records: fields of the mutation root."""

from collections.abc import Awaitable
from typing import Any

from resolvers.outcomes import Outcome
from resolvers.personal_file.recording import record_award, record_training
from resolvers.personal_file.stars import rate_star, set_star_scale
from resolvers.personal_file.transfers import (
    Handing,
    answer_transfer,
    transfer_records,
    withdraw_transfer,
)
from resolvers.records.evaluating import evaluate_participation, evaluate_record
from resolvers.records.recording_team import name_recording_team
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.personal_file import (
    DEPARTMENTS,
    AnswerTransferInput,
    EvaluateParticipationInput,
    EvaluateRecordInput,
    NameRecordingTeamInput,
    RateStarInput,
    RecordAwardInput,
    RecordTrainingInput,
    SetStarScaleInput,
    TransferRecordsInput,
    WithdrawTransferInput,
)
from schema.inputs.records import text
from schema.payloads.personal_file import (
    RecordingTeamPayload,
    RecordTransferPayload,
    StarScalePayload,
    VolunteerFilePayload,
)
from schema.payloads.records import ServiceRecordPayload
from schema.visibility import EVERYONE, OVERSEERS, TEAMS, VOLUNTEERS, object_type, root


@object_type(to=EVERYONE, description="What is done about volunteers' files (志愿者档案变更)")
class PersonalFileMutations:
    """Fields of the mutation root."""

    @root(
        to=TEAMS,
        description="Evaluate a recorded service (评价服务记录)",
        graphql_type=ServiceRecordPayload,
    )
    @staticmethod
    async def evaluate_record(info: Info, input: EvaluateRecordInput) -> Any:
        context = info.context
        record_id = number_of(input.record_id, "ServiceRecord", field="input.recordId")
        return await _written(
            info,
            evaluate_record(
                context.database,
                context.viewer,
                record_id,
                input.opinion,
                or_none(input.idempotency_key),
                now=context.now,
            ),
        )

    @root(
        to=TEAMS,
        description="Evaluate a volunteer for a whole project (评价项目参与)",
        graphql_type=VolunteerFilePayload,
    )
    @staticmethod
    async def evaluate_participation(info: Info, input: EvaluateParticipationInput) -> Any:
        context = info.context
        ends = (
            number_of(input.project_id, "Project", field="input.projectId"),
            _volunteer(input.volunteer_id),
        )
        return await _written(
            info,
            evaluate_participation(
                context.database,
                context.viewer,
                ends,
                input.opinion,
                or_none(input.idempotency_key),
                now=context.now,
            ),
        )

    @root(
        to=TEAMS,
        description="Record a training of a volunteer (记录培训)",
        graphql_type=VolunteerFilePayload,
    )
    @staticmethod
    async def record_training(info: Info, input: RecordTrainingInput) -> Any:
        context = info.context
        return await _written(
            info,
            record_training(
                context.database,
                context.viewer,
                _volunteer(input.volunteer_id),
                input.training,
                or_none(input.idempotency_key),
                now=context.now,
            ),
        )

    @root(
        to=TEAMS,
        description="Record an award of a volunteer (记录表彰奖励)",
        graphql_type=VolunteerFilePayload,
    )
    @staticmethod
    async def record_award(info: Info, input: RecordAwardInput) -> Any:
        context = info.context
        return await _written(
            info,
            record_award(
                context.database,
                context.viewer,
                _volunteer(input.volunteer_id),
                input.award,
                or_none(input.idempotency_key),
                now=context.now,
            ),
        )

    @root(
        to=OVERSEERS,
        description="Give a volunteer stars, or take them back (星级认定)",
        graphql_type=VolunteerFilePayload,
    )
    @staticmethod
    async def rate_star(info: Info, input: RateStarInput) -> Any:
        context = info.context
        return await _written(
            info,
            rate_star(
                context.database,
                context.viewer,
                _volunteer(input.volunteer_id),
                input.stars,
                or_none(input.idempotency_key),
                reason=text(input.reason),
            ),
        )

    @root(
        to=DEPARTMENTS,
        description="Settle the scale of stars of the own region (设置星级标准)",
        graphql_type=StarScalePayload,
    )
    @staticmethod
    async def set_star_scale(info: Info, input: SetStarScaleInput) -> Any:
        context = info.context
        steps = [each.step for each in input.thresholds]
        return await _written(
            info,
            set_star_scale(context.database, context.viewer, steps, or_none(input.idempotency_key)),
        )

    @root(
        to=VOLUNTEERS,
        description="Have one team hand the own records to another (转移服务记录)",
        graphql_type=RecordTransferPayload,
    )
    @staticmethod
    async def transfer_records(info: Info, input: TransferRecordsInput) -> Any:
        context = info.context
        handing = Handing(
            team_id=number_of(input.team_id, "Team", field="input.teamId"),
            to_team_id=number_of(input.to_team_id, "Team", field="input.toTeamId"),
            purpose=text(input.purpose) or "",
            consent=input.consent,
            guardian=input.guardian.guardian if input.guardian else None,
        )
        return await _written(
            info,
            transfer_records(
                context.database, context.viewer, handing, or_none(input.idempotency_key)
            ),
        )

    @root(
        to=TEAMS,
        description="Take records over after verification, or do not (答复记录转移)",
        graphql_type=RecordTransferPayload,
    )
    @staticmethod
    async def answer_transfer(info: Info, input: AnswerTransferInput) -> Any:
        context = info.context
        return await _written(
            info,
            answer_transfer(
                context.database,
                context.viewer,
                _transfer(input.transfer_id),
                or_none(input.idempotency_key),
                accept=input.accept,
                note=text(input.note),
            ),
        )

    @root(
        to=VOLUNTEERS,
        description="Withdraw the consent to a transfer (撤回转移同意)",
        graphql_type=RecordTransferPayload,
    )
    @staticmethod
    async def withdraw_transfer(info: Info, input: WithdrawTransferInput) -> Any:
        context = info.context
        return await _written(
            info,
            withdraw_transfer(
                context.database,
                context.viewer,
                _transfer(input.transfer_id),
                or_none(input.idempotency_key),
            ),
        )

    @root(
        to=TEAMS,
        description="Name the team that records a cooperative project (指定记录单位)",
        graphql_type=RecordingTeamPayload,
    )
    @staticmethod
    async def name_recording_team(info: Info, input: NameRecordingTeamInput) -> Any:
        context = info.context
        team_id = or_none(input.team_id)
        return await _written(
            info,
            name_recording_team(
                context.database,
                context.viewer,
                number_of(input.project_id, "Project", field="input.projectId"),
                None if team_id is None else number_of(team_id, "Team", field="input.teamId"),
                or_none(input.idempotency_key),
            ),
        )


async def _written(info: Info, work: Awaitable[Outcome]) -> Outcome:
    """What a write came to; the payload reads it in a new snapshot."""
    outcome = await work
    await info.context.wrote(outcome.consistency_token)
    return outcome


def _volunteer(global_id: str) -> int:
    return number_of(global_id, "Volunteer", field="input.volunteerId")


def _transfer(global_id: str) -> int:
    return number_of(global_id, "RecordTransfer", field="input.transferId")
