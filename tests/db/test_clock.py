"""The clock: what falls due by time alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from db.clock import ClockReport, keep_time, run_due
from db.enums import ProjectStatus, RecordStatus
from db.locks import Lock
from db.models import IdempotencyKey, SignInSession
from db.session import Database
from tests.servers import Databases
from tests.small_world import NOW, Planter, connected, empty_station, until_one_waits

TODAY = date(2026, 5, 20)
YESTERDAY = date(2026, 5, 19)
HOUR = timedelta(hours=1)


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
async def planter(database: Database) -> Planter:
    return Planter(database)


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


async def events(observer: Any) -> list[tuple[str, int]]:
    rows = await observer.fetch("select event, subject_id from outbox order by id")
    return [tuple(row) for row in rows]


async def test_projects_follow_their_dates(
    database: Database, planter: Planter, observer: Any
) -> None:
    team = await planter.team(await planter.region())
    waiting, running = ProjectStatus.WAITING, ProjectStatus.RUNNING
    rows = {
        "future": (waiting, HOUR, 2 * HOUR, "WAITING"),
        "begun": (waiting, timedelta(0), HOUR, "RUNNING"),
        "running": (running, -HOUR, HOUR, "RUNNING"),
        "ended": (running, -2 * HOUR, timedelta(0), "CLOSED"),
        "missed": (waiting, -2 * HOUR, -HOUR, "CLOSED"),
        "draft": (ProjectStatus.DRAFT, -2 * HOUR, -HOUR, "DRAFT"),
        "disabled": (ProjectStatus.DISABLED, -2 * HOUR, -HOUR, "DISABLED"),
    }
    ids = {}
    for name, (status, start, end, _) in rows.items():
        project = await planter.project(
            team, status=status, starts_at=NOW + start, ends_at=NOW + end
        )
        ids[name] = project.id

    report = await run_due(database.engine, now=NOW)
    again = await run_due(database.engine, now=NOW)

    assert report == ClockReport(projects_started=2, projects_closed=2)
    assert again == ClockReport()
    found = await observer.fetch("select id, status from projects")
    assert dict(found) == {ids[name]: row[3] for name, row in rows.items()}
    assert await events(observer) == [
        ("project.started", ids["begun"]),
        ("project.started", ids["missed"]),
        ("project.closed", ids["ended"]),
        ("project.closed", ids["missed"]),
    ]
    audited = await observer.fetch("select distinct capacity, because from audit_log")
    assert [tuple(row) for row in audited] == [("clock", "dates of the project")]


async def test_records_count_from_the_day_after_their_publicity(
    database: Database, planter: Planter, observer: Any
) -> None:
    region = await planter.region()
    team = await planter.team(region)
    volunteer = await planter.volunteer(region, effective_minutes=100)
    other = await planter.volunteer(region)
    rows = [
        (volunteer, YESTERDAY, RecordStatus.NOT_EFFECTIVE, 30),
        (volunteer, date(2026, 1, 1), RecordStatus.NOT_EFFECTIVE, 60),
        (volunteer, TODAY, RecordStatus.NOT_EFFECTIVE, 7),
        (volunteer, None, RecordStatus.NOT_EFFECTIVE, 7),
        (volunteer, YESTERDAY, RecordStatus.APPLIED, 7),
        (volunteer, YESTERDAY, RecordStatus.DISPUTED, 7),
        (other, YESTERDAY, RecordStatus.NOT_EFFECTIVE, 15),
    ]
    for person, publicity_to, status, minutes in rows:
        await planter.record(
            person, team, publicity_to=publicity_to, status=status, minutes=minutes
        )

    # 20 May has begun in Chongqing, while it is still 19 May in UTC.
    report = await run_due(database.engine, now=NOW.replace(day=19, hour=16))
    again = await run_due(database.engine, now=NOW)

    assert (report, again) == (ClockReport(records_effective=3), ClockReport())
    found = await observer.fetch("select id, effective_minutes from volunteers")
    assert dict(found) == {volunteer.id: 190, other.id: 15}
    effective = await observer.fetch("select minutes from service_records where status='EFFECTIVE'")
    assert sorted(row[0] for row in effective) == [15, 30, 60]
    assert len(await events(observer)) == 3


async def test_many_records_are_done_in_batches_by_many_clocks_once(
    database: Database, planter: Planter, observer: Any
) -> None:
    region = await planter.region()
    team = await planter.team(region)
    volunteers = [await planter.volunteer(region) for _ in range(3)]
    for n in range(30):
        await planter.record(volunteers[n % 3], team, publicity_to=YESTERDAY, minutes=10)

    reports = await asyncio.gather(*(run_due(database.engine, now=NOW, batch=4) for _ in range(5)))
    # A clock leaves to another what that one is at; what all left is the next round's.
    reports.append(await run_due(database.engine, now=NOW, batch=4))

    assert sum(report.records_effective for report in reports) == 30
    minutes = await observer.fetch("select effective_minutes from volunteers")
    assert [row[0] for row in minutes] == [100, 100, 100]
    assert len(await events(observer)) == 30


async def test_clock_killed_in_the_middle_leaves_whole_batches(
    database: Database, planter: Planter, observer: Any
) -> None:
    region = await planter.region()
    team = await planter.team(region)
    volunteer = await planter.volunteer(region)
    for _ in range(12):
        await planter.record(volunteer, team, publicity_to=YESTERDAY, minutes=10)
    blocked = await planter.volunteer(region)
    await planter.record(blocked, team, publicity_to=YESTERDAY, minutes=10)

    async with observer.transaction():
        await observer.execute("select 1 from volunteers where id = $1 for update", blocked.id)
        round_ = asyncio.create_task(run_due(database.engine, now=NOW, batch=5))
        await until_one_waits(observer)  # the third batch, for the blocked volunteer
        round_.cancel()
        with pytest.raises(asyncio.CancelledError):
            await round_
        row = await observer.fetchrow(
            "select sum(minutes) filter (where status = 'EFFECTIVE') as counted,"
            " (select effective_minutes from volunteers where id = $1) as credited,"
            " (select count(*) from outbox) as told from service_records",
            volunteer.id,
        )
    assert tuple(row) == (100, 100, 10)

    report = await run_due(database.engine, now=NOW, batch=5)
    assert report == ClockReport(records_effective=3)


async def test_clock_of_another_process_is_left_to_it(
    database: Database, planter: Planter, observer: Any
) -> None:
    await planter.project(await planter.team(await planter.region()))

    await observer.execute("select pg_advisory_lock($1)", Lock.CLOCK.value)
    idle = await run_due(database.engine, now=NOW)
    await observer.execute("select pg_advisory_unlock($1)", Lock.CLOCK.value)

    assert idle == ClockReport()
    assert await run_due(database.engine, now=NOW) == ClockReport(projects_started=1)


async def test_old_keys_and_sessions_go(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account()
    for age in (6, 8, 9):
        await planter.add(
            IdempotencyKey(
                account_id=account.id,
                action="a",
                key=str(age),
                input_hash=b"",
                outcome={},
                created_at=NOW - timedelta(days=age),
            )
        )
    for age in (-1, 0.5, 2):
        await planter.add(
            SignInSession(
                account_id=account.id,
                family=uuid4(),
                token_hash=str(age).encode(),
                expires_at=NOW - timedelta(days=age),
            )
        )

    report = await run_due(database.engine, now=NOW, batch=1)

    assert report == ClockReport(keys_deleted=2, sessions_deleted=1)
    assert await observer.fetchval("select array_agg(key) from idempotency_keys") == ["6"]
    assert await observer.fetchval("select count(*) from sign_in_sessions") == 2


async def test_clock_goes_on_after_a_round_that_failed(
    database: Database, planter: Planter, observer: Any
) -> None:
    project = await planter.project(await planter.team(await planter.region()))

    async with observer.transaction():
        await observer.execute("lock table projects in access exclusive mode")
        ticking = asyncio.create_task(keep_time(database.engine, every=timedelta(seconds=0.05)))
        await asyncio.sleep(4.5)  # the lock timeout of writers is 4 s
        assert not ticking.done()
    async with asyncio.timeout(30):
        while not await observer.fetchval("select count(*) from outbox"):
            await asyncio.sleep(0.05)
    ticking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ticking

    assert ("project.started", project.id) in await events(observer)


@pytest.mark.parametrize("step", [("WAITING", "RUNNING"), ("RUNNING", "CLOSED")])
async def test_project_falls_due_while_its_team_is_held(
    database: Database, planter: Planter, observer: Any, url: str, step: tuple[str, str]
) -> None:
    """They wait for each other in one order, so that both go on."""
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

    now_is = await observer.fetchval("select status from projects where id = $1", project.id)
    assert now_is == then
