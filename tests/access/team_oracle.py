"""The oracle on what superiors do to teams that asked for something: naive, on a world's values."""

from typing import Any

from permissions.viewer import Viewer

RUNNING = {"ENABLED", "CHANGE_PENDING"}
TAKES_TEAMS = {"JUNIOR_TEAM", "JUNIOR_QUICK", "MIDDLE", "MIDDLE_QUICK", "SENIOR", "SENIOR_QUICK"}


def asked(oracle: Any, viewer: Viewer, kind: str, team: int) -> bool:
    """Whether the viewer's own account asked, in whatever capacity, and the team still waits.

    A team asks for one thing at a time; of drawn reviews that say otherwise the first counts.
    """
    applicants = [
        row.applicant
        for row in oracle.world.reviews
        if row.kind.name == kind and row.team == team and row.state.name == "PENDING"
    ]
    named = [each for each in applicants if each is not None]
    return viewer.account_id is not None and named[:1] == [viewer.account_id - 1]


def manages(oracle: Any, viewer: Viewer) -> int | None:
    """The working team that the viewer manages and acts for."""
    own = oracle.acts_for(viewer)
    if own is None or viewer.account_id is None:
        return None
    account = oracle.world.accounts[viewer.account_id - 1]
    named = {role.value for team, role in account.teams if team == own}
    is_working = oracle.world.teams[own].status in RUNNING
    return int(own) if is_working and "MANAGER" in named else None


def forces_move(oracle: Any, viewer: Viewer, number: int, to: int) -> bool:
    """Whether the viewer may hang a team under another without being asked."""
    target = oracle.world.teams[to]
    if target.status not in RUNNING or target.group.name not in TAKES_TEAMS:
        return False
    if number in oracle.teams_up(to) or asked(oracle, viewer, "TEAM_MOVE", number):
        return False
    if oracle.office(viewer, oracle.world.teams[number].region) and oracle.office(
        viewer, target.region
    ):
        return True
    own = manages(oracle, viewer)
    is_hub = own is not None and oracle.world.teams[own].hub is not None
    return is_hub and own in list(oracle.teams_up(number))[1:] and own in oracle.teams_up(to)


def sets_basic_group(oracle: Any, viewer: Viewer, number: int) -> bool:
    """Whether the viewer may give a team the least of the groups."""
    if asked(oracle, viewer, "PERMISSION_GROUP", number):
        return False
    setters = oracle.setters(number)
    team = oracle.world.teams[number]
    if not setters:
        has_authority = team.legal and team.authority is not None
        return bool(oracle.office(viewer, team.authority if has_authority else team.region))
    own = manages(oracle, viewer)
    if own is None:
        return False
    return own in setters and oracle.world.teams[own].group.name != "PENDING"
