"""Printing, asking, taking back."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import (
    CertificateStatus,
    ConsentKind,
    HubLevel,
    RecordStatus,
    RegistrationStatus,
    TeamKind,
    TeamStatus,
)
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC
from resolvers.certificate_requests import cancel_request, print_certificate
from resolvers.certificate_snapshot import canonical
from resolvers.certificate_wish import MOST_RECORDS, Wish
from tests.certificates.office import DESK, Office, codes, item_codes
from tests.small_world import NOW

TODAY = NOW.date()
# What Order 67 §15 asks for, who it is about and who says so; nothing else may appear.
ALLOWED = {
    *("version", "title", "certificateNo", "kind", "issuedOn", "issuer", "minutes", "records"),
    "volunteer",
}
ALLOWED_OF_RECORDS = {"startsAt", "endsAt", "minutes", "content", "recordingUnit"}
LEGAL = {"registration_status": RegistrationStatus.LEGAL_PERSON, "uscc": "52500112MJP000001W"}


async def stored(db: Any, certificate_id: int | None) -> dict[str, Any]:
    row = await db.fetchrow("select * from certificates where id = $1", certificate_id)
    return {**row, "snapshot": row["snapshot"] and json.loads(row["snapshot"])}


async def test_volunteer_prints_what_is_effective_without_anybodys_approval(
    db: Any, office: Office
) -> None:
    volunteer, viewer = await office.person()
    record = await office.record(volunteer, minutes=90, content="陪伴老人")
    await office.record(volunteer, days_ago=9, status=RecordStatus.NOT_EFFECTIVE)
    await office.record(volunteer, days_ago=8, status=RecordStatus.DISPUTED)
    await office.record(volunteer, days_ago=7, is_flagged=True)

    outcome = await office.printed(viewer)

    assert outcome.errors == ()
    row = await stored(db, outcome.subject_id)
    assert (row["status"], row["team_id"], row["minutes"]) == ("ISSUED", None, 90)
    assert row["snapshot"]["records"] == [
        {
            "startsAt": "2026-05-10T12:00+08:00",
            "endsAt": "2026-05-10T13:30+08:00",
            "minutes": 90,
            "content": "陪伴老人",
            "recordingUnit": office.forest.teams["team"].name,
        }
    ]
    links = await db.fetch(
        "select record_id, revision from certificate_records where certificate_id = $1",
        outcome.subject_id,
    )
    assert [tuple(link) for link in links] == [(record.id, 1)]


async def test_certificate_says_what_order_67_asks_and_nothing_else(
    db: Any, office: Office
) -> None:
    volunteer, viewer = await office.person(mobile="13812345678", address="某街 1 号")
    await office.identify(volunteer)
    await office.record(volunteer, place="某小区", contact_name="王五", note="内部备注")

    snapshot = (await stored(db, (await office.printed(viewer)).subject_id))["snapshot"]

    assert set(snapshot) == ALLOWED
    assert set(snapshot["volunteer"]) == {"name", "volunteerNo"}
    assert {frozenset(row) for row in snapshot["records"]} == {frozenset(ALLOWED_OF_RECORDS)}


async def test_id_number_is_shown_masked_and_with_consent_only(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.identify(volunteer)
    await office.record(volunteer)

    row = await stored(db, (await office.printed(viewer, Wish(shows_id_number=True))).subject_id)

    assert row["snapshot"]["volunteer"]["idNumber"] == "500***********0017"
    consent = await db.fetchrow(
        "select kind, volunteer_id from consents where id = $1", row["id_number_consent_id"]
    )
    assert tuple(consent) == (ConsentKind.EXTRA_ITEMS.value, volunteer.id)


async def test_minor_s_id_number_is_shown_only_while_a_guardian_consents(
    db: Any, office: Office
) -> None:
    child, viewer = await office.person(born_on=date(2013, 1, 1))
    await office.identify(child)
    await office.record(child)

    refused = await office.printed(viewer, Wish(shows_id_number=True))

    assert [(error.code.value, error.field) for error in refused.errors] == [
        ("GUARDIAN_REQUIRED", "showIdNumber")
    ]
    assert not await db.fetchval("select count(*) from consents where volunteer_id = $1", child.id)
    assert (await office.printed(viewer)).errors == ()


async def test_signature_covers_the_snapshot(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)

    row = await stored(db, (await office.printed(viewer)).subject_id)

    signed = DESK.signer.sign(canonical(row["snapshot"]))
    assert (row["digest"], row["signature"]) == (signed.digest, signed.signature)


async def test_records_of_a_time_are_chosen_by_days_of_china(office: Office) -> None:
    volunteer, viewer = await office.person()
    midnight = NOW.replace(hour=16, minute=0) - timedelta(days=6)  # begins 15 May in China
    await office.planter.record(
        volunteer, office.forest.teams["team"], starts_at=midnight, status=RecordStatus.EFFECTIVE
    )

    inside = await office.printed(viewer, Wish(since=date(2026, 5, 15), until=date(2026, 5, 15)))
    before = await office.printed(viewer, Wish(until=date(2026, 5, 14)))

    assert (codes(inside), codes(before)) == ([], ["NOTHING_TO_CERTIFY"])


async def test_association_that_did_not_record_is_refused(db: Any, office: Office) -> None:
    """DOMAIN §11.14: 谁记录谁证明."""
    await office.forest.plant("other")
    volunteer, viewer = await office.person()
    await office.record(volunteer)

    refused = await office.requested(viewer, "other")

    assert codes(refused) == ["NOT_RECORDING_TEAM"]
    assert (
        await db.fetchval("select count(*) from certificates where volunteer_id = $1", volunteer.id)
        == 0
    )


async def test_edge_case_12_group_inside_a_unit_records_and_the_unit_certifies(
    db: Any, office: Office
) -> None:
    """DOMAIN §11.12: a group that its unit or community set up issues nothing itself."""
    forest = office.forest
    unit = await forest.plant("unit", **LEGAL)
    group = await forest.plant("inside", affiliated_org_id=unit.id)
    volunteer, viewer = await office.person()
    await office.record(volunteer, "inside", minutes=90)

    asked = await office.requested(viewer, "inside")
    refused = await office.issued(await forest.manager("inside"), asked.subject_id)
    issued = await office.issued(await forest.manager("unit"), asked.subject_id)

    assert (codes(asked), item_codes(refused), item_codes(issued)) == ([], [["NOT_FOUND"]], [[]])
    row = await stored(db, asked.subject_id)
    assert (row["team_id"], row["minutes"]) == (unit.id, 90)
    snapshot = row["snapshot"]
    assert (snapshot["issuer"], snapshot["standsFor"]) == (unit.name, [group.name])
    assert [each["recordingUnit"] for each in snapshot["records"]] == [group.name]


@pytest.mark.parametrize(
    "values",
    [
        LEGAL,
        {"registration_status": RegistrationStatus.FILED},
        {"kind": TeamKind.ORGANIZATION},
        {"kind": TeamKind.OTHER_LEGAL},
        {"hub_level": HubLevel.COMMUNITY},
    ],
)
async def test_edge_case_12_who_is_more_than_a_group_inside_certifies_itself(
    office: Office, values: dict[str, Any]
) -> None:
    forest = office.forest
    unit = await forest.plant("unit", hub_level=HubLevel.TOWN)
    await forest.plant("own", affiliated_org_id=unit.id, **values)
    volunteer, viewer = await office.person()
    await office.record(volunteer, "own")

    asked = await office.requested(viewer, "own")

    assert item_codes(await office.issued(await forest.manager("own"), asked.subject_id)) == [[]]


@pytest.mark.parametrize("shape", ["unit is dissolved", "group is dissolved", "heir is inside"])
async def test_edge_case_12_unit_and_who_carries_on_for_it_stand_before_any_group(
    db: Any, office: Office, shape: str
) -> None:
    forest = office.forest
    gone = {"status": TeamStatus.DISSOLVED}
    issuer = await forest.plant("issuer", hub_level=HubLevel.TOWN)
    unit = await forest.plant("unit", hub_level=HubLevel.TOWN, successor_id=issuer.id, **gone)
    inside = await forest.plant("inside", affiliated_org_id=issuer.id)
    recording = {
        "unit is dissolved": {"affiliated_org_id": unit.id},
        "group is dissolved": {"affiliated_org_id": issuer.id, **gone},
        "heir is inside": {"successor_id": inside.id, **gone},
    }
    await forest.plant("recording", **recording[shape])
    volunteer, viewer = await office.person()
    await office.record(volunteer, "recording")

    asked = await office.requested(viewer, "recording")

    assert codes(asked) == []
    assert (await stored(db, asked.subject_id))["team_id"] == issuer.id


async def test_team_certifies_its_own_records_alone(db: Any, office: Office) -> None:
    await office.forest.plant("other")
    volunteer, viewer = await office.person()
    mine = await office.record(volunteer)
    await office.record(volunteer, "other", days_ago=5)

    asked = await office.requested(viewer)

    linked = await db.fetch(
        "select record_id from certificate_records where certificate_id = $1", asked.subject_id
    )
    assert [row["record_id"] for row in linked] == [mine.id]


@pytest.mark.parametrize("shape", ["successor", "successor of the successor", "superior"])
async def test_who_carries_on_issues_for_a_dissolved_team(
    db: Any, office: Office, shape: str
) -> None:
    forest = office.forest
    await forest.plant("hub", hub_level=HubLevel.TOWN)
    heir = await forest.plant("heir")
    middle = await forest.plant("middle", status=TeamStatus.DISSOLVED, successor_id=heir.id)
    after = {"successor": heir.id, "successor of the successor": middle.id, "superior": None}
    gone = await forest.plant("gone", "hub", status=TeamStatus.DISSOLVED, successor_id=after[shape])
    volunteer, viewer = await office.person()
    await office.record(volunteer, "gone")
    issuer = "hub" if shape == "superior" else "heir"

    asked = await office.requested(viewer, "gone")
    issued = await office.issued(await forest.manager(issuer), asked.subject_id)

    assert (codes(asked), item_codes(issued)) == ([], [[]])
    snapshot = (await stored(db, asked.subject_id))["snapshot"]
    assert snapshot["issuer"] == forest.teams[issuer].name
    assert snapshot["standsFor"] == [gone.name]
    assert snapshot["records"][0]["recordingUnit"] == gone.name


async def test_dissolved_team_that_nobody_follows_is_told(office: Office) -> None:
    await office.forest.plant("alone", status=TeamStatus.DISSOLVED)
    volunteer, viewer = await office.person()
    await office.record(volunteer, "alone")

    assert codes(await office.requested(viewer, "alone")) == ["NO_ISSUER"]


async def test_one_request_waits_at_a_team_at_a_time(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)

    first = await office.requested(viewer)
    second = await office.requested(viewer)
    assert first.subject_id is not None
    back = await cancel_request(office.database, viewer, first.subject_id, None)
    third = await office.requested(viewer)

    assert (codes(first), codes(second), codes(third)) == ([], ["ALREADY_APPLIED"], [])
    row = await stored(db, back.subject_id)
    assert (row["status"], row["revoke_reason"]) == ("DECLINED", "由本人撤回")


async def test_new_certificate_supersedes_the_one_it_replaces(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    old = await office.printed(viewer)

    new = await office.printed(viewer, Wish(replaces_id=old.subject_id))

    assert (await stored(db, old.subject_id))["status"] == "SUPERSEDED"
    assert (await stored(db, new.subject_id))["status"] == "ISSUED"
    assert codes(await office.printed(viewer, Wish(replaces_id=old.subject_id))) == ["NOT_FOUND"]


async def test_certificates_of_others_are_not_replaced(office: Office) -> None:
    volunteer, viewer = await office.person()
    stranger, other = await office.person()
    await office.record(volunteer)
    await office.record(stranger)
    theirs = await office.printed(other)

    assert codes(await office.printed(viewer, Wish(replaces_id=theirs.subject_id))) == ["NOT_FOUND"]


async def test_foreign_hidden_and_missing_records_are_alike(office: Office) -> None:
    volunteer, viewer = await office.person()
    stranger, _ = await office.person()
    mine = await office.record(volunteer)
    foreign = await office.record(stranger)
    void = await office.record(volunteer, days_ago=3, status=RecordStatus.VOID, void_reason="重复")

    for other in (foreign.id, void.id, 2**62):
        outcome = await office.printed(viewer, Wish(record_ids=[mine.id, other]))
        assert codes(outcome) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"since": TODAY + timedelta(days=1)}, [("INVALID", "since")]),
        ({"since": date(1, 1, 1)}, [("INVALID", "since")]),
        ({"until": date.max}, [("INVALID", "until")]),
        (
            {"since": date(2026, 5, 2), "until": date(2026, 5, 1)},
            [("INVALID", "until")],
        ),
        ({"record_ids": [1], "since": date(2026, 5, 1)}, [("INVALID", "recordIds")]),
        ({"record_ids": list(range(MOST_RECORDS + 1))}, [("TOO_MANY", "recordIds")]),
        ({"record_ids": []}, [("NOTHING_TO_CERTIFY", None)]),
    ],
)
async def test_bad_wish_is_refused(
    office: Office, wish: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)

    outcome = await office.printed(viewer, Wish(**wish))

    assert [(error.code.value, error.field) for error in outcome.errors] == expected


async def test_no_more_records_than_fit_are_certified_at_once(office: Office) -> None:
    volunteer, viewer = await office.person()
    for n in range(MOST_RECORDS + 1):
        await office.record(volunteer, days_ago=n + 2, minutes=30)

    assert codes(await office.printed(viewer)) == ["TOO_MANY"]


async def test_only_who_acts_as_a_volunteer_prints(office: Office) -> None:
    manager = await office.forest.manager("team")

    with pytest.raises(Forbidden):
        await office.printed(manager)
    with pytest.raises(Unauthenticated):
        await office.printed(PUBLIC)


async def test_requests_of_others_are_not_taken_back(office: Office) -> None:
    volunteer, viewer = await office.person()
    _, stranger = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    assert asked.subject_id is not None

    outcome = await cancel_request(office.database, stranger, asked.subject_id, None)

    assert codes(outcome) == ["NOT_FOUND"]


async def test_same_key_prints_once(office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)

    first, second = [
        await print_certificate(office.database, viewer, DESK, Wish(), "once", now=NOW)
        for _ in range(2)
    ]

    assert first.subject_id == second.subject_id is not None


async def test_issued_certificate_is_not_taken_back(office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    printed = await office.printed(viewer)
    assert printed.subject_id is not None

    assert codes(await cancel_request(office.database, viewer, printed.subject_id, None)) == [
        "WRONG_STATE"
    ]
    assert codes(await office.ended(viewer, printed.subject_id, CertificateStatus.REVOKED)) == []
