"""What is changed about a team that stands: fields of the mutation root."""

from typing import Any

from resolvers.team_changes import TeamUpdate, update_team
from schema.ids import number_of
from schema.info import Info
from schema.inputs.team_changes import UpdateTeamInput
from schema.inputs.volunteer import key_of
from schema.payloads.team_changes import TeamChangePayload
from schema.visibility import EVERYONE, MANAGERS, object_type, root


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
            key_of(input.idempotency_key),
            desk=context.registration,
            policy=context.policy,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome
