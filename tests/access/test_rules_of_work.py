"""What each rule of a team's work allows whom, where worlds and oracle say nothing."""

from dataclasses import replace

import pytest

from db.enums import (
    MembershipStatus,
    ProjectStatus,
    RecordStatus,
    RecruitScope,
    SignUpStatus,
    StoppedBy,
)
from permissions.actions import Action
from permissions.facts import MembershipFacts, RecordFacts
from tests.access.people import (
    ABOVE,
    GONE,
    NOT_ONESELF,
    OWN,
    PROJECT,
    RECORDING,
    SIGN_UP,
    STOPPED,
    TEAM,
    Case,
    Edges,
    Group,
    who_may,
)

FREE = replace(TEAM, group=Group.JUNIOR_PROJECT)
MEMBERSHIP = MembershipFacts(id=1, team=TEAM, volunteer_id=1, status=MembershipStatus.APPLYING)

CASES: list[Case] = [
    ("team to join", Action.MEMBERSHIP_APPLY, TEAM, {"volunteer": "owner", "stranger": "owner"}),
    ("stopped team to join", Action.MEMBERSHIP_APPLY, GONE, {}),
    ("membership", Action.MEMBERSHIP_DECIDE, MEMBERSHIP, {"team": "own team"}),
    (
        "membership of the account's own",
        Action.MEMBERSHIP_DECIDE,
        replace(MEMBERSHIP, volunteer_id=5, account_id=14),
        {"member": "own team"},
    ),
    ("sign-up", Action.SIGN_UP_DECIDE, SIGN_UP, NOT_ONESELF),
    (
        "record",
        Action.RECORD_VOID,
        RecordFacts(id=1, team=TEAM, volunteer_id=2, status=RecordStatus.EFFECTIVE),
        RECORDING,
    ),
    ("project", Action.SIGN_UP_APPLY, PROJECT, {"volunteer": "owner", "stranger": "owner"}),
    ("late entry", Action.SIGN_UP_APPLY, replace(PROJECT, scope=RecruitScope.MAKE_UP), {}),
    ("closed project", Action.SIGN_UP_APPLY, replace(PROJECT, status=ProjectStatus.CLOSED), {}),
    ("project of a stopped team", Action.SIGN_UP_APPLY, replace(PROJECT, team=STOPPED), {}),
    ("project", Action.PROJECT_CLOSE, PROJECT, OWN),
    ("project that is reviewed", Action.PROJECT_PUBLISH, PROJECT, {}),
    ("project of a team that publishes", Action.PROJECT_PUBLISH, replace(PROJECT, team=FREE), OWN),
    (
        "late entry of a team that publishes",
        Action.PROJECT_PUBLISH,
        replace(PROJECT, team=FREE, scope=RecruitScope.MAKE_UP),
        {},
    ),
    ("project", Action.PROJECT_REVIEW, PROJECT, ABOVE),
    ("project", Action.PROJECT_DISABLE, PROJECT, {**OWN, **ABOVE}),
    ("project", Action.PROJECT_ENABLE, PROJECT, {**OWN, **ABOVE}),
    (
        "project that its team stopped",
        Action.PROJECT_ENABLE,
        replace(PROJECT, stopped_by=StoppedBy.TEAM),
        {**OWN, **ABOVE},
    ),
    (
        "project that a superior stopped",
        Action.PROJECT_ENABLE,
        replace(PROJECT, stopped_by=StoppedBy.SUPERIOR),
        ABOVE,
    ),
    ("project of a stopped team", Action.PROJECT_ENABLE, replace(PROJECT, team=STOPPED), {}),
    (
        "post applied for",
        Action.SIGN_UP_CHANGE_POST,
        SIGN_UP,
        {**NOT_ONESELF, "volunteer": "owner"},
    ),
    (
        "post that the team gave",
        Action.SIGN_UP_CHANGE_POST,
        replace(SIGN_UP, status=SignUpStatus.ACCEPTED),
        NOT_ONESELF,
    ),
    ("sign-up", Action.SIGN_UP_CANCEL, SIGN_UP, {**NOT_ONESELF, "volunteer": "owner"}),
    ("sign-up", Action.SIGN_UP_ANSWER, SIGN_UP, {"volunteer": "owner"}),
    ("team", Action.MEMBERSHIP_INVITE, TEAM, OWN),
    (
        "team without the right to manage members",
        Action.MEMBERSHIP_INVITE,
        replace(TEAM, group=Group.PENDING),
        {},
    ),
    ("team", Action.RECORD_CREATE, TEAM, RECORDING),
]


@pytest.mark.parametrize(
    ("what", "action", "subject", "allowed"), CASES, ids=[f"{c[1]} {c[0]}" for c in CASES]
)
def test_rule_allows_these_people_by_these_edges_and_nobody_else(
    what: str, action: Action, subject: object, allowed: Edges
) -> None:
    assert (what, who_may(action, subject)) == (what, allowed)
