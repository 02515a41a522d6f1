"""The commands `stats …`, as an operator types them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from db.models import Region, Team
from db.session import Database
from gateway.cli import app
from gateway.statistics_commands import ScopeUnknown
from tests.small_world import Planter, connected

Run = Callable[..., Result]


@pytest.fixture
def run(url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["stats", *arguments])

    return invoke


def test_operator_folds_finds_what_is_wrong_and_makes_it_anew(url: str, run: Run) -> None:
    region, team = asyncio.run(planted(url))

    folded, again = run("fold"), run("fold")
    clean = run("verify")
    asked(url, "update ledger_totals set n = n + 3 where scope = $1 and period = 0", region.id)
    wrong = run("verify")
    elsewhere = run("verify", "--scope", team.team_no)
    here = run("verify", "--scope", region.code)
    unknown = run("verify", "--scope", "990000")
    rebuilt = run("rebuild")
    mended = run("verify")

    assert folded.exit_code == again.exit_code == 0
    assert "0 rows were folded." not in folded.stderr
    assert "0 rows were folded." in again.stderr
    assert (clean.exit_code, clean.stdout) == (0, "")
    assert "The ledger agrees with the tables." in clean.stderr
    assert (wrong.exit_code, here.exit_code, elsewhere.exit_code) == (1, 1, 0)
    assert here.stdout == wrong.stdout
    assert f"region {region.id}: team in all is 5 (0), not 2 (0)\n" in wrong.stdout
    assert f"{len(wrong.stdout.splitlines())} differences" in wrong.stderr
    assert isinstance(unknown.exception, ScopeUnknown)
    assert str(unknown.exception) == "There is no region and no team 990000."
    assert rebuilt.exit_code == 0
    assert "The totals were made anew from" in rebuilt.stderr
    assert (mended.exit_code, mended.stdout) == (0, "")


def test_breakdown_that_does_not_sum_up_in_a_past_month_is_found(url: str, run: Run) -> None:
    region, _ = asyncio.run(planted(url))
    run("fold")
    # As it would be if a team had come to its scale later than it began.
    late = """
    update ledger_totals t set period = 202612 from ledger_codes c
    where c.number = t.code and c.name = 'team/size:0' and t.scope = $1 and t.period <> 0
    """
    asked(url, late, region.id)

    found = run("verify", "--scope", region.code)

    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) == 2
    assert f"region {region.id}: team/size in 202612 is 2 (0), not 0 (0)" in found.stdout
    run("rebuild")


async def planted(url: str) -> tuple[Region, Team]:
    """A region of two teams."""
    async with Database(url) as database:
        planter = Planter(database)
        region = await planter.region()
        team = await planter.team(region)
        await planter.team(region)
        return region, team


def asked(url: str, statement: str, *values: Any) -> None:
    async def ask() -> None:
        async with connected(url) as db:
            await db.execute(statement, *values)

    asyncio.run(ask())
