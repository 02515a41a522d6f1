"""Whether a team may hang under another: the rules of the tree, whoever asks (DOMAIN §6.8, §11)."""

from collections.abc import Sequence

from db.enums import HubLevel, TeamStatus
from db.models.teams import MAX_DEPTH
from permissions.errors import UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.reviewers import takes_teams

STATION_BITS = 40
# From the top: a hub hangs under one of a higher level.
LEVELS: Sequence[HubLevel] = tuple(HubLevel)
MOVABLE = frozenset(
    {TeamStatus.ENABLED, TeamStatus.CHANGE_PENDING, TeamStatus.PENDING, TeamStatus.DISABLED}
)


def hanging_error(team: TeamFacts, to: TeamFacts, height: int) -> UserError | None:
    """Why a team, with ``height`` levels below it, may not hang under another; None if it may."""
    return _unmovable(team) or _misplaced(team, to, height) or _unfit(team, to)


def _unmovable(team: TeamFacts) -> UserError | None:
    reason = None
    if team.status not in MOVABLE:
        reason = "A team that is not registered, or dissolved, cannot be moved."
    elif team.branch_of_id is not None:
        reason = "A branch hangs under its organisation."
    elif team.is_legal and team.hub_level is None:
        reason = "A legal person answers to its registration authority."
    return UserError(UserErrorCode.NOT_MOVABLE, "teamId", reason) if reason else None


def _misplaced(team: TeamFacts, to: TeamFacts, height: int) -> UserError | None:
    fault = None
    if to.path.startswith(team.path):
        fault = UserErrorCode.CYCLE, "A team cannot hang under itself or a team below it."
    elif _station(team) != _station(to):
        fault = UserErrorCode.OTHER_STATION, "The contact team belongs to another station."
    elif team.contact is not None and team.contact.id == to.id:
        fault = UserErrorCode.ALREADY_THERE, "The team hangs there already."
    elif _depth(to) + 1 + height > MAX_DEPTH:
        fault = UserErrorCode.TOO_DEEP, f"The tree would be deeper than {MAX_DEPTH} levels."
    return UserError(fault[0], "contactTeamId", fault[1]) if fault else None


def _unfit(team: TeamFacts, to: TeamFacts) -> UserError | None:
    reason = None
    if not takes_teams(to):
        reason = "The contact team is not enabled, or takes no teams."
    elif team.hub_level is not None and not _is_above(to.hub_level, team.hub_level):
        reason = "A hub hangs under a hub of a higher level."
    return UserError(UserErrorCode.CONTACT_TEAM_UNFIT, "contactTeamId", reason) if reason else None


def _is_above(level: HubLevel | None, other: HubLevel) -> bool:
    return level is not None and LEVELS.index(level) < LEVELS.index(other)


def _station(team: TeamFacts) -> int:
    """The station that made the team: the high bits of its id (DESIGN §4)."""
    return team.id >> STATION_BITS


def _depth(team: TeamFacts) -> int:
    return team.path.count("/")
