"""What moves of teams are given."""

import strawberry

from schema.inputs.volunteer import KEY
from schema.visibility import MANAGERS, input_field, input_type


@input_type(to=MANAGERS, description="Team that is to hang elsewhere (改挂)")
class MoveTeamInput:
    """A team, its new contact team, and why."""

    team_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the team (队伍标识)", required=True
    )
    contact_team_id: strawberry.ID = input_field(
        to=MANAGERS,
        description="Global id of the new contact team (新联络团体标识)",
        required=True,
    )
    reason: str | None = input_field(
        to=MANAGERS, description="Reason; a superior or department must give one (改挂原因)"
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)


@input_type(to=MANAGERS, description="Answer to a team that asks to be taken (改挂审核)")
class AnswerTeamMoveInput:
    """Whether the new contact team takes the team."""

    review_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the review (审核标识)", required=True
    )
    accept: bool = input_field(
        to=MANAGERS, description="Whether the team is taken (是否接收)", required=True
    )
    opinion: str | None = input_field(
        to=MANAGERS, description="Opinion; whoever overrides must give one (审核意见)"
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)
