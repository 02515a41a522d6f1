"""Where complaints go: the handler that is competent, and the superior of one that decided."""

from dataclasses import dataclass

from db.queries import offices
from db.write import Write
from permissions.complaint_rules import handler_for
from permissions.facts import OfficeFacts, TeamFacts
from permissions.reviewers import Reviewer, reviewer_of
from permissions.viewer import ActingTeam


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler as the row of a complaint names it."""

    team_id: int | None = None
    region_id: int | None = None

    @classmethod
    def of(cls, reviewer: Reviewer) -> "Handler":
        """The handler that facts tell of."""
        if isinstance(reviewer, TeamFacts):
            return cls(team_id=reviewer.id)
        return cls(region_id=reviewer.region_id)


async def competent(
    write: Write, subject_type: str, team: TeamFacts, *, by: ActingTeam | None = None
) -> Reviewer:
    """Who is to handle a complaint that concerns the team."""
    found = handler_for(subject_type, team, by=by) or team.office
    return await office_at(write, found)


async def office_at(write: Write, reviewer: Reviewer) -> Reviewer:
    """The reviewer; for the region of a village or town, the department over it."""
    if isinstance(reviewer, TeamFacts):
        return reviewer
    found = await offices.fetch_nearest(write, reviewer.region_path)
    return reviewer if found is None else OfficeFacts(*found)


async def superior(write: Write, handler: Reviewer) -> Reviewer | None:
    """Who is above a handler: its reviewer, the department above; None above the nation's."""
    if isinstance(handler, TeamFacts):
        above = reviewer_of(handler)
        return None if above is None else await office_at(write, above)
    found = await offices.fetch_above(write, handler.region_path)
    return None if found is None else OfficeFacts(*found)


async def name_of(write: Write, reviewer: Reviewer) -> str:
    """What a team, or a region with a department, is called."""
    if isinstance(reviewer, TeamFacts):
        return reviewer.name
    return await offices.fetch_name(write, reviewer.region_id)
