"""Issuing, declining, revoking: who may, and what of it stays for good."""

import json
import tracemalloc
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from db.enums import CertificateStatus, HubLevel, SignatureAlgorithm, TeamAdminRole, TeamStatus
from db.models import Certificate, CertificateRecord
from db.numbers.certificates import certificate_no
from permissions.edges import Policy
from permissions.errors import Forbidden, InvalidInput, Unauthenticated
from permissions.viewer import PUBLIC
from resolvers.certificate_issuing import BATCH, MOST, Issuing, issue_certificates
from tests.certificates.office import DESK, Office, codes, desk, item_codes
from tests.small_world import NOW, STATION

REVOKED, DECLINED = CertificateStatus.REVOKED, CertificateStatus.DECLINED


async def status(db: Any, certificate_id: int | None) -> str:
    found: str = await db.fetchval("select status from certificates where id = $1", certificate_id)
    return found


async def test_recording_team_issues_what_was_asked(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person(name="李明")
    await office.record(volunteer, minutes=120)
    asked = await office.requested(viewer)
    recorder = await office.forest.manager("team", TeamAdminRole.RECORDER)

    issued = await office.issued(recorder, asked.subject_id, remark=" 社区服务月 ")

    assert item_codes(issued) == [[]]
    row = await db.fetchrow(
        "select status, minutes, remark, snapshot, key_id, algorithm, issued_at from certificates"
        " where id = $1",
        asked.subject_id,
    )
    assert (row["status"], row["minutes"], row["remark"]) == ("ISSUED", 120, "社区服务月")
    said = json.loads(row["snapshot"])
    assert (said["issuer"], said["kind"]) == (office.forest.teams["team"].name, "ISSUED")
    assert (said["remark"], said["issuedOn"]) == ("社区服务月", "2026-05-20")
    assert (row["key_id"], row["algorithm"], row["issued_at"]) == ("k1", "ED25519", NOW)
    event = await db.fetchval(
        "select action from audit_log where subject_type = 'Certificate' and subject_id = $1"
        " order by id desc limit 1",
        asked.subject_id,
    )
    assert event == "certificate.issued"


@pytest.mark.parametrize("role", [TeamAdminRole.REVIEWER, None])
async def test_others_do_not_issue(db: Any, office: Office, role: TeamAdminRole | None) -> None:
    await office.forest.plant("other")
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    who = await office.forest.manager("team", role) if role else None

    issued = await office.issued(who or await office.forest.manager("other"), asked.subject_id)

    assert item_codes(issued) == [["NOT_RECORDING_TEAM" if role else "NOT_FOUND"]]
    assert await status(db, asked.subject_id) == "REQUESTED"


async def test_hub_above_does_not_issue_for_a_team_that_works(office: Office) -> None:
    await office.forest.plant("above")
    await office.forest.plant("below", "above")
    volunteer, viewer = await office.person()
    await office.record(volunteer, "below")
    asked = await office.requested(viewer, "below")

    issued = await office.issued(await office.forest.manager("above"), asked.subject_id)

    assert item_codes(issued) == [["NOT_FOUND"]]


async def test_nobody_issues_to_oneself(db: Any, office: Office) -> None:
    manager = await office.forest.manager("team")
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    await db.execute(
        "update volunteers set account_id = $2 where id = $1", volunteer.id, manager.account_id
    )

    assert item_codes(await office.issued(manager, asked.subject_id)) == [["NOT_RECORDING_TEAM"]]


async def test_each_request_has_its_own_outcome(db: Any, office: Office) -> None:
    manager = await office.forest.manager("team")
    asked = []
    for _ in range(3):
        volunteer, viewer = await office.person()
        record = await office.record(volunteer)
        asked.append((await office.requested(viewer)).subject_id)
    await db.execute(
        "update service_records set status = 'VOID', void_reason = '错', revision = 2"
        " where id = $1",
        record.id,
    )
    await office.issued(manager, asked[1])

    issued = await office.issued(manager, *asked, 2**62)

    assert [item.certificate_id for item in issued.items] == [*asked, 2**62]
    assert item_codes(issued) == [[], ["WRONG_STATE"], ["NOTHING_TO_CERTIFY"], ["NOT_FOUND"]]


async def test_record_voided_since_the_request_is_left_out(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    kept = await office.record(volunteer, minutes=60)
    gone = await office.record(volunteer, days_ago=5)
    asked = await office.requested(viewer)
    await db.execute(
        "update service_records set status = 'VOID', void_reason = '错' where id = $1", gone.id
    )

    await office.issued(await office.forest.manager("team"), asked.subject_id)

    minutes = await db.fetchval("select minutes from certificates where id = $1", asked.subject_id)
    linked = await db.fetch(
        "select record_id from certificate_records where certificate_id = $1", asked.subject_id
    )
    assert (minutes, [row["record_id"] for row in linked]) == (60, [kept.id])


async def test_certificate_of_a_corrected_record_is_outdated_and_never_rewritten(
    db: Any, office: Office
) -> None:
    """DOMAIN §11.15."""
    volunteer, viewer = await office.person()
    record = await office.record(volunteer, minutes=90)
    asked = await office.requested(viewer)
    await office.issued(await office.forest.manager("team"), asked.subject_id)
    before = await db.fetchrow("select * from certificates where id = $1", asked.subject_id)

    await db.execute(
        "update service_records set revision = 2, minutes = 60 where id = $1", record.id
    )

    after = await db.fetchrow("select * from certificates where id = $1", asked.subject_id)
    changed = {name for name in before.keys() if before[name] != after[name]}  # noqa: SIM118
    assert (changed, after["is_outdated"]) == ({"is_outdated"}, True)


async def test_table_refuses_to_change_what_was_signed(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    printed = await office.printed(viewer)

    for change in (
        "snapshot = '{}'",
        "signature = '\\x00'",
        "certificate_no = 'C0'",
        "minutes = 9999",
        "issued_at = now()",
        "status = 'REQUESTED'",
    ):
        with pytest.raises(asyncpg.RaiseError):
            await db.execute(
                f"update certificates set {change} where id = $1",  # noqa: S608 - words of ours
                printed.subject_id,
            )
    with pytest.raises(asyncpg.RaiseError):
        await db.execute("delete from certificates where id = $1", printed.subject_id)


@pytest.mark.parametrize(
    ("remark", "code"),
    [
        ("啊" * 101, "TOO_LONG"),
        ("一\u202e二", "INVALID"),
        ("一\n二", "INVALID"),
        ("请致电 138 1234 5678", "INVALID"),
        ("证件 500112199001010017", "INVALID"),
    ],
)
async def test_bad_remark_is_refused(db: Any, office: Office, remark: str, code: str) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)

    issued = await office.issued(
        await office.forest.manager("team"), asked.subject_id, remark=remark
    )

    assert codes(issued) == [code]
    assert await status(db, asked.subject_id) == "REQUESTED"


async def test_number_of_requests_is_bounded(office: Office) -> None:
    manager = await office.forest.manager("team")

    with pytest.raises(InvalidInput):
        await office.issued(manager)
    with pytest.raises(InvalidInput):
        await office.issued(manager, *range(1, MOST + 2))
    with pytest.raises(Unauthenticated):
        await office.issued(PUBLIC, 1)


async def test_team_that_was_disabled_issues_nothing(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    manager = await office.forest.manager("team")
    await db.execute(
        "update teams set status = $2 where id = $1",
        office.forest.teams["team"].id,
        TeamStatus.DISABLED.value,
    )

    with pytest.raises(Forbidden):
        await office.issued(manager, asked.subject_id)


async def test_same_key_issues_once_and_tells_the_same(office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    assert asked.subject_id is not None
    manager = await office.forest.manager("team")

    first, second = [
        await issue_certificates(
            office.database, manager, Issuing([asked.subject_id]), "once", desk=DESK, now=NOW
        )
        for _ in range(2)
    ]

    assert first.items == second.items
    assert item_codes(first) == [[]]


async def test_team_declines_with_a_reason(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    manager = await office.forest.manager("team")

    silent = await office.ended(manager, asked.subject_id, DECLINED, "  ")
    revoked = await office.ended(manager, asked.subject_id, REVOKED)
    declined = await office.ended(manager, asked.subject_id, DECLINED, "记录正在核实")
    again = await office.ended(manager, asked.subject_id, DECLINED)

    assert [codes(each) for each in (silent, revoked, declined, again)] == [
        ["REASON_REQUIRED"],
        ["WRONG_STATE"],
        [],
        ["WRONG_STATE"],
    ]
    reason = await db.fetchval(
        "select revoke_reason from certificates where id = $1", asked.subject_id
    )
    assert reason == "记录正在核实"


async def test_issuer_and_department_revoke(db: Any, office: Office) -> None:
    manager = await office.forest.manager("team")
    officer = await office.forest.officer(office.forest.region)
    await office.forest.plant("other")
    for who in (manager, officer):
        volunteer, viewer = await office.person()
        await office.record(volunteer)
        asked = await office.requested(viewer)
        await office.issued(manager, asked.subject_id)

        stranger = await office.forest.manager("other")
        assert codes(await office.ended(stranger, asked.subject_id, REVOKED)) == ["NOT_FOUND"]
        with pytest.raises(Forbidden):
            await office.ended(viewer, asked.subject_id, REVOKED)
        assert codes(await office.ended(who, asked.subject_id, REVOKED, "虚假记录")) == []
        assert await status(db, asked.subject_id) == "REVOKED"


async def test_hub_far_above_revokes_by_quick_review_while_the_station_has_it(
    db: Any, office: Office
) -> None:
    for name, under in (("district", None), ("town", "district"), ("below", "town")):
        level = {"district": HubLevel.DISTRICT, "town": HubLevel.TOWN}.get(name)
        await office.forest.plant(name, under, hub_level=level)
    volunteer, viewer = await office.person()
    await office.record(volunteer, "below")
    asked = await office.requested(viewer, "below")
    await office.issued(await office.forest.manager("below"), asked.subject_id)
    district = await office.forest.manager("district")

    with pytest.raises(Forbidden, match="quick review is switched off"):
        await office.ended(district, asked.subject_id, REVOKED, policy=Policy(quick_review=False))
    assert await status(db, asked.subject_id) == "ISSUED"
    assert codes(await office.ended(district, asked.subject_id, REVOKED)) == []
    assert await status(db, asked.subject_id) == "REVOKED"


@pytest.mark.parametrize(
    ("reason", "code"),
    [("啊" * 201, "TOO_LONG"), ("一\x00二", "INVALID"), ("\u2067一", "INVALID")],
)
async def test_bad_reason_is_refused(office: Office, reason: str, code: str) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    printed = await office.printed(viewer)

    assert codes(await office.ended(viewer, printed.subject_id, REVOKED, reason)) == [code]


async def test_sm2_signs_where_the_law_wants_it(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    chinese = desk(algorithm=SignatureAlgorithm.SM2)

    await office.issued(await office.forest.manager("team"), asked.subject_id, at=chinese)

    number, algorithm = await db.fetchrow(
        "select certificate_no, algorithm from certificates where id = $1", asked.subject_id
    )
    check = await office.checked(number, DESK.signer.code(number))
    assert (algorithm, check.state.value) == ("SM2", "VALID")


async def test_a_thousand_are_issued_at_once_at_constant_memory(db: Any, office: Office) -> None:
    manager = await office.forest.manager("team")
    team = office.forest.teams["team"]
    ids = await _thousand_requests(db, office, team.id)

    tracemalloc.start()
    issued = await office.issued(manager, *ids)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(len(errors) for errors in item_codes(issued)) == 0
    done = await db.fetchval(
        "select count(*) from certificates where team_id = $1 and status = 'ISSUED'", team.id
    )
    assert (len(issued.items), done) == (MOST, MOST)
    assert peak < 60 * 2**20, peak
    assert BATCH < MOST


async def _thousand_requests(db: Any, office: Office, team_id: int) -> list[int]:
    """A request of each of a thousand people, each with a record of theirs."""
    people = [
        row["id"]
        for row in await db.fetch(
            "insert into volunteers (province, volunteer_no, name, sort_key, name_grams, sex,"
            " born_on, region_id, region_path, status, real_name_status, registered_at)"
            " select '50', 'VM' || n, '人' || n, 'ren', '{}', 'FEMALE', '1990-01-01', $1, $2,"
            " 'ENABLED', 'VERIFIED', now() from generate_series(1, $3::int) n returning id",
            office.forest.region.id,
            office.forest.region.path,
            MOST,
        )
    ]
    made = await db.fetch(
        "insert into service_records (province, volunteer_id, team_id, region_path, starts_at,"
        " ends_at, minutes, status, source, content, place)"
        " select '50', v, $1, $2, $4::timestamptz, $4::timestamptz + interval '1 hour', 60,"
        " 'EFFECTIVE', 'TEAM_ENTRY',"
        " '服务', '社区' from unnest($3::bigint[]) v returning id, volunteer_id",
        team_id,
        office.forest.region.path,
        people,
        NOW - timedelta(days=400),
    )
    requests = [
        Certificate(
            province="50",
            certificate_no=certificate_no("50", NOW.date(), station=STATION),
            volunteer_id=row["volunteer_id"],
            team_id=team_id,
            status=CertificateStatus.REQUESTED,
            minutes=60,
        )
        for row in made
    ]
    await office.planter.add(*requests)
    await office.planter.add(
        *(
            CertificateRecord(
                province="50", certificate_id=request.id, record_id=row["id"], revision=1
            )
            for request, row in zip(requests, made, strict=True)
        )
    )
    return [request.id for request in requests]
