"""Folding is exactly once: with two folders, and with processes killed at any point."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from db.ledger.folding import fold, fold_all
from db.ledger.rebuilding import rebuild
from db.ledger.verifying import verify
from db.models import Team, Volunteer
from db.session import Database
from tests.small_world import Planter, connected

ROOT = Path(__file__).parents[2]
RECORD = """
insert into service_records (province, volunteer_id, team_id, region_path, starts_at, ends_at,
  minutes, status, source, content, place)
select '50', $1, t.id, t.region_path, timestamptz '2026-05-01T00:00Z' + make_interval(hours => n),
  timestamptz '2026-05-01T01:00Z' + make_interval(hours => n), 60, 'EFFECTIVE', 'TEAM_ENTRY',
  '服务', '社区'
from teams t, generate_series($3::int, $3::int + $4::int - 1) n where t.id = $2
"""
# A gateway in little: it writes without end, and folds beside it as the application does.
GATEWAY = """
import asyncio, sys
from datetime import timedelta
from db.ledger.folding import keep_folding
from db.session import Database
from gateway.background import in_background
from tests.statistics.test_folding import RECORD

async def main(url, volunteer, team, first):
    async with Database(url) as database, in_background(
        keep_folding(url, every=timedelta(milliseconds=1))
    ):
        sys.stdout.write("ready\\n"); sys.stdout.flush()
        for n in range(first, first + 100_000):
            async with database.write(account_id=None, capacity="test", action="record") as write:
                await write.run(RECORD, volunteer, team, n, 1)
                await write.run("update service_records set status = 'VOID', void_reason = 'x'"
                                " where id in (select id from service_records"
                                " where status = 'EFFECTIVE' order by id limit 1 offset 20)")

asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
"""


async def planted(database: Database) -> tuple[Volunteer, Team]:
    planter = Planter(database)
    region = await planter.region()
    return await planter.volunteer(region), await planter.team(region)


async def records_told(db: Any, team: Team) -> tuple[int, int]:
    row = await db.fetchrow(
        "select n, quantity from ledger_totals t join ledger_codes c on c.number = t.code"
        " where t.scope = $1 and c.name = 'record' and t.period = 0",
        -team.id,
    )
    return tuple(row)  # type: ignore[return-value]


async def test_two_folders_at_once_count_each_row_once(
    url: str, database: Database, db: Any
) -> None:
    volunteer, team = await planted(database)
    is_written = asyncio.Event()
    turns = {"taken": 0, "left": 0}

    async def folder() -> None:
        async with connected(url) as connection:
            while not is_written.is_set() or await fold(connection, limit=7):
                done = await fold(connection, limit=7)
                turns["left" if done is None else "taken"] += 1
                await asyncio.sleep(0)

    async def writer() -> None:
        for n in range(60):
            await db.execute(RECORD, volunteer.id, team.id, n * 5, 5)
        is_written.set()

    await asyncio.gather(folder(), folder(), writer())
    await fold_all(db)

    assert await records_told(db, team) == (300, 300 * 60)
    assert turns["left"] > 0  # else the two never met
    assert await verify(db) == []


async def test_killed_gateways_lose_and_double_nothing(
    url: str, database: Database, db: Any
) -> None:
    volunteer, team = await planted(database)
    chance = random.Random(7)  # noqa: S311 - draws of a test
    for round_ in range(4):
        process = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-c", GATEWAY, url, str(volunteer.id), str(team.id),
             str(round_ * 100_000)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == b"ready\n"
        await asyncio.to_thread(time.sleep, 0.3 + chance.random())
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        process.stdout.close()

    # The server ends what the dead left open, at the latest when it next looks.
    for _ in range(100):
        if await fold(db) is not None:
            break
        await asyncio.sleep(0.1)
    await fold_all(db)

    written = await db.fetchval("select count(*) from service_records where team_id = $1", team.id)
    assert written > 20
    assert await verify(db) == []


async def test_verify_names_a_figure_that_is_wrong_and_rebuild_mends_it(
    database: Database, db: Any
) -> None:
    volunteer, team = await planted(database)
    await db.execute(RECORD, volunteer.id, team.id, 0, 3)
    await fold_all(db)
    await db.execute(
        "update ledger_totals set n = n + 1 where scope = $1 and period = 0 and code ="
        " (select number from ledger_codes where name = 'record')",
        -team.id,
    )
    await db.execute(
        "delete from ledger_totals where scope = $1 and code ="
        " (select number from ledger_codes where name = 'active')",
        -team.id,
    )

    found = [str(each) for each in await verify(db)]

    assert f"team {team.id}: record in all is 4 (180), not 3 (180)" in found
    assert f"team {team.id}: active in 202605 is 0 (0), not 1 (0)" in found

    await rebuild(db)

    assert await verify(db) == []
    assert await records_told(db, team) == (3, 180)


async def test_rebuild_leaves_what_is_written_meanwhile_to_the_folder(
    url: str, database: Database, db: Any
) -> None:
    volunteer, team = await planted(database)
    await db.execute(RECORD, volunteer.id, team.id, 0, 3)

    def write_now(_step: str, done: int, _total: int | None, /) -> None:
        if not written:
            written.append(done)
            task = other.execute(RECORD, volunteer.id, team.id, 50, 4)
            tasks.append(asyncio.ensure_future(task))

    written: list[int] = []
    tasks: list[asyncio.Future[Any]] = []
    async with connected(url) as other:
        await rebuild(db, progress=write_now)
        await asyncio.gather(*tasks)

    await fold_all(db)
    assert written
    assert await records_told(db, team) == (7, 420)
    assert await verify(db) == []


async def test_rows_that_are_deleted_count_no_more(database: Database, db: Any) -> None:
    volunteer, team = await planted(database)
    await db.execute(RECORD, volunteer.id, team.id, 0, 3)
    await fold_all(db)

    await db.execute("delete from service_records where team_id = $1", team.id)
    await db.execute("delete from volunteers where id = $1", volunteer.id)
    await db.execute("delete from teams where id = $1", team.id)
    await fold_all(db)

    assert await records_told(db, team) == (0, 0)
    assert await verify(db) == []
