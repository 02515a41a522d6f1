"""Putting what a team asks for before who must decide it."""

from collections.abc import Mapping
from typing import Any

from db.enums import ReviewKind
from db.queries import team_registration as queries
from db.write import Write
from permissions.facts import OfficeFacts
from permissions.reviewers import Reviewer


async def ask_reviewer(
    write: Write, kind: ReviewKind, team_id: int, reviewer: Reviewer, change: Mapping[str, Any]
) -> int:
    """The id of the review that waits; the caller is at reviews."""
    return await queries.insert_review(
        write,
        kind,
        team_id,
        reviewer_team_id=None if isinstance(reviewer, OfficeFacts) else reviewer.id,
        reviewer_region_id=reviewer.region_id if isinstance(reviewer, OfficeFacts) else None,
        change=change,
    )


def kind_of(reviewer: Reviewer) -> str:
    """What decides, as events say it."""
    return "department" if isinstance(reviewer, OfficeFacts) else "team"
