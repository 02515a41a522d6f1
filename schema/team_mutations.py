"""What is done about teams and in the queue of reviews: fields of the mutation root."""

from typing import Any

from resolvers.review_decisions import Decided, decide_reviews
from resolvers.team_registration import register_team
from resolvers.team_states import Order, disable_team, enable_team
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.reviews import DecideReviewsInput, DisableTeamInput, EnableTeamInput, Verdict
from schema.inputs.team_registration import RegisterTeamInput
from schema.payloads.teams import DecideReviewsPayload, RegisterTeamPayload, TeamStatePayload
from schema.visibility import EVERYONE, MANAGERS, OVERSEERS, PERSONS, object_type, root


@object_type(to=EVERYONE, description="What is done about teams (队伍变更)")
class TeamMutations:
    """Fields of the mutation root."""

    @root(
        to=PERSONS,
        description="Register a team, to be decided by its reviewer (注册队伍)",
        graphql_type=RegisterTeamPayload,
    )
    @staticmethod
    async def register_team(info: Info, input: RegisterTeamInput) -> Any:
        context = info.context
        outcome = await register_team(
            context.database,
            context.viewer,
            context.registration,
            input.team,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=MANAGERS,
        description="Decide on reviews, with an outcome for each (审核)",
        graphql_type=DecideReviewsPayload,
    )
    @staticmethod
    async def decide_reviews(info: Info, input: DecideReviewsInput) -> Any:
        context = info.context
        decided = Decided(
            ids=[number_of(each, "Review", field="input.ids") for each in input.ids],
            approves=input.decision is Verdict.APPROVE,
            opinion=or_none(input.opinion),
            dates=input.dates.dates if input.dates else None,
        )
        outcome = await decide_reviews(
            context.database,
            context.viewer,
            decided,
            or_none(input.idempotency_key),
            policy=context.policy,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=OVERSEERS,
        description="Disable a team and its projects (停用队伍)",
        graphql_type=TeamStatePayload,
    )
    @staticmethod
    async def disable_team(info: Info, input: DisableTeamInput) -> Any:
        context = info.context
        team_id = number_of(input.team_id, "Team", field="input.teamId")
        outcome = await disable_team(
            context.database,
            context.viewer,
            Order(team_id=team_id, reason=input.reason.strip()),
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=OVERSEERS,
        description="Enable a team again, with its projects or without (启用队伍)",
        graphql_type=TeamStatePayload,
    )
    @staticmethod
    async def enable_team(info: Info, input: EnableTeamInput) -> Any:
        context = info.context
        team_id = number_of(input.team_id, "Team", field="input.teamId")
        outcome = await enable_team(
            context.database,
            context.viewer,
            Order(team_id=team_id, reason=input.reason.strip()),
            input.mode,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome
