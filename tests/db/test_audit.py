"""The audit chain: laid behind the writers, complete after a kill, and broken by no one unseen."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.audit.grants import grants_for
from db.audit.sealer import keep_sealed, seal
from db.audit.verify import Verified, verify
from db.events import DomainEvent, SubjectType
from db.keys import Key, KeyRing, Purpose
from db.locks import Lock
from db.session import Database
from db.urls import asyncpg_dsn
from tests.servers import Databases, run_apart
from tests.small_world import NOW, connected, empty_station

KEY = Key(id="k1", secret=bytes(range(32)))
KEYS = KeyRing({Purpose.AUDIT: [KEY]})
INSERT = """
insert into audit_log (capacity, action, subject_type, subject_id, because, detail)
values ('clock', $1, 'Team', $2, 'a test', $3::text::jsonb)
"""


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


async def happen(database: Database, *numbers: int) -> None:
    async with database.write(account_id=None, capacity="clock", action="a") as write:
        write.record(
            *(
                DomainEvent(
                    name="team.moved",
                    subject_type=SubjectType.TEAM,
                    subject_id=number,
                    because='一个测试 "with" \\ quotes\n\t\x7f',
                    detail={"原因": "改挂", "n": number, "ratio": 1.50, "none": None},
                )
                for number in numbers
            )
        )


async def seal_all(database: Database, *, batch: int = 100) -> int:
    total = 0
    while sealed := (await seal(database.engine, KEY, now=NOW, batch=batch))[0]:
        total += sealed
    return total


async def sealed_subjects(observer: Any) -> list[int]:
    rows = await observer.fetch(
        "select subject_id from audit_log where chain_no is not null order by chain_no"
    )
    return [row[0] for row in rows]


async def test_chain_is_laid_in_order_and_holds(database: Database, observer: Any) -> None:
    for number in range(1, 8):
        await happen(database, number)
    before = await verify(database, KEYS)

    assert await seal_all(database, batch=3) == 7
    found = await verify(database, KEYS)

    assert (before.head.no, before.tail.entries, before.broken) == (0, 7, None)
    assert before.tail.age > timedelta(0)
    assert (found.head.no, found.tail.entries, found.broken) == (7, 0, None)
    assert found.tail.age == timedelta(0)
    assert await sealed_subjects(observer) == [1, 2, 3, 4, 5, 6, 7]
    assert await seal(database.engine, KEY, now=NOW) == (0, None)


async def test_entry_that_becomes_visible_late_is_sealed_when_it_is_seen(
    url: str, database: Database, observer: Any
) -> None:
    async with connected(url) as slow:
        began = slow.transaction()
        await began.start()
        await slow.execute(INSERT, "slow", 1, "{}")
        await happen(database, 2)
        await seal_all(database)
        await began.commit()
    await happen(database, 3)
    await seal_all(database)

    ids = [row[0] for row in await observer.fetch("select id from audit_log order by chain_no")]
    assert await sealed_subjects(observer) == [2, 1, 3]
    assert ids[1] < ids[0]
    assert (await verify(database, KEYS)).broken is None


async def test_writers_do_not_wait_for_the_sealer_nor_it_for_them(
    url: str, database: Database, observer: Any
) -> None:
    async with connected(url) as holder, holder.transaction():
        await holder.execute("select pg_advisory_xact_lock($1)", Lock.AUDIT.value)
        # Whoever waited would be refused, for the lock is held to the end.
        await happen(database, 1)
        assert await seal(database.engine, KEY, now=NOW) == (0, None)
    async with connected(url) as slow, slow.transaction():
        await slow.execute(INSERT, "slow", 2, "{}")
        assert (await seal(database.engine, KEY, now=NOW))[0] == 1

    assert await sealed_subjects(observer) == [1]


async def test_many_sealers_at_once_lay_one_chain(url: str, database: Database) -> None:
    for first in range(0, 300, 30):
        await happen(database, *range(first, first + 30))

    async def sealing() -> int:
        async with Database(url) as own:
            done = 0
            while (await verify(own, KEYS)).tail.entries:
                done += (await seal(own.engine, KEY, now=NOW, batch=7))[0]
            return done

    shares = await asyncio.gather(*(sealing() for _ in range(4)))

    assert sum(shares) == 300
    found = await verify(database, KEYS)
    assert (found.head.no, found.broken) == (300, None)


async def test_head_is_signed_hourly(database: Database) -> None:
    heads = []
    for n, minutes in enumerate((0, 30, 59, 61, 62), start=1):
        await happen(database, n)
        _, head = await seal(database.engine, KEY, now=NOW + timedelta(minutes=minutes))
        heads.append(head.link.no if head else None)
    _, quiet = await seal(database.engine, KEY, now=NOW + timedelta(hours=5))
    _, idle = await seal(database.engine, KEY, now=NOW + timedelta(hours=7))

    assert heads == [1, None, None, 4, None]
    assert quiet is not None
    assert quiet.link.no == 5  # what was sealed last is signed though nothing follows
    assert idle is None
    found = await verify(database, KEYS)
    assert found.signed_head == quiet
    assert found.broken is None


async def sealed_station(database: Database) -> Verified:
    """Nine entries, of which the first six were sealed when the head was signed."""
    await happen(database, *range(1, 7))
    await seal(database.engine, KEY, now=NOW)
    await happen(database, *range(7, 10))
    await seal(database.engine, KEY, now=NOW)
    return await verify(database, KEYS)


UNGUARDED = (
    "alter table audit_log disable trigger user; alter table audit_heads disable trigger user;"
)
FORGED = """
update audit_log set subject_id = 77 where chain_no = 2;
update audit_log a set hash = audit_entry_hash(a, 2, a.previous_hash) where chain_no = 2;
"""
ANEW = """
update audit_log set chain_no = null, previous_hash = null, hash = null;
update audit_log set because = 'another' where subject_id = 2;
select audit_seal(100);
"""
HEAD_TOO = "update audit_heads h set hash = a.hash from audit_log a where a.chain_no = h.chain_no"
EXCHANGED = """
update audit_log set chain_no = -1 where chain_no = 3;
update audit_log set chain_no = 3 where chain_no = 4;
update audit_log set chain_no = 4 where chain_no = -1
"""
TAMPERED = {
    "a word changed": ("update audit_log set because = 'x' where chain_no = 4", 4, "was changed"),
    "a time changed": ("update audit_log set at = now() where chain_no = 9", 9, "was changed"),
    "its hash changed too": (FORGED, 3, "does not follow"),
    "one removed": ("delete from audit_log where chain_no = 5", 5, "is missing"),
    "the last removed": ("delete from audit_log where chain_no > 5", 6, "a later one was signed"),
    "two exchanged": (EXCHANGED, 3, "does not follow"),
    "laid anew": (ANEW, 6, "laid anew"),
    "laid anew, and its head": (ANEW + HEAD_TOO, 6, "not good"),
    "signed with an unknown key": ("update audit_heads set key_id = 'k9'", 6, "key k9"),
    "all removed": ("delete from audit_log", 1, "a later one was signed"),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_tampering_is_found_at_the_first_entry_that_does_not_hold(
    database: Database, observer: Any, what: str
) -> None:
    change, chain_no, because = TAMPERED[what]
    assert (await sealed_station(database)).broken is None

    await observer.execute(f"{UNGUARDED} {change}")
    found = await verify(database, KEYS)

    assert found.broken is not None
    assert found.broken.chain_no == chain_no
    assert because in found.broken.because


async def test_head_of_another_key_does_not_pass(database: Database) -> None:
    await sealed_station(database)
    others = KeyRing({Purpose.AUDIT: [Key(id=KEY.id, secret=bytes(32))]})

    found = await verify(database, others)

    assert found.broken is not None
    assert (found.broken.chain_no, found.broken.because) == (
        6,
        "the signature of the head is not good",
    )


REFUSED = {
    "changed": "update audit_log set because = 'x' where chain_no = 1",
    "changed before it is sealed": "update audit_log set because = 'x' where chain_no is null",
    "removed": "delete from audit_log",
    "emptied": "truncate audit_log",
    "sealed again": "update audit_log set hash = hash where chain_no = 1",
    "sealed with a hash of their own": (
        "update audit_log set chain_no = 7, previous_hash = (select hash from audit_log"
        " where chain_no = 6), hash = sha256('x') where chain_no is null"
    ),
    "sealed behind nothing": (
        "update audit_log a set chain_no = 99, previous_hash = sha256('x'),"
        " hash = audit_entry_hash(a, 99, sha256('x')) where chain_no is null"
    ),
    "unsealed": "update audit_log set chain_no = null, previous_hash = null, hash = null",
    "put in sealed": (
        "insert into audit_log (capacity, action, subject_type, because, chain_no, previous_hash,"
        " hash) values ('a', 'a', 'Team', 'a', 8, '\\x00', '\\x00')"
    ),
    "head changed": "update audit_heads set key_id = 'x'",
    "head removed": "delete from audit_heads",
    "heads emptied": "truncate audit_heads",
}


@pytest.fixture(scope="module")
def guarded(databases: Databases) -> Iterator[str]:
    """Six sealed entries, and one that is not."""
    url = empty_station(databases)

    async def plant() -> None:
        async with Database(url) as database:
            await happen(database, *range(1, 7))
            await seal(database.engine, KEY, now=NOW)
            await happen(database, 7)

    run_apart(plant())
    yield url
    databases.drop(url)


@pytest.mark.parametrize("what", REFUSED)
async def test_even_the_owner_of_the_tables_is_refused(guarded: str, what: str) -> None:
    async with connected(guarded) as owner:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await owner.execute(REFUSED[what])


@pytest.fixture(scope="module")
def role(guarded: str) -> Iterator[str]:
    """A role that owns nothing, with the grants of a gateway."""
    name = f'gateway "{os.getpid()}"'
    quoted = name.replace('"', '""')

    async def run(*statements: str) -> None:
        connection = await asyncpg.connect(asyncpg_dsn(guarded))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    run_apart(run(f'create role "{quoted}"', *grants_for(name)))
    yield quoted
    run_apart(run(f'drop owned by "{quoted}"', f'drop role "{quoted}"'))


@pytest.mark.parametrize("what", REFUSED)
async def test_role_of_a_gateway_has_no_grant_to_change_the_log(
    guarded: str, role: str, what: str
) -> None:
    async with connected(guarded) as connection:
        await connection.execute(f'set role "{role}"')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(REFUSED[what])


async def test_role_of_a_gateway_writes_and_seals(guarded: str, role: str) -> None:
    async with connected(guarded) as connection:
        await connection.execute(f'set role "{role}"')
        await connection.execute(INSERT, "a", 8, "{}")
        async with connection.transaction():
            sealed = await connection.fetchval("select audit_seal(100)")
        await connection.execute(
            "update accounts set display_name = display_name; delete from sign_in_sessions;"
            " insert into audit_heads values (1000, '\\x00', now(), 'k', '\\x00')"
        )

    assert sealed == 2


async def test_role_of_a_gateway_cannot_forge_a_time(guarded: str, role: str) -> None:
    async with connected(guarded) as connection:
        await connection.execute(f'set role "{role}"')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "insert into audit_log (at, capacity, action, subject_type, because)"
                " values ('2020-01-01', 'a', 'a', 'Team', 'a')"
            )


# Writes one entry after another and says so, while a sealer of its own is at work.
WRITER = f"""
import asyncio, sys
from db.audit.sealer import keep_sealed
from db.keys import Key
from db.session import Database
from datetime import timedelta
from tests.db.test_audit import happen

async def main():
    async with Database(sys.argv[1]) as database:
        key = Key(id="k1", secret={KEY.secret!r})
        sealing = asyncio.create_task(
            keep_sealed(database.engine, key, every=timedelta(milliseconds=int(sys.argv[2])))
        )
        for number in range(100_000):
            await happen(database, number)
            print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("every", [1, 60_000], ids=["while it seals", "before it sealed"])
async def test_killed_process_loses_no_entry(
    url: str, database: Database, observer: Any, every: int
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WRITER,
        url,
        str(every),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        for _ in range(100):
            acknowledged = int(await process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    await process.communicate()

    await seal_all(database)

    assert set(range(acknowledged + 1)) <= set(await sealed_subjects(observer))
    found = await verify(database, KEYS)
    assert (found.tail.entries, found.broken) == (0, None)


async def test_sealer_keeps_up_with_writers_and_goes_on_after_a_failure(
    database: Database, observer: Any
) -> None:
    async with observer.transaction():
        await observer.execute("lock table audit_heads in access exclusive mode")
        keeping = asyncio.create_task(
            keep_sealed(database.engine, KEY, every=timedelta(milliseconds=20))
        )
        await happen(database, 1)
        await asyncio.sleep(4.5)  # the lock timeout of writers is 4 s
        assert not keeping.done()
    for number in range(2, 200):
        await happen(database, number)
        if number % 50 == 0:
            assert (await verify(database, KEYS)).broken is None
    async with asyncio.timeout(30):
        while (await verify(database, KEYS)).tail.entries:
            await asyncio.sleep(0.05)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping

    assert await sealed_subjects(observer) == list(range(1, 200))


@settings(max_examples=100)  # each connects
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_database_and_verifier_hash_any_text_alike(guarded: str, text: str) -> None:
    from db.audit.chain import EntryRow, entry_hash  # noqa: PLC0415 - beside its only use

    async def compare() -> tuple[bytes, bytes]:
        connection = await asyncpg.connect(asyncpg_dsn(guarded))
        try:
            row = await connection.fetchrow(
                "select e.id, e.at, e.account_id, e.capacity, e.action, e.subject_type,"
                " e.subject_id, e.because, e.detail::text, 5::bigint, '\\x00'::bytea,"
                " audit_entry_hash(e, 5, '\\x00') from (select (jsonb_populate_record("
                " null::audit_log, jsonb_build_object('id', 1, 'at', now(), 'capacity', $1::text,"
                " 'action', $1::text, 'subject_type', $1::text, 'because', $1::text, 'detail',"
                " jsonb_build_object($1::text, $1::text)))).*) e",
                text,
                record_class=EntryRow,
            )
        finally:
            await connection.close()
        return bytes(row[-1]), entry_hash(row, b"\0")

    of_database, of_ours = run_apart(compare())
    assert of_database == of_ours
