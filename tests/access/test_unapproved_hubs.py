"""A hub that nobody has approved, or that was refused, answers for nothing but itself."""

from dataclasses import replace

import pytest

from db.enums import HubLevel, TeamStatus
from permissions.actions import Action
from permissions.contacts import Shown, team_contacts
from permissions.decide import decide
from permissions.facts import RegionFacts
from permissions.statistics import sees_figures_of, sees_figures_of_team
from permissions.viewer import Role, Viewer
from permissions.visible import visible
from tests.access.people import (
    COUNTY,
    DISTRICT,
    LEGAL,
    STOPPED,
    TEAM,
    VOLUNTEER,
    Group,
    acting,
    team,
)

WORKING = (TeamStatus.ENABLED, TeamStatus.CHANGE_PENDING)
WAITING = (TeamStatus.DRAFT, TeamStatus.PENDING, TeamStatus.REJECTED)
AWAY = replace(LEGAL, status=TeamStatus.DISABLED)
BELOW = replace(STOPPED, id=9, path=f"{DISTRICT.path}9/", contact=DISTRICT)


def asks(status: TeamStatus, group: Group) -> Viewer:
    """Who registered the district's hub and acts for it while it stands so."""
    return acting(replace(DISTRICT, status=status, group=group), 31)


@pytest.mark.parametrize("group", [Group.PENDING, Group.SENIOR_QUICK])
@pytest.mark.parametrize("status", WAITING)
def test_hub_that_does_not_work_is_a_team_like_any_other(status: TeamStatus, group: Group) -> None:
    viewer = asks(status, group)
    hub = viewer.team
    assert hub is not None

    assert viewer.role is Role.TEAM
    assert decide(Action.READ, viewer, replace(DISTRICT, status=status)).because == "own team"


@pytest.mark.parametrize("status", TeamStatus)
def test_area_and_teams_below_are_a_hub_s_that_works(status: TeamStatus) -> None:
    viewer = asks(status, Group.SENIOR_QUICK)
    region = COUNTY.region_path
    # As a request that began while the hub still worked.
    late = replace(viewer, role=Role.HUB)

    for each in (viewer, late):
        found = {
            "figures": sees_figures_of(each, region),
            "figures below": sees_figures_of_team(each, BELOW.path, region),
            "legal person": decide(Action.READ, each, AWAY).allowed,
            "team below": decide(Action.READ, each, BELOW).allowed,
            "resident": decide(Action.READ, each, replace(VOLUNTEER, tied_to=[])).allowed,
            "export": decide(Action.REGION_EXPORT, each, RegionFacts(2, region)).allowed,
            "stars": decide(Action.STAR_RATE, each, replace(VOLUNTEER, tied_to=[])).allowed,
            "scope": visible("Team", each).values["v_region"] != "",
            "list": "HUB" in visible("Volunteer", each).key,
            "phones": team_contacts(each, path=TEAM.path, region_path="1/4/") is Shown.FULL,
        }
        assert set(found.values()) == {status in WORKING}, found


def test_team_that_takes_teams_no_more_reads_no_phones_below_it() -> None:
    lowered = team(8, DISTRICT, Group.BASIC)
    below = f"{lowered.path}9/"

    for group, expected in ((Group.BASIC, Shown.ABSENT), (Group.JUNIOR_TEAM, Shown.FULL)):
        viewer = acting(replace(lowered, group=group), 31)
        assert team_contacts(viewer, path=below, region_path="1/4/") is expected
        assert team_contacts(viewer, path=lowered.path, region_path="1/4/") is Shown.FULL
        assert team_contacts(viewer, path=DISTRICT.path, region_path="1/4/") is Shown.ABSENT


def test_hub_level_without_a_place_is_no_area() -> None:
    nowhere = acting(replace(DISTRICT, hub_level=HubLevel.DISTRICT), 31)
    assert nowhere.team is not None
    placeless = replace(nowhere, team=replace(nowhere.team, region_path=""))

    assert not sees_figures_of(placeless, "1/2/")
