"""What a region or a team counts as, added up one by one: regions by number, teams by theirs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tests.access.oracle import RUNNING, Oracle
from tests.access.world import PAST, World

PUBLISHED = {"WAITING", "RUNNING", "CLOSED", "MAKE_UP"}
FILLED = {"ACCEPTED", "ATTENDED", "NO_SHOW"}
PLANNED = 9  # places of a world's post
MINUTES = 60  # of a world's record
# The fields of StatisticsTotals that no clock of the station changes.
NAMES = (
    *("volunteers", "memberships", "teams", "hubs", "disabledTeams", "projects", "servedProjects"),
    *("plannedPlaces", "filledPlaces", "signUps", "records", "minutes"),
    *("pendingReviews",),
)


def region_figures(oracle: Oracle, number: int) -> Mapping[str, int]:
    """The figures of a region and all below it."""
    world = oracle.world
    regions = {n for n in range(len(world.regions)) if number in oracle.regions_up(n)}
    teams = {n for n, team in enumerate(world.teams) if team.region in regions}
    waiting = [each for each in world.reviews if each.state.value == "PENDING"]
    return {
        **_of_teams(world, teams),
        "volunteers": sum(each.region in regions for each in world.volunteers),
        "pendingReviews": sum(
            each.to_team in teams or each.to_region in regions for each in waiting
        ),
    }


def team_figures(oracle: Oracle, number: int) -> Mapping[str, int]:
    """The figures of a team and all below it."""
    world = oracle.world
    teams = {n for n in range(len(world.teams)) if number in oracle.teams_up(n)}
    joined = [each for each in world.memberships if each.status.value == "JOINED"]
    waiting = [each for each in world.reviews if each.state.value == "PENDING"]
    return {
        **_of_teams(world, teams),
        "volunteers": len({each.volunteer for each in joined if each.team in teams}),
        "pendingReviews": sum(each.to_team in teams for each in waiting),
    }


def _of_teams(world: World, numbers: set[int]) -> Mapping[str, int]:
    now = datetime.now(UTC)
    teams = [world.teams[n] for n in numbers]
    running = [each for each in teams if each.status.value in RUNNING]
    projects = [
        each for each in world.projects if each.team in numbers and each.status.value in PUBLISHED
    ]
    sign_ups = [each.status.value for each in world.sign_ups if each.team in numbers]
    records = [
        each
        for day, each in enumerate(world.records)
        if each.team in numbers
        and each.status.value == "EFFECTIVE"
        and PAST + timedelta(days=day) < now
    ]
    return {
        "memberships": sum(
            each.team in numbers and each.status.value == "JOINED" for each in world.memberships
        ),
        "teams": sum(each.hub is None for each in running),
        "hubs": sum(each.hub is not None for each in running),
        "disabledTeams": sum(each.status.value == "DISABLED" for each in teams),
        "projects": len(projects),
        "servedProjects": len({each.project for each in records} - {None}),
        "plannedPlaces": PLANNED * len(projects),
        "filledPlaces": sum(each in FILLED for each in sign_ups),
        "signUps": len(sign_ups),
        "records": len(records),
        "minutes": MINUTES * len(records),
    }
