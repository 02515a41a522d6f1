"""What is changed about a team that stands: fields of the mutation root."""

from typing import Any

from resolvers.legal_persons import check_legal_person
from resolvers.local_policy import set_local_policy
from resolvers.permission_groups import ask_permission_group, set_permission_group
from resolvers.team_changes import TeamUpdate, update_team
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.team_changes import CheckLegalPersonInput, UpdateTeamInput
from schema.inputs.team_standing import (
    AskPermissionGroupInput,
    SetLocalPolicyInput,
    SetPermissionGroupInput,
)
from schema.payloads.team_changes import LocalPolicyPayload, TeamChangePayload
from schema.visibility import EVERYONE, MANAGERS, OVERSEERS, TEAMS, object_type, root


@object_type(to=EVERYONE, description="What is changed about teams (队伍资料变更)")
class TeamChangeMutations:
    """Fields of the mutation root."""

    @root(
        to=MANAGERS,
        description="Change a team's data; key data are reviewed (变更队伍资料)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def update_team(info: Info, input: UpdateTeamInput) -> Any:
        context = info.context
        team_id = number_of(input.team_id, "Team", field="input.teamId")
        outcome = await update_team(
            context.database,
            context.viewer,
            TeamUpdate(team_id, input.changes),
            or_none(input.idempotency_key),
            desk=context.registration,
            policy=context.policy,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=MANAGERS,
        description="Ask the register of legal persons about a team, and follow it (法人核验)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def check_legal_person(info: Info, input: CheckLegalPersonInput) -> Any:
        context = info.context
        outcome = await check_legal_person(
            context.database,
            context.viewer,
            number_of(input.team_id, "Team", field="input.teamId"),
            or_none(input.idempotency_key),
            desk=context.registration,
            policy=context.policy,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=OVERSEERS,
        description="Set a team's permission group (设置权限组别)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def set_permission_group(info: Info, input: SetPermissionGroupInput) -> Any:
        context = info.context
        outcome = await set_permission_group(
            context.database,
            context.viewer,
            input.wish,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Ask for a permission group (申请权限组别)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def ask_permission_group(info: Info, input: AskPermissionGroupInput) -> Any:
        context = info.context
        outcome = await ask_permission_group(
            context.database,
            context.viewer,
            input.wish,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=OVERSEERS,
        description="Settle what holds in a region (设置地方政策)",
        graphql_type=LocalPolicyPayload,
    )
    @staticmethod
    async def set_local_policy(info: Info, input: SetLocalPolicyInput) -> Any:
        context = info.context
        outcome = await set_local_policy(
            context.database, context.viewer, input.settling, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome
