"""What each rule of certificates, honours, names and places allows whom, and by which edge."""

from dataclasses import replace

import pytest

from db.enums import TeamStatus
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import OWN_APPLICATION, TEAM_STOPPED
from permissions.facts import RegionFacts
from tests.access.people import (
    ABOVE,
    CERTIFICATE,
    COUNTY,
    ELSEWHERE,
    GONE,
    HEIR_OF_NONE,
    NOT_ONESELF,
    OFFICES,
    PROVINCE,
    RECORDING,
    TEAM,
    TOWN,
    VOLUNTEER,
    Case,
    Edges,
    Group,
    acting,
    office,
    team,
    who_may,
)

GONE_WITH_ALL_ABOVE = replace(
    GONE,
    successor_id=None,
    contact=team(
        3,
        team(2, None, Group.SENIOR_QUICK, status=TeamStatus.DISSOLVED),
        Group.MIDDLE_QUICK,
        status=TeamStatus.DISSOLVED,
    ),
)
OVER = dict.fromkeys(OFFICES, "department over region")
MANAGING = dict.fromkeys(["district", "city", "city's reviewer"], "hub of the region")

CASES: list[Case] = [
    ("place", Action.REGION_EXPORT, RegionFacts(2, "1/2/"), {**MANAGING, **OVER}),
    (
        "place above the district's",
        Action.REGION_EXPORT,
        RegionFacts(1, "1/"),
        {
            **dict.fromkeys(["city", "city's reviewer"], "hub of the region"),
            "province": "department over region",
        },
    ),
    ("volunteer", Action.ID_NUMBER_REVEAL, VOLUNTEER, {"volunteer": "owner", **OVER}),
    (
        "member of two teams",
        Action.AWARD_RECORD,
        replace(VOLUNTEER, tied_to=[TOWN, TEAM]),
        {**NOT_ONESELF, **dict.fromkeys(["town", "town's recorder"], "own team")},
    ),
    ("member of no team", Action.AWARD_RECORD, replace(VOLUNTEER, tied_to=[]), {}),
    ("volunteer", Action.CERTIFICATE_PRINT, VOLUNTEER, {"volunteer": "owner"}),
    ("volunteer", Action.VOLUNTEER_UPDATE, VOLUNTEER, {"volunteer": "owner"}),
    ("certificate", Action.CERTIFICATE_ISSUE, CERTIFICATE, NOT_ONESELF),
    (
        "certificate of a dissolved team",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=GONE),
        {
            "team": "successor of the recording team",
            "recorder": "successor of the recording team",
        },
    ),
    (
        "certificate of a dissolved team",
        Action.CERTIFICATE_DOWNLOAD,
        replace(CERTIFICATE, team=GONE),
        {
            "volunteer": "owner",
            "team": "successor of the recording team",
            "recorder": "successor of the recording team",
            "member": "successor of the recording team",
            **{name: ABOVE[name] for name in OFFICES},
        },
    ),
    (
        "certificate of a disabled team without a successor",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=HEIR_OF_NONE),
        {},
    ),
    ("certificate", Action.CERTIFICATE_REVOKE, CERTIFICATE, {**NOT_ONESELF, **ABOVE}),
    (
        "certificate of a dissolved team without an heir",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=replace(GONE, successor_id=None)),
        dict.fromkeys(["town", "town's recorder"], "superior of a dissolved recording team"),
    ),
    (
        "certificate of a dissolved team below a dissolved one",
        Action.CERTIFICATE_ISSUE,
        replace(
            CERTIFICATE,
            team=replace(
                GONE, successor_id=None, contact=replace(TOWN, status=TeamStatus.DISSOLVED)
            ),
        ),
        {"district": "superior of a dissolved recording team"},
    ),
    (
        "certificate of a dissolved team below none but dissolved ones",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=GONE_WITH_ALL_ABOVE),
        {},
    ),
    ("certificate asked for", Action.CERTIFICATE_CANCEL, CERTIFICATE, {"volunteer": "owner"}),
    (
        "certificate that its volunteer printed",
        Action.CERTIFICATE_REVOKE,
        replace(CERTIFICATE, team=None),
        {"volunteer": "owner"},
    ),
    (
        "certificate",
        Action.CERTIFICATE_DOWNLOAD,
        CERTIFICATE,
        {
            "volunteer": "owner",
            **RECORDING,
            **{name: ABOVE[name] for name in OFFICES},
        },
    ),
    (
        "certificate that its volunteer printed",
        Action.CERTIFICATE_DOWNLOAD,
        replace(CERTIFICATE, team=None),
        {"volunteer": "owner"},
    ),
    ("member", Action.AWARD_RECORD, VOLUNTEER, NOT_ONESELF),
    (
        "resident",
        Action.STAR_RATE,
        replace(VOLUNTEER, tied_to=[]),
        {
            "district": "hub that manages the region's volunteers",
            "city": "hub that manages the region's volunteers",
            "city's reviewer": "hub that manages the region's volunteers",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "member who lives elsewhere",
        Action.STAR_RATE,
        replace(VOLUNTEER, region_path="1/3/"),
        {
            "city": "hub that manages the region's volunteers",
            "city's reviewer": "hub that manages the region's volunteers",
            "elsewhere": "department over region",
            "province": "department over region",
        },
    ),
    (
        "place with hubs of its own",
        Action.LOCAL_POLICY_SET,
        RegionFacts(COUNTY.region_id, COUNTY.region_path),
        {**dict.fromkeys(["town", "district"], "hub of the region"), **OVER},
    ),
    (
        "place with a city's hub",
        Action.LOCAL_POLICY_SET,
        RegionFacts(PROVINCE.region_id, PROVINCE.region_path),
        {"city": "hub of the region", "province": "department over region"},
    ),
    (
        "place without a hub",
        Action.LOCAL_POLICY_SET,
        RegionFacts(ELSEWHERE.region_id, ELSEWHERE.region_path),
        dict.fromkeys(["elsewhere", "province"], "department over region"),
    ),
    ("wrong name", Action.VOLUNTEER_CORRECT, VOLUNTEER, OVER),
    (
        "own wrong name, by account",
        Action.VOLUNTEER_CORRECT,
        replace(VOLUNTEER, account_id=24),
        {"province": "department over region"},
    ),
    (
        "wrong name of who has no account",
        Action.VOLUNTEER_CORRECT,
        replace(VOLUNTEER, account_id=None),
        OVER,
    ),
]


@pytest.mark.parametrize(
    ("what", "action", "subject", "allowed"), CASES, ids=[f"{c[1]} {c[0]}" for c in CASES]
)
def test_rule_allows_these_people_by_these_edges_and_nobody_else(
    what: str, action: Action, subject: object, allowed: Edges
) -> None:
    assert (what, who_may(action, subject)) == (what, allowed)


@pytest.mark.parametrize("status", [TeamStatus.DISABLED, TeamStatus.DISSOLVED])
def test_stopped_hub_settles_nothing_for_its_region(status: TeamStatus) -> None:
    stopped = acting(replace(TOWN, status=status), 28)
    region = RegionFacts(COUNTY.region_id, COUNTY.region_path)

    assert decide(Action.LOCAL_POLICY_SET, stopped, region) is TEAM_STOPPED


def test_department_that_is_the_person_under_another_account_corrects_no_name_of_its_own() -> None:
    oneself = replace(office(COUNTY, 28), volunteer_id=VOLUNTEER.id)

    assert decide(Action.VOLUNTEER_CORRECT, oneself, VOLUNTEER) is OWN_APPLICATION
