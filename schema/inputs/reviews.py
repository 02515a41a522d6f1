"""What deciding reviews, and disabling and enabling teams, are given."""

from datetime import datetime
from enum import StrEnum

import strawberry

from resolvers.review_ruling import Dates
from resolvers.team_states import EnableMode
from schema.inputs.moments import instant
from schema.inputs.volunteer import KEY
from schema.visibility import MANAGERS, OVERSEERS, PERSONS, enum_type, input_field, input_type

enum_type(to=OVERSEERS, description="What is enabled with a team (启用方式)")(EnableMode)


@enum_type(to=MANAGERS, description="Decision on a review (审核决定)")
class Verdict(StrEnum):
    """What is decided."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"


@input_type(to=MANAGERS, description="Dates that a reviewer sets (项目时间)")
class ProjectDatesInput:
    """When a project begins and ends."""

    starts_at: datetime = input_field(
        to=MANAGERS, description="Start of the project (开始时间)", required=True
    )
    ends_at: datetime = input_field(
        to=MANAGERS, description="End of the project (结束时间)", required=True
    )

    @property
    def dates(self) -> Dates:
        """The dates.

        Raises:
            InvalidInput: a time has no offset.
        """
        return Dates(
            instant(self.starts_at, "dates.startsAt"), instant(self.ends_at, "dates.endsAt")
        )


@input_type(to=MANAGERS, description="Reviews to decide on, one or many (审核)")
class DecideReviewsInput:
    """Reviews and what is decided on them."""

    ids: list[strawberry.ID] = input_field(
        to=MANAGERS, description="Global ids of reviews, at most 500 (审核标识)", required=True
    )
    decision: Verdict = input_field(
        to=MANAGERS, description="Whether to approve (审核决定)", required=True
    )
    opinion: str | None = input_field(
        to=MANAGERS, description="Opinion; a rejection or an override has one (审核意见)"
    )
    dates: ProjectDatesInput | None = input_field(
        to=MANAGERS, description="Dates that an approved project gets (项目时间)"
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)


@input_type(to=PERSONS, description="Review to take back (撤回申请)")
class WithdrawReviewInput:
    """What the viewer asked for and does not want any more."""

    review_id: strawberry.ID = input_field(
        to=PERSONS, description="Global id of the review (审核标识)", required=True
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)


@input_type(to=OVERSEERS, description="Team to disable (停用队伍)")
class DisableTeamInput:
    """A team that is to stop."""

    team_id: strawberry.ID = input_field(
        to=OVERSEERS, description="Global id of the team (队伍标识)", required=True
    )
    reason: str = input_field(to=OVERSEERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)


@input_type(to=OVERSEERS, description="Team to enable again (启用队伍)")
class EnableTeamInput:
    """A team that is to go on."""

    team_id: strawberry.ID = input_field(
        to=OVERSEERS, description="Global id of the team (队伍标识)", required=True
    )
    mode: EnableMode = input_field(
        to=OVERSEERS, description="With its projects or without (启用方式)", required=True
    )
    reason: str = input_field(to=OVERSEERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)
