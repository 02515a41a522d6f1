"""Who reviews a record of a team."""

from db.enums import ReviewKind
from db.write import Write
from permissions.errors import UserErrorCode
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.reviewers import reviewer_for
from resolvers.acting import Refused


async def reviewer_key(
    write: Write, team_id: int, kind: ReviewKind
) -> tuple[int | None, int | None]:
    """The reviewing team, or the region whose department reviews.

    Raises:
        Refused: nobody may.
    """
    team = (await gather_teams(write, [team_id]))[team_id]
    reviewer = reviewer_for(kind, team)
    if reviewer is None:
        raise Refused.because(
            UserErrorCode.CONTACT_TEAM_UNFIT, "teamId", "Nobody reviews this team at the moment."
        )
    if isinstance(reviewer, TeamFacts):
        return reviewer.id, None
    return None, reviewer.region_id
