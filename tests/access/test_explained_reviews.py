"""The walk in words where a review or a person is asked about: no sentence that is not so."""

from dataclasses import replace

import pytest

from db.enums import ReviewKind
from permissions.actions import Action
from permissions.explain import explain
from permissions.facts import MoveFacts, ReviewFacts
from tests.access.people import (
    CITY,
    COUNTY,
    DISTRICT,
    ELSEWHERE,
    GONE,
    LEGAL,
    ON,
    PEOPLE,
    TEAM,
    TOWN,
    VOLUNTEER,
    Group,
    review,
    team,
)

ANOTHER = "By the tree as it is now, another would review it."
LOWER = team(9, TOWN, Group.BASIC)


def steps(who: str, action: Action, subject: object, *, may_name_all: bool = True) -> list[str]:
    found = explain(action, PEOPLE[who], subject, policy=ON, may_name_all=may_name_all)
    return list(found.steps)


@pytest.mark.parametrize(
    ("asked", "is_another"),
    [
        (review(ReviewKind.TEAM_MOVE, TEAM, CITY), False),
        (review(ReviewKind.TEAM_MOVE, TEAM, LOWER), False),
        (review(ReviewKind.PERMISSION_GROUP, TEAM, CITY), False),
        (review(ReviewKind.PERMISSION_GROUP, TEAM, COUNTY), True),
        (review(ReviewKind.TEAM_CHANGE, TEAM, TOWN), False),
        (review(ReviewKind.TEAM_CHANGE, TEAM, DISTRICT), True),
        (review(ReviewKind.TEAM_CHANGE, LEGAL, ELSEWHERE), False),
        (review(ReviewKind.TEAM_CHANGE, LEGAL, COUNTY), True),
        (review(ReviewKind.LATE_HOURS, TEAM, TEAM), False),
        (review(ReviewKind.LATE_HOURS, TEAM, CITY), True),
        (review(ReviewKind.COMPLAINT, TEAM, ELSEWHERE), False),
        (review(ReviewKind.COMPLAINT, TEAM, CITY), True),
        (review(ReviewKind.MEMBERSHIP, TEAM, TEAM), False),
        (review(ReviewKind.RECORD_APPLICATION, GONE, TEAM), False),
    ],
)
def test_another_reviewer_is_told_of_where_the_tree_finds_one(
    asked: ReviewFacts, *, is_another: bool
) -> None:
    told = steps("city", Action.REVIEW_DECIDE, asked)

    assert (ANOTHER in told) == is_another


def test_move_is_told_with_where_the_team_is_to_hang() -> None:
    told = steps("city", Action.TEAM_MOVE_FORCE, MoveFacts(team=TEAM, to=DISTRICT))

    assert "It is to hang under 队2 (DISTRICT hub, group SENIOR_QUICK, ENABLED)." in told
    assert told[-1] == "Granted: superior of both."


IN_AREA = (
    "The person lives inside the region of your hub, with the right to manage the region's"
    " volunteers."
)
NEAR = IN_AREA.replace(", with ", ", without ")
FAR = IN_AREA.replace("inside", "outside")


@pytest.mark.parametrize(
    ("who", "place", "expected"),
    [
        ("county", "1/2/", ["The person lives inside the region of your department."]),
        ("county", "1/3/", ["The person lives outside the region of your department."]),
        ("district", "1/2/", [IN_AREA]),
        ("district", "1/3/", [FAR]),
        ("town", "1/2/", [NEAR]),
        ("team", "1/2/", []),
        ("stranger", "1/2/", []),
    ],
)
def test_person_is_told_by_where_they_live(who: str, place: str, expected: list[str]) -> None:
    person = replace(VOLUNTEER, region_path=place, tied_to=[])

    for action in (Action.STAR_RATE, Action.ID_NUMBER_REVEAL):
        told = steps(who, action, person, may_name_all=False)
        assert told[1:-1] == expected


@pytest.mark.parametrize(
    ("who", "names_all", "expected"),
    [
        ("team", False, {"队4"}),
        ("town", False, {"队4", "队9"}),
        ("elsewhere", False, set()),
        ("stranger", False, set()),
        ("elsewhere", True, {"队4", "队9"}),
    ],
)
def test_ties_of_a_person_are_told_to_who_may_read_them(
    who: str, *, names_all: bool, expected: set[str]
) -> None:
    person = replace(VOLUNTEER, tied_to=[TEAM, LOWER])

    told = steps(who, Action.STAR_RATE, person, may_name_all=names_all)

    assert {each.split()[5] for each in told if "is tied to" in each} == expected
