"""The write seam: one transaction, its key, its locks, and the rows it leaves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from db.consistency import ConsistencyToken
from db.errors import (
    DatabaseAway,
    DatabaseBusy,
    KeyReused,
    LockUnavailable,
    StatementTimeout,
    TokenRefused,
)
from db.events import DomainEvent, SubjectType
from db.lock_order import LockOrderBroken, Rank
from db.models import Account, Volunteer
from db.queries.sign_in import fetch_credentials
from db.session import Database, PoolLimits
from db.write import Write, open_write
from tests.db.shown import shows
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
async def planter(database: Database) -> Planter:
    return Planter(database)


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


def event(account: Account, **values: Any) -> DomainEvent:
    return DomainEvent(
        **{
            "name": "account.renamed",
            "subject_type": SubjectType.ACCOUNT,
            "subject_id": account.id,
            "because": "own account",
            "payload": {"field": "显示名"},
            **values,
        }
    )


async def rename(write: Write, account: Account) -> None:
    await write.run(
        "update accounts set display_name = display_name || '!' where id = $1", account.id
    )
    write.record(event(account))
    write.outcome = {"id": account.id}


async def name_of(observer: Any, account: Account) -> str:
    name: str = await observer.fetchval(
        "select display_name from accounts where id = $1", account.id
    )
    return name


async def traces(observer: Any, account: Account) -> dict[str, int]:
    """How many rows of each kind a test's account has left."""
    counts = {
        "outbox": "select count(*) from outbox where subject_id = $1",
        "audit": "select count(*) from audit_log where account_id = $1",
        "keys": "select count(*) from idempotency_keys where account_id = $1",
    }
    return {name: await observer.fetchval(sql, account.id) for name, sql in counts.items()}


async def test_one_key_from_twenty_connections_acts_once(
    url: str, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")
    engine = create_async_engine(url.replace("://", "+asyncpg://"), pool_size=20)

    async def attempt() -> tuple[object, bool]:
        async with open_write(
            engine,
            account_id=account.id,
            capacity="volunteer",
            action="rename",
            idempotency_key="k",
            input={"a": 1, "b": 2},
        ) as write:
            if not write.is_repeat:
                await rename(write, account)
                await asyncio.sleep(0.05)
        return write.outcome, write.is_repeat

    outcomes = await asyncio.gather(*(attempt() for _ in range(20)))
    await engine.dispose()

    assert [outcome for outcome, _ in outcomes] == [{"id": account.id}] * 20
    assert sorted(repeat for _, repeat in outcomes) == [False] + [True] * 19
    assert await name_of(observer, account) == "n!"
    assert await traces(observer, account) == {"outbox": 1, "audit": 1, "keys": 1}


async def test_other_input_under_the_same_key_is_refused(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")
    named = {"account_id": account.id, "capacity": "volunteer", "action": "rename"}
    async with database.write(**named, idempotency_key="k", input={"a": 1}) as write:
        await rename(write, account)

    with pytest.raises(KeyReused):
        async with database.write(**named, idempotency_key="k", input={"a": 2}):
            pytest.fail("the block must not run")
    async with database.write(
        **{**named, "action": "other"}, idempotency_key="k", input={"a": 2}
    ) as write:
        assert not write.is_repeat
        write.outcome = {}

    assert await name_of(observer, account) == "n!"


async def test_write_that_raises_leaves_nothing_and_frees_its_key(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")
    named = {"account_id": account.id, "capacity": "volunteer", "action": "rename"}

    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the block is what is tested
        async with database.write(**named, idempotency_key="k") as write:
            await rename(write, account)
            write.session.add(Account(province="50", username="x", display_name="", status="?"))
            raise ZeroDivisionError
    assert await name_of(observer, account) == "n"
    assert await traces(observer, account) == {"outbox": 0, "audit": 0, "keys": 0}

    async with database.write(**named, idempotency_key="k") as write:
        assert not write.is_repeat
        await rename(write, account)
    assert await name_of(observer, account) == "n!"


async def test_cancelled_write_leaves_nothing_and_its_connection_serves_on(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")

    for _ in range(10):  # more than the pool holds
        with pytest.raises(TimeoutError):  # noqa: PT012
            async with asyncio.timeout(0.02):
                async with database.write(
                    account_id=account.id, capacity="volunteer", action="rename"
                ) as write:
                    await rename(write, account)
                    await write.run("select pg_sleep(5)")

    assert await name_of(observer, account) == "n"
    async with database.write(
        account_id=account.id, capacity="volunteer", action="rename"
    ) as write:
        await rename(write, account)
    assert await name_of(observer, account) == "n!"


async def test_each_event_becomes_its_rows(
    database: Database, planter: Planter, observer: Any
) -> None:
    account, other = await planter.account(), await planter.account()

    async with database.write(account_id=account.id, capacity="team:T1", action="rename") as write:
        write.record(
            event(account, standing_of=(other.id, account.id)),
            event(other, payload=None, detail={"looked": True}, standing_of=(other.id,)),
        )

    outbox = await observer.fetch(
        "select event, subject_type, payload::text, published_at from outbox"
        " where subject_id = any($1)",
        [account.id, other.id],
    )
    assert [tuple(row) for row in outbox] == [
        ("account.renamed", "Account", '{"field": "显示名"}', None)
    ]
    audit = await observer.fetch(
        "select capacity, action, subject_type, subject_id, because, detail::text"
        " from audit_log where account_id = $1 order by id",
        account.id,
    )
    assert [tuple(row) for row in audit] == [
        ("team:T1", "account.renamed", "Account", account.id, "own account", "{}"),
        ("team:T1", "account.renamed", "Account", other.id, "own account", '{"looked": true}'),
    ]
    versions = await observer.fetch(
        "select standing_version from accounts where id = any($1)", [account.id, other.id]
    )
    assert [row[0] for row in versions] == [2, 2]


async def test_audit_rows_cannot_be_changed_or_deleted(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account()
    async with database.write(account_id=account.id, capacity="volunteer", action="a") as write:
        write.record(event(account))

    for change in ("update audit_log set because = 'x'", "delete from audit_log"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await observer.execute(f"{change} where account_id = $1", account.id)


@pytest.mark.parametrize("events", [1, 10_000])
async def test_rows_of_any_number_of_events_take_one_statement(
    database: Database, planter: Planter, observer: Any, events: int
) -> None:
    account, other = await planter.account(), await planter.account()
    statements: list[str] = []
    async with database.write(account_id=other.id, capacity="volunteer", action="a") as write:
        await rename(write, other)  # the driver has now asked for the types it uses

    async with database.write(
        account_id=account.id, capacity="volunteer", action="bulk", idempotency_key="k"
    ) as write:
        write._driver.add_query_logger(lambda query: statements.append(query.query))
        write.record(*(event(account, subject_id=account.id) for _ in range(events)))
        write.outcome = {"n": events}
    await asyncio.sleep(0)  # in which the driver tells of the last

    assert len([sql for sql in statements if "insert into" in sql]) == 1
    assert len(statements) == 2, "rows, commit"
    assert await traces(observer, account) == {"outbox": events, "audit": events, "keys": 1}


async def test_session_and_driver_share_the_transaction(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")

    async with database.write(account_id=account.id, capacity="volunteer", action="a") as write:
        loaded = await write.session.scalar(select(Account).where(Account.id == account.id))
        assert loaded is not None
        loaded.display_name = "m"
        await write.session.commit()
        assert (await write.run("select display_name from accounts where id = $1", account.id))[0][
            0
        ] == "m"
        assert await name_of(observer, account) == "n", "only the seam commits"
        loaded.must_change_password = True

    assert await name_of(observer, account) == "m"
    assert await observer.fetchval(
        "select must_change_password from accounts where id = $1", account.id
    )


async def test_locks_are_taken_upwards_only(database: Database) -> None:
    steps: dict[str, tuple[Rank, Rank]] = {
        "down": (Rank.VOLUNTEER, Rank.TEAM),
        "same": (Rank.PROJECT, Rank.PROJECT),
    }
    for first, second in steps.values():
        async with database.write(account_id=None, capacity="public", action="a") as write:
            await write.lock(first, [])
            with pytest.raises(LockOrderBroken):
                await write.lock(second, [])
            with pytest.raises(LockOrderBroken):
                await write.lock_tree()
    async with database.write(account_id=None, capacity="public", action="a") as write:
        await write.lock_tree(exclusive=True)
        for rank in (Rank.TEAM, Rank.VOLUNTEER, Rank.PROJECT, Rank.REVIEW):
            await write.lock(rank, [])


async def test_rows_locked_in_crossing_orders_do_not_deadlock(
    database: Database, planter: Planter
) -> None:
    region = await planter.region()
    ids = [(await planter.volunteer(region)).id for _ in range(20)]

    async def add(order: list[int]) -> frozenset[int]:
        async with database.write(account_id=None, capacity="public", action="a") as write:
            found = await write.lock(Rank.VOLUNTEER, [*order, 1])
            await write.session.execute(
                update(Volunteer)
                .where(Volunteer.id.in_(ids))
                .values(effective_minutes=Volunteer.effective_minutes + 1)
            )
        return found

    found = await asyncio.gather(*(add(ids if n % 2 else ids[::-1]) for n in range(8)))

    assert found == [frozenset(ids)] * 8


async def test_lock_held_too_long_is_a_conflict(url: str, observer: Any, planter: Planter) -> None:
    account = await planter.account()
    engine = create_async_engine(
        url.replace("://", "+asyncpg://"),
        connect_args={"server_settings": {"lock_timeout": "50ms", "statement_timeout": "300ms"}},
    )

    async with observer.transaction():
        await observer.execute("select 1 from accounts where id = $1 for update", account.id)
        with pytest.raises(LockUnavailable):
            async with open_write(engine, account_id=None, capacity="public", action="a") as write:
                await write.run("select 1 from accounts where id = $1 for update", account.id)
        with pytest.raises(LockUnavailable):
            async with open_write(engine, account_id=None, capacity="public", action="a") as write:
                await write.session.scalar(
                    select(Account).where(Account.id == account.id).with_for_update()
                )
    with pytest.raises(StatementTimeout):
        async with open_write(engine, account_id=None, capacity="public", action="a") as write:
            await write.run("select pg_sleep(2)")
    await engine.dispose()


async def test_server_that_is_away_is_said_so() -> None:
    engine = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")

    with pytest.raises(DatabaseAway):
        async with open_write(engine, account_id=None, capacity="public", action="a"):
            pytest.fail("the block must not run")
    await engine.dispose()


async def test_connection_lost_in_the_block_is_said_so(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")

    with pytest.raises(DatabaseAway):  # noqa: PT012
        async with database.write(account_id=account.id, capacity="public", action="a") as write:
            await rename(write, account)
            (backend,) = (await write.run("select pg_backend_pid()"))[0]
            await observer.execute("select pg_terminate_backend($1)", backend)
            await asyncio.sleep(0.05)

    assert await name_of(observer, account) == "n"
    async with database.write(account_id=account.id, capacity="public", action="a") as write:
        await rename(write, account)
    assert await name_of(observer, account) == "n!"


async def test_connections_that_died_while_they_waited_lose_no_write(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n", username="patient")
    for _ in range(2):
        together = asyncio.Barrier(4)
        await asyncio.gather(*(hold_a_connection(database, account, together) for _ in range(4)))
        gone = await observer.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )

        async with database.write(account_id=account.id, capacity="public", action="a") as write:
            await rename(write, account)
        found = await fetch_credentials(database.engine, "patient")

        assert len(gone) >= 4
        assert found is not None
        assert found.account_id == account.id
    assert await name_of(observer, account) == "n!!"


async def test_first_query_on_a_dead_connection_is_asked_again(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(username="waiting")
    async with database.write(account_id=account.id, capacity="public", action="a") as write:
        (backend,) = (await write.run("select pg_backend_pid()"))[0]
    await observer.execute("select pg_terminate_backend($1)", backend)

    found = await fetch_credentials(database.engine, "waiting")

    assert found is not None
    assert found.account_id == account.id


async def hold_a_connection(
    database: Database, account: Account, together: asyncio.Barrier
) -> None:
    """Holds one until all hold one each."""
    async with database.write(account_id=account.id, capacity="public", action="a") as write:
        await write.run("select 1")
        await together.wait()


async def test_keyed_write_without_an_outcome_is_a_bug(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account()

    with pytest.raises(RuntimeError, match="outcome"):
        async with database.write(
            account_id=account.id, capacity="volunteer", action="a", idempotency_key="k"
        ) as write:
            write.record(event(account))

    assert await traces(observer, account) == {"outbox": 0, "audit": 0, "keys": 0}


async def test_token_is_of_the_transaction_that_wrote(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account()
    for _ in range(2):  # the second on a connection that knows its cluster
        async with database.write(account_id=account.id, capacity="volunteer", action="a") as write:
            await rename(write, account)
            ((inside,),) = await write.run("select pg_current_xact_id_if_assigned()")
            assert write.token is None

        assert write.token is not None
        assert write.token.transaction == inside
        assert await shows(observer, write.token)
        assert ConsistencyToken.parse(str(write.token)) == write.token


async def test_token_before_its_commit_and_of_what_was_undone_is_refused(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account()
    async with database.write(account_id=account.id, capacity="volunteer", action="a") as write:
        await rename(write, account)
    assert write.token is not None
    cluster = write.token.cluster

    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the block is what is tested
        async with database.write(account_id=account.id, capacity="volunteer", action="a") as write:
            await rename(write, account)
            ((undone,),) = await write.run("select pg_current_xact_id()")
            with pytest.raises(TokenRefused):
                await shows(observer, ConsistencyToken(cluster, undone))
            raise ZeroDivisionError
    with pytest.raises(TokenRefused):
        await shows(observer, ConsistencyToken(cluster, undone))


async def test_token_of_a_repeat_or_a_refusal_shows_what_it_was_for(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account()
    named = {"account_id": account.id, "capacity": "volunteer", "action": "rename"}
    tokens = []
    for _ in range(2):
        async with database.write(**named, idempotency_key="k") as write:
            if not write.is_repeat:
                await rename(write, account)
        tokens.append(write.token)
    async with database.write(**named) as write:
        pass  # as where a use case refuses
    tokens.append(write.token)

    assert all(tokens)
    assert [await shows(observer, token) for token in tokens if token] == [True] * 3
    numbers = [token.transaction for token in tokens if token]
    assert numbers == sorted(set(numbers))


async def test_write_that_nobody_is_answered_for_takes_no_number(database: Database) -> None:
    number = "select pg_current_xact_id_if_assigned()"
    said: list[str] = []

    def hear(query: Any) -> None:
        said.append(query.query.strip())

    for _ in range(3):
        async with open_write(
            database.engine, account_id=None, capacity="publisher", action="publish"
        ) as write:
            assert (await write.run(number))[0][0] is None
            driver = write._driver
            driver.add_query_logger(hear)
        await asyncio.sleep(0)  # in which the driver tells of the last
        driver.remove_query_logger(hear)
        assert write.token is None

    # Nothing was asked after that, and to commit takes none. What the cluster counts would not
    # tell, for the databases of other tests take numbers of it, too.
    assert said == ["commit"] * 3


async def test_write_that_passed_over_a_failure_is_not_taken_for_done(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")

    with pytest.raises(RuntimeError, match="failed"):  # noqa: PT012 - the block is what is tested
        async with open_write(
            database.engine, account_id=None, capacity="public", action="a"
        ) as write:
            await write.run("update accounts set display_name = 'm' where id = $1", account.id)
            with contextlib.suppress(asyncpg.PostgresError):
                await write.run("select 1 / 0")

    assert await name_of(observer, account) == "n"


async def test_write_cancelled_at_any_moment_leaves_no_transaction_behind(
    url: str, planter: Planter, observer: Any
) -> None:
    account = await planter.account(display_name="n")
    open_ones = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and state like 'idle in transaction%'"
    )

    async def once(database: Database) -> None:
        async with database.write(account_id=account.id, capacity="public", action="a") as write:
            await rename(write, account)

    async with Database(url, PoolLimits(writers=1)) as database:
        await once(database)
        cut, ended = 0, 0
        while ended < 3:
            task = asyncio.create_task(once(database))
            await asyncio.sleep(0.0002 * cut)
            task.cancel()
            try:
                await task
                ended += 1
            except asyncio.CancelledError:
                cut += 1
            await settled(observer, open_ones)
        assert cut > 3
        before = await name_of(observer, account)
        await once(database)

    assert await name_of(observer, account) == before + "!"


async def settled(observer: Any, count: str) -> None:
    """Returns when the count is none; a server hears of a closed connection a moment late."""
    async with asyncio.timeout(5):
        while await observer.fetchval(count):
            await asyncio.sleep(0.01)


async def test_server_that_takes_no_more_connections_is_busy(url: str, observer: Any) -> None:
    await observer.execute("create role crowded login password 'x' connection limit 0")
    crowded = make_url(url).set(username="crowded", password="x")

    async with Database(crowded.render_as_string(hide_password=False)) as database:
        with pytest.raises(DatabaseBusy):
            async with database.write(account_id=None, capacity="public", action="a"):
                pytest.fail("the block must not run")
    await observer.execute("drop role crowded")
