"""The pure rule against the naive oracle and the told worlds, without a database: fast enough to
be run for every mutant.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from db.enums import (
    HubLevel,
    PermissionGroup,
    RegionLevel,
    ReviewKind,
    TeamAdminRole,
    TeamStatus,
)
from permissions.actions import Action
from permissions.contacts import Shown, review_contacts, team_contacts
from permissions.decide import RULES, decide, decide_all
from permissions.edges import Decision, Policy
from permissions.facts import (
    GroupFacts,
    MoveFacts,
    OfficeFacts,
    RegionFacts,
    TeamFacts,
    VolunteerFacts,
)
from permissions.reviewers import reviewer_of
from permissions.statistics import sees_figures_of, sees_figures_of_team
from permissions.viewer import ActingDepartment, ActingPartner, ActingTeam, Role, Viewer
from tests.access.facts_of import applicant_of, facts_of, viewers_of
from tests.access.play import Play, in_drawn_worlds, in_some_worlds
from tests.access.team_oracle import forces_move, sets_basic_group
from tests.access.test_worlds import FILES
from tests.access.world import Account, Region, Team, Volunteer, World
from tests.access.yaml_world import Story
from tests.fuzz.drawn_world import drawn_world

ON, OFF = Policy(), Policy(quick_review=False)


@in_drawn_worlds
def test_rule_reads_decides_and_finds_reviewers_as_the_oracle_does(play: Play) -> None:
    facts, world = play.facts, play.world
    for team, expected in zip(facts["Team"], play.reviewers, strict=True):
        found = reviewer_of(team)
        assert found is not None
        place = found.id if isinstance(found, TeamFacts) else found.region_id
        kind = "team" if isinstance(found, TeamFacts) else "region"
        assert (kind, place - 1) == expected
    for viewer, entity, readable in play.read:
        assert allowed(decide_all(Action.READ, viewer, facts[entity])) == readable
    for viewer, decided in play.decided:
        decisions = decide_all(Action.REVIEW_DECIDE, viewer, facts["Review"], policy=ON)
        assert allowed(decisions) == decided
    for viewer, handled in play.handled:
        decisions = decide_all(Action.COMPLAINT_HANDLE, viewer, facts["Complaint"], policy=ON)
        assert allowed(decisions) == handled
    for viewer, answered in play.answered:
        decisions = decide_all(Action.ANSWER_DECIDE, viewer, facts["NeedAnswer"])
        assert allowed(decisions) == answered
    for viewer, of_regions, of_teams in play.figures:
        for number, is_seen in enumerate(of_regions):
            assert sees_figures_of(viewer, world.region_path(number)) == is_seen
        for team, is_seen in zip(facts["Team"], of_teams, strict=True):
            region = team.office.region_path
            assert sees_figures_of_team(viewer, team.path, region) == is_seen


def allowed(decisions: Sequence[Decision]) -> list[bool]:
    return [each.allowed for each in decisions]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rule_allows_what_the_worlds_tell_by_the_edge_they_tell(path: Path) -> None:
    story = Story.read(path)
    facts = {
        entity: {row.id: row for row in rows} for entity, rows in facts_of(story.world).items()
    }
    for action, subject, allowed in story.expected():
        about = story.subject(subject, facts)
        found = {
            story.name_of(viewer): decision.because
            for viewer in viewers_of(story.world)
            if (decision := decide(Action(action), viewer, about, policy=ON)).allowed
        }
        assert (action, subject, found) == (action, subject, dict(allowed))


@in_drawn_worlds
def test_quick_review_switched_off_leaves_the_reviewer_and_departments(play: Play) -> None:
    reviews = play.facts["Review"]
    for viewer in play.viewers:
        for review, decision, usual, bulk in zip(
            reviews,
            decide_all(Action.REVIEW_DECIDE, viewer, reviews, policy=OFF),
            decide_all(Action.REVIEW_DECIDE, viewer, reviews, policy=ON),
            decide_all(Action.REVIEW_DECIDE_IN_BULK, viewer, reviews, policy=OFF),
            strict=True,
        ):
            assert not decision.because.startswith("quick review of")
            assert decision.allowed == (
                usual.allowed and not usual.because.startswith("quick review of")
            )
            own = review.kind.value in {"MEMBERSHIP", "RECORD_APPLICATION"}
            assert bulk.allowed == (decision.allowed and (own or viewer.team is None))


@in_some_worlds
def test_superiors_move_and_set_groups_as_the_oracle_does(play: Play) -> None:
    teams, kinds = play.facts["Team"], ReviewKind
    groups = [
        GroupFacts(
            team=team,
            group=PermissionGroup.BASIC,
            applicant_account_id=applicant_of(play.world, kinds.PERMISSION_GROUP, team.id - 1),
        )
        for team in teams
    ]
    moves = [
        MoveFacts(
            team=team,
            to=to,
            applicant_account_id=applicant_of(play.world, kinds.TEAM_MOVE, team.id - 1),
        )
        for team in teams
        for to in teams
    ]
    for viewer in play.viewers:
        assert allowed(decide_all(Action.TEAM_SET_GROUP, viewer, groups)) == [
            sets_basic_group(play.oracle, viewer, team.id - 1) for team in teams
        ]
        assert allowed(decide_all(Action.TEAM_MOVE_FORCE, viewer, moves)) == [
            forces_move(play.oracle, viewer, move.team.id - 1, move.to.id - 1) for move in moves
        ]


@in_some_worlds
def test_manager_who_is_a_volunteer_too_acts_as_one_capacity_at_a_time(play: Play) -> None:
    for viewer in play.viewers:
        if viewer.role is Role.VOLUNTEER:
            continue
        for action, (kind, _) in RULES.items():
            for subjects in play.facts.values():
                if isinstance(next(iter(subjects), None), kind):
                    decisions = decide_all(action, viewer, subjects, policy=ON)
                    assert all(each.because != "owner" for each in decisions)


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


@in_some_worlds
def test_who_acts_on_a_row_may_read_it(play: Play) -> None:
    """But for articles that are not handed in, of which the rule of articles does not ask."""
    for viewer in play.viewers:
        for subjects in play.facts.values():
            readable = allowed(decide_all(Action.READ, viewer, subjects))
            for action, (kind, _) in RULES.items():
                if action.startswith("SUBMISSION") or not isinstance(next(iter(subjects), 0), kind):
                    continue
                decisions = decide_all(action, viewer, subjects, policy=ON)
                for subject, decision, is_read in zip(subjects, decisions, readable, strict=True):
                    assert is_read or not decision.allowed, (action, decision, subject)


@in_some_worlds
def test_absent_facts_deny(play: Play) -> None:
    """A role without what makes it one is the public; another subject's facts allow nothing."""
    hollow = [Viewer(role=role, account_id=1, volunteer_id=1) for role in Role]
    for viewer in hollow:
        if viewer.is_complete:
            continue
        for subjects in play.facts.values():
            public = decide_all(Action.READ, Viewer(), subjects)
            assert decide_all(Action.READ, viewer, subjects) == public
            for action, (kind, _) in RULES.items():
                if isinstance(next(iter(subjects), None), kind):
                    assert not any(allowed(decide_all(action, viewer, subjects, policy=ON)))


def test_facts_of_another_subject_allow_nothing() -> None:
    play = Play(drawn_world(7))
    one_of_each = [subjects[0] for subjects in play.facts.values()]
    one_of_a_role = {viewer.role: viewer for viewer in play.viewers}
    assert set(one_of_a_role) == set(Role)
    for action, (kind, _) in RULES.items():
        others = [each for each in one_of_each if not isinstance(each, kind)]
        for viewer in one_of_a_role.values():
            assert not any(allowed(decide_all(action, viewer, others, policy=ON)))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (TeamAdminRole.MANAGER, {Action.PROJECT_CREATE, Action.RECORD_CREATE}),
        (TeamAdminRole.RECORDER, {Action.RECORD_CREATE}),
        (TeamAdminRole.REVIEWER, set()),
    ],
)
def test_person_named_for_a_duty_does_that_duty_alone(
    role: TeamAdminRole, may: set[Action]
) -> None:
    world = World(
        regions=[Region()], teams=[Team(region=0)], accounts=[Account(teams=((0, role),))]
    )
    viewer = viewers_of(world)[1]
    (team,) = facts_of(world)["Team"]

    asked = (Action.PROJECT_CREATE, Action.RECORD_CREATE)

    assert {each for each in asked if decide(each, viewer, team).allowed} == may


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
