"""The table of the seed document, cell by cell; who sets which group; what a move leaves."""

from dataclasses import replace
from pathlib import Path

import pytest

from db.enums import HubLevel, PermissionGroup, TeamStatus
from permissions.facts import OfficeFacts, TeamFacts
from permissions.groups import (
    default_group,
    is_within,
    may_be_set,
    may_set,
    rehung_group,
    setting_hub,
)
from permissions.rights import RIGHTS, Right, holds

TABLE = Path(__file__).with_name("permission_table.txt")

COLUMNS = {
    "本团体内志愿者管理": Right.MANAGE_OWN_MEMBERS,
    "发布项目无须审核": Right.PUBLISH_WITHOUT_REVIEW,
    "允许下级团体注册": Right.ALLOW_SUB_TEAM_REGISTRATION,
    "对下级团体快审": Right.QUICK_REVIEW_SUB_TEAMS,
    "区域内志愿者管理": Right.MANAGE_REGION_VOLUNTEERS,
}
NAMES = {
    "待审团体组": PermissionGroup.PENDING,
    "基本团体组": PermissionGroup.BASIC,
    "初级团体组（项目）": PermissionGroup.JUNIOR_PROJECT,
    "初级团体组（团体）": PermissionGroup.JUNIOR_TEAM,
    "初级团体组（快审）": PermissionGroup.JUNIOR_QUICK,
    "中级团体组": PermissionGroup.MIDDLE,
    "中级团体组（快审）": PermissionGroup.MIDDLE_QUICK,
    "高级团体组": PermissionGroup.SENIOR,
    "高级团体组（快审）": PermissionGroup.SENIOR_QUICK,
}


def read_table(text: str) -> dict[PermissionGroup, dict[Right, str]]:
    """The cells of the annex: a tab begins a cell, a line break inside one is none."""
    _, _, body = text.partition("\n\t")
    cells = ["".join(cell.split()) for cell in body.split("\t")]
    head, *rows = [cells[n : n + 6] for n in range(0, len(cells), 6)]
    assert head[0] == "权限组别"
    columns = [COLUMNS[name] for name in head[1:]]
    return {NAMES[row[0]]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def test_table_of_the_seed_equals_the_groups_cell_by_cell() -> None:
    printed = read_table(TABLE.read_text())

    ours = {
        group: {right: "√" if holds(group, right) else "×" for right in Right}
        for group in PermissionGroup
    }

    assert printed == ours
    assert sum(len(row) for row in printed.values()) == 45


def office(number: int = 1) -> OfficeFacts:
    return OfficeFacts(number, f"{number}/")


def team(
    number: int,
    under: TeamFacts | None = None,
    group: PermissionGroup = PermissionGroup.BASIC,
    hub: HubLevel | None = None,
    status: TeamStatus = TeamStatus.ENABLED,
    *,
    is_legal: bool = False,
) -> TeamFacts:
    path = f"{under.path if under else ''}{number}/"
    return TeamFacts(
        id=number,
        path=path,
        status=status,
        group=group,
        office=office(),
        hub_level=hub,
        is_legal=is_legal,
        contact=under,
        authority=office(2) if is_legal else None,
    )


SENIOR_QUICK = PermissionGroup.SENIOR_QUICK
MIDDLE_QUICK = PermissionGroup.MIDDLE_QUICK
JUNIOR_QUICK = PermissionGroup.JUNIOR_QUICK

CITY = team(1, None, SENIOR_QUICK, HubLevel.CITY)
DISTRICT = team(2, CITY, SENIOR_QUICK, HubLevel.DISTRICT)
OTHER_DISTRICT = team(3, CITY, SENIOR_QUICK, HubLevel.DISTRICT)
TOWN = team(4, DISTRICT, MIDDLE_QUICK, HubLevel.TOWN)
COMMUNITY = team(5, TOWN, JUNIOR_QUICK, HubLevel.COMMUNITY)
SCHOOL = team(6, COMMUNITY)


@pytest.mark.parametrize(
    ("level", "is_legal", "expected"),
    [
        (HubLevel.DISTRICT, False, SENIOR_QUICK),
        (HubLevel.TOWN, False, MIDDLE_QUICK),
        (HubLevel.COMMUNITY, False, JUNIOR_QUICK),
        (HubLevel.CITY, False, SENIOR_QUICK),
        (None, True, PermissionGroup.MIDDLE),
        (HubLevel.DISTRICT, True, PermissionGroup.MIDDLE),
        (None, False, PermissionGroup.BASIC),
    ],
)
def test_defaults_are_those_of_the_notice(
    level: HubLevel | None, is_legal: bool, expected: PermissionGroup
) -> None:
    assert default_group(hub_level=level, is_legal=is_legal) is expected


@pytest.mark.parametrize(
    ("subject", "setters"),
    [
        (CITY, []),
        (DISTRICT, [CITY]),
        (TOWN, [DISTRICT]),
        (COMMUNITY, [TOWN]),
        (SCHOOL, [DISTRICT, CITY]),
        (team(7, DISTRICT), [DISTRICT, CITY]),
        (team(8, None, PermissionGroup.MIDDLE, is_legal=True), []),
        (team(8, DISTRICT, PermissionGroup.MIDDLE, is_legal=True), []),
        (team(8, CITY, PermissionGroup.MIDDLE, HubLevel.DISTRICT, is_legal=True), [CITY]),
    ],
)
def test_setters_are_the_superior_hub_or_district_and_city(
    subject: TeamFacts, setters: list[TeamFacts]
) -> None:
    everyone = [CITY, DISTRICT, OTHER_DISTRICT, TOWN, COMMUNITY, SCHOOL]

    assert [each for each in everyone if may_set(each, subject)] == sorted(
        setters, key=lambda each: each.id
    )
    assert setting_hub(subject) == (setters[0] if setters else None)


def test_disabled_superior_hub_leaves_the_group_to_the_next_above() -> None:
    town = team(4, DISTRICT, MIDDLE_QUICK, HubLevel.TOWN, TeamStatus.DISABLED)
    community = team(5, town, JUNIOR_QUICK, HubLevel.COMMUNITY)

    assert setting_hub(community) == DISTRICT
    assert not may_set(town, community)


@pytest.mark.parametrize("group", list(PermissionGroup))
@pytest.mark.parametrize(
    ("subject", "by", "most"),
    [
        (DISTRICT, SENIOR_QUICK, SENIOR_QUICK),
        (DISTRICT, None, SENIOR_QUICK),
        (TOWN, SENIOR_QUICK, MIDDLE_QUICK),
        (TOWN, PermissionGroup.SENIOR, PermissionGroup.MIDDLE),
        (COMMUNITY, MIDDLE_QUICK, JUNIOR_QUICK),
        (SCHOOL, SENIOR_QUICK, MIDDLE_QUICK),
        (SCHOOL, None, MIDDLE_QUICK),
    ],
)
def test_nothing_is_given_above_the_level_or_the_setters_own(
    subject: TeamFacts,
    by: PermissionGroup | None,
    most: PermissionGroup,
    group: PermissionGroup,
) -> None:
    expected = group is not PermissionGroup.PENDING and RIGHTS[group] <= RIGHTS[most]

    assert may_be_set(group, subject, by=by) is expected


def test_legal_person_may_publish_and_take_branches_but_not_review_quickly() -> None:
    assert holds(PermissionGroup.MIDDLE, Right.PUBLISH_WITHOUT_REVIEW)
    assert holds(PermissionGroup.MIDDLE, Right.ALLOW_SUB_TEAM_REGISTRATION)
    assert not holds(PermissionGroup.MIDDLE, Right.QUICK_REVIEW_SUB_TEAMS)


def test_rehung_hub_keeps_what_its_level_allows() -> None:
    assert rehung_group(TOWN, OTHER_DISTRICT) is MIDDLE_QUICK


def test_rehung_hub_loses_what_its_level_does_not_allow() -> None:
    town = team(4, DISTRICT, SENIOR_QUICK, HubLevel.TOWN)

    assert rehung_group(town, OTHER_DISTRICT) is MIDDLE_QUICK


def test_raised_team_begins_again_under_another_district() -> None:
    raised = team(9, TOWN, PermissionGroup.JUNIOR_TEAM)

    assert rehung_group(raised, OTHER_DISTRICT) is PermissionGroup.BASIC


def test_raised_team_keeps_its_group_inside_its_district() -> None:
    raised = team(9, TOWN, PermissionGroup.JUNIOR_TEAM)

    assert rehung_group(raised, COMMUNITY) is PermissionGroup.JUNIOR_TEAM


def test_raised_team_that_becomes_a_root_begins_again() -> None:
    raised = team(9, TOWN, PermissionGroup.JUNIOR_PROJECT)

    assert rehung_group(raised, None) is PermissionGroup.BASIC


def test_team_on_file_keeps_its_group_wherever_it_is_rehung() -> None:
    filed = replace(team(9, TOWN, PermissionGroup.JUNIOR_PROJECT), is_filed=True)
    raised = replace(team(9, TOWN, PermissionGroup.MIDDLE), is_filed=True)

    assert default_group(hub_level=None, is_legal=False, is_filed=True) is filed.group
    assert rehung_group(filed, OTHER_DISTRICT) is PermissionGroup.JUNIOR_PROJECT
    assert rehung_group(raised, OTHER_DISTRICT) is PermissionGroup.JUNIOR_PROJECT


def test_waiting_team_goes_on_waiting_when_it_is_rehung() -> None:
    waiting = team(9, TOWN, PermissionGroup.PENDING, status=TeamStatus.PENDING)

    assert rehung_group(waiting, OTHER_DISTRICT) is PermissionGroup.PENDING


def test_groups_form_a_partial_order() -> None:
    assert is_within(PermissionGroup.JUNIOR_TEAM, MIDDLE_QUICK)
    assert not is_within(PermissionGroup.SENIOR, MIDDLE_QUICK)
    assert not is_within(MIDDLE_QUICK, PermissionGroup.SENIOR)
