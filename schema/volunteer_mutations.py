"""What is done about volunteers and their memberships: fields of the mutation root."""

from typing import Any

from permissions.errors import InvalidInput
from resolvers.membership_changes import (
    Invitation,
    answer_invitation,
    end_membership,
    invite_volunteer,
    leave_team,
)
from resolvers.volunteer_leaving import withdraw_volunteer
from resolvers.volunteer_registration import register_volunteer
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.membership import (
    AnswerInvitationInput,
    EndMembershipInput,
    InviteVolunteerInput,
    LeaveTeamInput,
    WithdrawVolunteerInput,
)
from schema.inputs.registration import RegisterVolunteerInput
from schema.payloads.membership import MembershipPayload, WithdrawVolunteerPayload
from schema.payloads.registration import RegisterVolunteerPayload
from schema.texts import is_storable
from schema.visibility import EVERYONE, REGISTRANTS, TEAMS, VOLUNTEERS, object_type, root


@object_type(to=EVERYONE, description="What is done about volunteers (志愿者变更)")
class VolunteerMutations:
    """Fields of the mutation root."""

    @root(
        to=REGISTRANTS,
        description="Register as a volunteer (注册志愿者)",
        graphql_type=RegisterVolunteerPayload,
    )
    @staticmethod
    async def register_volunteer(info: Info, input: RegisterVolunteerInput) -> Any:
        context = info.context
        outcome = await register_volunteer(
            context.database,
            context.viewer,
            context.registration,
            input.volunteer,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(to=VOLUNTEERS, description="Leave a team (退出队伍)", graphql_type=MembershipPayload)
    @staticmethod
    async def leave_team(info: Info, input: LeaveTeamInput) -> Any:
        context = info.context
        team_id = number_of(input.team_id, "Team", field="input.teamId")
        outcome = await leave_team(
            context.database, context.viewer, team_id, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Let a member of the team go (移出成员)",
        graphql_type=MembershipPayload,
    )
    @staticmethod
    async def end_membership(info: Info, input: EndMembershipInput) -> Any:
        context = info.context
        outcome = await end_membership(
            context.database,
            context.viewer,
            number_of(input.membership_id, "Membership", field="input.membershipId"),
            input.reason.strip(),
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Invite a volunteer into the team (邀请志愿者)",
        graphql_type=MembershipPayload,
    )
    @staticmethod
    async def invite_volunteer(info: Info, input: InviteVolunteerInput) -> Any:
        context = info.context
        invitation = Invitation(
            team_id=number_of(input.team_id, "Team", field="input.teamId"),
            volunteer_no=_searchable(input.volunteer_no),
            name=_searchable(input.name),
        )
        outcome = await invite_volunteer(
            context.database, context.viewer, invitation, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Answer a team's invitation (答复邀请)",
        graphql_type=MembershipPayload,
    )
    @staticmethod
    async def answer_invitation(info: Info, input: AnswerInvitationInput) -> Any:
        context = info.context
        outcome = await answer_invitation(
            context.database,
            context.viewer,
            number_of(input.membership_id, "Membership", field="input.membershipId"),
            or_none(input.idempotency_key),
            accept=input.accept,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Withdraw as a volunteer (注销志愿者)",
        graphql_type=WithdrawVolunteerPayload,
    )
    @staticmethod
    async def withdraw_volunteer(info: Info, input: WithdrawVolunteerInput) -> Any:
        context = info.context
        if not input.confirm:
            raise InvalidInput("confirm", "Withdrawing must be confirmed.")
        outcome = await withdraw_volunteer(
            context.database, context.viewer, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome


def _searchable(text: str) -> str:
    """The text trimmed; empty, and so nobody's, if the database could not hold it."""
    return text.strip() if is_storable(text) else ""
