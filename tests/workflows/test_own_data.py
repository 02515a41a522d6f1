"""A person's own data: consents, a copy of all, corrections, coming back, erasure."""

import asyncio
import itertools
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db.enums import ConsentKind, MembershipStatus, RecordStatus
from db.identities import unseal
from db.ledger.triggers import SET_DAY
from db.models import Base, Membership
from db.numbers import resident_id
from db.queries.own_data import TABLES
from db.session import Database
from permissions.errors import Forbidden, Unauthenticated
from permissions.standing import fetch_standing
from permissions.viewer import PUBLIC, Viewer
from resolvers.consents import NewConsent, give_consent, withdraw_consent
from resolvers.correction_decisions import Verdict, decide_correction
from resolvers.corrections import Correction, request_correction, withdraw_correction
from resolvers.memberships import join_team
from resolvers.outcomes import Outcome
from resolvers.own_data import export_own_data
from resolvers.profile import ProfileChanges, update_profile
from resolvers.volunteer_form import Guardian, NewVolunteer
from resolvers.volunteer_leaving import erase_volunteer, withdraw_volunteer
from resolvers.volunteer_registration import register_volunteer
from tests.small_world import NOW
from tests.workflows.desk import DESK
from tests.workflows.district import District

GUARDIAN = Guardian(name="李强", relation="父亲", mobile="13800000003")
CHILD = date(2013, 1, 1)
LONG_AGO = date(2000, 1, 1)
_orders = itertools.count(1)


def number_of(born_on: date = date(1990, 1, 1), order: int | None = None) -> str:
    return resident_id.make("500112", born_on, next(_orders) if order is None else order)


def form(shared: District, **values: Any) -> NewVolunteer:
    return NewVolunteer(
        **{
            "name": "李明",
            "id_number": number_of(),
            "region_code": shared.regions["community"].code,
            "mobile": "13800000001",
            "consents": True,
            **values,
        }
    )


async def registered(
    database: Database, shared: District, **values: Any
) -> tuple[Viewer, NewVolunteer]:
    """A volunteer registered at the desk, acting as one, and what was told."""
    given = form(shared, **values)
    account = await shared.planter.account()
    viewer = Viewer(role=PUBLIC.role, account_id=account.id)
    outcome = await register_volunteer(database, viewer, DESK, given, None, now=NOW)
    assert codes(outcome) == []
    return await as_volunteer(database, account.id), given


async def as_volunteer(database: Database, account_id: int) -> Viewer:
    async with database.read() as snapshot:
        return (await fetch_standing(snapshot, account_id)).acting_as("volunteer")


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def give(database: Database, viewer: Viewer, **values: Any) -> Outcome:
    given = {"kind": ConsentKind.TRANSFER, "purpose": "转移记录", "recipient": "某协会", **values}
    return await give_consent(database, viewer, NewConsent(**given), None)


async def correct(database: Database, viewer: Viewer, **values: Any) -> Outcome:
    given = Correction(**{"reason": "户口本更名", **values})
    return await request_correction(database, viewer, given, None, desk=DESK, now=NOW)


async def decide(
    database: Database, viewer: Viewer, outcome: Outcome, *, opinion: str | None = None
) -> Outcome:
    assert outcome.subject_id is not None
    verdict = Verdict(request_id=outcome.subject_id, approves=opinion is None, opinion=opinion)
    return await decide_correction(database, viewer, verdict, None)


async def test_consent_is_given_withdrawn_and_kept(
    database: Database, db: Any, shared: District
) -> None:
    viewer, _ = await registered(database, shared)

    first = await give(database, viewer, items=("记录", "评价"))
    same = await give(database, viewer, items=("记录", "评价"))
    assert (codes(first), same.subject_id) == ([], first.subject_id)
    assert first.subject_id is not None
    assert codes(await withdraw_consent(database, viewer, first.subject_id, None)) == []
    again = await withdraw_consent(database, viewer, first.subject_id, None)
    assert codes(again) == [("CONSENT_WITHDRAWN", "consentId")]
    anew = await give(database, viewer, items=("记录", "评价"))
    assert anew.subject_id != first.subject_id

    rows = await db.fetch(
        "select scope::text, recipient, withdrawn_at is null as stands from consents"
        " where volunteer_id = $1 and kind = 'TRANSFER' order by id",
        viewer.volunteer_id,
    )
    assert [(json.loads(row["scope"]), row["recipient"], row["stands"]) for row in rows] == [
        ({"items": ["记录", "评价"]}, "某协会", False),
        ({"items": ["记录", "评价"]}, "某协会", True),
    ]


async def test_consents_of_others_and_to_the_registration_are_not_withdrawn_here(
    database: Database, db: Any, shared: District
) -> None:
    viewer, _ = await registered(database, shared)
    other, _ = await registered(database, shared)
    own = await db.fetchval(
        "select id from consents where volunteer_id = $1 and kind = 'REGISTRATION'",
        viewer.volunteer_id,
    )

    assert codes(await withdraw_consent(database, viewer, own, None)) == [
        ("WRONG_STATE", "consentId")
    ]
    assert codes(await withdraw_consent(database, other, own, None)) == [("NOT_FOUND", "consentId")]
    with pytest.raises(Unauthenticated):
        await give(database, PUBLIC)
    with pytest.raises(Forbidden):
        await give(database, await shared.forest.manager("town"))


async def test_extra_items_take_a_consent_and_go_with_it(
    database: Database, db: Any, shared: District
) -> None:
    viewer, _ = await registered(database, shared)
    changes: ProfileChanges = {"education": "本科"}
    assert codes(await update_profile(database, viewer, changes, None)) == [
        ("CONSENT_REQUIRED", "education")
    ]
    consent = await give(
        database, viewer, kind=ConsentKind.EXTRA_ITEMS, recipient=None, purpose="登记补充信息"
    )
    assert codes(await update_profile(database, viewer, changes, None)) == []

    assert consent.subject_id is not None
    await withdraw_consent(database, viewer, consent.subject_id, None)

    row = await db.fetchrow("select education from volunteers where id = $1", viewer.volunteer_id)
    assert row["education"] is None


async def test_guardian_consents_under_18_and_joining_stands_and_falls_with_it(
    database: Database, db: Any, shared: District
) -> None:
    """DOMAIN §11.19."""
    await shared.team("group", "community", shared.regions["community"])
    team = shared.forest.teams["group"].id
    viewer, _ = await registered(database, shared, id_number=number_of(CHILD), guardian=GUARDIAN)
    assert codes(await give(database, viewer)) == [("GUARDIAN_REQUIRED", "guardian")]
    by_guardian = await give(database, viewer, guardian=GUARDIAN)
    given_by = await db.fetchval(
        "select given_by from consents where id = $1", by_guardian.subject_id
    )
    assert given_by == GUARDIAN.name
    guardian = await db.fetchval(
        "select id from consents where volunteer_id = $1 and kind = 'GUARDIAN'",
        viewer.volunteer_id,
    )
    await withdraw_consent(database, viewer, guardian, None)
    assert codes(await join_team(database, viewer, team, None)) == [("GUARDIAN_REQUIRED", "teamId")]
    await give(
        database,
        viewer,
        kind=ConsentKind.GUARDIAN,
        purpose="参加志愿服务",
        recipient=None,
        guardian=GUARDIAN,
    )
    assert codes(await join_team(database, viewer, team, None)) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"kind": ConsentKind.REGISTRATION}, ("INVALID", "kind")),
        ({"purpose": ""}, ("REQUIRED", "purpose")),
        ({"purpose": "长" * 201}, ("TOO_LONG", "purpose")),
        ({"purpose": "坏\x00"}, ("INVALID", "purpose")),
        ({"recipient": None}, ("REQUIRED", "recipient")),
        ({"recipient": "某\u202e方"}, ("INVALID", "recipient")),
        ({"items": tuple(map(str, range(21)))}, ("TOO_LONG", "items")),
        ({"items": ("项" * 51,)}, ("TOO_LONG", "items")),
        ({"kind": ConsentKind.GUARDIAN}, ("REQUIRED", "guardian")),
        ({"guardian": replace(GUARDIAN, mobile="1")}, ("INVALID", "guardian.mobile")),
        ({"guardian": replace(GUARDIAN, relation="")}, ("REQUIRED", "guardian.relation")),
    ],
)
async def test_bad_consent_is_refused_with_its_field(
    database: Database, shared: District, values: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert codes(await give(database, await shared.person(), **values)) == [expected]


async def test_volunteer_moves_to_another_region(
    database: Database, db: Any, shared: District
) -> None:
    viewer, _ = await registered(database, shared)
    other = shared.regions["other"]

    assert codes(await update_profile(database, viewer, {"region_code": "-"}, None)) == [
        ("NOT_FOUND", "regionCode")
    ]
    assert codes(await update_profile(database, viewer, {"region_code": other.code}, None)) == []

    row = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    assert (row["region_id"], row["region_path"]) == (other.id, other.path)


async def test_withdrawn_person_comes_back_with_number_and_records(
    database: Database, db: Any, shared: District
) -> None:
    viewer, given = await registered(database, shared)
    assert viewer.volunteer_id is not None
    volunteer = await shared.planter.volunteer(shared.regions["community"])
    record = await shared.planter.record(
        volunteer, shared.forest.teams["community"], status=RecordStatus.EFFECTIVE
    )
    await db.execute(
        "update service_records set volunteer_id = $2 where id = $1", record.id, viewer.volunteer_id
    )
    before = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    await withdraw_volunteer(database, viewer, None)
    stranger = await shared.planter.account()
    thief = Viewer(role=PUBLIC.role, account_id=stranger.id)
    new = replace(given, mobile="13900000009")

    taken = await register_volunteer(database, thief, DESK, new, None, now=NOW)
    unsigned = replace(new, username="anew_name", password="Correct-horse-7")
    fresh = await register_volunteer(database, PUBLIC, DESK, unsigned, None, now=NOW)
    back = await register_volunteer(database, viewer, DESK, new, None, now=NOW)

    assert codes(taken) == codes(fresh) == [("ALREADY_REGISTERED", "idNumber")]
    assert codes(back) == []
    row = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    assert (row["status"], row["mobile"]) == ("ENABLED", "13900000009")
    assert (row["volunteer_no"], row["registered_at"]) == (
        before["volunteer_no"],
        before["registered_at"],
    )
    kinds = await db.fetch(
        "select kind from consents where volunteer_id = $1 and withdrawn_at is null",
        viewer.volunteer_id,
    )
    assert [each["kind"] for each in kinds] == ["REGISTRATION"]
    owner = await db.fetchval("select volunteer_id from service_records where id = $1", record.id)
    assert owner == viewer.volunteer_id


async def test_copy_holds_everything_about_the_person_and_is_audited(
    database: Database, db: Any, shared: District
) -> None:
    viewer, given = await registered(database, shared)
    assert viewer.volunteer_id is not None
    await shared.planter.add(
        Membership(
            province="50",
            team_id=shared.forest.teams["community"].id,
            volunteer_id=viewer.volunteer_id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )

    copy = await export_own_data(database, viewer, keys=(DESK.identity_key,))

    assert copy.data["identity"]["idNumber"] == given.id_number
    assert copy.data["volunteer"]["name"] == given.name
    assert copy.data["volunteer"]["mobile"] == given.mobile
    assert [each["kind"] for each in copy.data["consents"]] == ["REGISTRATION"]
    assert [each["status"] for each in copy.data["memberships"]] == ["JOINED"]
    assert copy.data["account"]["username"]
    detail = await db.fetchval(
        "select detail::text from audit_log where action = 'volunteer.data_exported'"
        " and subject_id = $1",
        viewer.volunteer_id,
    )
    assert detail == "{}"
    assert given.id_number not in repr(copy)


def test_copy_knows_every_table_that_names_a_volunteer() -> None:
    naming = {
        table.name for table in Base.metadata.sorted_tables if "volunteer_id" in table.columns
    }

    assert naming - {"volunteer_identities"} == set(TABLES.values())


async def test_name_is_corrected_by_a_department_after_a_new_check(
    database: Database, db: Any, shared: District
) -> None:
    """DOMAIN §11.19."""
    viewer, _ = await registered(database, shared)
    asked = await correct(database, viewer, name="李晓明")
    assert codes(asked) == []
    row = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    assert row["name"] == "李明"

    officer = await shared.forest.officer(shared.regions["town"])
    assert codes(await decide(database, officer, asked)) == []

    row = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    assert (row["name"], row["real_name_status"]) == ("李晓明", "VERIFIED")
    assert "晓明" in row["name_grams"]
    shown = await db.fetchval("select display_name from accounts where id = $1", viewer.account_id)
    assert shown == "李晓明"
    told = await db.fetchval(
        "select count(*) from notifications where account_id = $1", viewer.account_id
    )
    assert told == 1
    assert codes(await decide(database, officer, asked)) == [("ALREADY_DECIDED", "correctionId")]


async def test_number_is_corrected_sealed_and_free_again(
    database: Database, db: Any, shared: District
) -> None:
    viewer, given = await registered(database, shared)
    assert viewer.volunteer_id is not None
    right = number_of(date(1991, 2, 2))
    asked = await correct(database, viewer, id_number=right)
    stored = await db.fetchval(
        "select r::text from correction_requests r where id = $1", asked.subject_id
    )
    assert right not in stored

    await decide(database, await shared.forest.officer(shared.regions["city"]), asked)

    sealed = await db.fetchval(
        "select sealed_number from volunteer_identities where volunteer_id = $1",
        viewer.volunteer_id,
    )
    opened = unseal(sealed, volunteer_id=viewer.volunteer_id, key=DESK.identity_key)
    assert opened == right
    row = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    assert row["born_on"] == date(1991, 2, 2)
    other, _ = await registered(database, shared, id_number=given.id_number)
    assert other.volunteer_id != viewer.volunteer_id
    again = await correct(database, viewer, id_number=given.id_number)
    assert codes(again) == [("ALREADY_REGISTERED", "idNumber")]


async def test_rejected_correction_changes_nothing_and_has_a_reason(
    database: Database, db: Any, shared: District
) -> None:
    viewer, _ = await registered(database, shared)
    asked = await correct(database, viewer, name="李晓明")
    officer = await shared.forest.officer(shared.regions["district"])
    assert asked.subject_id is not None
    silent = await decide_correction(
        database, officer, Verdict(request_id=asked.subject_id, approves=False), None
    )
    assert codes(silent) == [("REASON_REQUIRED", "opinion")]

    assert codes(await decide(database, officer, asked, opinion="材料不符")) == []

    row = await db.fetchrow("select name from volunteers where id = $1", viewer.volunteer_id)
    assert row["name"] == "李明"
    again = await correct(database, viewer, name="李小明")
    assert codes(again) == []
    twice = await correct(database, viewer, name="李大明")
    assert codes(twice) == [("ALREADY_APPLIED", None)]
    assert again.subject_id is not None
    assert codes(await withdraw_correction(database, viewer, again.subject_id, None)) == []


async def test_department_over_the_residence_decides_and_nobody_else(
    database: Database, shared: District
) -> None:
    viewer, _ = await registered(database, shared)
    asked = await correct(database, viewer, name="李晓明")
    other = await shared.forest.officer(shared.regions["other"])
    assert codes(await decide(database, other, asked)) == [("NOT_FOUND", "correctionId")]
    hub = await shared.forest.manager("district")
    with pytest.raises(Forbidden):
        await decide(database, hub, asked)
    with pytest.raises(Forbidden):
        await decide(database, viewer, asked)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("REQUIRED", "name")),
        ({"name": "Bob"}, ("INVALID", "name")),
        ({"name": "李晓明", "reason": ""}, ("REASON_REQUIRED", "reason")),
        ({"name": "李晓明", "reason": "因" * 501}, ("TOO_LONG", "reason")),
        ({"id_number": "500112199001010018"}, ("ID_NUMBER_INVALID", "idNumber")),
        ({"born_on": date(1980, 1, 1)}, ("INVALID", "bornOn")),
        ({"id_number": number_of(order=998)}, ("REAL_NAME_MISMATCH", "idNumber")),
        ({"id_number": number_of(order=999)}, ("REGISTER_UNAVAILABLE", None)),
    ],
)
async def test_bad_correction_is_refused_with_its_field(
    database: Database,
    db: Any,
    shared: District,
    *,
    values: dict[str, Any],
    expected: tuple[str, str | None],
) -> None:
    viewer, _ = await registered(database, shared)

    assert codes(await correct(database, viewer, **values)) == [expected]
    waiting = await db.fetchval(
        "select count(*) from correction_requests where volunteer_id = $1", viewer.volunteer_id
    )
    assert waiting == 0


async def test_erased_person_leaves_records_without_a_name(
    database: Database, db: Any, shared: District
) -> None:
    viewer, given = await registered(
        database, shared, name="欧阳晓", mobile="13812345678", email="ouyang@example.org"
    )
    assert viewer.volunteer_id is not None
    await correct(database, viewer, name="欧阳小")
    early = await erase_volunteer(database, viewer, None)
    assert codes(early) == [("WRONG_STATE", None)]
    await withdraw_volunteer(database, viewer, None)

    assert codes(await erase_volunteer(database, viewer, None)) == []

    identity = await db.fetchval(
        "select count(*) from volunteer_identities where volunteer_id = $1", viewer.volunteer_id
    )
    assert identity == 0
    row = await db.fetchrow("select * from volunteers where id = $1", viewer.volunteer_id)
    assert (row["name"], row["account_id"], row["born_on"]) == ("已删除", None, date(1990, 1, 1))
    for table in ("volunteers", "accounts", "consents", "correction_requests", "notifications"):
        rows = await db.fetch(f"select t::text as row from {table} t")  # noqa: S608
        found = " ".join(each["row"] for each in rows)
        for trace in ("欧阳", "13812345678", "ouyang", given.id_number):
            assert trace not in found, (table, trace)
    with pytest.raises(Unauthenticated):
        await as_volunteer(database, viewer.account_id or 0)
    anew, _ = await registered(database, shared, id_number=given.id_number)
    assert anew.volunteer_id != viewer.volunteer_id


async def test_erased_person_who_acts_for_a_team_keeps_the_account(
    database: Database, db: Any, shared: District
) -> None:
    viewer, _ = await registered(database, shared)
    await db.execute(
        "insert into team_admins (province, team_id, account_id, role)"
        " values ('50', $1, $2, 'MANAGER')",
        shared.forest.teams["community"].id,
        viewer.account_id,
    )
    await withdraw_volunteer(database, viewer, None)

    await erase_volunteer(database, viewer, None)

    status = await db.fetchval("select status from accounts where id = $1", viewer.account_id)
    assert status == "ENABLED"


async def test_registration_waits_for_a_region_that_moves_and_takes_its_new_path(
    database: Database, db: Any, shared: District
) -> None:
    region = shared.regions["village"]
    moved = f"{shared.regions['district'].path}{region.id}/"
    account = await shared.planter.account()
    viewer = Viewer(role=PUBLIC.role, account_id=account.id)
    given = form(shared, region_code=region.code)

    async with database.write(account_id=None, capacity="test", action="move") as write:
        await write.lock_tree(exclusive=True)
        task = asyncio.create_task(register_volunteer(database, viewer, DESK, given, None, now=NOW))
        await asyncio.sleep(0.3)
        assert not task.done()
        await write.run(SET_DAY, LONG_AGO)
        await write.run("update regions set path = $2 where id = $1", region.id, moved)
    outcome = await task

    path = await db.fetchval("select region_path from volunteers where id = $1", outcome.subject_id)
    assert path == moved
    # As if it had never lain there.
    async with db.transaction():
        await db.execute(SET_DAY, LONG_AGO)
        await db.execute("update regions set path = $2 where id = $1", region.id, region.path)
        await db.execute(
            "update volunteers set region_path = $2 where id = $1", outcome.subject_id, region.path
        )
