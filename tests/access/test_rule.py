"""The pure rule against the naive oracle and the told worlds, without a database: fast enough to
be run for every mutant.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from db.enums import HubLevel, PermissionGroup, RegionLevel, TeamAdminRole, TeamStatus
from permissions.actions import Action
from permissions.contacts import Shown, review_contacts, team_contacts
from permissions.decide import RULES, decide, decide_all
from permissions.edges import Policy
from permissions.facts import OfficeFacts, RegionFacts, TeamFacts, VolunteerFacts
from permissions.reviewers import reviewer_of
from permissions.statistics import sees_figures_of, sees_figures_of_team
from permissions.viewer import ActingDepartment, ActingPartner, ActingTeam, Role, Viewer
from tests.access.drawing import worlds
from tests.access.facts_of import facts_of, viewers_of
from tests.access.oracle import Oracle
from tests.access.test_worlds import FILES
from tests.access.world import Account, Region, Team, Volunteer, World
from tests.access.yaml_world import Story

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
EXAMPLES = {"nightly": 2000, "mutants": 40}.get(PROFILE, 150)

ON, OFF = Policy(), Policy(quick_review=False)

drawn = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    # That a mutant is found is enough; the smallest world that shows it is not looked for.
    phases=[Phase.explicit, Phase.generate] if PROFILE == "mutants" else list(Phase),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@drawn
@given(world=worlds())
def test_rule_reads_decides_and_finds_reviewers_as_the_oracle_does(world: World) -> None:
    oracle = Oracle(world)
    facts = facts_of(world)
    for number, team in enumerate(facts["Team"]):
        found = reviewer_of(team)
        assert found is not None
        place = found.id if isinstance(found, TeamFacts) else found.region_id
        kind = "team" if isinstance(found, TeamFacts) else "region"
        assert (kind, place - 1) == oracle.reviewer(number)
    for viewer in viewers_of(world):
        for entity, subjects in facts.items():
            for number, decision in enumerate(decide_all(Action.READ, viewer, subjects)):
                assert decision.allowed == oracle.reads(viewer, entity, number)
        for number, review in enumerate(facts["Review"]):
            decision = decide(Action.REVIEW_DECIDE, viewer, review, policy=ON)
            assert decision.allowed == oracle.decides(viewer, world.reviews[number])
        for number in range(len(world.regions)):
            expected = oracle.sees_figures(viewer, number)
            assert sees_figures_of(viewer, world.region_path(number)) == expected
        for number, team in enumerate(facts["Team"]):
            expected = oracle.sees_team_figures(viewer, number)
            region = team.office.region_path
            assert sees_figures_of_team(viewer, team.path, region) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule_allows_what_the_worlds_tell_by_the_edge_they_tell(path: Path) -> None:
    story = Story.read(path)
    facts = {
        entity: {row.id: row for row in rows} for entity, rows in facts_of(story.world).items()
    }
    for action, subject, allowed in story.expected():
        about = story.subject(action, subject, facts)
        found = {
            story.name_of(viewer): decision.because
            for viewer in viewers_of(story.world)
            if (decision := decide(Action(action), viewer, about, policy=ON)).allowed
        }
        assert (action, subject, found) == (action, subject, dict(allowed))


@drawn
@given(world=worlds())
def test_quick_review_switched_off_leaves_the_reviewer_and_departments(world: World) -> None:
    facts = facts_of(world)
    for viewer in viewers_of(world):
        for review in facts["Review"]:
            decision = decide(Action.REVIEW_DECIDE, viewer, review, policy=OFF)
            bulk = decide(Action.REVIEW_DECIDE_IN_BULK, viewer, review, policy=OFF)
            assert not decision.because.startswith("quick review of")
            usual = decide(Action.REVIEW_DECIDE, viewer, review, policy=ON)
            assert decision.allowed == (
                usual.allowed and not usual.because.startswith("quick review of")
            )
            own = review.kind.value in {"MEMBERSHIP", "RECORD_APPLICATION"}
            assert bulk.allowed == (decision.allowed and (own or viewer.team is None))


@drawn
@given(world=worlds())
def test_manager_who_is_a_volunteer_too_acts_as_one_capacity_at_a_time(world: World) -> None:
    facts = facts_of(world)
    for viewer in viewers_of(world):
        if viewer.role is Role.VOLUNTEER:
            continue
        for action, (kind, _) in RULES.items():
            for subjects in facts.values():
                for subject in subjects:
                    if isinstance(subject, kind):
                        assert decide(action, viewer, subject, policy=ON).because != "owner"


def test_empty_paths_grant_nothing() -> None:
    place = OfficeFacts(1, "1/")
    team = TeamFacts(
        id=7,
        path="7/",
        status=TeamStatus.DISABLED,
        group=PermissionGroup.BASIC,
        office=place,
        is_legal=True,
    )
    working = replace(team, status=TeamStatus.ENABLED)
    volunteer = VolunteerFacts(id=1, region_path="1/")
    region = RegionFacts(1, "1/")
    hub = ActingTeam(
        id=3,
        team_no="T3",
        name="",
        path="",
        region_path="",
        status=TeamStatus.ENABLED,
        permission_group=PermissionGroup.SENIOR_QUICK,
        hub_level=HubLevel.CITY,
        takes_teams=True,
        roles=frozenset({TeamAdminRole.MANAGER}),
    )
    office = ActingDepartment(
        region_id=3,
        region_code="",
        region_name="",
        region_path="",
        region_level=RegionLevel.PROVINCE,
    )
    everywhere_and_nowhere = [
        Viewer(role=Role.HUB, account_id=1, team=hub),
        Viewer(role=Role.DEPARTMENT, account_id=1, department=office),
        Viewer(role=Role.PARTNER, partner=ActingPartner(id=1, name="", region_path="")),
    ]

    for viewer in everywhere_and_nowhere:
        assert not decide(Action.READ, viewer, team).allowed
        assert not decide(Action.READ, viewer, volunteer).allowed
        assert not decide(Action.REGION_EXPORT, viewer, region).allowed
        assert not decide(Action.ID_NUMBER_REVEAL, viewer, volunteer).allowed
        assert not decide(Action.TEAM_DISABLE, viewer, team, policy=ON).allowed
        assert not sees_figures_of(viewer, "1/")
        assert not sees_figures_of_team(viewer, "7/", "1/")
        assert team_contacts(viewer, path="7/", region_path="1/") is Shown.ABSENT
        for path in (None, "", "1/"):
            shown = review_contacts(
                viewer, team=("7/", "1/"), reviewer_team_id=None, office_path=path
            )
            assert shown is Shown.ABSENT
    partner = everywhere_and_nowhere[-1]
    assert not decide(Action.READ, partner, working).allowed


@settings(drawn, max_examples=10)
@given(world=worlds())
def test_absent_facts_deny(world: World) -> None:
    """A role without what makes it one is the public; another subject's facts allow nothing."""
    facts = facts_of(world)
    hollow = [Viewer(role=role, account_id=1, volunteer_id=1) for role in Role]
    for viewer in hollow:
        if viewer.is_complete:
            continue
        for subjects in facts.values():
            for subject in subjects:
                public = decide(Action.READ, Viewer(), subject)
                assert decide(Action.READ, viewer, subject) == public
        for action, (kind, _) in RULES.items():
            for subjects in facts.values():
                assert not any(decide(action, viewer, each, policy=ON).allowed for each in subjects)
                assert not any(
                    decide(action, full, each, policy=ON).allowed
                    for full in viewers_of(world)[:3]
                    for each in subjects
                    if not isinstance(each, kind)
                )


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (TeamAdminRole.MANAGER, {Action.PROJECT_CREATE, Action.RECORD_CREATE}),
        (TeamAdminRole.RECORDER, {Action.RECORD_CREATE}),
        (TeamAdminRole.REVIEWER, set()),
    ],
)
def test_person_named_for_a_duty_does_that_duty_alone(
    role: TeamAdminRole, allowed: set[Action]
) -> None:
    world = World(
        regions=[Region()], teams=[Team(region=0)], accounts=[Account(teams=((0, role),))]
    )
    viewer = viewers_of(world)[1]
    (team,) = facts_of(world)["Team"]

    asked = (Action.PROJECT_CREATE, Action.RECORD_CREATE)

    assert {each for each in asked if decide(each, viewer, team).allowed} == allowed


def test_what_is_no_subject_may_not_be_read() -> None:
    assert not decide(Action.READ, Viewer(role=Role.VOLUNTEER, account_id=1), object()).allowed


def test_team_of_who_acts_for_a_department_grants_nothing() -> None:
    world = World(
        regions=[Region(), Region()],
        teams=[Team(region=0, hub=HubLevel.CITY, group=PermissionGroup.SENIOR_QUICK)],
        volunteers=[Volunteer(region=0)],
        accounts=[Account(teams=((0, TeamAdminRole.MANAGER),), offices=(1,))],
    )
    hub, office = viewers_of(world)[1:]
    (volunteer,) = facts_of(world)["Volunteer"]
    (legal,) = facts_of(
        World(regions=[Region()], teams=[Team(region=0, legal=True, status=TeamStatus.DISABLED)])
    )["Team"]
    both = replace(office, team=hub.team)

    assert decide(Action.READ, hub, volunteer).allowed
    assert not decide(Action.READ, both, volunteer).allowed
    assert decide(Action.READ, hub, replace(legal, id=9, path="9/")).allowed
    assert not decide(Action.READ, both, replace(legal, id=9, path="9/")).allowed
    assert sees_figures_of(hub, "1/")
    assert not sees_figures_of(both, "1/")
    assert sees_figures_of_team(hub, "1/", "1/")
    assert not sees_figures_of_team(both, "1/", "1/")
