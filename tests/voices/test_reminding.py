"""Complaints that are due soon, or were: who holds them is told, and the department above."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.enums import TeamAdminRole
from db.models import DepartmentUser, TeamAdmin
from db.queries.complaint_terms import TIME_TO_DECIDE, TIME_TO_REVIEW
from db.queries.entities import COMPLAINT
from db.queries.notifications import NOTIFICATIONS
from db.write import open_write
from gateway.background import in_background
from permissions.viewer import Viewer
from resolvers.acting import ids_in_scope
from resolvers.complaints.reminding import SOON, remind
from resolvers.complaints.rounds import keep_complaints_moving
from tests.small_world import NOW
from tests.voices.test_complaints import events_for, row_of
from tests.voices.test_handing_over import WAITING, about_project, disable
from tests.voices.ward import Ward

DAY = timedelta(days=1)
DUE_SOON, OVERDUE, BELOW = "complaint.due_soon", "complaint.overdue", "complaint.overdue_below"


async def remind_in(ward: Ward, later: timedelta, *, batch: int = 100) -> int:
    """How many complaints somebody was reminded of, so much later."""
    now = datetime.now(NOW.tzinfo) + later
    return await remind(ward.database.engine, now=now, batch=batch)


async def reminders(db: Any, viewer: Viewer) -> list[str]:
    return [each for each in await events_for(db, viewer) if each in {DUE_SOON, OVERDUE, BELOW}]


async def told(db: Any, **viewers: Viewer) -> dict[str, list[str]]:
    return {name: await reminders(db, viewer) for name, viewer in viewers.items()}


async def test_holder_is_told_once_before_the_day_and_the_department_above_after_it(
    db: Any, ward: Ward
) -> None:
    person, complaint_id = await about_project(ward)
    people = {
        "first": await ward.forest.manager("group"),
        "second": await ward.forest.manager("group"),
        "hub": await ward.forest.manager("community"),
        "district": await ward.officer("district"),
        "city": await ward.officer("city"),
        "person": person,
    }
    nobody: dict[str, list[str]] = {name: [] for name in people}

    early = await remind_in(ward, TIME_TO_DECIDE - SOON - DAY)
    assert (early, await told(db, **people)) == (0, nobody)

    soon = [await remind_in(ward, TIME_TO_DECIDE - SOON + hours * DAY / 24) for hours in (1, 2)]
    before = {**nobody, "first": [DUE_SOON], "second": [DUE_SOON]}
    assert (soon, await told(db, **people)) == ([1, 0], before)

    late = [await remind_in(ward, TIME_TO_DECIDE + hours * DAY / 24) for hours in (1, 2)]
    after = {
        **nobody,
        "first": [DUE_SOON, OVERDUE],
        "second": [DUE_SOON, OVERDUE],
        "district": [BELOW],
    }
    assert (late, await told(db, **people)) == ([1, 0], after)

    async with ward.database.read() as snapshot:
        message = (
            await snapshot.fetch(NOTIFICATIONS, account=people["district"].account_id, most=1)
        )[0]
    assert (message.subject_type, message.subject_id) == ("Complaint", complaint_id)
    audited = await db.fetch(
        "select action, capacity from audit_log where subject_type = 'Complaint'"
        " and subject_id = $1 order by id desc limit 2",
        complaint_id,
    )
    assert {(row["action"], row["capacity"]) for row in audited} == {
        (DUE_SOON, "clock"),
        (OVERDUE, "clock"),
    }
    async with open_write(
        ward.database.engine, account_id=None, capacity="clock", action="look"
    ) as write:
        seen = await ids_in_scope(write, people["district"], COMPLAINT, [complaint_id])
    assert complaint_id in seen


async def test_holder_that_is_a_department_has_one_above_it_that_is_told(
    db: Any, ward: Ward
) -> None:
    await ward.submitted(await ward.district.person())
    officers = {name: await ward.officer(name) for name in ("district", "city", "other")}

    assert await remind_in(ward, TIME_TO_DECIDE + DAY) == 1

    # Nobody looked before the day: it is told once, as it is by then.
    assert await told(db, **officers) == {"district": [OVERDUE], "city": [BELOW], "other": []}


async def test_neither_who_complained_nor_whom_it_is_about_is_told(db: Any, ward: Ward) -> None:
    complainant, accused = await ward.officer("district"), await ward.member()
    await ward.submitted(complainant, ward.about_volunteer())
    group, district = ward.id("group"), ward.district.regions["district"].id
    manager, officer = await ward.forest.manager("group"), await ward.officer("district")
    for account_id in (complainant.account_id, accused.account_id):
        await ward.planter.add(
            TeamAdmin(
                province="50", team_id=group, account_id=account_id, role=TeamAdminRole.MANAGER
            )
        )
    await ward.planter.add(
        DepartmentUser(province="50", account_id=accused.account_id, region_id=district)
    )

    assert await remind_in(ward, TIME_TO_DECIDE + DAY) == 1

    people = {"complainant": complainant, "accused": accused, "manager": manager}
    assert await told(db, **people, officer=officer) == {
        "complainant": [],
        "accused": [],
        "manager": [OVERDUE],
        "officer": [BELOW],
    }


async def test_review_is_due_in_its_own_time_and_reminds_its_own_holder(
    db: Any, ward: Ward
) -> None:
    person, complaint_id = await about_project(ward)
    group, hub = await ward.forest.manager("group"), await ward.forest.manager("community")
    await ward.investigated(group, complaint_id)
    await remind_in(ward, TIME_TO_DECIDE - DAY)
    assert await ward.rule(group, complaint_id, outcome="不属实") == []
    assert await remind_in(ward, TIME_TO_DECIDE + DAY) == 0  # decided: nobody is late
    assert await ward.appeal(person, complaint_id) == []
    row = await row_of(db, complaint_id)

    counts = [
        await remind_in(ward, later)
        for later in (TIME_TO_REVIEW - SOON - DAY, TIME_TO_REVIEW - DAY, TIME_TO_REVIEW + DAY)
    ]

    assert timedelta(0) <= datetime.now(NOW.tzinfo) + TIME_TO_REVIEW - row["due_at"] < DAY
    assert counts == [0, 1, 1]
    assert await told(db, group=group, hub=hub) == {
        "group": [DUE_SOON],
        "hub": [DUE_SOON, OVERDUE],
    }


async def test_whom_it_was_handed_on_to_is_told_of_the_day_as_well(db: Any, ward: Ward) -> None:
    _, complaint_id = await about_project(ward)
    group, hub = await ward.forest.manager("group"), await ward.forest.manager("community")
    await remind_in(ward, TIME_TO_DECIDE - DAY)
    assert await ward.transfer(group, complaint_id, to_team_id=ward.id("community")) == []

    assert await remind_in(ward, TIME_TO_DECIDE - DAY) == 1

    assert await told(db, group=group, hub=hub) == {"group": [DUE_SOON], "hub": [DUE_SOON]}


async def test_batches_remind_of_every_complaint(db: Any, ward: Ward) -> None:
    person, group = await ward.district.person(), await ward.forest.manager("group")
    for _ in range(5):
        project = await ward.planter.project(ward.forest.teams["group"])
        await ward.submitted(person, ward.case(("Project", project.id)))

    assert await remind_in(ward, TIME_TO_DECIDE - DAY, batch=2) == 5
    assert await reminders(db, group) == [DUE_SOON] * 5


async def test_station_reminds_and_hands_on_by_itself(db: Any, ward: Ward) -> None:
    """What a stopped team held is handed on before anybody is told of its day."""
    ids = [(await about_project(ward))[1]]
    group, hub = await ward.forest.manager("group"), await ward.forest.manager("community")
    await db.execute("update complaints set due_at = now() where id = any($1::bigint[])", ids)
    await disable(ward, "group")

    async with in_background(keep_complaints_moving(ward.database.engine)), asyncio.timeout(10):
        while not await reminders(db, hub):
            await asyncio.sleep(0.02)

    assert await told(db, group=group, hub=hub) == {"group": [], "hub": [OVERDUE]}


@pytest.mark.parametrize("is_decided", [False, True])
async def test_two_processes_that_wait_for_a_complaint_remind_once_or_not_at_all(
    db: Any, ward: Ward, is_decided: bool
) -> None:
    _, complaint_id = await about_project(ward)
    group = await ward.forest.manager("group")
    async with db.transaction():
        await db.execute("select from complaints where id = $1 for update", complaint_id)
        tasks = [asyncio.create_task(remind_in(ward, TIME_TO_DECIDE - DAY)) for _ in range(2)]
        async with asyncio.timeout(10):
            while len(await db.fetch(WAITING)) < len(tasks):
                await asyncio.sleep(0.01)
                await db.execute("select pg_stat_clear_snapshot()")  # else nothing moves in it
        if is_decided:
            await db.execute(
                "update complaints set status = 'DISMISSED', outcome = '不属实', decided_at = now()"
                " where id = $1",
                complaint_id,
            )
    counts = await asyncio.gather(*tasks)

    assert sum(counts) == (0 if is_decided else 1)
    assert await reminders(db, group) == ([] if is_decided else [DUE_SOON])
