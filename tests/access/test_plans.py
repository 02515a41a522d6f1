"""How PostgreSQL finds what a hub may see among 100,000 teams: by ranges, never row by row."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from db.enums import RegionLevel
from db.migrate import upgrade
from db.paths import path_end
from db.queries import counts, pages
from db.queries.entities import ENTITIES, Entity
from db.queries.filtering import Filtering
from db.queries.pages import PageShape
from db.session import Database
from permissions.standing import fetch_standing
from permissions.viewer import ActingDepartment, Role, Viewer
from permissions.visible import visible
from tests.access.wide_forest import (
    CITY_MANAGER,
    DISTRICT_MANAGER,
    TOWN_MANAGER,
    fill_wide_forest,
)
from tests.servers import Databases
from tests.small_world import STATION, connected

DEPARTMENT = ActingDepartment(
    region_id=2,
    region_code="R2",
    region_name="",
    region_path="1/2/",
    region_level=RegionLevel.COUNTY,
)


async def prepare(url: str) -> None:
    await upgrade(url, station=STATION)
    await fill_wide_forest(url)


@pytest.fixture(scope="module")
def forest_url(databases: Databases) -> Iterator[str]:
    url = databases.clone("wide_forest", prepare)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture
async def connection(forest_url: str) -> AsyncIterator[Any]:
    async with connected(forest_url) as connection:
        yield connection


async def manager(url: str, account: int) -> Viewer:
    async with Database(url) as database, database.read() as snapshot:
        return (await fetch_standing(snapshot, account)).acting_as(None)


async def plan(connection: Any, statement: Any, *, generic: bool, **values: Any) -> str:
    """The plan of a statement, as the driver's prepared form gets it."""
    mode = "force_generic_plan" if generic else "force_custom_plan"
    await connection.execute(f"set plan_cache_mode = {mode}")
    rows = await connection.fetch(
        f"explain (costs off) {statement.sql}", *statement.arguments(values)
    )
    return "\n".join(row[0] for row in rows)


def counted(entity: Entity, viewer: Viewer) -> tuple[Any, dict[str, Any]]:
    """A count of all rows in scope; of teams, those below the viewer's."""
    scope = visible(entity.name, viewer)
    if entity.name != "Team":
        return counts.count(entity, scope, Filtering()), dict(scope.values)
    assert viewer.team is not None
    values = {**scope.values, "f_under": viewer.team.id}
    return counts.count(entity, scope, Filtering(under=scope)), values


@pytest.mark.parametrize("generic", [False, True], ids=["custom", "generic"])
@pytest.mark.parametrize("account", [DISTRICT_MANAGER, TOWN_MANAGER])
@pytest.mark.parametrize("entity", ["Team", "Membership", "TeamAttachment"])
async def test_hub_finds_its_rows_by_a_range_of_paths(
    forest_url: str, connection: Any, entity: str, account: int, generic: bool
) -> None:
    viewer = await manager(forest_url, account)
    statement, values = counted(ENTITIES[entity], viewer)

    found = await plan(connection, statement, generic=generic, **values)

    assert re.search(r"Index Cond: .*path.* >= .* AND .*path.* < ", found), found
    assert "Recursive" not in found
    assert "SubPlan" not in found, found
    assert "Seq Scan on teams" not in found, found


@pytest.mark.parametrize("generic", [False, True], ids=["custom", "generic"])
@pytest.mark.parametrize("entity", ["Team", "Certificate"])
async def test_department_finds_what_it_decides_on_elsewhere_once(
    connection: Any, entity: str, generic: bool
) -> None:
    scope = visible(entity, Viewer(role=Role.DEPARTMENT, account_id=1, department=DEPARTMENT))
    statement = counts.count(ENTITIES[entity], scope, Filtering())

    found = await plan(connection, statement, generic=generic, **scope.values)

    assert "InitPlan" in found, found
    assert "SubPlan" not in found, found
    assert "ix_teams_registration_authority_id" in found, found
    assert "ix_teams_branch_of_id" in found, found


@pytest.mark.parametrize("generic", [False, True], ids=["custom", "generic"])
@pytest.mark.parametrize("account", [None, DISTRICT_MANAGER])
async def test_teams_beside_the_ledger_are_found_among_the_hidden_ones(
    forest_url: str, connection: Any, account: int | None, generic: bool
) -> None:
    if account is None:
        viewer = Viewer(role=Role.DEPARTMENT, account_id=1, department=DEPARTMENT)
    else:
        viewer = await manager(forest_url, account)
    scope = visible("Team", viewer)
    assert scope.kept is not None
    statement = counts.kept_count(ENTITIES["Team"], scope, scope.kept)

    found = await plan(connection, statement, generic=generic, **scope.values)

    assert "ix_teams_hidden" in found, found
    assert "Seq Scan on teams" not in found, found
    assert "SubPlan" not in found, found


async def test_team_of_a_page_is_found_in_order_without_a_subplan(
    forest_url: str, connection: Any
) -> None:
    viewer = await manager(forest_url, DISTRICT_MANAGER)
    scope = visible("Team", viewer)
    entity = ENTITIES["Team"]
    statement = pages.page(entity, scope, PageShape(entity.orders["NAME"]), entity.row.only(()))

    found = await plan(connection, statement, generic=False, limit=21, **scope.values)

    assert "Index Scan using ix_teams_sort_key_id" in found, found
    assert "SubPlan" not in found, found


async def test_range_finds_as_many_teams_as_the_paths_say(forest_url: str, connection: Any) -> None:
    for account in (CITY_MANAGER, DISTRICT_MANAGER, TOWN_MANAGER):
        viewer = await manager(forest_url, account)
        assert viewer.team is not None
        statement, values = counted(ENTITIES["Team"], viewer)

        rows = await connection.fetch(statement.sql, *statement.arguments(values))

        path = viewer.team.path
        told = await connection.fetchval(
            "select count(*) from teams where path >= $1 and path < $2", path, path_end(path)
        )
        assert rows[0]["count"] == min(told, counts.MOST_COUNTED + 1)
