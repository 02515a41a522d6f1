"""Requests that wait at a team when it is dissolved: the clock takes them to who carries on."""

from datetime import UTC, datetime
from typing import Any

from db.clock import run_due
from db.enums import HubLevel, TeamStatus
from tests.certificates.office import Office, codes, item_codes


async def test_request_that_waits_at_a_dissolved_team_is_handed_over(
    db: Any, office: Office
) -> None:
    heir = await office.forest.plant("heir")
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    await db.execute(
        "update teams set status = $2, successor_id = $3 where id = $1",
        office.forest.teams["team"].id,
        TeamStatus.DISSOLVED.value,
        heir.id,
    )

    report = await run_due(office.database.engine, now=datetime.now(UTC))
    issued = await office.issued(await office.forest.manager("heir"), asked.subject_id)

    assert (report.requests_handed_over, item_codes(issued)) == (1, [[]])
    event = await db.fetchval(
        "select action from audit_log where subject_type = 'Certificate' and subject_id = $1"
        " and capacity = 'clock'",
        asked.subject_id,
    )
    assert event == "certificate.handed_over"


async def test_edge_case_12_request_goes_on_to_the_unit_that_its_team_says_it_is_of(
    db: Any, office: Office
) -> None:
    """DOMAIN §11.12."""
    await office.forest.plant("group")
    unit = await office.forest.plant("unit", hub_level=HubLevel.TOWN)
    volunteer, viewer = await office.person()
    await office.record(volunteer, "group")
    asked = await office.requested(viewer, "group")
    await db.execute(
        "update teams set affiliated_org_id = $2 where id = $1",
        office.forest.teams["group"].id,
        unit.id,
    )

    first = await run_due(office.database.engine, now=datetime.now(UTC))
    again = await run_due(office.database.engine, now=datetime.now(UTC))
    issued = await office.issued(await office.forest.manager("unit"), asked.subject_id)

    assert (first.requests_handed_over, again.requests_handed_over) == (1, 0)
    assert item_codes(issued) == [[]]


async def test_two_requests_of_one_volunteer_do_not_meet_at_the_heir(
    db: Any, office: Office
) -> None:
    heir = await office.forest.plant("heir")
    volunteer, viewer = await office.person()
    for name in ("one", "two"):
        await office.forest.plant(name)
        await office.record(volunteer, name, days_ago=3 if name == "one" else 5)
        assert codes(await office.requested(viewer, name)) == []
    await db.execute(
        "update teams set status = $2, successor_id = $3 where id = any($1::bigint[])",
        [office.forest.teams[name].id for name in ("one", "two")],
        TeamStatus.DISSOLVED.value,
        heir.id,
    )

    first = await run_due(office.database.engine, now=datetime.now(UTC))
    waiting = await db.fetchval(
        "select count(*) from certificates where team_id = $1 and status = 'REQUESTED'", heir.id
    )

    assert (first.requests_handed_over, waiting) == (1, 1)
