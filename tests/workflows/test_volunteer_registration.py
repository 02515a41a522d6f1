"""Registering as a volunteer: who is taken, who is refused and why, what is kept."""

import asyncio
import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db.enums import IdentityType, Sex
from db.identities import unseal
from db.models import Region
from db.numbers import resident_id
from db.passwords import verify_password
from db.session import Database
from permissions.errors import InvalidInput
from permissions.viewer import PUBLIC, Role, Viewer
from resolvers.outcomes import Outcome
from resolvers.volunteer_form import Guardian, NewVolunteer
from resolvers.volunteer_registration import register_volunteer
from tests.small_world import NOW, Planter
from tests.workflows.desk import DESK

PASSWORD = "Correct-horse-7"
GUARDIAN = Guardian(name="李强", relation="父亲", mobile="13800000003")
_orders = itertools.count(1)


def id_number(born_on: date = date(1990, 1, 1), order: int | None = None) -> str:
    return resident_id.make("500112", born_on, next(_orders) if order is None else order)


@pytest.fixture
async def region(planter: Planter) -> Region:
    return await planter.region()


@pytest.fixture
def person(region: Region) -> NewVolunteer:
    """A person of whom nothing is known yet."""
    number = id_number()
    return NewVolunteer(
        name="李明",
        id_number=number,
        region_code=region.code,
        mobile="13800000001",
        skills=("急救",),
        consents=True,
        username=f"liming_{number[14:17]}",
        password=PASSWORD,
    )


async def register(
    database: Database, person: NewVolunteer, viewer: Viewer = PUBLIC, key: str | None = None
) -> Outcome:
    return await register_volunteer(database, viewer, DESK, person, key, now=NOW)


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def people(db: Any) -> int:
    count: int = await db.fetchval(
        "select (select count(*) from accounts) + (select count(*) from volunteers)"
    )
    return count


async def test_person_becomes_a_volunteer_with_an_account(
    database: Database, db: Any, person: NewVolunteer
) -> None:
    outcome = await register(database, person)

    assert outcome.errors == ()
    row = await db.fetchrow(
        "select v.*, a.username, a.password_hash from volunteers v "
        "join accounts a on a.id = v.account_id where v.id = $1",
        outcome.subject_id,
    )
    assert row["volunteer_no"] == outcome.number
    assert (row["born_on"], row["sex"]) == (date(1990, 1, 1), _sex(person))
    assert (row["status"], row["real_name_status"]) == ("ENABLED", "VERIFIED")
    assert row["real_name_checked_at"] == NOW
    assert row["username"] == person.username
    assert verify_password(row["password_hash"], PASSWORD).ok


def _sex(person: NewVolunteer) -> str:
    return "MALE" if int(person.id_number[16]) % 2 else "FEMALE"


async def test_id_number_is_sealed_and_stands_nowhere_else(
    database: Database, db: Any, person: NewVolunteer
) -> None:
    outcome = await register(database, person)

    sealed = await db.fetchval(
        "select sealed_number from volunteer_identities where volunteer_id = $1", outcome.subject_id
    )
    assert outcome.subject_id is not None
    opened = unseal(sealed, volunteer_id=outcome.subject_id, key=DESK.identity_key)
    assert opened == person.id_number
    for table in ("accounts", "volunteers", "consents", "audit_log", "outbox", "idempotency_keys"):
        rows = await db.fetch(f"select t::text as row from {table} t")  # noqa: S608
        assert [row for row in rows if person.id_number in row["row"]] == []
        assert [row for row in rows if PASSWORD in row["row"]] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "李"}, ("INVALID", "name")),
        ({"name": "<script>"}, ("INVALID", "name")),
        ({"name": "李\u202e明"}, ("INVALID", "name")),
        ({"name": "李" * 21}, ("INVALID", "name")),
        ({"name": "李\ud800"}, ("INVALID", "name")),  # half of a pair, which no database holds
        ({"name": "李\ue000"}, ("INVALID", "name")),  # of private use: no character at all
        ({"name": "한국"}, ("INVALID", "name")),
        ({"id_number": "500112199001010018"}, ("ID_NUMBER_INVALID", "idNumber")),
        ({"id_number": "500112199002300017"}, ("ID_NUMBER_INVALID", "idNumber")),
        ({"id_number": id_number(date(2030, 1, 1))}, ("ID_NUMBER_INVALID", "idNumber")),
        ({"id_number": ""}, ("ID_NUMBER_INVALID", "idNumber")),
        ({"id_number": "x" * 100_000}, ("ID_NUMBER_INVALID", "idNumber")),
        ({"born_on": date(1991, 1, 1)}, ("INVALID", "bornOn")),
        ({"mobile": "12800000000"}, ("INVALID", "mobile")),
        ({"mobile": "1380000000１"}, ("INVALID", "mobile")),
        ({"email": "none"}, ("INVALID", "email")),
        ({"nickname": "n" * 21}, ("TOO_LONG", "nickname")),
        ({"address": "a\nb"}, ("INVALID", "address")),
        ({"skills": ("s",) * 21}, ("TOO_LONG", "skills")),
        ({"service_categories": ("NONE",)}, ("INVALID", "serviceCategories")),
        ({"region_code": "999999999999"}, ("NOT_FOUND", "regionCode")),
        ({"consents": False}, ("CONSENT_REQUIRED", "consents")),
        ({"ethnicity": "01"}, ("CONSENT_REQUIRED", "consentsToExtraItems")),
        ({"username": None}, ("REQUIRED", "username")),
        ({"username": "1abc"}, ("INVALID", "username")),
        ({"username": "ab"}, ("INVALID", "username")),
        ({"password": None}, ("REQUIRED", "password")),
        ({"password": "Short-7"}, ("PASSWORD_WEAK", "password")),
        ({"password": "onlysmallones"}, ("PASSWORD_WEAK", "password")),
        ({"password": "Aa1Aa1Aa1Aa1Aa1Aa1"}, ("PASSWORD_WEAK", "password")),
        ({"password": "My-13800000001-x"}, ("PASSWORD_WEAK", "password")),
        ({"password": "x" * 129}, ("PASSWORD_WEAK", "password")),
        (
            {"id_type": IdentityType.PASSPORT, "id_number": "E12345678"},
            ("REQUIRED", "bornOn"),
        ),
        (
            {
                "id_type": IdentityType.PASSPORT,
                "id_number": "!",
                "sex": Sex.MALE,
                "born_on": date(1990, 1, 1),
            },
            ("ID_NUMBER_INVALID", "idNumber"),
        ),
    ],
)
async def test_bad_input_is_refused_and_nothing_kept(
    database: Database,
    db: Any,
    person: NewVolunteer,
    changes: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    before = await people(db)

    outcome = await register(database, replace(person, **changes))

    assert expected in codes(outcome)
    assert len(outcome.errors) == 1
    assert await people(db) == before


@pytest.mark.parametrize(
    ("order", "code"), [(998, "REAL_NAME_MISMATCH"), (999, "REGISTER_UNAVAILABLE")]
)
async def test_person_whose_name_is_not_confirmed_is_refused(
    database: Database, db: Any, person: NewVolunteer, order: int, code: str
) -> None:
    before = await people(db)

    outcome = await register(database, replace(person, id_number=id_number(order=order)))

    assert [error.code.value for error in outcome.errors] == [code]
    assert await people(db) == before


async def test_second_registration_of_an_id_number_is_refused_however_written(
    database: Database, person: NewVolunteer
) -> None:
    """DOMAIN §11.19."""
    number = resident_id.make("500112", date(1993, 4, 4), _ending_in_x())
    await register(database, replace(person, id_number=number))

    again = await register(
        database, replace(person, id_number=f" {number.lower()} ", username="other_name")
    )

    assert codes(again) == [("ALREADY_REGISTERED", "idNumber")]


def _ending_in_x() -> int:
    return next(
        order
        for order in range(990)
        if resident_id.make("500112", date(1993, 4, 4), order).endswith("X")
    )


async def test_of_ten_registrations_of_one_person_at_once_one_is_made(
    database: Database, db: Any, person: NewVolunteer
) -> None:
    """DOMAIN §11.19."""
    outcomes = await asyncio.gather(
        *(register(database, replace(person, username=f"same_person_{n}")) for n in range(10))
    )

    made = [outcome for outcome in outcomes if outcome.subject_id is not None]
    assert len(made) == 1
    told = [code for outcome in outcomes for code in codes(outcome)]
    assert told == [("ALREADY_REGISTERED", "idNumber")] * 9
    assert await db.fetchval("select count(*) from accounts where username ~ '^same_person'") == 1


async def test_taken_username_is_refused(database: Database, person: NewVolunteer) -> None:
    await register(database, person)

    other = replace(person, id_number=id_number(), username=(person.username or "").upper())

    assert codes(await register(database, other)) == [("USERNAME_TAKEN", "username")]


@pytest.mark.parametrize("born_on", [date(2008, 5, 21), date(2013, 1, 1)])
async def test_minor_needs_a_guardian(
    database: Database, person: NewVolunteer, born_on: date
) -> None:
    """DOMAIN §11.19."""
    minor = replace(person, id_number=id_number(born_on))

    assert codes(await register(database, minor)) == [("GUARDIAN_REQUIRED", "guardian")]


async def test_person_of_eighteen_today_needs_no_guardian(
    database: Database, person: NewVolunteer
) -> None:
    """DOMAIN §11.19."""
    adult = replace(person, id_number=id_number(date(2008, 5, 20)))

    assert (await register(database, adult)).errors == ()


async def test_consents_of_guardian_and_to_extra_items_are_kept(
    database: Database, db: Any, person: NewVolunteer
) -> None:
    child = replace(
        person,
        id_number=id_number(date(2014, 1, 1)),
        guardian=GUARDIAN,
        ethnicity="01",
        consents_to_extra_items=True,
    )

    outcome = await register(database, child)

    rows = await db.fetch(
        "select kind, given_by, scope ->> 'sensitive' as a, scope ->> 'items' as b"
        " from consents where volunteer_id = $1 order by kind",
        outcome.subject_id,
    )
    assert [tuple(row) for row in rows] == [
        ("EXTRA_ITEMS", "李强", None, '["ethnicity"]'),
        ("GUARDIAN", "李强", "true", None),
        ("REGISTRATION", "李强", None, None),
    ]


@pytest.mark.parametrize(
    ("guardian", "expected"),
    [
        (replace(GUARDIAN, name="<b>"), ("INVALID", "guardian.name")),
        (replace(GUARDIAN, mobile="1"), ("INVALID", "guardian.mobile")),
        (replace(GUARDIAN, relation=""), ("REQUIRED", "guardian.relation")),
    ],
)
async def test_guardian_is_told_of_completely(
    database: Database, person: NewVolunteer, guardian: Guardian, expected: tuple[str, str]
) -> None:
    child = replace(person, id_number=id_number(date(2014, 1, 1)), guardian=guardian)

    assert codes(await register(database, child)) == [expected]


async def test_foreigner_is_registered_unchecked(
    database: Database, db: Any, person: NewVolunteer
) -> None:
    """DOMAIN §11.19."""
    foreigner = replace(
        person,
        name="Anna O'Neill",
        id_type=IdentityType.PASSPORT,
        id_number="e 12345678",
        born_on=date(1990, 2, 2),
        sex=Sex.FEMALE,
    )

    outcome = await register(database, foreigner)

    status = await db.fetchval(
        "select real_name_status from volunteers where id = $1", outcome.subject_id
    )
    assert (outcome.errors, status) == ((), "UNCHECKED")


async def test_account_that_is_signed_in_becomes_the_volunteers(
    database: Database, db: Any, planter: Planter, person: NewVolunteer
) -> None:
    account = await planter.account()
    viewer = Viewer(role=Role.VOLUNTEER, account_id=account.id)
    own = replace(person, username=None, password=None)

    first = await register(database, own, viewer, key="k")
    repeat = await register(database, own, viewer, key="k")
    second = await register(database, replace(own, id_number=id_number()), viewer)

    assert first.errors == ()
    assert (repeat.subject_id, repeat.number) == (first.subject_id, first.number)
    assert codes(second) == [("ALREADY_REGISTERED", "idNumber")]
    row = await db.fetchrow(
        "select v.id, a.standing_version from volunteers v join accounts a on a.id = v.account_id"
        " where a.id = $1",
        account.id,
    )
    assert tuple(row) == (first.subject_id, 2)


async def test_signed_in_account_chooses_no_other_username(
    database: Database, planter: Planter, person: NewVolunteer
) -> None:
    viewer = Viewer(role=Role.VOLUNTEER, account_id=(await planter.account()).id)

    assert codes(await register(database, person, viewer)) == [("INVALID", "username")]


async def test_key_without_an_account_is_refused(database: Database, person: NewVolunteer) -> None:
    with pytest.raises(InvalidInput):
        await register(database, person, key="k")
