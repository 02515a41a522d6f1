"""What happens when something behind the gateway fails, and how it comes back."""

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from db.embedded.postgres import EmbeddedPostgres
from gateway.settings import Limits, Settings
from tests.api.client import Answer, Client, running
from tests.api.people_world import account, prepare_people
from tests.servers import Databases, new_data_dir, run_apart
from tests.small_world import connected, until_one_waits

pytestmark = pytest.mark.asyncio(loop_scope="module")

HUB = '{ hub(regionCode: "500112") { name } }'
SIBLINGS = """
{
  hub(regionCode: "500112") {
    childHubs { name }
    teams { nodes { name } }
    projects { nodes { name } }
    contactTeam { name }
  }
}
"""
GOOD = {"data": {"hub": {"name": "渝北区志愿者协会"}}}


@pytest.fixture
def broken_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own, to be broken."""
    url = databases.clone("people", prepare_people)
    yield url
    databases.drop(url)


@asynccontextmanager
async def locked(url: str, table: str) -> AsyncIterator[Any]:
    """Nobody reads the table inside the block."""
    async with connected(url) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(f"lock table {table} in access exclusive mode")
        try:
            yield connection
        finally:
            await transaction.rollback()


def assert_unavailable(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.response.headers["retry-after"] == "1"
    assert answer.codes
    assert set(answer.codes) == {"SERVICE_UNAVAILABLE"}
    assert list(answer.body) == ["errors"]


async def test_bug_is_masked_and_told_in_the_log(
    broken_url: str, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(broken_url) as connection:
        await connection.execute("alter table teams drop column intro")
    async with running(broken_url, redis_url) as client:
        answer = await client.ask('{ hub(regionCode: "500112") { name intro } }')
        whole = await client.ask("{ teams { nodes { intro } } }")

    assert answer.status == 200
    assert answer.data == {"hub": None}
    (error,) = answer.errors
    assert error["message"] == "Internal error."
    assert error["extensions"] == {"code": "INTERNAL"}
    assert error["path"] == ["hub"]
    assert whole.data is None
    assert whole.codes == ["INTERNAL"]
    assert "intro" not in whole.response.text
    bugs = [record for record in caplog.records if record.getMessage() == "bug"]
    assert len(bugs) == 2
    assert all(record.levelno == logging.ERROR and record.exc_info for record in bugs)
    assert "column r.intro does not exist" in str(bugs[0].exc_info)


async def test_statement_that_takes_too_long_is_a_limit(broken_url: str, redis_url: str) -> None:
    settings = Settings(limits=Limits(statement_timeout=timedelta(seconds=1)))
    async with running(broken_url, redis_url, settings) as client:
        async with locked(broken_url, "teams"):
            answer = await client.ask(HUB)
        after = await client.ask(HUB)

    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.errors[0]["extensions"]["limit"] == "statementTimeout"
    assert answer.data == {"hub": None}
    assert after.body == GOOD


async def busy_until_idle(url: str) -> int:
    """How many sessions are in the middle of something, and stay so."""
    busy = 0
    async with connected(url) as connection:
        for _ in range(20):
            busy = await connection.fetchval(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and backend_type = 'client backend'"  # autovacuum comes when it likes
                " and (state = 'active' or backend_xmin is not null) and pid <> pg_backend_pid()"
            )
            if busy == 0:
                break
            await asyncio.sleep(0.1)
    return busy


@pytest.mark.parametrize(
    ("document", "table"),
    [
        (HUB, "teams"),
        (SIBLINGS, "teams"),
        (SIBLINGS, "projects"),
    ],
    ids=["first statement", "first of several", "last of several"],
)
async def test_request_that_takes_too_long_is_a_limit_and_leaves_nothing_behind(
    broken_url: str, redis_url: str, document: str, table: str
) -> None:
    # What is asked after must be done within the limit, also where the machine is busy.
    settings = Settings(
        pool_size=1,
        limits=Limits(
            request_timeout=timedelta(seconds=1.5), statement_timeout=timedelta(seconds=15)
        ),
    )
    async with running(broken_url, redis_url, settings) as client:
        async with locked(broken_url, table):
            started = time.perf_counter()
            answer = await client.ask(document)
            took = time.perf_counter() - started
        after = await client.ask(HUB)
        busy = await busy_until_idle(broken_url)

    assert answer.status == 400
    assert answer.errors[0]["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": "requestTimeout"}
    assert list(answer.body) == ["errors"]
    assert took < 5
    assert after.body == GOOD
    assert busy == 0


async def test_pool_without_a_free_connection_is_unavailable(
    broken_url: str, redis_url: str
) -> None:
    settings = Settings(pool_size=1, pool_wait=timedelta(seconds=1))
    async with running(broken_url, redis_url, settings) as client:
        async with locked(broken_url, "teams") as holder:
            first = asyncio.create_task(client.ask(HUB))
            await until_one_waits(holder)
            second = await client.ask(HUB)
            third = await client.ask("{ viewer { role } }", viewer=account("li"))
        held = await first
        after = await client.ask(HUB)

    assert_unavailable(second)
    assert_unavailable(third)
    assert held.body == after.body == GOOD


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that may be stopped."""
    folder = new_data_dir()
    server = EmbeddedPostgres(folder, durable=False)
    run_apart(prepare_people(server.start()))
    yield server
    server.stop()
    shutil.rmtree(folder)


async def status_of_readiness(client: Client, *, hoped: int) -> int:
    deadline = time.monotonic() + 10
    while True:
        status = (await client.http.get("/readyz")).status_code
        if status == hoped or time.monotonic() > deadline:
            return status
        await asyncio.sleep(0.1)


async def ask_until_good(client: Client) -> Answer:
    deadline = time.monotonic() + 10
    while True:
        answer = await client.ask(HUB)
        if answer.status == 200 or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(0.1)


async def test_postgresql_away_is_told_at_once_and_comes_back_without_a_restart(
    own_server: EmbeddedPostgres, redis_url: str
) -> None:
    async with running(own_server.url, redis_url) as client:
        before = await client.ask(HUB)
        held = await asyncio.gather(*(client.ask(HUB) for _ in range(5)))
        await asyncio.to_thread(own_server.stop)
        started = time.perf_counter()
        public = [await client.ask(HUB) for _ in range(3)]
        known = await client.ask("{ viewer { role } }", viewer=account("li"))
        several = await client.ask(f'{{ a: hub(regionCode: "50") {{ name }} {HUB[1:]}')
        not_null = await client.ask("{ teams { nodes { id } } }")
        unneeded = await client.ask("{ viewer { role } }")
        writing = await client.ask(
            'mutation { signIn(input: {username: "li", password: "x"}) { accessToken } }'
        )
        took = time.perf_counter() - started
        readiness = (await client.http.get("/readyz")).status_code
        liveness = (await client.http.get("/healthz")).status_code
        await asyncio.to_thread(own_server.start)
        after = await ask_until_good(client)
        ready = await status_of_readiness(client, hoped=200)

    assert [each.body for each in (before, *held)] == [GOOD] * 6
    for answer in (*public, known, several, not_null):
        assert_unavailable(answer)
    assert (writing.status, writing.codes) == (503, ["SERVICE_UNAVAILABLE"])
    assert writing.response.headers["retry-after"] == "1"
    assert took < 3
    assert unneeded.good == {"viewer": {"role": "PUBLIC"}}
    assert (readiness, liveness, ready) == (503, 200, 200)
    assert after.body == GOOD


async def test_server_that_goes_away_during_a_statement_is_unavailable(
    own_server: EmbeddedPostgres, redis_url: str
) -> None:
    async with running(own_server.url, redis_url) as client:
        assert (await ask_until_good(client)).body == GOOD
        async with connected(own_server.url) as connection:
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute("lock table teams in access exclusive mode")
            asking = asyncio.create_task(client.ask(HUB))
            await until_one_waits(connection)
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_locks"
                " where pg_backend_pid() = any (pg_blocking_pids(pid))"
            )
            answer = await asking
            await transaction.rollback()
        after = await ask_until_good(client)

    assert_unavailable(answer)
    assert after.body == GOOD
