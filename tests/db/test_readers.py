"""Connections that are read on: what a request finds on one that others used before it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from db.errors import DatabaseBusy, StatementTimeout
from db.rows import Row
from db.session import Database, PoolLimits, Snapshot
from db.statements import Statement
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")


class NumberRow(Row):
    """One number."""

    number: int


class TextRow(Row):
    """One text."""

    text: str


def numbers(sql: str) -> Statement[NumberRow]:
    return Statement(sql, (), {}, NumberRow)


REGIONS = numbers("select count(*) from regions")
BACKEND = numbers("select pg_backend_pid()")
EPOCH = numbers("select tree_epoch from installation")
SLEEP = numbers("select 1 from pg_sleep(30)")
ISOLATION = Statement("select current_setting('transaction_isolation')", (), {}, TextRow)
READ_ONLY = Statement("select current_setting('transaction_read_only')", (), {}, TextRow)


@pytest_asyncio.fixture(loop_scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of one connection, so that each request follows another on it."""
    limits = PoolLimits(readers=1, acquire_seconds=2, statement_seconds=2)
    async with Database(database_url, limits) as opened:
        yield opened


async def one(database: Database, statement: Statement[NumberRow]) -> int:
    async with database.read() as snapshot:
        row = await snapshot.fetch_one(statement)
    assert row is not None
    return row.number


async def move(url: str) -> None:
    async with connected(url) as connection:
        await connection.execute("update installation set tree_epoch = tree_epoch + 1")


async def epoch(snapshot: Snapshot) -> int:
    row = await snapshot.fetch_one(EPOCH)
    assert row is not None
    return row.number


async def test_request_sees_what_was_written_while_its_connection_waited(
    database: Database, database_url: str
) -> None:
    before = await one(database, EPOCH)
    await move(database_url)
    assert await one(database, EPOCH) == before + 1


async def test_request_does_not_see_what_was_written_after_its_first_statement(
    database: Database, database_url: str
) -> None:
    async with database.read() as snapshot:
        before = await epoch(snapshot)
        await move(database_url)
        assert await epoch(snapshot) == before
    assert await one(database, EPOCH) == before + 1


@pytest.mark.parametrize("requests", [0, 1, 3])
async def test_every_request_reads_repeatably_and_cannot_write(
    database: Database, requests: int
) -> None:
    for _ in range(requests):
        await one(database, REGIONS)
    async with database.read() as snapshot:
        isolation = await snapshot.fetch_one(ISOLATION)
        read_only = await snapshot.fetch_one(READ_ONLY)
    assert isolation is not None
    assert read_only is not None
    assert (isolation.text, read_only.text) == ("repeatable read", "on")


async def test_waiting_connection_holds_no_snapshot_and_no_lock(
    database: Database, database_url: str
) -> None:
    backend = await one(database, BACKEND)
    await one(database, REGIONS)
    async with connected(database_url) as connection:
        held = await connection.fetchrow(
            "select backend_xmin, backend_xid, state, (select count(*) from pg_locks l"
            " where l.pid = a.pid and locktype <> 'virtualxid') as locks"
            " from pg_stat_activity a where pid = $1",
            backend,
        )
    assert (held["backend_xmin"], held["backend_xid"], held["locks"]) == (None, None, 0)
    assert held["state"] == "idle in transaction"


async def test_connection_is_used_again_after_a_statement_failed(database: Database) -> None:
    backend = await one(database, BACKEND)
    with pytest.raises(StatementTimeout):
        await one(database, SLEEP)
    assert await one(database, BACKEND) == backend


async def test_siblings_of_a_statement_that_failed_are_refused_for_its_reason(
    database: Database,
) -> None:
    async with database.read() as snapshot:
        refused = await asyncio.gather(
            snapshot.fetch(SLEEP), snapshot.fetch(REGIONS), return_exceptions=True
        )
    assert [type(each) for each in refused] == [StatementTimeout, StatementTimeout]


async def test_request_that_gives_up_does_not_hand_its_transaction_on(
    database: Database, database_url: str
) -> None:
    async with database.read() as snapshot:
        before = await epoch(snapshot)
        running = asyncio.create_task(snapshot.fetch(SLEEP))
        await asyncio.sleep(0.1)
    with pytest.raises(asyncio.CancelledError):
        await running
    await move(database_url)
    assert await one(database, EPOCH) == before + 1


async def test_dead_connection_is_replaced_without_a_word(
    database: Database, database_url: str
) -> None:
    backend = await one(database, BACKEND)
    async with connected(database_url) as connection:
        await connection.fetchval("select pg_terminate_backend($1, 5000)", backend)
    assert await one(database, BACKEND) != backend


async def test_request_that_gets_no_connection_in_time_is_told(database: Database) -> None:
    async with database.read() as snapshot:
        await snapshot.fetch(REGIONS)
        with pytest.raises(DatabaseBusy):
            await one(database, REGIONS)
    assert await one(database, REGIONS) >= 0


@pytest.mark.parametrize(
    "sql", ["select now()", "select 1 where at > CURRENT_TIMESTAMP", "select current_date"]
)
async def test_statement_may_not_ask_when_its_transaction_began(sql: str) -> None:
    with pytest.raises(ValueError, match="parameter"):
        numbers(sql)
