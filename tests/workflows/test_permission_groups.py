"""Permission groups: who sets which, who may be asked, what a lowered team keeps."""

import asyncio
from typing import Any

import pytest

from db.enums import HubLevel, PermissionGroup, ProjectStatus, TeamStatus
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.permission_groups import GroupWish, ask_permission_group, set_permission_group
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.team_registration import register_team
from tests.small_world import NOW
from tests.workflows.desk import DESK
from tests.workflows.district import District

G = PermissionGroup


@pytest.fixture
async def team(shared: District) -> int:
    await shared.team("group", "community", shared.regions["community"])
    return shared.forest.teams["group"].id


async def give(
    database: Database, viewer: Viewer, team_id: int, group: PermissionGroup, reason: str = "调整"
) -> Outcome:
    wish = GroupWish(team_id=team_id, group=group, reason=reason)
    return await set_permission_group(database, viewer, wish, None, policy=Policy())


async def ask(
    database: Database,
    viewer: Viewer,
    team_id: int,
    group: PermissionGroup,
    *,
    hub_id: int | None = None,
    reason: str = "活动多",
) -> Outcome:
    wish = GroupWish(team_id=team_id, group=group, reason=reason, hub_id=hub_id)
    return await ask_permission_group(database, viewer, wish, None, policy=Policy())


async def decide(
    database: Database, viewer: Viewer, review_id: int | None, *, approves: bool = True
) -> list[str]:
    assert review_id is not None
    decided = Decided(ids=[review_id], approves=approves, opinion=None if approves else "不必")
    outcome = await decide_reviews(database, viewer, decided, None, policy=Policy(), now=NOW)
    return [error.code.value for item in outcome.items for error in item.errors]


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def group_of(db: Any, team_id: int) -> str:
    found: str = await db.fetchval("select permission_group from teams where id = $1", team_id)
    return found


@pytest.mark.parametrize(
    ("setter", "group", "allowed"),
    [
        ("district", G.JUNIOR_PROJECT, True),
        ("city", G.MIDDLE_QUICK, True),
        ("district", G.SENIOR, False),
        ("district", G.PENDING, False),
        ("town", G.JUNIOR_PROJECT, False),
        ("community", G.JUNIOR_PROJECT, False),
        ("other", G.JUNIOR_PROJECT, False),
    ],
)
async def test_group_of_a_team_is_set_by_district_or_city_hub_within_bounds(
    database: Database,
    db: Any,
    shared: District,
    team: int,
    *,
    setter: str,
    group: PermissionGroup,
    allowed: bool,
) -> None:
    viewer = await shared.forest.manager(setter)
    if not allowed:
        with pytest.raises(Forbidden):
            await give(database, viewer, team, group)
        assert await group_of(db, team) == "BASIC"
    else:
        assert codes(await give(database, viewer, team, group)) == []
        assert await group_of(db, team) == group.value


async def test_team_asks_once_and_either_hub_grants_it(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    manager = await forest.manager("group")
    to_district, to_city = await asyncio.gather(
        ask(database, manager, team, G.JUNIOR_TEAM, hub_id=forest.teams["district"].id),
        ask(database, manager, team, G.JUNIOR_TEAM, hub_id=forest.teams["city"].id),
    )
    granted, told = sorted((to_district, to_city), key=lambda each: len(each.errors))
    assert (codes(granted), codes(told)) == ([], [("ALREADY_APPLIED", "group")])

    town = await decide(database, await forest.manager("town"), granted.review_id)
    assert town == ["NOT_YOUR_REVIEW"]
    assert await decide(database, await forest.manager("city"), granted.review_id) == []
    late = await decide(database, await forest.manager("district"), granted.review_id)
    assert late == ["ALREADY_DECIDED"]
    assert await group_of(db, team) == "JUNIOR_TEAM"


async def test_refused_wish_leaves_the_group(
    database: Database, db: Any, shared: District, team: int
) -> None:
    asked = await ask(database, await shared.forest.manager("group"), team, G.MIDDLE)

    assert (
        await decide(
            database, await shared.forest.manager("district"), asked.review_id, approves=False
        )
        == []
    )
    assert await group_of(db, team) == "BASIC"


async def test_hub_with_fewer_rights_does_not_grant_more_than_it_has(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    asked = await ask(database, await forest.manager("group"), team, G.MIDDLE)
    viewer = await forest.manager("district")
    await db.execute(
        "update teams set permission_group = 'JUNIOR_QUICK' where id = $1",
        forest.teams["district"].id,
    )
    try:
        assert await decide(database, viewer, asked.review_id) == ["INVALID"]
        assert await group_of(db, team) == "BASIC"
    finally:
        await db.execute(
            "update teams set permission_group = 'SENIOR_QUICK' where id = $1",
            forest.teams["district"].id,
        )


async def test_setting_what_was_asked_for_decides_the_wish(
    database: Database, db: Any, shared: District, team: int
) -> None:
    asked = await ask(database, await shared.forest.manager("group"), team, G.MIDDLE)

    await give(database, await shared.forest.manager("district"), team, G.MIDDLE)

    state = await db.fetchval("select state from reviews where id = $1", asked.review_id)
    assert state == "APPROVED"


async def test_lowered_team_keeps_what_it_published_and_is_told(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    district = await forest.manager("district")
    await give(database, district, team, G.MIDDLE)
    project = await shared.planter.project(forest.teams["group"], status=ProjectStatus.WAITING)
    await shared.team("below", "group", shared.regions["community"])

    outcome = await give(database, district, team, G.BASIC)

    assert [each.code.value for each in outcome.warnings] == [
        "PROJECTS_STAY_PUBLISHED",
        "TEAMS_STAY_BELOW",
    ]
    status = await db.fetchval("select status from projects where id = $1", project.id)
    assert status == "WAITING"
    assert await group_of(db, forest.teams["below"].id) == "BASIC"


async def test_reviews_leave_a_team_that_takes_teams_no_more_and_come_back(
    database: Database, db: Any, shared: District
) -> None:
    forest = shared.forest
    await shared.team("taking", "town", shared.regions["community"], permission_group=G.JUNIOR_TEAM)
    taking = forest.teams["taking"].id
    person = await shared.person()
    asked = await register_team(
        database,
        person,
        DESK,
        shared.group(name=f"下级{shared.serial}志愿服务队", contact_team_id=taking),
        None,
        now=NOW,
    )
    district = await forest.manager("district")

    async def reviewer() -> int:
        found: int = await db.fetchval(
            "select reviewer_team_id from reviews where id = $1", asked.subject_id
        )
        return found

    assert await reviewer() == taking
    await give(database, district, taking, G.BASIC)
    assert await reviewer() == forest.teams["town"].id
    await give(database, district, taking, G.JUNIOR_TEAM)
    assert await reviewer() == taking


async def test_hub_is_set_by_the_hub_above_it_alone(
    database: Database, db: Any, shared: District
) -> None:
    forest = shared.forest
    await shared.team("hub", "town", shared.regions["village"], hub_level=HubLevel.COMMUNITY)
    hub = forest.teams["hub"].id

    with pytest.raises(Forbidden):
        await give(database, await forest.manager("district"), hub, G.JUNIOR_QUICK)
    assert codes(await give(database, await forest.manager("town"), hub, G.JUNIOR_QUICK)) == []
    assert await group_of(db, hub) == "JUNIOR_QUICK"
    await db.execute("update teams set status = 'DISSOLVED' where id = $1", hub)


async def test_bad_wishes_are_refused_with_their_field(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    manager, district = await forest.manager("group"), await forest.manager("district")

    assert codes(await ask(database, manager, team, G.SENIOR)) == [("INVALID", "group")]
    assert codes(await ask(database, manager, team, G.BASIC)) == [("ALREADY_THERE", "group")]
    assert codes(await ask(database, manager, team, G.MIDDLE, reason="")) == [
        ("REASON_REQUIRED", "reason")
    ]
    assert codes(await ask(database, manager, team, G.MIDDLE, reason="因" * 501)) == [
        ("TOO_LONG", "reason")
    ]
    assert codes(await ask(database, manager, team, G.MIDDLE, reason="因\x00")) == [
        ("INVALID", "reason")
    ]
    town = forest.teams["town"].id
    assert codes(await ask(database, manager, team, G.MIDDLE, hub_id=town)) == [
        ("CONTACT_TEAM_UNFIT", "hubId")
    ]
    assert codes(await ask(database, manager, team, G.MIDDLE, hub_id=town + 9999)) == [
        ("NOT_FOUND", "hubId")
    ]
    assert codes(await give(database, district, team + 9999, G.MIDDLE)) == [("NOT_FOUND", "teamId")]
    await db.execute(
        "update teams set status = $2, permission_group = 'PENDING' where id = $1",
        team,
        TeamStatus.PENDING.value,
    )
    assert codes(await give(database, district, team, G.MIDDLE)) == [("WRONG_STATE", "teamId")]
