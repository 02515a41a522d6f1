"""The commands `audit …`, and what the running gateway tells of the chain."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from db.audit.verify import fetch_tail
from db.events import DomainEvent, SubjectType
from db.session import Database
from db.urls import asyncpg_dsn
from gateway.cli import REFUSED, app
from tests.api.client import KEYS, running
from tests.servers import Databases, run_apart
from tests.small_world import empty_station

Run = Callable[..., Result]
HEAD = re.compile(r"[0-9]+:[0-9a-f]{64}\n")


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
def run(url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def invoke(*arguments: str, broken: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        if broken is None:
            assert result.exit_code == 0, (result.output, result.exception)
        else:
            assert isinstance(result.exception, REFUSED), result.output
            assert str(result.exception) == broken
        return result

    return invoke


@pytest.fixture(autouse=True)
def _own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands' keys are those that the gateway of the tests signs with."""
    monkeypatch.setattr("gateway.station.load_keys", lambda _settings: KEYS)


async def written(url: str, count: int) -> None:
    async with Database(url) as database:
        for number in range(count):
            async with database.write(account_id=None, capacity="clock", action="a") as write:
                write.record(
                    DomainEvent(
                        name="team.moved",
                        subject_type=SubjectType.TEAM,
                        subject_id=number,
                        because="a test",
                    )
                )


async def changed(url: str, statement: str) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(url))
    await connection.execute(f"alter table audit_log disable trigger user; {statement}")
    await connection.close()


async def sealed_by_the_gateway(url: str, redis_url: str) -> float:
    """How long the oldest entry waited when the gateway had sealed all, as readiness tells."""
    async with running(url, redis_url) as client, asyncio.timeout(30):
        while True:
            told = (await client.http.get("/readyz")).json()
            async with Database(url) as database, database.read() as snapshot:
                if not (await fetch_tail(snapshot)).entries:
                    return float(told["auditTailSeconds"])
            await asyncio.sleep(0.1)


def test_chain_is_sealed_by_the_gateway_and_verified_by_an_operator(
    run: Run, url: str, redis_url: str
) -> None:
    empty = run("audit", "verify")
    run_apart(written(url, 5))
    waiting = run("audit", "head")
    run_apart(sealed_by_the_gateway(url, redis_url))
    verified, head = run("audit", "verify"), run("audit", "head")

    assert empty.stdout == f"0:{'0' * 64}\n"
    assert "5 entries wait, the oldest for " in waiting.stderr
    assert HEAD.fullmatch(verified.stdout)
    assert verified.stdout == head.stdout
    assert verified.stdout.startswith("5:")
    assert "5 entries hold." in verified.stderr
    assert "Signed up to " in verified.stderr
    assert "Everything is sealed." in verified.stderr


def test_broken_chain_ends_the_command_with_its_first_broken_entry(
    run: Run, url: str, redis_url: str
) -> None:
    run_apart(written(url, 5))
    run_apart(sealed_by_the_gateway(url, redis_url))
    run_apart(changed(url, "update audit_log set because = 'another' where chain_no = 3"))
    first = 50 * 2**40 + 1

    run(
        *("audit", "verify"),
        broken=f"The chain is broken at number 3 (entry {first + 2}): the entry was changed.",
    )


def test_grants_are_printed_for_the_owner_to_run(run: Run) -> None:
    printed = run("audit", "grants", "gateway").stdout

    assert 'revoke insert, update, delete, truncate on audit_log from "gateway";\n' in printed
