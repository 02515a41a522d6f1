"""Departments among themselves, and their stations: the rules against a walk up the tree."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.enums import RegionLevel
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import allow
from permissions.facts import AdministratorFacts, RegionFacts, StationFacts, VolunteerFacts
from permissions.viewer import ActingDepartment, Role, Viewer
from tests.access.play import drawn

LEVELS = list(RegionLevel)
DEPARTMENTS = {"PROVINCE", "PREFECTURE", "COUNTY"}
drawn_trees = settings(drawn, max_examples=60)
# Each region is its parent's place, and its level.
Tree = Sequence[tuple[int | None, RegionLevel]]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    made: list[tuple[int | None, RegionLevel]] = [(None, RegionLevel.NATION)]
    for number in range(1, draw(st.integers(2, 8))):
        parent = draw(st.integers(0, number - 1))
        level = LEVELS[min(LEVELS.index(made[parent][1]) + draw(st.integers(1, 2)), 5)]
        made.append((parent, level))
    return made


def up(tree: Tree, number: int | None) -> Iterator[int]:
    while number is not None:
        yield number
        number = tree[number][0]


def path(tree: Tree, number: int) -> str:
    return "".join(f"{each + 1}/" for each in reversed(list(up(tree, number))))


def department(tree: Tree, number: int, account: int = 1, **values: object) -> Viewer:
    office = ActingDepartment(
        region_id=number + 1,
        region_code="",
        region_name="",
        region_path=path(tree, number),
        region_level=tree[number][1],
    )
    viewer = Viewer(role=Role.DEPARTMENT, account_id=account, department=office)
    return replace(viewer, **values)  # type: ignore[arg-type]


def allowed(action: Action, viewer: Viewer, subject: object) -> bool:
    return decide(action, viewer, subject).allowed


@drawn_trees
@given(tree=trees())
def test_accounts_are_issued_by_the_parent_alone(tree: Tree) -> None:
    for by in range(len(tree)):
        for to, (parent, level) in enumerate(tree):
            region = RegionFacts(to + 1, path(tree, to), level)

            found = allowed(Action.ADMINISTRATOR_ISSUE, department(tree, by), region)

            assert found == (parent == by and level.value in DEPARTMENTS)


@drawn_trees
@given(tree=trees())
def test_offices_are_ended_from_above_and_handed_over_by_their_holders_as_well(
    tree: Tree,
) -> None:
    for by in range(len(tree)):
        for at in range(len(tree)):
            above = by in list(up(tree, at))[1:]
            for own in (True, False):
                viewer = department(tree, by, account=7 if own else 8)
                office = AdministratorFacts(id=1, account_id=7, region_path=path(tree, at))

                for action in (Action.ADMINISTRATOR_REMOVE, Action.ADMINISTRATOR_RESET):
                    assert allowed(action, viewer, office) == (above and not own)
                assert allowed(Action.ADMINISTRATOR_HAND_OVER, viewer, office) == (
                    (own and by == at) or (above and not own)
                )
                over = by in up(tree, at)
                assert allowed(Action.ADMINISTRATOR_REMIND, viewer, office) == (over and not own)
                assert allowed(Action.READ, viewer, office) == over


@drawn_trees
@given(tree=trees(), is_sub=st.booleans())
def test_stations_are_kept_from_their_region_and_above_and_led_by_the_ministry(
    tree: Tree, *, is_sub: bool
) -> None:
    for by in range(len(tree)):
        for at, (_, level) in enumerate(tree):
            over = by in up(tree, at)
            viewer, where = department(tree, by), path(tree, at)
            station = StationFacts(9, where, is_sub)

            assert allowed(Action.STATION_NAME_ADMINS, viewer, station) == over
            assert allowed(Action.STATION_UPDATE, viewer, station) == over
            served = level.value in {*DEPARTMENTS, "NATION"}
            region = RegionFacts(at + 1, where, level)
            assert allowed(Action.STATION_CREATE, viewer, region) == (over and served)
            led = over if is_sub else by == 0
            assert allowed(Action.STATION_SET_PHASE, viewer, station) == led


WHO = {
    "nobody": Viewer(),
    "a volunteer": Viewer(role=Role.VOLUNTEER, account_id=1, volunteer_id=2),
    "a department without an account": Viewer(
        role=Role.DEPARTMENT, department=department([(None, RegionLevel.NATION)], 0).department
    ),
    "a department without its facts": Viewer(role=Role.DEPARTMENT, account_id=1),
}
SUBJECTS = {
    Action.ADMINISTRATOR_ISSUE: RegionFacts(2, "1/2/", RegionLevel.PROVINCE),
    Action.ADMINISTRATOR_REMOVE: AdministratorFacts(id=1, account_id=7, region_path="1/2/"),
    Action.ADMINISTRATOR_RESET: AdministratorFacts(id=1, account_id=7, region_path="1/2/"),
    Action.ADMINISTRATOR_HAND_OVER: AdministratorFacts(id=1, account_id=7, region_path="1/2/"),
    Action.ADMINISTRATOR_REMIND: AdministratorFacts(id=1, account_id=7, region_path="1/2/"),
    Action.STATION_CREATE: RegionFacts(2, "1/2/", RegionLevel.PROVINCE),
    Action.STATION_UPDATE: StationFacts(9, "1/2/"),
    Action.STATION_NAME_ADMINS: StationFacts(9, "1/2/"),
    Action.STATION_SET_PHASE: StationFacts(9, "1/2/"),
    Action.LOCAL_POLICY_SET: RegionFacts(2, "1/2/", RegionLevel.PROVINCE),
    Action.REGION_EXPORT: RegionFacts(2, "1/2/", RegionLevel.PROVINCE),
    Action.VOLUNTEER_CORRECT: VolunteerFacts(id=1, region_path="1/2/", account_id=7),
}


@pytest.mark.parametrize("viewer", WHO.values(), ids=WHO)
@pytest.mark.parametrize("action", SUBJECTS)
def test_who_is_no_department_does_none_of_it(action: Action, viewer: Viewer) -> None:
    assert not allowed(action, viewer, SUBJECTS[action])


def test_office_of_nowhere_is_handed_over_by_nobody_who_holds_none() -> None:
    volunteer = Viewer(role=Role.VOLUNTEER, account_id=7)
    nowhere = AdministratorFacts(id=1, account_id=7, region_path="")

    assert not allowed(Action.ADMINISTRATOR_HAND_OVER, volunteer, nowhere)


def test_who_is_named_for_a_station_keeps_that_one_and_no_more() -> None:
    keeper = Viewer(role=Role.VOLUNTEER, account_id=1, station_ids=frozenset({9}))
    nobody = Viewer(station_ids=frozenset({9}))
    own, other = StationFacts(9, "1/2/"), StationFacts(8, "1/2/")

    assert allowed(Action.STATION_UPDATE, keeper, own)
    assert not allowed(Action.STATION_UPDATE, keeper, other)
    assert not allowed(Action.STATION_UPDATE, nobody, own)
    assert not allowed(Action.STATION_NAME_ADMINS, keeper, own)
    assert not allowed(Action.STATION_SET_PHASE, keeper, own)


def test_station_without_a_region_is_nobody_s() -> None:
    ministry = department([(None, RegionLevel.NATION)], 0)

    for action in (Action.STATION_UPDATE, Action.STATION_NAME_ADMINS, Action.STATION_SET_PHASE):
        assert not allowed(action, ministry, StationFacts(9))


def test_ministry_is_the_department_of_the_nation_in_that_capacity() -> None:
    tree = [(None, RegionLevel.NATION), (0, RegionLevel.PROVINCE)]
    station = StationFacts(9, "1/2/")
    as_volunteer = replace(department(tree, 0), role=Role.VOLUNTEER)

    assert decide(Action.STATION_SET_PHASE, department(tree, 0), station) == allow("ministry")
    assert not allowed(Action.STATION_SET_PHASE, as_volunteer, station)
    assert not allowed(
        Action.STATION_SET_PHASE,
        department([(None, RegionLevel.PROVINCE)], 0),
        StationFacts(9, "1/"),
    )
