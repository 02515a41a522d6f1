"""What leaving, inviting, answering and withdrawing are given."""

import strawberry

from schema.inputs.volunteer import KEY
from schema.visibility import TEAMS, VOLUNTEERS, input_field, input_type


@input_type(to=VOLUNTEERS, description="Team to leave (退出队伍)")
class LeaveTeamInput:
    """The team to leave."""

    team_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the team (队伍标识)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=TEAMS, description="Member whom the team lets go (移出成员)")
class EndMembershipInput:
    """The membership that the team ends, and why."""

    membership_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the membership (成员关系标识)", required=True
    )
    reason: str = input_field(
        to=TEAMS, description="Reason, which the volunteer reads (移出原因)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=TEAMS, description="Volunteer to invite (邀请志愿者)")
class InviteVolunteerInput:
    """Whom a team invites; number and name must belong together."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (队伍标识)", required=True
    )
    volunteer_no: str = input_field(
        to=TEAMS, description="Number of the volunteer (志愿者编号)", required=True
    )
    name: str = input_field(
        to=TEAMS, description="Name of the volunteer (志愿者姓名)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=VOLUNTEERS, description="Answer to a team's invitation (答复邀请)")
class AnswerInvitationInput:
    """Whether the volunteer joins."""

    membership_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the membership (成员关系标识)", required=True
    )
    accept: bool = input_field(
        to=VOLUNTEERS, description="Whether the volunteer joins (是否接受)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=VOLUNTEERS, description="Withdrawal from the system (注销志愿者)")
class WithdrawVolunteerInput:
    """That the volunteer means it."""

    confirm: bool = input_field(
        to=VOLUNTEERS, description="Must be true: it cannot be taken back (确认)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)
