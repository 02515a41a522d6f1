"""The payload of moves of teams."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import REVIEW, TEAM
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.review import Review
from schema.types.team import Team
from schema.visibility import MANAGERS, batched, object_type


@object_type(to=MANAGERS, description="Outcome of moving a team (改挂结果)")
class TeamMovePayload:
    """The outcome of asking for, answering or forcing a move; the objects are ``Outcome``."""

    @batched(
        Review | None, to=MANAGERS, description="Review of the move, waiting or decided (改挂审核)"
    )
    @staticmethod
    async def review(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REVIEW, [each.subject_id for each in parents])

    @batched(Team | None, to=MANAGERS, description="Team as it now hangs (队伍)")
    @staticmethod
    async def team(parents: Sequence[Outcome], info: Info) -> Any:
        reviews = await info.context.loaders.rows(
            REVIEW, [each.subject_id for each in parents], row=REVIEW.row.only({"team_id"})
        )
        return await referred(info, TEAM, [review and review.team_id for review in reviews])

    @batched(list[UserErrorType], to=MANAGERS, description="Why nothing was done (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
