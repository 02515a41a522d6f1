"""The clock and who acts for a team wait for each other in one order, so that both go on."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from db.clock import run_due
from db.session import Database
from tests.small_world import NOW, Planter, connected, until_one_waits


@pytest.mark.parametrize("step", [("WAITING", "RUNNING"), ("RUNNING", "CLOSED")])
async def test_project_falls_due_while_its_team_is_held(
    database: Database, planter: Planter, db: Any, url: str, step: tuple[str, str]
) -> None:
    status, then = step
    team = await planter.team(await planter.region())
    due = {"starts_at": NOW - timedelta(days=2), "ends_at": NOW - timedelta(days=1)}
    project = await planter.project(team, status=status, **(due if then == "CLOSED" else {}))
    async with connected(url) as acting:
        async with acting.transaction():
            await acting.execute("select from teams where id = $1 for update", team.id)
            clock = asyncio.create_task(run_due(database.engine, now=NOW))
            await until_one_waits(acting)

            await acting.execute("select from projects where id = $1 for update", project.id)
        await clock

    now_is = await db.fetchval("select status from projects where id = $1", project.id)
    assert now_is == then
