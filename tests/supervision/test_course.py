"""The course of a check: materials, findings, what is public, and what follows."""

from datetime import timedelta
from typing import Any

import pytest

from db.enums import CertificateStatus, InspectionKind, MeasureKind, TeamAdminRole
from permissions.errors import Forbidden
from tests.small_world import NOW
from tests.supervision.bureau import (
    DEFECTIVE,
    DUE,
    FORGED,
    IN_ORDER,
    TODAY,
    Bureau,
    codes,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATE = NOW + timedelta(days=11)


async def events_of(db: Any, account: int | None) -> list[str]:
    rows = await db.fetch(
        "select event from notifications where account_id = $1 order by id", account
    )
    return [row["event"] for row in rows]


async def test_check_runs_from_the_draw_to_the_public_result(bureau: Bureau, db: Any) -> None:
    await bureau.recorded("reading", days_ago=3)
    await bureau.recorded("choir", days_ago=4)
    reading = await bureau.forest.manager("reading")
    choir = await bureau.forest.manager("choir", TeamAdminRole.RECORDER)

    number = (await bureau.drawn()).subject_id
    first, second = await bureau.items(number)
    assert await events_of(db, reading.account_id) == []
    assert codes(await bureau.asked(number)) == []
    assert codes(await bureau.handed(number, reading)) == []
    assert codes(await bureau.handed(number, choir)) == []
    assert codes(await bureau.found(number, [(first, IN_ORDER, None)])) == []
    assert codes(await bureau.published(number)) == [("WRONG_STATE", "inspectionId")]
    assert codes(await bureau.found(number, [(second, DEFECTIVE, "缺签退")])) == []
    assert codes(await bureau.published(number, summary="两项中一项有瑕疵")) == []

    assert await events_of(db, reading.account_id) == [
        "inspection.materials_asked",
        "inspection.published",
    ]
    assert await events_of(db, bureau.officer.account_id) == ["inspection.materials_handed_in"] * 2
    audited = await db.fetch(
        "select action from audit_log where subject_type = 'Inspection' and subject_id = $1"
        " order by id",
        number,
    )
    assert [row["action"] for row in audited] == [
        "inspection.drawn",
        "inspection.materials_asked",
        *["inspection.materials_handed_in"] * 2,
        *["inspection.findings_recorded"] * 2,
        "inspection.published",
    ]


async def test_findings_wait_for_the_materials_or_their_day(bureau: Bureau) -> None:
    await bureau.recorded()
    number = (await bureau.drawn()).subject_id
    (item,) = await bureau.items(number)
    await bureau.asked(number)

    early = await bureau.found(number, [(item, DEFECTIVE, "未提交")])
    on_the_day = await bureau.found(
        number, [(item, DEFECTIVE, "未提交")], now=NOW + timedelta(days=10)
    )
    after = await bureau.found(number, [(item, DEFECTIVE, "未提交")], now=LATE)

    assert codes(early) == codes(on_the_day) == [("MATERIALS_AWAITED", "findings")]
    assert codes(after) == []


async def test_materials_replace_earlier_ones_with_their_files(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    manager = await bureau.forest.manager("reading")
    assert manager.account_id is not None
    number = (await bureau.drawn()).subject_id
    await bureau.asked(number)
    one, two = [await bureau.file_of(manager.account_id) for _ in range(2)]

    assert codes(await bureau.handed(number, manager, files=[one])) == []
    assert codes(await bureau.handed(number, manager, "补充", [one, two])) == []
    assert codes(await bureau.handed(number, manager, "更正", [two])) == []

    rows = await db.fetch(
        "select id, subject_type, team_id from files where id = any($1) order by id", [one, two]
    )
    team = bureau.forest.teams["reading"].id
    assert [tuple(row) for row in rows] == [(one, None, None), (two, "InspectionTeam", team)]
    part = await db.fetchrow("select * from inspection_teams where inspection_id = $1", number)
    assert (part["statement"], part["handed_in_by_id"]) == ("更正", manager.account_id)


async def test_file_of_another_is_refused_and_nothing_is_kept(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    manager = await bureau.forest.manager("reading")
    number = (await bureau.drawn()).subject_id
    await bureau.asked(number)
    assert manager.account_id is not None
    own = await bureau.file_of(manager.account_id)
    others = await bureau.file_of(await bureau.planter.account())

    outcome = await bureau.handed(number, manager, files=[own, others])

    assert codes(outcome) == [("NOT_FOUND", "fileIds")]
    attached = await db.fetchval(
        "select count(*) from files where id = any($1) and attached_at is not null", [own, others]
    )
    assert attached == 0


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("  ", [("REQUIRED", "statement")]),
        ("长" * 5001, [("TOO_LONG", "statement")]),
        ("响\x07铃", [("INVALID", "statement")]),
    ],
)
async def test_bad_statement_is_refused(
    bureau: Bureau, statement: str, expected: list[tuple[str, str]]
) -> None:
    await bureau.recorded()
    number = (await bureau.drawn()).subject_id
    await bureau.asked(number)

    outcome = await bureau.handed(number, await bureau.forest.manager("reading"), statement)

    assert codes(outcome) == expected


async def test_team_that_was_not_drawn_or_not_asked_knows_of_nothing(bureau: Bureau) -> None:
    await bureau.recorded("reading")
    number = (await bureau.drawn()).subject_id
    reading = await bureau.forest.manager("reading")
    choir = await bureau.forest.manager("choir")

    before = await bureau.handed(number, reading)
    await bureau.asked(number)
    other = await bureau.handed(number, choir)
    missing = await bureau.handed(5, choir)

    assert codes(before) == codes(other) == codes(missing) == [("NOT_FOUND", "inspectionId")]


async def test_hub_above_reads_the_check_and_hands_in_nothing(bureau: Bureau) -> None:
    await bureau.recorded("reading")
    hub = await bureau.hub()
    number = (await bureau.drawn()).subject_id
    await bureau.asked(number)

    outcome = await bureau.handed(number, hub)

    assert codes(outcome) == [("NOT_FOUND", "inspectionId")]
    assert outcome.errors[0].message == "This check asks nothing of the team that hands in."


async def test_only_the_department_that_runs_a_check_leads_it(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    number = (await bureau.drawn()).subject_id
    (item,) = await bureau.items(number)
    await bureau.asked(number)
    manager = await bureau.forest.manager("reading")

    with pytest.raises(Forbidden):
        await bureau.found(number, [(item, IN_ORDER, None)], manager)
    with pytest.raises(Forbidden):
        await bureau.published(number, manager)
    with pytest.raises(Forbidden):
        await bureau.cancelled(number, manager)
    hidden = await bureau.published(number, bureau.other_officer)

    assert codes(hidden) == [("NOT_FOUND", "inspectionId")]
    status = await db.fetchval("select status from inspections where id = $1", number)
    assert status == "MATERIALS_ASKED"


@pytest.mark.parametrize("days", [0, -1, 181])
async def test_term_that_is_too_short_or_too_long_is_refused(bureau: Bureau, days: int) -> None:
    await bureau.recorded()
    number = (await bureau.drawn()).subject_id

    outcome = await bureau.asked(number, due_on=TODAY + timedelta(days=days))

    assert codes(outcome) == [("INVALID", "dueOn")]


BAD_FINDINGS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "none": (lambda _item: [], [("TOO_MANY", "findings")]),
    "twice": (
        lambda item: [(item, IN_ORDER, None), (item, IN_ORDER, None)],
        [("INVALID", "findings")],
    ),
    "bad without words": (
        lambda item: [(item, FORGED, None)],
        [("REASON_REQUIRED", "finding")],
    ),
    "too long": (lambda item: [(item, FORGED, "假" * 1001)], [("TOO_LONG", "finding")]),
    "control character": (lambda item: [(item, FORGED, "假\x00")], [("INVALID", "finding")]),
    "of another check": (lambda item: [(item + 1, IN_ORDER, None)], [("NOT_FOUND", "findings")]),
}


@pytest.mark.parametrize("case", BAD_FINDINGS)
async def test_bad_finding_is_refused(bureau: Bureau, db: Any, case: str) -> None:
    await bureau.recorded()
    number = (await bureau.drawn()).subject_id
    (item,) = await bureau.items(number)
    await bureau.drawn()
    await bureau.asked(number)
    findings, expected = BAD_FINDINGS[case]

    outcome = await bureau.found(number, findings(item), now=LATE)

    assert codes(outcome) == expected
    found = "select verdict from inspection_items where id = $1"
    assert await db.fetchval(found, item) is None


async def test_published_findings_are_final(bureau: Bureau) -> None:
    await bureau.recorded()
    number, (item,) = await bureau.examined(IN_ORDER)
    mended = await bureau.found(number, [(item, DEFECTIVE, "看错")], now=LATE)
    await bureau.published(number)

    again = await bureau.found(number, [(item, IN_ORDER, None)], now=LATE)
    cancelled = await bureau.cancelled(number)

    assert codes(mended) == []
    assert codes(again) == codes(cancelled) == [("WRONG_STATE", "inspectionId")]


async def test_warning_is_kept_and_told(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    manager = await bureau.forest.manager("reading")
    number, (item,) = await bureau.examined(DEFECTIVE)

    outcome = await bureau.measured(item, MeasureKind.WARNING, reason="签到不全")

    assert (outcome.subject_id, codes(outcome)) == (number, [])
    row = await db.fetchrow(
        "select kind, team_id, item_id, reason from inspection_measures where inspection_id = $1",
        number,
    )
    team = bureau.forest.teams["reading"].id
    assert tuple(row) == ("WARNING", team, None, "签到不全")
    assert (await events_of(db, manager.account_id))[-1] == "inspection.measure_taken"


async def test_suspension_disables_the_team_and_its_projects(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    team = bureau.forest.teams["reading"]
    project = await bureau.planter.project(team)
    _, (item,) = await bureau.examined()

    assert codes(await bureau.measured(item, MeasureKind.SUSPENSION)) == []
    again = await bureau.measured(item, MeasureKind.SUSPENSION)

    status = await db.fetchval("select status from teams where id = $1", team.id)
    of_project = await db.fetchval("select status from projects where id = $1", project.id)
    assert (status, of_project) == ("DISABLED", "DISABLED")
    assert codes(again) == [("WRONG_STATE", "itemId")]


async def test_forged_record_is_voided_and_counts_no_more(bureau: Bureau, db: Any) -> None:
    record = await bureau.recorded()
    await db.execute(
        "update volunteers set effective_minutes = 90 where id = $1", bureau.volunteer.id
    )
    number, (item,) = await bureau.examined()

    assert codes(await bureau.measured(item, MeasureKind.RECORD_VOIDED)) == []
    again = await bureau.measured(item, MeasureKind.RECORD_VOIDED)

    row = await db.fetchrow(
        "select r.status, r.void_reason, v.effective_minutes from service_records r"
        " join volunteers v on v.id = r.volunteer_id where r.id = $1",
        record.id,
    )
    assert tuple(row) == ("VOID", "查实", 0)
    assert codes(again) == [("WRONG_STATE", "itemId")]
    kept = await db.fetch(
        "select kind, item_id from inspection_measures where inspection_id = $1", number
    )
    assert [tuple(each) for each in kept] == [("RECORD_VOIDED", item)]


async def test_forged_certificate_is_revoked(bureau: Bureau, db: Any) -> None:
    certificate = await bureau.certified()
    _, (item,) = await bureau.examined(kind=InspectionKind.CERTIFICATES)

    assert codes(await bureau.measured(item, MeasureKind.CERTIFICATE_REVOKED)) == []

    row = await db.fetchrow(
        "select status, revoke_reason from certificates where id = $1", certificate.id
    )
    assert tuple(row) == (CertificateStatus.REVOKED, "查实")


async def test_measure_follows_a_bad_finding_alone(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    _, (fine,) = await bureau.examined(IN_ORDER)
    waiting_check = (await bureau.drawn()).subject_id
    (waiting,) = await bureau.items(waiting_check)
    _, (forged,) = await bureau.examined()
    manager = await bureau.forest.manager("reading")
    kind = MeasureKind.WARNING

    in_order = await bureau.measured(fine, kind)
    unexamined = await bureau.measured(waiting, kind)
    wrong_kind = await bureau.measured(forged, MeasureKind.CERTIFICATE_REVOKED)
    no_reason = await bureau.measured(forged, kind, reason=" ")
    long_reason = await bureau.measured(forged, kind, reason="由" * 201)
    hidden = await bureau.measured(forged, kind, bureau.other_officer)
    with pytest.raises(Forbidden):
        await bureau.measured(forged, kind, manager)

    assert codes(in_order) == codes(unexamined) == [("NOTHING_BAD_FOUND", "itemId")]
    assert codes(wrong_kind) == [("INVALID", "kind")]
    assert codes(no_reason) == [("REASON_REQUIRED", "reason")]
    assert codes(long_reason) == [("TOO_LONG", "reason")]
    assert codes(hidden) == [("NOT_FOUND", "itemId")]
    taken = "select count(*) from inspection_measures where team_id = $1"
    assert await db.fetchval(taken, bureau.forest.teams["reading"].id) == 0


async def test_team_that_has_moved_away_is_not_measured_any_more(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    _, (item,) = await bureau.examined()
    team, away = bureau.forest.teams["reading"], bureau.elsewhere.region
    await db.execute(
        "update teams set region_id = $2, region_path = $3 where id = $1",
        team.id,
        away.id,
        away.path,
    )

    with pytest.raises(Forbidden):
        await bureau.measured(item, MeasureKind.WARNING)


async def test_late_materials_are_taken_and_noted(bureau: Bureau, db: Any) -> None:
    await bureau.recorded()
    manager = await bureau.forest.manager("reading")
    number = (await bureau.drawn()).subject_id
    await bureau.asked(number)

    outcome = await bureau.handed(number, manager, now=LATE)

    assert codes(outcome) == []
    detail = await db.fetchval(
        "select detail ->> 'isLate' from audit_log where subject_id = $1"
        " and action = 'inspection.materials_handed_in'",
        number,
    )
    assert detail == "true"
    assert LATE.date() > DUE
