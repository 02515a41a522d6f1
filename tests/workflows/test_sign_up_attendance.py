"""Checking in and out by the gateway's clock, and what a record says of who did not come."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from db.clock import run_due
from db.enums import ProjectStatus, SignUpStatus, TeamAdminRole
from db.models import SignUp
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.records.entering import create_record
from resolvers.records.entry import Entry
from resolvers.sign_up_attendance import check_in, check_out
from tests.workflows.district import District
from tests.workflows.project_world import DAY, HOUR, SOON, ProjectWorld, codes

MINUTE = timedelta(minutes=1)
ENDS = SOON + 4 * HOUR


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def came(world: ProjectWorld, viewer: Viewer, row: SignUp, now: datetime) -> Outcome:
    return await check_in(world.database, viewer, row.id, None, now=now)


async def left(world: ProjectWorld, viewer: Viewer, row: SignUp, now: datetime) -> Outcome:
    return await check_out(world.database, viewer, row.id, None, now=now)


async def accepted(world: ProjectWorld, **values: Any) -> tuple[SignUp, Viewer]:
    """A sign-up that was accepted, and who made it."""
    _, (post,) = await world.planted(**values)
    volunteer, viewer = await world.person()
    return await world.signed(volunteer, post, SignUpStatus.ACCEPTED), viewer


async def records(world: ProjectWorld, row: SignUp) -> list[tuple[str, int]]:
    rows = await world.db.fetch(
        "select status, minutes from service_records where sign_up_id = $1 order by id", row.id
    )
    return [tuple(each) for each in rows]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (SOON - MINUTE, "CHECK_IN_CLOSED"),
        (SOON, None),
        (ENDS - MINUTE, None),
        (ENDS, "CHECK_IN_CLOSED"),
    ],
)
async def test_check_in_is_open_while_the_project_goes_on(
    world: ProjectWorld, now: datetime, expected: str | None
) -> None:
    row, viewer = await accepted(world)

    found = await came(world, viewer, row, now)

    assert codes(found) == ([(expected, "signUpId")] if expected else [])
    assert len(await records(world, row)) == (0 if expected else 1)


@pytest.mark.parametrize("status", [ProjectStatus.DISABLED, ProjectStatus.CLOSED])
async def test_nobody_checks_in_to_what_has_stopped(
    world: ProjectWorld, status: ProjectStatus
) -> None:
    row, viewer = await accepted(world, status=status)

    assert codes(await came(world, viewer, row, SOON)) == [("CHECK_IN_CLOSED", "signUpId")]


async def test_record_counts_from_check_in_to_check_out(world: ProjectWorld) -> None:
    row, viewer = await accepted(world)

    assert codes(await left(world, viewer, row, SOON)) == [("NOT_CHECKED_IN", "signUpId")]
    assert codes(await came(world, viewer, row, SOON + 10 * MINUTE)) == []
    assert await records(world, row) == [("OPEN", 0)]
    twice = await came(world, viewer, row, SOON + 20 * MINUTE)
    assert codes(twice) == [("ALREADY_CHECKED_IN", "signUpId")]
    assert codes(await left(world, viewer, row, SOON + 100 * MINUTE)) == []

    assert await records(world, row) == [("NOT_EFFECTIVE", 90)]
    again = await left(world, viewer, row, SOON + 110 * MINUTE)
    assert codes(again) == [("NOT_CHECKED_IN", "signUpId")]
    times = await world.db.fetchrow(
        "select checked_in_at, checked_out_at from sign_ups where id = $1", row.id
    )
    assert tuple(times) == (SOON + 10 * MINUTE, SOON + 100 * MINUTE)


async def test_who_is_late_to_check_out_is_credited_until_the_end(world: ProjectWorld) -> None:
    row, viewer = await accepted(world)
    await came(world, viewer, row, SOON)

    assert codes(await left(world, viewer, row, ENDS + 2 * HOUR)) == []

    assert await records(world, row) == [("NOT_EFFECTIVE", 240)]


async def test_missing_check_out_stays_open_and_counts_for_nothing(world: ProjectWorld) -> None:
    """DOMAIN §11.16."""
    row, viewer = await accepted(world)
    await came(world, viewer, row, SOON)
    await run_due(world.database.engine, now=ENDS + MINUTE)

    late = await left(world, viewer, row, ENDS + 2 * HOUR + MINUTE)

    assert codes(late) == [("CHECK_OUT_TOO_LATE", "signUpId")]
    assert await records(world, row) == [("OPEN", 0)]
    assert await world.sign_up_status(row.id) == "ATTENDED"
    minutes = "select effective_minutes from volunteers where id = $1"
    assert await world.db.fetchval(minutes, row.volunteer_id) == 0


async def test_check_out_after_midnight_is_one_record_of_two_days(world: ProjectWorld) -> None:
    """DOMAIN §11.16."""
    evening = SOON + 9 * HOUR  # 21:00 in Chongqing
    row, viewer = await accepted(
        world, starts_at=evening, ends_at=evening + 8 * HOUR, recruit_ends_at=evening
    )
    await came(world, viewer, row, evening + HOUR)

    assert codes(await left(world, viewer, row, evening + 5 * HOUR)) == []

    assert await records(world, row) == [("NOT_EFFECTIVE", 240)]


async def test_project_of_many_days_is_attended_day_by_day(world: ProjectWorld) -> None:
    row, viewer = await accepted(world, ends_at=SOON + 10 * DAY)

    for day in range(3):
        assert codes(await came(world, viewer, row, SOON + day * DAY)) == []
        assert codes(await left(world, viewer, row, SOON + day * DAY + 2 * HOUR)) == []

    assert await records(world, row) == [("NOT_EFFECTIVE", 120)] * 3


async def test_forgotten_check_out_is_left_to_the_team_and_the_next_day_is_open(
    world: ProjectWorld,
) -> None:
    row, viewer = await accepted(world, ends_at=SOON + 10 * DAY)
    await came(world, viewer, row, SOON)

    late = await left(world, viewer, row, SOON + DAY + MINUTE)
    assert codes(late) == [("CHECK_OUT_TOO_LATE", "signUpId")]
    assert codes(await came(world, viewer, row, SOON + DAY + 2 * MINUTE)) == []
    assert codes(await left(world, viewer, row, SOON + DAY + HOUR)) == []

    assert await records(world, row) == [("OPEN", 0), ("NOT_EFFECTIVE", 58)]


async def test_nobody_is_in_two_projects_at_once(world: ProjectWorld) -> None:
    row, viewer = await accepted(world)
    _, (post,) = await world.planted(ends_at=SOON + 10 * DAY)
    volunteer_id = row.volunteer_id
    other = SignUp(
        province="50",
        project_id=post.project_id,
        post_id=post.id,
        team_id=row.team_id,
        volunteer_id=volunteer_id,
        status=SignUpStatus.ACCEPTED,
    )
    await world.planter.add(other)
    await came(world, viewer, row, SOON)

    elsewhere = await came(world, viewer, other, SOON + HOUR)
    assert codes(elsewhere) == [("ALREADY_CHECKED_IN", "signUpId")]
    await left(world, viewer, row, SOON + 2 * HOUR)
    taken = await came(world, viewer, other, SOON + HOUR)
    assert codes(taken) == [("TIME_CONFLICT", "startsAt")]
    assert await world.sign_up_status(other.id) == "ACCEPTED"
    assert codes(await came(world, viewer, other, SOON + 2 * HOUR)) == []


@pytest.mark.parametrize(
    "status",
    [
        SignUpStatus.APPLIED,
        SignUpStatus.INVITED,
        SignUpStatus.REFUSED,
        SignUpStatus.CANCELLED,
        SignUpStatus.WITHDRAWN,
    ],
)
async def test_only_who_was_accepted_checks_in(world: ProjectWorld, status: SignUpStatus) -> None:
    _, (post,) = await world.planted()
    volunteer, viewer = await world.person()
    row = await world.signed(volunteer, post, status)

    assert codes(await came(world, viewer, row, SOON)) == [("WRONG_STATE", "signUpId")]
    assert await records(world, row) == []


async def test_the_team_checks_people_in_and_nobody_else_does(world: ProjectWorld) -> None:
    row, _ = await accepted(world)
    recorder = await world.district.forest.manager("community", TeamAdminRole.RECORDER)
    _, stranger = await world.person()

    assert codes(await came(world, stranger, row, SOON)) == [("NOT_FOUND", "signUpId")]
    with pytest.raises(Forbidden):
        await came(world, await world.manager("town"), row, SOON)
    assert codes(await came(world, recorder, row, SOON)) == []
    assert codes(await left(world, recorder, row, SOON + HOUR)) == []


async def test_record_that_is_entered_afterwards_forgives_a_no_show(world: ProjectWorld) -> None:
    row, _ = await accepted(world, address="社区中心")
    await run_due(world.database.engine, now=SOON)
    await run_due(world.database.engine, now=ENDS)
    count = "select no_show_count from volunteers where id = $1"
    assert await world.sign_up_status(row.id) == "NO_SHOW"
    assert await world.db.fetchval(count, row.volunteer_id) == 1
    entry = Entry(
        volunteer_id=row.volunteer_id,
        project_id=row.project_id,
        starts_at=SOON,
        ends_at=SOON + 2 * HOUR,
        content="入户走访",
    )

    entered = await create_record(
        world.database, await world.manager(), row.team_id, entry, None, now=ENDS + HOUR
    )

    assert codes(entered) == []
    assert await world.sign_up_status(row.id) == "ATTENDED"
    assert await world.db.fetchval(count, row.volunteer_id) == 0
    assert await records(world, row) == [("NOT_EFFECTIVE", 120)]
