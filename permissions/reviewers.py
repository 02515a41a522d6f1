"""Who reviews what: from a team's facts to the team or department that must decide (DOMAIN §4)."""

from db.enums import ReviewKind
from permissions.facts import OfficeFacts, TeamFacts
from permissions.groups import setting_hub
from permissions.rights import Right, holds

# A team decides these itself: it is its own business who joins, and what it records (谁组织谁记录).
OWN_BUSINESS = frozenset({ReviewKind.MEMBERSHIP, ReviewKind.RECORD_APPLICATION})

Reviewer = TeamFacts | OfficeFacts


def reviewer_of(team: TeamFacts) -> Reviewer | None:
    """Who reviews a team and what it asks for; None if the facts do not tell, which denies.

    A legal person answers to its registration authority, a branch to its organisation, every
    other team to the nearest team above it that works and takes teams, at last to the department
    of its region.
    """
    if team.is_legal:
        return team.authority or team.office
    if team.branch_of_id is not None:
        organisation = team.contact
        if organisation is None or organisation.id != team.branch_of_id:
            return None
        return organisation if organisation.works else organisation.authority or organisation.office
    below = team
    while below.contact is not None:
        below = below.contact
        if below.takes_teams:
            return below
    return team.office if below.is_whole else None


def reviewer_for(
    kind: ReviewKind, team: TeamFacts, *, to: TeamFacts | None = None
) -> Reviewer | None:
    """Who must decide a review of the kind; None if nobody may, or the facts do not tell.

    ``to`` is the contact team that a TEAM_MOVE asks for, or the hub that a PERMISSION_GROUP asks.
    """
    match kind:
        case ReviewKind.MEMBERSHIP | ReviewKind.RECORD_APPLICATION:
            return team
        case ReviewKind.TEAM_REGISTRATION | ReviewKind.TEAM_CHANGE if files(team):
            return team.authority or team.office
        case ReviewKind.TEAM_MOVE:
            return to if to is not None and takes_teams(to) else None
        case ReviewKind.PERMISSION_GROUP:
            return to or setting_hub(team) or (reviewer_of(team) if team.is_legal else team.office)
        case _:
            return reviewer_of(team)


def files(team: TeamFacts) -> bool:
    """Whether a team is on file (备案): the office that keeps the file says whether it is.

    What it does day by day its contact team reviews, and a hub answers to the hub above.
    """
    return team.is_filed and team.hub_level is None


def takes_teams(team: TeamFacts) -> bool:
    """Whether a team works and may have teams below it: whether it can be a contact team."""
    return team.takes_teams


def needs_review(team: TeamFacts) -> bool:
    """Whether what the team publishes is reviewed first."""
    return not holds(team.group, Right.PUBLISH_WITHOUT_REVIEW)
