"""How many projects there are for everybody and for few, whoever is quicker: they or their team."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.ledger.folding import fold_all
from db.ledger.verifying import verify
from db.models import Team
from tests.small_world import Planter, connected, until_one_waits

STOP = "update teams set status = 'DISABLED' where id = $1"
PUBLISH = "update projects set status = 'WAITING' where team_id = $1 and status = 'DRAFT'"
TAKE_BACK = "update projects set status = 'DRAFT' where team_id = $1 and status = 'CLOSED'"
ADD = """
insert into projects
select (jsonb_populate_record(p, jsonb_build_object('id', id + 1000000, 'project_no', id::text))).*
from projects p where team_id = $1 and status = 'RUNNING'
"""
MOVE = """
update teams set region_id = r.id, region_path = r.path
from regions r where teams.id = $1 and r.id = $2
"""
REMOVE_DRAFT = "delete from projects where team_id = $1 and status = 'DRAFT'"
REMOVE = "delete from projects where team_id = $1 and status = 'RUNNING'"
CHANGES = {"publish": PUBLISH, "take back": TAKE_BACK, "add": ADD, "remove": REMOVE}
LISTED = """
select kind, sum(n) from ledger_pending where kind in ('listed_project', 'other_project')
  and team_path = $1 group by 1 having sum(n) <> 0
"""


@pytest.fixture
async def team(planter: Planter) -> Team:
    """A team with a draft, and projects that run and are over."""
    team = await planter.team(await planter.region())
    for status in ("DRAFT", "RUNNING", "CLOSED"):
        await planter.project(team, status=status)
    return team


@pytest.fixture
async def others(url: str) -> AsyncIterator[tuple[Any, Any]]:
    """Two writers beside the test."""
    async with connected(url) as one, connected(url) as two:
        yield one, two


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("stops_first", [True, False])
async def test_project_that_changes_while_its_team_stops_is_counted_right(
    db: Any, others: tuple[Any, Any], team: Team, name: str, *, stops_first: bool
) -> None:
    steps = [STOP, CHANGES[name]] if stops_first else [CHANGES[name], STOP]
    first, second = others
    opened = first.transaction()
    await opened.start()
    await first.execute(steps[0], team.id)
    later = asyncio.create_task(second.execute(steps[1], team.id))

    await until_one_waits(first)
    await opened.commit()
    await later

    total = await db.fetchval("select count(*) from projects where team_id = $1", team.id)
    assert dict(await db.fetch(LISTED, team.path)) == {"other_project": total}
    await fold_all(db)
    assert await verify(db) == []


@pytest.mark.parametrize("moves_first", [True, False])
async def test_project_that_goes_while_its_team_moves_is_taken_from_where_it_lies(
    db: Any, others: tuple[Any, Any], planter: Planter, team: Team, *, moves_first: bool
) -> None:
    moving, removing = (MOVE, team.id, (await planter.region()).id), (REMOVE_DRAFT, team.id)
    steps = [moving, removing] if moves_first else [removing, moving]
    first, second = others
    opened = first.transaction()
    await opened.start()
    await first.execute(*steps[0])
    later = asyncio.create_task(second.execute(*steps[1]))

    await until_one_waits(first)
    await opened.commit()
    await later

    await fold_all(db)
    assert await verify(db) == []


async def test_project_that_stays_published_waits_for_no_team_that_stops(
    db: Any, others: tuple[Any, Any], team: Team
) -> None:
    first, second = others
    async with first.transaction():
        await first.execute(STOP, team.id)

        await second.execute("update projects set status = 'MAKE_UP' where status = 'CLOSED'")

    assert await db.fetchval("select count(*) from projects where status = 'MAKE_UP'") > 0
    await fold_all(db)
    assert await verify(db) == []
