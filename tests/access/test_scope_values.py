"""What a scope is given of who asks: nothing but what the one capacity grants."""

from dataclasses import replace
from typing import Any

import pytest

from permissions.statistics import sees_figures_of, sees_figures_of_team
from permissions.viewer import ActingPartner, Role, Viewer
from permissions.visible import NO_ROW, visible
from tests.access.people import PEOPLE
from tests.access.world import World

ENTITIES = tuple(World(regions=()).rows())
NOTHING: dict[str, Any] = {
    **dict.fromkeys(["v_account", "v_volunteer", "v_team", "v_person"], 0),
    **dict.fromkeys(["v_path", "v_path_end", "v_region", "v_region_end", "v_place"], ""),
    "v_editor": False,
}
ELSEWHERE = ActingPartner(id=1, name="", region_path="1/3/")
COUNTY = {"v_region": "1/2/", "v_region_end": "1/20", "v_place": "1/2/"}
DISTRICT = {"v_account": 20, "v_team": 2, "v_path": "1/2/", "v_path_end": "1/20"}
# Who is many things at once, and the capacity that is asked in.
MANY = replace(
    PEOPLE["district"],
    volunteer_id=7,
    department=PEOPLE["elsewhere"].department,
    partner=ELSEWHERE,
)

GIVEN: list[tuple[str, Viewer, dict[str, Any]]] = [
    ("public", Viewer(), {}),
    ("volunteer", PEOPLE["volunteer"], {"v_account": 11, "v_volunteer": 1, "v_person": 1}),
    ("person", PEOPLE["person"], {"v_account": 13}),
    ("editor", PEOPLE["editor"], {"v_account": 27, "v_editor": True}),
    (
        "member who manages",
        PEOPLE["member"],
        {
            "v_account": 17,
            "v_person": 1,
            "v_team": 4,
            "v_place": "1/2/",
            "v_path": "1/2/3/4/",
            "v_path_end": "1/2/3/40",
        },
    ),
    ("hub", PEOPLE["district"], {**COUNTY, **DISTRICT}),
    ("hub who is more", MANY, {**COUNTY, **DISTRICT, "v_person": 7}),
    (
        "legal person",
        PEOPLE["legal"],
        {
            "v_account": 23,
            "v_team": 5,
            "v_place": "1/2/",
            "v_path": "5/",
            "v_path_end": "50",
        },
    ),
    ("department", PEOPLE["county"], {"v_account": 24, **COUNTY}),
    (
        "department who is more",
        replace(MANY, role=Role.DEPARTMENT, department=PEOPLE["county"].department),
        {"v_account": 20, "v_person": 7, **COUNTY},
    ),
    (
        "volunteer who is more",
        replace(MANY, role=Role.VOLUNTEER),
        {"v_account": 20, "v_volunteer": 7, "v_person": 7},
    ),
    (
        "partner who is more",
        replace(MANY, role=Role.PARTNER),
        {"v_account": 20, "v_person": 7, "v_region": "1/3/", "v_region_end": "1/30"},
    ),
]


@pytest.mark.parametrize(("who", "viewer", "given"), GIVEN, ids=[who for who, _, _ in GIVEN])
def test_scope_is_given_these_values_and_no_others(
    who: str, viewer: Viewer, given: dict[str, Any]
) -> None:
    for entity in ENTITIES:
        assert (who, entity, visible(entity, viewer).values) == (who, entity, {**NOTHING, **given})


@pytest.mark.parametrize("role", [Role.TEAM, Role.HUB, Role.DEPARTMENT, Role.PARTNER])
def test_role_without_what_makes_it_one_is_given_the_publics_scope(role: Role) -> None:
    hollow = Viewer(role=role, account_id=1, volunteer_id=1, flags=frozenset({"is_station_editor"}))
    for entity in ENTITIES:
        scope, public = visible(entity, hollow), visible(entity, Viewer())
        assert (scope.key, scope.values, scope.kept) == (public.key, public.values, public.kept)


def test_ledger_keeps_the_number_of_teams_projects_and_records() -> None:
    above = {Role.HUB, Role.DEPARTMENT}
    for viewer in PEOPLE.values():
        kept = {entity for entity in ENTITIES if visible(entity, viewer).kept is not None}
        is_above = viewer.role in above and viewer.is_complete
        assert kept == {"Team", "Project"} | ({"ServiceRecord"} if is_above else set()), viewer


def test_unknown_entity_has_no_rows() -> None:
    assert visible("Nothing", PEOPLE["province"]) is NO_ROW


def test_contract_and_office_of_who_acts_for_a_team_grant_nothing() -> None:
    for name in ("team", "legal", "volunteer"):
        both = {"department": PEOPLE["elsewhere"].department, "partner": ELSEWHERE}
        viewer = replace(PEOPLE[name], **both)  # type: ignore[arg-type]

        assert not sees_figures_of(viewer, "1/3/")
        assert not sees_figures_of_team(viewer, "9/", "1/3/")
