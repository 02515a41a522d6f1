"""Who reviews whom, at every bend of the walk."""

from dataclasses import replace

import pytest

from db.enums import HubLevel, PermissionGroup, ReviewKind, TeamStatus
from permissions.facts import OfficeFacts, TeamFacts
from permissions.reviewers import Reviewer, needs_review, reviewer_for, reviewer_of, takes_teams

HOME = OfficeFacts(10, "1/10/")
REGISTRY = OfficeFacts(20, "1/20/")


def team(
    number: int,
    under: TeamFacts | None = None,
    group: PermissionGroup = PermissionGroup.BASIC,
    status: TeamStatus = TeamStatus.ENABLED,
    hub: HubLevel | None = None,
    *,
    is_legal: bool = False,
    authority: OfficeFacts | None = None,
    branch: bool = False,
) -> TeamFacts:
    return TeamFacts(
        id=number,
        path=f"{under.path if under else ''}{number}/",
        status=status,
        group=group,
        office=HOME,
        hub_level=hub,
        is_legal=is_legal,
        contact=under,
        branch_of_id=under.id if under and branch else None,
        authority=authority,
    )


CITY = team(1, None, PermissionGroup.SENIOR_QUICK, hub=HubLevel.CITY)
TOWN = team(2, CITY, PermissionGroup.MIDDLE_QUICK, hub=HubLevel.TOWN)
BASIC_TOWN = team(2, CITY, PermissionGroup.BASIC, hub=HubLevel.TOWN)
PROJECT_TOWN = team(2, CITY, PermissionGroup.JUNIOR_PROJECT, hub=HubLevel.TOWN)


def town(status: TeamStatus) -> TeamFacts:
    return team(2, CITY, PermissionGroup.MIDDLE_QUICK, status, hub=HubLevel.TOWN)


def organisation(
    status: TeamStatus = TeamStatus.ENABLED, authority: OfficeFacts | None = REGISTRY
) -> TeamFacts:
    return team(5, None, PermissionGroup.MIDDLE, status, is_legal=True, authority=authority)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (team(9, TOWN), TOWN),
        (team(9, town(TeamStatus.CHANGE_PENDING)), town(TeamStatus.CHANGE_PENDING)),
        (team(9, town(TeamStatus.DISABLED)), CITY),
        (team(9, town(TeamStatus.DISSOLVED)), CITY),
        (team(9, town(TeamStatus.PENDING)), CITY),
        (team(9, BASIC_TOWN), CITY),
        (team(9, PROJECT_TOWN), CITY),
        (team(9, None), HOME),
        (team(9, team(2, None, PermissionGroup.BASIC)), HOME),
        (organisation(), REGISTRY),
        (organisation(authority=None), HOME),
        (team(6, TOWN, is_legal=True, authority=REGISTRY, hub=HubLevel.COMMUNITY), REGISTRY),
        (team(9, organisation(), branch=True), organisation()),
        (team(9, organisation(TeamStatus.DISABLED), branch=True), REGISTRY),
        (team(9, organisation(TeamStatus.DISSOLVED), branch=True), REGISTRY),
        (team(9, organisation(TeamStatus.DISABLED, None), branch=True), HOME),
        (team(9, organisation(), is_legal=True, authority=REGISTRY, branch=True), REGISTRY),
    ],
)
def test_reviewer_is_found_by_the_walk(subject: TeamFacts, expected: Reviewer) -> None:
    assert reviewer_of(subject) == expected


def test_missing_ancestors_leave_no_reviewer() -> None:
    cut_off = TeamFacts(
        id=9, path="1/2/9/", status=TeamStatus.ENABLED, group=PermissionGroup.BASIC, office=HOME
    )
    branch = TeamFacts(
        id=9,
        path="5/9/",
        status=TeamStatus.ENABLED,
        group=PermissionGroup.BASIC,
        office=HOME,
        branch_of_id=5,
    )

    assert reviewer_of(cut_off) is None
    assert reviewer_of(branch) is None


def test_branch_of_another_organisation_than_it_hangs_under_has_no_reviewer() -> None:
    stray = TeamFacts(
        id=9,
        path="2/9/",
        status=TeamStatus.ENABLED,
        group=PermissionGroup.BASIC,
        office=HOME,
        branch_of_id=5,
        contact=team(2, None, PermissionGroup.MIDDLE),
    )

    assert reviewer_of(stray) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ReviewKind.MEMBERSHIP, 9),
        (ReviewKind.RECORD_APPLICATION, 9),
        (ReviewKind.TEAM_REGISTRATION, 2),
        (ReviewKind.TEAM_CHANGE, 2),
        (ReviewKind.PROJECT_PUBLICATION, 2),
        (ReviewKind.LATE_HOURS, 2),
        (ReviewKind.EVALUATION, 2),
        (ReviewKind.SUBMISSION, 2),
        (ReviewKind.COMPLAINT, 2),
        (ReviewKind.PERMISSION_GROUP, 1),
    ],
)
def test_kind_of_the_item_chooses_the_reviewer(kind: ReviewKind, expected: int) -> None:
    reviewer = reviewer_for(kind, team(9, TOWN))

    assert isinstance(reviewer, TeamFacts)
    assert reviewer.id == expected


@pytest.mark.parametrize("kind", [ReviewKind.TEAM_REGISTRATION, ReviewKind.TEAM_CHANGE])
def test_office_that_keeps_the_file_says_whether_a_team_is_on_it(kind: ReviewKind) -> None:
    filed = replace(team(9, TOWN), is_filed=True)
    hub = replace(team(3, TOWN, hub=HubLevel.COMMUNITY), is_filed=True)

    assert reviewer_for(kind, filed) == HOME
    assert reviewer_for(kind, replace(filed, authority=REGISTRY)) == REGISTRY
    assert reviewer_for(kind, hub) == TOWN
    assert reviewer_for(ReviewKind.PROJECT_PUBLICATION, filed) == TOWN


def test_move_is_reviewed_by_the_new_contact_team_if_it_takes_teams() -> None:
    assert reviewer_for(ReviewKind.TEAM_MOVE, team(9, CITY), to=TOWN) == TOWN
    assert reviewer_for(ReviewKind.TEAM_MOVE, team(9, CITY), to=BASIC_TOWN) is None
    assert reviewer_for(ReviewKind.TEAM_MOVE, team(9, CITY), to=town(TeamStatus.DISABLED)) is None
    assert reviewer_for(ReviewKind.TEAM_MOVE, team(9, CITY)) is None


def test_group_without_a_hub_above_is_the_departments() -> None:
    assert reviewer_for(ReviewKind.PERMISSION_GROUP, organisation()) == REGISTRY
    assert reviewer_for(ReviewKind.PERMISSION_GROUP, CITY) == HOME
    branch = team(9, organisation(), branch=True)
    assert reviewer_for(ReviewKind.PERMISSION_GROUP, branch) == HOME


def test_group_may_be_asked_of_the_city_directly() -> None:
    assert reviewer_for(ReviewKind.PERMISSION_GROUP, team(9, TOWN), to=CITY) == CITY


@pytest.mark.parametrize("group", list(PermissionGroup))
def test_projects_need_review_and_teams_are_taken_as_the_group_says(
    group: PermissionGroup,
) -> None:
    subject = team(2, CITY, group)

    assert needs_review(subject) is (
        group.name in {"PENDING", "BASIC", "JUNIOR_TEAM", "JUNIOR_QUICK"}
    )
    assert takes_teams(subject) is (group.name not in {"PENDING", "BASIC", "JUNIOR_PROJECT"})


def test_community_hub_has_its_own_project_reviewed_above_though_it_reviews_quickly() -> None:
    community = team(3, TOWN, PermissionGroup.JUNIOR_QUICK, hub=HubLevel.COMMUNITY)

    assert needs_review(community)
    assert reviewer_for(ReviewKind.PROJECT_PUBLICATION, community) == TOWN
