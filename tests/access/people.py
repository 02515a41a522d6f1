"""The teams, departments and persons whom the tests of the rules ask about."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.enums import (
    CertificateStatus,
    HubLevel,
    PermissionGroup,
    ProjectStatus,
    RegionLevel,
    ReviewKind,
    ReviewState,
    SignUpStatus,
    TeamAdminRole,
    TeamStatus,
)
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.facts import (
    CertificateFacts,
    OfficeFacts,
    ProjectFacts,
    ReviewFacts,
    SignUpFacts,
    TeamFacts,
    VolunteerFacts,
)
from permissions.rights import Right, holds
from permissions.viewer import ActingDepartment, ActingTeam, Role, Viewer

Edges = dict[str, str]
Case = tuple[str, Action, object, Edges]
PROVINCE, COUNTY, ELSEWHERE = OfficeFacts(1, "1/"), OfficeFacts(2, "1/2/"), OfficeFacts(3, "1/3/")
Group = PermissionGroup
ON, OFF = Policy(), Policy(quick_review=False)


def team(
    number: int, under: TeamFacts | None, group: Group, hub: HubLevel | None = None, **facts: Any
) -> TeamFacts:
    """A working team of the county, or one that differs from it."""
    given = {"office": COUNTY, "status": TeamStatus.ENABLED, **facts}
    path = f"{under.path if under else ''}{number}/"
    name = f"队{number}"
    return TeamFacts(
        id=number, name=name, path=path, group=group, hub_level=hub, contact=under, **given
    )


CITY = team(1, None, Group.SENIOR_QUICK, HubLevel.CITY, office=PROVINCE)
DISTRICT = team(2, CITY, Group.SENIOR_QUICK, HubLevel.DISTRICT)
TOWN = team(3, DISTRICT, Group.MIDDLE_QUICK, HubLevel.TOWN)
TEAM = team(4, TOWN, Group.BASIC)
LEGAL = team(5, None, Group.MIDDLE, is_legal=True, authority=ELSEWHERE)
GONE = team(6, TOWN, Group.BASIC, status=TeamStatus.DISSOLVED, successor_id=4)
STOPPED = replace(TEAM, status=TeamStatus.DISABLED)
HEIR_OF_NONE = team(7, TOWN, Group.BASIC, status=TeamStatus.DISABLED)


def acting(for_: TeamFacts, account: int, *roles: TeamAdminRole, **more: Any) -> Viewer:
    """Who acts for the team: its manager, or who is named for the duties."""
    named = frozenset(roles or {TeamAdminRole.MANAGER})
    held = ActingTeam(
        id=for_.id,
        team_no="",
        name=for_.name,
        path=for_.path,
        region_path=for_.office.region_path,
        status=for_.status,
        permission_group=for_.group,
        hub_level=for_.hub_level,
        takes_teams=holds(for_.group, Right.ALLOW_SUB_TEAM_REGISTRATION),
        roles=named,
    )
    role = Role.HUB if held.reviews_others else Role.TEAM
    return Viewer(role=role, account_id=account, team=held, **more)


def office(place: OfficeFacts, account: int) -> Viewer:
    """Who acts for the department of the place."""
    held = ActingDepartment(
        region_id=place.region_id,
        region_code="",
        region_name="",
        region_path=place.region_path,
        region_level=RegionLevel.COUNTY,
    )
    return Viewer(role=Role.DEPARTMENT, account_id=account, department=held)


PEOPLE = {
    "public": Viewer(),
    "volunteer": Viewer(role=Role.VOLUNTEER, account_id=11, volunteer_id=1),
    "stranger": Viewer(role=Role.VOLUNTEER, account_id=12, volunteer_id=2),
    "person": Viewer(role=Role.VOLUNTEER, account_id=13),
    "team": acting(TEAM, 14),
    "recorder": acting(TEAM, 15, TeamAdminRole.RECORDER),
    "reviewer": acting(TEAM, 16, TeamAdminRole.REVIEWER),
    "member": acting(TEAM, 17, volunteer_id=1),
    "town": acting(TOWN, 18),
    "town's recorder": acting(TOWN, 19, TeamAdminRole.RECORDER),
    "district": acting(DISTRICT, 20),
    "city": acting(CITY, 21),
    "city's reviewer": acting(CITY, 22, TeamAdminRole.REVIEWER),
    "legal": acting(LEGAL, 23),
    "county": office(COUNTY, 24),
    "elsewhere": office(ELSEWHERE, 25),
    "province": office(PROVINCE, 26),
    "editor": Viewer(role=Role.VOLUNTEER, account_id=27, flags=frozenset({"is_station_editor"})),
    "nobody's flag": Viewer(flags=frozenset({"is_station_editor"})),
}
ABOVE = {
    "town": "contact team above",
    "district": "quick review of 队2",
    "city": "quick review of 队1",
    "city's reviewer": "quick review of 队1",
    "county": "department over region",
    "province": "department over region",
}
OFFICES = ("county", "province")
OWN = {"team": "own team", "member": "own team"}
RECORDING = {**OWN, "recorder": "own team"}
NOT_ONESELF = {"team": "own team", "recorder": "own team"}
VOLUNTEER = VolunteerFacts(id=1, region_path="1/2/", account_id=11, tied_to=[TEAM])
PROJECT = ProjectFacts(id=1, team=TEAM, status=ProjectStatus.RUNNING)
SIGN_UP = SignUpFacts(id=1, team=TEAM, volunteer_id=1, status=SignUpStatus.APPLIED)
CERTIFICATE = CertificateFacts(
    id=1, team=TEAM, volunteer_id=1, status=CertificateStatus.REQUESTED, account_id=11
)


def review(kind: ReviewKind, of: TeamFacts, by: Any, applicant: int | None = None) -> ReviewFacts:
    """What waits for a decision of the given reviewer."""
    return ReviewFacts(
        id=1,
        team=of,
        kind=kind,
        state=ReviewState.PENDING,
        reviewer=by,
        applicant_account_id=applicant,
    )


def who_may(action: Action, subject: object, people: Mapping[str, Viewer] = PEOPLE) -> Edges:
    """Who of them may do something, and by which edge."""
    return {
        name: decision.because
        for name, viewer in people.items()
        if (decision := decide(action, viewer, subject, policy=ON)).allowed
    }
