"""Disabling and enabling teams: projects, reviews that wait, who may."""

from typing import Any

import pytest

from db.enums import ProjectStatus, ReviewKind, ReviewState, TeamStatus
from db.models import Review
from db.session import Database
from permissions.edges import Policy
from permissions.errors import CapacityNotHeld, Forbidden
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.team_registration import register_team
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from tests.small_world import NOW, Planter
from tests.workflows.desk import DESK
from tests.workflows.district import District


@pytest.fixture
async def district(planter: Planter) -> District:
    return await District.plant(planter)


async def disable(
    database: Database, viewer: Viewer, team_id: int, reason: str = "整改"
) -> Outcome:
    order = Order(team_id=team_id, reason=reason)
    return await disable_team(database, viewer, order, None, policy=Policy())


async def enable(
    database: Database, viewer: Viewer, team_id: int, mode: EnableMode = EnableMode.TEAM_ONLY
) -> Outcome:
    order = Order(team_id=team_id, reason="整改完成")
    return await enable_team(database, viewer, order, mode, None, policy=Policy())


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def status_of(db: Any, table: str, id: int) -> str:
    status: str = await db.fetchval(f"select status from {table} where id = $1", id)  # noqa: S608
    return status


@pytest.mark.parametrize(
    ("mode", "then"),
    [
        (EnableMode.TEAM_ONLY, ["DISABLED", "DISABLED", "CLOSED", "DRAFT"]),
        (EnableMode.TEAM_AND_PROJECTS, ["WAITING", "RUNNING", "CLOSED", "DRAFT"]),
    ],
)
async def test_projects_stop_with_their_team_and_return_as_it_is_asked(
    database: Database, db: Any, district: District, mode: EnableMode, then: list[str]
) -> None:
    team = district.forest.teams["community"]
    states = (
        ProjectStatus.WAITING,
        ProjectStatus.RUNNING,
        ProjectStatus.CLOSED,
        ProjectStatus.DRAFT,
    )
    projects = [await district.planter.project(team, status=each) for each in states]
    town = await district.forest.manager("town")

    outcome = await disable(database, town, team.id)

    assert outcome.errors == ()
    row = await db.fetchrow("select status, status_reason from teams where id = $1", team.id)
    assert tuple(row) == ("DISABLED", "整改")
    stopped = [await status_of(db, "projects", each.id) for each in projects]
    assert stopped == ["DISABLED", "DISABLED", "CLOSED", "DRAFT"]

    await enable(database, town, team.id, mode)

    assert await status_of(db, "teams", team.id) == "ENABLED"
    assert [await status_of(db, "projects", each.id) for each in projects] == then


async def test_teams_below_stay_and_their_reviews_go_up_and_come_back(
    database: Database, db: Any, district: District
) -> None:
    hub, town = district.forest.teams["community"], district.forest.teams["town"]
    await district.team("below", "community", district.regions["community"])
    asked = await register_team(
        database, await district.person(), DESK, district.group(), None, now=NOW
    )
    viewer = await district.forest.manager("town")

    async def reviewer() -> int:
        found: int = await db.fetchval(
            "select reviewer_team_id from reviews where id = $1", asked.subject_id
        )
        return found

    assert await reviewer() == hub.id
    await disable(database, viewer, hub.id)
    assert await reviewer() == town.id
    assert await status_of(db, "teams", district.forest.teams["below"].id) == "ENABLED"
    await enable(database, viewer, hub.id)
    assert await reviewer() == hub.id


async def test_account_of_a_disabled_team_cannot_act(
    database: Database, district: District
) -> None:
    manager = await district.forest.manager("community")
    team = district.forest.teams["community"]
    await disable(database, await district.forest.manager("town"), team.id)

    assert manager.account_id is not None
    async with database.read() as snapshot:
        standing = await fetch_standing(snapshot, manager.account_id)

    assert standing.standing_version > manager.standing_version
    with pytest.raises(CapacityNotHeld):
        standing.acting_as(f"team:{team.team_no}")


async def test_change_that_waited_waits_on(database: Database, db: Any, district: District) -> None:
    team = district.forest.teams["community"]
    await db.execute("update teams set status = 'CHANGE_PENDING' where id = $1", team.id)
    await district.planter.add(
        Review(
            province="50",
            kind=ReviewKind.TEAM_CHANGE,
            state=ReviewState.PENDING,
            subject_type="Team",
            subject_id=team.id,
            team_id=team.id,
            reviewer_team_id=district.forest.teams["town"].id,
        )
    )
    town = await district.forest.manager("town")

    await disable(database, town, team.id)
    await enable(database, town, team.id)

    assert await status_of(db, "teams", team.id) == "CHANGE_PENDING"


@pytest.mark.parametrize(
    ("status", "disabling", "enabling"),
    [
        (TeamStatus.ENABLED, [], [("WRONG_STATE", "teamId")]),
        (TeamStatus.PENDING, [("WRONG_STATE", "teamId")], [("WRONG_STATE", "teamId")]),
        (TeamStatus.REJECTED, [("WRONG_STATE", "teamId")], [("WRONG_STATE", "teamId")]),
        (TeamStatus.DISABLED, [("WRONG_STATE", "teamId")], []),
    ],
)
async def test_only_a_team_that_works_stops_and_only_a_stopped_one_goes_on(
    database: Database,
    db: Any,
    district: District,
    *,
    status: TeamStatus,
    disabling: list[Any],
    enabling: list[Any],
) -> None:
    team = district.forest.teams["community"]
    town = await district.forest.manager("town")
    await db.execute("update teams set status = $2 where id = $1", team.id, status.value)

    assert codes(await enable(database, town, team.id)) == enabling
    await db.execute("update teams set status = $2 where id = $1", team.id, status.value)
    assert codes(await disable(database, town, team.id)) == disabling


async def test_superior_or_department_may_and_nobody_else(
    database: Database, district: District
) -> None:
    team, forest = district.forest.teams["community"], district.forest

    for name in ("community", "other"):
        with pytest.raises(Forbidden):
            await disable(database, await forest.manager(name), team.id)
    with pytest.raises(Forbidden):
        await disable(database, await forest.officer(district.regions["other"]), team.id)
    with pytest.raises(Forbidden):
        await disable(database, await district.person(), team.id)
    for viewer in (
        await forest.manager("district"),
        await forest.officer(district.regions["district"]),
    ):
        assert codes(await disable(database, viewer, team.id)) == []
        assert codes(await enable(database, viewer, team.id)) == []


async def test_hidden_and_missing_teams_are_alike_and_a_reason_is_given(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["community"]
    town = await district.forest.manager("town")
    other = await district.forest.manager("other")

    assert codes(await disable(database, town, team.id, " ".strip())) == [
        ("REASON_REQUIRED", "reason")
    ]
    assert codes(await disable(database, town, team.id, "x" * 501)) == [("TOO_LONG", "reason")]
    await db.execute("update teams set status = 'DISABLED' where id = $1", team.id)
    for each in (team.id, 7):
        assert codes(await enable(database, other, each)) == [("NOT_FOUND", "teamId")]
