"""Who acts for a team, sees it, succeeds it: fields of the mutation root."""

from typing import Any

from resolvers.team_dissolution import dissolve_team
from resolvers.team_relations import set_affiliated_org, set_view_teams
from resolvers.team_staff import hand_over, name_staff, remove_staff
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.team_staff import HandOverTeamInput, NameTeamStaffInput, RemoveTeamStaffInput
from schema.inputs.team_standing import (
    DissolveTeamInput,
    SetAffiliatedOrgInput,
    SetViewTeamsInput,
)
from schema.payloads.team_changes import TeamChangePayload
from schema.visibility import EVERYONE, OVERSEERS, TEAMS, object_type, root


@object_type(to=EVERYONE, description="What is done about a team's people (队伍人员变更)")
class TeamStaffMutations:
    """Fields of the mutation root."""

    @root(
        to=TEAMS,
        description="Name a person for duties in the team (设置专门人员)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def name_team_staff(info: Info, input: NameTeamStaffInput) -> Any:
        context = info.context
        outcome = await name_staff(
            context.database,
            context.viewer,
            input.person,
            input.roles,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Remove a person from the team's people (移除专门人员)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def remove_team_staff(info: Info, input: RemoveTeamStaffInput) -> Any:
        context = info.context
        outcome = await remove_staff(
            context.database,
            context.viewer,
            input.person,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Hand the team over to another manager (移交队伍)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def hand_over_team(info: Info, input: HandOverTeamInput) -> Any:
        context = info.context
        outcome = await hand_over(
            context.database,
            context.viewer,
            input.person,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Choose the team's view teams (设置查看团体)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def set_view_teams(info: Info, input: SetViewTeamsInput) -> Any:
        context = info.context
        outcome = await set_view_teams(
            context.database,
            context.viewer,
            input.chosen,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Say which organisation the team is of (设置直属组织)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def set_affiliated_org(info: Info, input: SetAffiliatedOrgInput) -> Any:
        context = info.context
        outcome = await set_affiliated_org(
            context.database,
            context.viewer,
            input.chosen,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=OVERSEERS,
        description="Dissolve a team; another succeeds it (注销队伍)",
        graphql_type=TeamChangePayload,
    )
    @staticmethod
    async def dissolve_team(info: Info, input: DissolveTeamInput) -> Any:
        context = info.context
        outcome = await dissolve_team(
            context.database,
            context.viewer,
            input.dissolution,
            or_none(input.idempotency_key),
            policy=context.policy,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome
