"""Consistency tokens, asked of a primary and of a replica that it feeds."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest
from sqlalchemy.engine import URL, make_url

from db.consistency import Cluster, ConsistencyToken, fetch_cluster
from db.embedded.place import find_account, find_home, find_programs
from db.embedded.postgres import EmbeddedPostgres
from db.embedded.process import Child, choose_port, run_to_end, wait_until
from db.errors import DatabaseBusy, TokenRefused
from db.session import Database
from tests.db.shown import shows
from tests.servers import new_data_dir

MAJOR = 18
PATIENCE_S = 20.0
OWN = "select pg_current_xact_id()"


@pytest.fixture(scope="module")
def urls() -> Iterator[tuple[str, str]]:
    """Where a primary and its replica listen."""
    folder = new_data_dir()
    with EmbeddedPostgres(folder, major=MAJOR, durable=False, max_connections=20) as primary:
        fed, url = feed(folder, make_url(primary.url))
        try:
            yield primary.url, url.render_as_string(hide_password=False)
        finally:
            fed.stop((signal.SIGQUIT, PATIENCE_S))
    shutil.rmtree(folder, ignore_errors=True)


def feed(folder: Path, primary: URL) -> tuple[Child, URL]:
    """A replica of the primary whose data lie in the folder."""
    state = folder / "postgres"
    account = find_account(state / f"data-{MAJOR}")
    home = find_home(state, account=account)
    programs = find_programs(home, major=MAJOR, account=account)
    data = home / "replica"
    data.mkdir(mode=0o700)
    if account:
        os.chown(data, *account.owner)
    source = primary.render_as_string(hide_password=False)
    copy = [str(programs / "pg_basebackup"), "-d", source, "-D", str(data), "-RN", "-cfast"]
    run_to_end(copy, account=account, name="pg_basebackup")
    port = choose_port(folder / "port-replica")
    command = [str(programs / "postgres"), "-D", str(data), "-c", f"port={port}"]
    child = Child(command, account=account, log=folder / "replica.log", death_signal=signal.SIGINT)
    assert wait_until(lambda: any("ready to accept" in line for line in child.said()), PATIENCE_S)
    return child, primary.set(port=port)


class Pair(NamedTuple):
    """Two connections to the primary, one to the replica, and the cluster that they are of."""

    writer: Any
    other: Any
    replica: Any
    cluster: Cluster

    async def shows(self, connection: Any, transaction: int) -> bool:
        return await shows(connection, ConsistencyToken(self.cluster, transaction))

    async def pause(self) -> None:
        """Shows nothing more from now on; the replica hears of it a moment late."""
        await self.replica.execute("select pg_wal_replay_pause()")
        async with asyncio.timeout(PATIENCE_S):
            while await self.replica.fetchval("select pg_get_wal_replay_pause_state()") != "paused":
                await asyncio.sleep(0.01)

    async def until_shown(self, transaction: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not await self.shows(self.replica, transaction):
                await asyncio.sleep(0.01)


@pytest.fixture
async def pair(urls: tuple[str, str]) -> AsyncIterator[Pair]:
    writer, other = [await asyncpg.connect(urls[0]) for _ in range(2)]
    replica = await asyncpg.connect(urls[1])
    await writer.execute("create table if not exists written (n int)")
    yield Pair(writer, other, replica, await fetch_cluster(writer, {}))
    await replica.execute("select pg_wal_replay_resume()")
    for connection in (writer, other, replica):
        await connection.close()


async def test_replica_shows_a_token_when_it_shows_the_write(pair: Pair) -> None:
    async with pair.writer.transaction():
        await pair.writer.execute("insert into written values (1)")
        early = await pair.writer.fetchval(OWN)
        async with pair.other.transaction():
            await pair.other.execute("insert into written values (2)")
            late = await pair.other.fetchval(OWN)
        await pair.until_shown(late)
        # Begun before what the replica shows, and running yet.
        assert not await pair.shows(pair.replica, early)
        assert [row["n"] for row in await pair.replica.fetch("select n from written")] == [2]

        await pair.pause()
    assert await pair.shows(pair.other, early)
    assert not await pair.shows(pair.replica, early)

    await pair.replica.execute("select pg_wal_replay_resume()")
    await pair.until_shown(early)
    assert len(await pair.replica.fetch("select n from written")) == 2


async def test_transaction_that_wrote_nothing_comes_to_the_replica_too(pair: Pair) -> None:
    async with pair.writer.transaction():
        number = await pair.writer.fetchval(OWN)

    await pair.until_shown(number)


async def test_request_to_a_replica_is_refused_until_it_shows_what_was_written(
    pair: Pair, urls: tuple[str, str]
) -> None:
    await pair.pause()
    token = ConsistencyToken(pair.cluster, await pair.writer.fetchval(OWN))
    async with Database(urls[1]) as database:
        async with database.read() as early:
            with pytest.raises(DatabaseBusy):
                await early.must_show(token)
        await pair.replica.execute("select pg_wal_replay_resume()")
        await pair.until_shown(token.transaction)
        async with database.read() as late:
            await late.must_show(token)


async def test_token_that_the_primary_cannot_have_given_is_refused(pair: Pair) -> None:
    number = await pair.writer.fetchval(OWN)
    system_id, timeline = pair.cluster.system_id, pair.cluster.timeline
    later, elsewhere = Cluster(system_id, timeline + 1), Cluster(system_id + 1, timeline)

    for token in (
        ConsistencyToken(pair.cluster, number + 1000),
        ConsistencyToken(pair.cluster, 2**64 - 1),
        ConsistencyToken(later, number),
    ):
        with pytest.raises(TokenRefused):
            await shows(pair.other, token)
        assert not await shows(pair.replica, token)
    for connection in (pair.other, pair.replica):
        with pytest.raises(TokenRefused):
            await shows(connection, ConsistencyToken(elsewhere, number))


async def test_connection_keeps_the_cluster_of_a_primary_alone(pair: Pair) -> None:
    kept: dict[Any, Any] = {}

    assert await fetch_cluster(pair.replica, kept) == pair.cluster
    assert not kept
    assert await fetch_cluster(pair.writer, kept) == pair.cluster
    assert kept
