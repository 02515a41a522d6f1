"""Complaints that lie with a team which stops: they go to whose turn it is then, once."""

import asyncio
from typing import Any

import pytest

from db.enums import ComplaintStatus, PermissionGroup
from permissions.edges import Policy
from permissions.viewer import Viewer
from resolvers.complaints.handing_over import NOTE, hand_over_stranded
from resolvers.team_dissolution import Dissolution, dissolve_team
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from tests.small_world import NOW
from tests.voices.test_complaints import events_for, holder_of, row_of
from tests.voices.ward import POLICY, Ward, codes

S = ComplaintStatus
WAITING = """
select pid from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock' and query like '%complaints%'
"""
DISMISS = """
update complaints set status = 'DISMISSED', outcome = '不属实', decided_at = now() where id = $1
"""


async def disable(ward: Ward, name: str) -> None:
    order = Order(team_id=ward.id(name), reason="整改")
    office = await ward.officer("city")
    assert codes(await disable_team(ward.database, office, order, None, policy=POLICY)) == []


async def dissolve(ward: Ward, name: str) -> None:
    order = Dissolution(team_id=ward.id(name), reason="合并")
    office = await ward.officer("city")
    done = await dissolve_team(ward.database, office, order, None, policy=Policy(), now=NOW)
    assert codes(done) == []


async def about_project(ward: Ward) -> tuple[Viewer, int]:
    complainant = await ward.district.person()
    return complainant, await ward.submitted(complainant, ward.case(("Project", ward.project.id)))


@pytest.mark.parametrize("stop", [disable, dissolve])
@pytest.mark.parametrize("looked_into", [False, True])
async def test_complaint_of_a_team_that_stops_goes_to_its_superior(
    db: Any, ward: Ward, stop: Any, looked_into: bool
) -> None:
    complainant, complaint_id = await about_project(ward)
    superior = await ward.forest.manager("community")
    if looked_into:
        await ward.investigated(await ward.forest.manager("group"), complaint_id)
    assert await holder_of(db, ward, complaint_id) == "group"
    await stop(ward, "group")

    handed = await hand_over_stranded(ward.database.engine)
    again = await hand_over_stranded(ward.database.engine)

    assert (handed, again) == (1, 0)
    assert await holder_of(db, ward, complaint_id) == "community"
    row = await row_of(db, complaint_id)
    assert (row["status"], row["closed_at"], row["transferred_to"]) == ("TRANSFERRED", None, None)
    step = await db.fetchrow(
        "select * from complaint_steps where complaint_id = $1 order by id desc limit 1",
        complaint_id,
    )
    assert (step["status"], step["note"]) == ("TRANSFERRED", NOTE)
    assert step["handler_team_id"] == ward.id("community")
    assert (await events_for(db, complainant))[-1] == "complaint.transferred"
    assert "complaint.received" in await events_for(db, superior)
    audited = await db.fetchrow(
        "select action, because, capacity from audit_log where subject_type = 'Complaint'"
        " and subject_id = $1 order by id desc limit 1",
        complaint_id,
    )
    assert audited["action"] == "complaint.transferred"
    assert audited["capacity"] == "clock"
    await ward.investigated(superior, complaint_id)
    assert await ward.rule(superior, complaint_id, outcome="不属实") == []


async def test_complaint_passes_over_superiors_that_work_no_more_either(
    db: Any, ward: Ward
) -> None:
    _, complaint_id = await about_project(ward)
    for name in ("community", "town", "group"):
        await disable(ward, name)

    await hand_over_stranded(ward.database.engine)

    assert await holder_of(db, ward, complaint_id) == "district"


@pytest.mark.parametrize(("stop", "goes_to"), [(disable, "town"), (dissolve, "town")])
async def test_what_was_appealed_never_comes_down_again(
    db: Any, ward: Ward, stop: Any, goes_to: str
) -> None:
    """Dissolved, the hub leaves the group hanging under the town's: the one next above it."""
    complainant, complaint_id = await about_project(ward)
    group = await ward.forest.manager("group")
    await ward.investigated(group, complaint_id)
    assert await ward.rule(group, complaint_id, outcome="不属实") == []
    assert await ward.appeal(complainant, complaint_id) == []
    assert await holder_of(db, ward, complaint_id) == "community"
    await stop(ward, "community")

    await hand_over_stranded(ward.database.engine)

    assert await holder_of(db, ward, complaint_id) == goes_to
    assert (await row_of(db, complaint_id))["appeals"] == 1


async def test_complaint_of_the_topmost_hub_goes_to_the_department(db: Any, ward: Ward) -> None:
    complainant = await ward.district.person()
    project = await ward.planter.project(ward.forest.teams["city"])
    complaint_id = await ward.submitted(complainant, ward.case(("Project", project.id)))
    await disable(ward, "city")

    await hand_over_stranded(ward.database.engine)

    assert await holder_of(db, ward, complaint_id) == "office city"


async def test_what_was_decided_stays_and_an_appeal_still_goes_up(db: Any, ward: Ward) -> None:
    complainant, complaint_id = await about_project(ward)
    group = await ward.forest.manager("group")
    await ward.investigated(group, complaint_id)
    assert await ward.rule(group, complaint_id, outcome="不属实") == []
    await disable(ward, "group")

    assert await hand_over_stranded(ward.database.engine) == 0
    assert await holder_of(db, ward, complaint_id) == "group"
    assert await ward.appeal(complainant, complaint_id) == []
    assert await holder_of(db, ward, complaint_id) == "community"


async def test_batches_hand_every_complaint_over(ward: Ward) -> None:
    complainant = await ward.district.person()
    for _ in range(5):
        project = await ward.planter.project(ward.forest.teams["group"])
        await ward.submitted(complainant, ward.case(("Project", project.id)))
    await disable(ward, "group")

    assert await hand_over_stranded(ward.database.engine, batch=2) == 5


@pytest.mark.parametrize("is_decided", [False, True])
async def test_two_processes_that_wait_for_a_complaint_hand_it_over_once_or_not_at_all(
    db: Any, ward: Ward, is_decided: bool
) -> None:
    """Somebody holds its row while both have found it; what they decide meanwhile stands."""
    _, complaint_id = await about_project(ward)
    await disable(ward, "group")
    async with db.transaction():
        await db.execute("select from complaints where id = $1 for update", complaint_id)
        tasks = [asyncio.create_task(hand_over_stranded(ward.database.engine)) for _ in range(2)]
        async with asyncio.timeout(10):
            while len(await db.fetch(WAITING)) < len(tasks):
                await asyncio.sleep(0.01)
                await db.execute("select pg_stat_clear_snapshot()")  # else nothing moves in it
        if is_decided:
            await db.execute(DISMISS, complaint_id)
    handed = await asyncio.gather(*tasks)

    assert sum(handed) == (0 if is_decided else 1)
    count = "select count(*) from complaint_steps where complaint_id = $1"
    assert await db.fetchval(count, complaint_id) == (1 if is_decided else 2)
    status = (await row_of(db, complaint_id))["status"]
    assert status == ("DISMISSED" if is_decided else "TRANSFERRED")


async def test_team_that_works_again_gets_new_complaints_and_keeps_no_claim_to_old_ones(
    db: Any, ward: Ward
) -> None:
    _, complaint_id = await about_project(ward)
    await disable(ward, "group")
    await hand_over_stranded(ward.database.engine)
    order = Order(team_id=ward.id("group"), reason="整改完毕")
    mode = EnableMode.TEAM_AND_PROJECTS
    office = await ward.officer("city")
    done = await enable_team(ward.database, office, order, mode, None, policy=POLICY)
    assert codes(done) == []

    assert await hand_over_stranded(ward.database.engine) == 0
    assert await holder_of(db, ward, complaint_id) == "community"
    assert await holder_of(db, ward, (await about_project(ward))[1]) == "group"


async def test_complaint_follows_the_group_that_hangs_elsewhere_by_then(
    db: Any, ward: Ward
) -> None:
    """The hub it was appealed to is dissolved, and the group goes to another beside it."""
    region = ward.district.regions["community"]
    taking = PermissionGroup.JUNIOR_TEAM
    await ward.district.team("heir", "town", region, permission_group=taking)
    await ward.district.team("mother", "community", region, permission_group=taking)
    await ward.district.team("child", "mother", region)
    project = await ward.planter.project(ward.forest.teams["child"])
    complainant = await ward.district.person()
    complaint_id = await ward.submitted(complainant, ward.case(("Project", project.id)))
    child = await ward.forest.manager("child")
    await ward.investigated(child, complaint_id)
    assert await ward.rule(child, complaint_id, outcome="不属实") == []
    assert await ward.appeal(complainant, complaint_id) == []
    assert await holder_of(db, ward, complaint_id) == "mother"
    order = Dissolution(team_id=ward.id("mother"), reason="合并", successor_id=ward.id("heir"))
    office = await ward.officer("city")
    done = await dissolve_team(ward.database, office, order, None, policy=Policy(), now=NOW)
    assert codes(done) == []

    await hand_over_stranded(ward.database.engine)

    assert await holder_of(db, ward, complaint_id) == "heir"
