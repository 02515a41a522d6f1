"""What each rule of teams, their moves, groups and reviews allows whom, and by which edge."""

from dataclasses import replace

import pytest

from db.enums import HubLevel, ReviewKind, TeamAdminRole, TeamStatus
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import OTHER_DUTY
from permissions.facts import GroupFacts, MoveFacts, TeamFacts
from permissions.groups import rehung_group
from tests.access.people import (
    ABOVE,
    COUNTY,
    DISTRICT,
    ELSEWHERE,
    GONE,
    HEIR_OF_NONE,
    LEGAL,
    ON,
    RECORDING,
    TEAM,
    TOWN,
    Case,
    Edges,
    Group,
    acting,
    review,
    team,
    who_may,
)

CASES: list[Case] = [
    ("team", Action.TEAM_UPDATE, TEAM, {"team": "own team", "member": "own team", **ABOVE}),
    (
        "waiting team",
        Action.TEAM_UPDATE,
        replace(TEAM, status=TeamStatus.REJECTED),
        {"team": "own team", "member": "own team", **ABOVE},
    ),
    (
        "forced move",
        Action.TEAM_MOVE_FORCE,
        MoveFacts(team=TEAM, to=DISTRICT),
        {
            "district": "superior of both",
            "city": "superior of both",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "forced move of one's own asking",
        Action.TEAM_MOVE_FORCE,
        MoveFacts(team=TEAM, to=DISTRICT, applicant_account_id=21),
        {
            "district": "superior of both",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "accepted move",
        Action.TEAM_MOVE_ACCEPT,
        MoveFacts(team=TEAM, to=DISTRICT, applicant_account_id=22),
        {
            "district": "contact team above",
            "city": "quick review of 队1",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "group of a rootless team",
        Action.TEAM_SET_GROUP,
        GroupFacts(team=team(8, None, Group.BASIC), group=Group.JUNIOR_TEAM),
        {"county": "department of the region", "province": "department of the region"},
    ),
    (
        "group of a rootless team with another authority",
        Action.TEAM_SET_GROUP,
        GroupFacts(team=team(8, None, Group.BASIC, authority=ELSEWHERE), group=Group.JUNIOR_TEAM),
        {"county": "department of the region", "province": "department of the region"},
    ),
    (
        "group of a legal person",
        Action.TEAM_SET_GROUP,
        GroupFacts(team=LEGAL, group=Group.JUNIOR_TEAM, applicant_account_id=26),
        {"elsewhere": "registration authority"},
    ),
    (
        "withdrawn application",
        Action.REVIEW_WITHDRAW,
        review(ReviewKind.TEAM_CHANGE, TEAM, TOWN, 12),
        {"stranger": "applicant", "team": "own team", "member": "own team"},
    ),
    (
        "withdrawn wish to join",
        Action.REVIEW_WITHDRAW,
        review(ReviewKind.MEMBERSHIP, TEAM, TEAM, 12),
        {"stranger": "applicant"},
    ),
    (
        "withdrawn complaint about the team",
        Action.REVIEW_WITHDRAW,
        review(ReviewKind.COMPLAINT, TEAM, TEAM, 12),
        {"stranger": "applicant"},
    ),
    (
        "wish to join",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, TEAM, TEAM, 12),
        {"team": "own team", "member": "own team", "reviewer": "own team"},
    ),
    (
        "late hours of one's own",
        Action.REVIEW_DECIDE,
        replace(review(ReviewKind.LATE_HOURS, TEAM, TOWN, 20), about_account_id=18),
        {name: edge for name, edge in ABOVE.items() if name not in {"town", "district"}},
    ),
    (
        "wish to join that went to an office",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, TEAM, COUNTY),
        {},
    ),
    (
        "wish to join that went to the team above",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, TEAM, TOWN),
        {},
    ),
    (
        "hours applied for",
        Action.REVIEW_DECIDE,
        review(ReviewKind.RECORD_APPLICATION, TEAM, TEAM, 12),
        {**RECORDING, "reviewer": "own team"},
    ),
    (
        "hours applied for at a dissolved team",
        Action.REVIEW_DECIDE,
        review(ReviewKind.RECORD_APPLICATION, GONE, TEAM, 12),
        {**RECORDING, "reviewer": "own team"},
    ),
    (
        "wish to join a dissolved team",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, GONE, TEAM, 12),
        {},
    ),
    *(
        (what, Action.REVIEW_DECIDE, review(ReviewKind.RECORD_APPLICATION, of, by, 12), {})
        for what, of, by in (
            ("hours that went past the successor", GONE, TOWN),
            ("hours that went to no successor", replace(GONE, successor_id=None), TEAM),
            ("hours of a team that only stopped", replace(HEIR_OF_NONE, successor_id=4), TEAM),
            ("hours that went to the team above", TEAM, TOWN),
            ("hours that went to an office", TEAM, COUNTY),
            ("hours that went to nobody", TEAM, None),
        )
    ),
    (
        "move that went to an office",
        Action.REVIEW_DECIDE,
        review(ReviewKind.TEAM_MOVE, TEAM, COUNTY),
        {"county": "department of the region", "province": "department of the region"},
    ),
    (
        "higher group",
        Action.REVIEW_DECIDE,
        review(ReviewKind.PERMISSION_GROUP, team(9, DISTRICT, Group.BASIC), DISTRICT),
        {"district": "contact team above", "city": "hub above", "city's reviewer": "hub above"},
    ),
]


@pytest.mark.parametrize(
    ("what", "action", "subject", "allowed"), CASES, ids=[f"{c[1]} {c[0]}" for c in CASES]
)
def test_rule_allows_these_people_by_these_edges_and_nobody_else(
    what: str, action: Action, subject: object, allowed: Edges
) -> None:
    assert (what, who_may(action, subject)) == (what, allowed)


@pytest.mark.parametrize("role", [TeamAdminRole.MANAGER, TeamAdminRole.REVIEWER])
@pytest.mark.parametrize("group", Group)
def test_wish_to_join_is_decided_by_a_team_that_may_manage_its_members(
    group: Group, role: TeamAdminRole
) -> None:
    own = replace(TEAM, group=group)
    wish = review(ReviewKind.MEMBERSHIP, own, own, 12)

    decision = decide(Action.REVIEW_DECIDE, acting(own, 28, role), wish, policy=ON)

    assert decision.allowed == (group is not Group.PENDING)


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (team(9, DISTRICT, Group.JUNIOR_QUICK, HubLevel.TOWN), Group.JUNIOR_QUICK),
        (team(9, DISTRICT, Group.SENIOR_QUICK, HubLevel.TOWN), Group.MIDDLE_QUICK),
        (team(9, DISTRICT, Group.MIDDLE, is_legal=True), Group.MIDDLE),
    ],
)
def test_moved_team_keeps_what_its_level_or_kind_allows(moved: TeamFacts, expected: Group) -> None:
    assert rehung_group(moved, None) is expected


def test_who_is_named_for_another_duty_hears_that_before_what_the_team_may_not() -> None:
    own = replace(TEAM, group=Group.PENDING)
    wish = review(ReviewKind.MEMBERSHIP, own, own, 12)
    recorder = acting(own, 28, TeamAdminRole.RECORDER)

    assert decide(Action.REVIEW_DECIDE, recorder, wish, policy=ON) is OTHER_DUTY
