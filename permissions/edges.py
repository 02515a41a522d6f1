"""Decisions, and the edges between a viewer and a subject that they rest on."""

from dataclasses import dataclass
from functools import lru_cache

from db.enums import TeamAdminRole
from permissions.facts import OfficeFacts, TeamFacts
from permissions.reviewers import Reviewer
from permissions.viewer import ActingTeam, Role, Viewer


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, and the edge that decided or what is missing."""

    allowed: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a station settles where the sources are silent (快审: DOMAIN §4)."""

    quick_review: bool = True


@lru_cache(maxsize=1024)
def allow(because: str) -> Decision:
    """Allowed by the edge."""
    return Decision(allowed=True, because=because)


@lru_cache(maxsize=1024)
def refuse(because: str) -> Decision:
    """Refused for what is missing."""
    return Decision(allowed=False, because=because)


@lru_cache(maxsize=1024)
def quick_review_of(name: str) -> Decision:
    """Allowed by the quick review of the team of the name."""
    return allow(f"quick review of {name}")


NO_EDGE = refuse("no edge leads here")
NO_REVIEWER = refuse("nobody may review it")
NOT_SIGNED_IN = refuse("not signed in")
OWN_APPLICATION = refuse("own application")
TEAM_STOPPED = refuse("the acting team is not enabled")
OTHER_DUTY = refuse("named for another duty in the team")
SUBJECT_STOPPED = refuse("the team is not enabled")

OWN_TEAM = allow("own team")
OWNER = allow("owner")
CONTACT_TEAM = allow("contact team above")
DEPARTMENT = allow("department over region")
AUTHORITY = allow("registration authority")
OFFICE = allow("department of the region")


def acting_team(viewer: Viewer) -> ActingTeam | None:
    """The team that the viewer acts for."""
    return viewer.acting


def acting_volunteer(viewer: Viewer) -> int | None:
    """The volunteer that the viewer acts as."""
    return viewer.volunteer_id if viewer.role is Role.VOLUNTEER else None


def is_own_account(viewer: Viewer, account_id: int | None) -> bool:
    """Whether the account is the viewer's, in whatever capacity; nobody is who is left out."""
    return account_id is not None and viewer.account_id == account_id


def is_volunteer(viewer: Viewer, volunteer_id: int | None) -> bool:
    """Whether the viewer acts as this very volunteer; nobody is the one that a row leaves out."""
    volunteer = acting_volunteer(viewer)
    return volunteer is not None and volunteer == volunteer_id


def is_own(viewer: Viewer, team: TeamFacts) -> bool:
    """Whether the viewer acts for this very team."""
    acting = viewer.acting
    return acting is not None and acting.id == team.id


def rules_over(viewer: Viewer, region_path: str) -> bool:
    """Whether the viewer acts for the department of the region, or one above it."""
    return viewer.office_path != "" and region_path.startswith(viewer.office_path)


def lies_below(team: TeamFacts, above: ActingTeam) -> bool:
    """Whether a team lies properly below the one that is acted for."""
    return team.id != above.id and above.path != "" and team.path.startswith(above.path)


def for_own_team(viewer: Viewer, team: TeamFacts, *roles: TeamAdminRole) -> Decision:
    """What a working team does with its own: its manager may, and who is named for the duty."""
    acting = acting_team(viewer)
    if acting is None or acting.id != team.id:
        return NO_EDGE
    if not acting.works:
        return TEAM_STOPPED
    return OWN_TEAM if acting.is_named(*roles) else OTHER_DUTY


def as_reviewer(
    viewer: Viewer, team: TeamFacts, reviewer: Reviewer | None, policy: Policy
) -> Decision:
    """Whether the viewer may decide what waits for the reviewer, of a team (DOMAIN §4).

    A team's item: the team itself; by quick review any team above that has the right; a
    department over the region. A department's item: that department and those above, no hub.
    """
    if reviewer is None:
        return NO_REVIEWER
    if isinstance(reviewer, OfficeFacts):
        if not rules_over(viewer, reviewer.region_path):
            return refuse("decided by a department")
        return AUTHORITY if reviewer == team.authority else OFFICE
    acting = viewer.acting
    if acting is None:
        return DEPARTMENT if rules_over(viewer, team.office.region_path) else NO_EDGE
    if acting.id != reviewer.id and not lies_below(team, acting):
        return NO_EDGE
    return _as_reviewing_team(acting, team, reviewer, policy)


def _as_reviewing_team(
    acting: ActingTeam, team: TeamFacts, reviewer: TeamFacts, policy: Policy
) -> Decision:
    if not acting.works:
        return TEAM_STOPPED
    if not acting.may_review:
        return OTHER_DUTY
    if acting.id == reviewer.id:
        return OWN_TEAM if reviewer.id == team.id else CONTACT_TEAM
    if not policy.quick_review:
        return refuse("not its reviewer, and quick review is switched off")
    if not acting.reviews_quickly:
        return refuse("not its reviewer, and without the right of quick review")
    return quick_review_of(acting.name)
