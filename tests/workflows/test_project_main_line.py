"""From a draft to a completed record: a project is made, approved, signed up to, attended."""

from typing import Any

import pytest

from resolvers.sign_up_answers import SignUpsDecided, decide_sign_ups
from resolvers.sign_up_attendance import check_in, check_out
from resolvers.sign_ups import Application, sign_up
from tests.small_world import NOW
from tests.workflows.district import District
from tests.workflows.project_world import HOUR, SOON, ProjectWorld


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def test_project_goes_from_draft_to_a_record(world: ProjectWorld, db: Any) -> None:
    database, manager = world.database, await world.manager()
    project_id = await world.draft(manager)
    assert await world.status(project_id) == "DRAFT"

    submitted = await world.submit(manager, project_id)
    assert (submitted.errors, await world.status(project_id)) == ((), "PENDING")
    approved = await world.decide(await world.manager("town"), project_id)
    assert [item.errors for item in approved.items] == [()]
    assert await world.status(project_id) == "WAITING"

    post_id = await db.fetchval("select id from posts where project_id = $1", project_id)
    volunteer, viewer = await world.person()
    applied = await sign_up(database, viewer, Application(post_id=post_id), None, now=NOW)
    assert applied.errors == ()
    assert applied.subject_id is not None
    decided = SignUpsDecided(ids=[applied.subject_id], accepts=True)
    accepted = await decide_sign_ups(database, manager, decided, None, now=NOW)
    assert [item.errors for item in accepted.items] == [()]

    came = await check_in(database, viewer, applied.subject_id, None, now=SOON + HOUR)
    left = await check_out(database, viewer, applied.subject_id, None, now=SOON + 3 * HOUR)

    assert (came.errors, left.errors) == ((), ())
    record = await db.fetchrow(
        "select * from service_records where sign_up_id = $1", applied.subject_id
    )
    assert (record["minutes"], record["volunteer_id"]) == (120, volunteer.id)
    assert record["source"] == "CHECK_IN"
    assert await world.sign_up_status(applied.subject_id) == "ATTENDED"
    assert await db.fetchval("select joined from posts where id = $1", post_id) == 1
    assert await world.told("Project", project_id) == [
        "project.created",
        "project.submitted",
        "project.published",
    ]
    assert await world.told("SignUp", applied.subject_id) == [
        "sign_up.applied",
        "sign_up.accepted",
        "sign_up.checked_in",
        "sign_up.checked_out",
    ]
