"""Checking by number and code: genuine ones, every kind of bad one, and guessing."""

import json
import secrets
from typing import Any

import pytest

from db.enums import CertificateStatus
from db.keys import Key, Purpose
from db.numbers.certificates import ALPHABET, certificate_no
from db.session import Database, Snapshot
from resolvers.certificate_checks import CheckState, check_certificate
from resolvers.certificate_snapshot import canonical
from resolvers.certificate_wish import Wish
from tests.api.client import KEYS
from tests.certificates.office import DESK, CountingThrottle, Office, desk
from tests.small_world import NOW, STATION

NEW = Key(id="k2", secret=bytes(range(100, 132)))
OLD = KEYS.current(Purpose.CERTIFICATE)
GUESSES = 10_000


async def printed(office: Office, db: Any, **person: Any) -> tuple[str, int]:
    """The number and id of a new certificate."""
    volunteer, viewer = await office.person(**person)
    await office.record(volunteer, minutes=100)
    certificate_id = (await office.printed(viewer)).subject_id
    assert certificate_id is not None
    number: str = await db.fetchval(
        "select certificate_no from certificates where id = $1", certificate_id
    )
    return number, certificate_id


async def test_who_holds_number_and_code_learns_name_masked_hours_and_remark(
    db: Any, office: Office
) -> None:
    volunteer, viewer = await office.person(name="欧阳小明")
    await office.record(volunteer, minutes=100)
    asked = await office.requested(viewer)
    await office.issued(await office.forest.manager("team"), asked.subject_id, remark="服务月")
    number = await db.fetchval(
        "select certificate_no from certificates where id = $1", asked.subject_id
    )

    check = await office.checked(number, DESK.signer.code(number))

    assert (check.state, check.masked_name) == (CheckState.VALID, "欧*明")
    assert (check.minutes, check.remark) == (100, "服务月")


@pytest.mark.parametrize(
    "typed",
    [
        lambda number: number.lower(),
        " ".join,
        lambda number: f"{number[:3]}-{number[3:9]}-{number[9:]}",
        lambda number: number.replace("0", "O").replace("1", "l"),
    ],
)
async def test_numbers_are_read_as_people_type_them(db: Any, office: Office, typed: Any) -> None:
    number, _ = await printed(office, db)
    code = DESK.signer.code(number)

    assert (await office.checked(typed(number), typed(code))).state is CheckState.VALID


async def test_states_of_a_certificate_are_told(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    record = await office.record(volunteer)
    ids = [(await office.printed(viewer)).subject_id for _ in range(2)]
    await office.printed(viewer, Wish(replaces_id=ids[0]))
    await office.ended(viewer, ids[1], CertificateStatus.REVOKED)
    await db.execute("update service_records set revision = 2 where id = $1", record.id)
    rows = await db.fetch(
        "select certificate_no from certificates where volunteer_id = $1 order by id", volunteer.id
    )

    states = [(await office.checked(n, DESK.signer.code(n))).state.value for (n,) in rows]

    assert states == ["SUPERSEDED", "REVOKED", "OUTDATED"]


async def test_request_that_was_not_issued_is_not_found(db: Any, office: Office) -> None:
    volunteer, viewer = await office.person()
    await office.record(volunteer)
    asked = await office.requested(viewer)
    number = await db.fetchval(
        "select certificate_no from certificates where id = $1", asked.subject_id
    )

    check = await office.checked(number, DESK.signer.code(number))

    assert check.state is CheckState.NOT_FOUND


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", ""),
        ("C50", "00000000"),
        ("\x00\ud800", "\x00"),
        ("零" * 20, "零" * 8),
        ("C" * 10_000, "0" * 10_000),
        ("' or 1=1 --", "' or 1=1 --"),
    ],
)
async def test_nonsense_is_not_found(office: Office, number: str, code: str) -> None:
    check = await office.checked(number, code)

    assert check.state is CheckState.NOT_FOUND
    assert (check.masked_name, check.minutes, check.remark) == (None, None, None)


async def test_wrong_code_is_not_found(db: Any, office: Office) -> None:
    number, _ = await printed(office, db)
    right = DESK.signer.code(number)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")

    assert (await office.checked(number, wrong)).state is CheckState.NOT_FOUND
    assert (await office.checked(number, "")).state is CheckState.NOT_FOUND


async def test_number_of_another_station_is_sent_there(office: Office) -> None:
    other = certificate_no("51", NOW.date(), station=51)
    guest = certificate_no("50", NOW.date(), station=8_000)
    slip = other[:-1] + ALPHABET[(ALPHABET.index(other[-1]) + 1) % len(ALPHABET)]

    states = [(await office.checked(each, "00000000")).state for each in (other, guest, slip)]

    assert states == [CheckState.OTHER_STATION, CheckState.OTHER_STATION, CheckState.NOT_FOUND]


async def test_old_key_verifies_after_rotation(db: Any, office: Office) -> None:
    number, _ = await printed(office, db)
    code = DESK.signer.code(number)

    rotated = await office.checked(number, code, at=desk(OLD, NEW))
    retired = await office.checked(number, code, at=desk(NEW))

    assert (rotated.state, retired.state) == (CheckState.VALID, CheckState.NOT_FOUND)
    assert desk(OLD, NEW).signer.code(number) != code


@pytest.mark.parametrize("forger", ["words", "signature", "key"])
async def test_forged_certificate_is_not_vouched_for(
    db: Any, office: Office, caplog: pytest.LogCaptureFixture, forger: str
) -> None:
    number, certificate_id = await printed(office, db)
    said = json.loads(
        await db.fetchval("select snapshot from certificates where id = $1", certificate_id)
    )
    said["minutes"] = 60_000
    other = desk(Key(id=OLD.id, secret=NEW.secret)).signer.sign(canonical(said))
    change = {
        "words": ("snapshot = $2::text::jsonb", json.dumps(said)),
        "signature": ("signature = $2::bytea", secrets.token_bytes(64)),
        "key": (
            f"snapshot = '{json.dumps(said)}', digest = '\\x{other.digest.hex()}', signature = $2",
            other.signature,
        ),
    }[forger]
    await db.execute("alter table certificates disable trigger certificates_immutable")
    await db.execute(
        f"update certificates set {change[0]} where id = $1",  # noqa: S608 - our own forgery
        certificate_id,
        change[1],
    )
    await db.execute("alter table certificates enable trigger certificates_immutable")

    check = await office.checked(number, DESK.signer.code(number))

    assert (check.state, check.minutes) == (CheckState.NOT_FOUND, None)
    assert [record.message for record in caplog.records] == ["certificate_not_genuine"]


async def test_ten_thousand_guesses_teach_nothing(
    db: Any, office: Office, database: Database
) -> None:
    """DOMAIN §11.15: the same answer after the same statements, and each guess is counted."""
    numbers = [(await printed(office, db))[0] for _ in range(5)]
    guessing, answers, statements = desk(), set(), set()
    async with database.read() as snapshot:
        for n in range(GUESSES):
            near = numbers[n % len(numbers)]
            number = near if n % 3 == 0 else _near(near) if n % 3 == 1 else _fresh()
            before = snapshot.statements
            answers.add(
                await check_certificate(snapshot, guessing, number, _code(), asker="guesser")
            )
            statements.add(snapshot.statements - before)

    assert {(check.state, check.masked_name, check.minutes) for check in answers} == {
        (CheckState.NOT_FOUND, None, None)
    }
    assert statements == {1}
    assert isinstance(guessing.throttle, CountingThrottle)
    assert guessing.throttle.taken.total() == GUESSES


async def test_check_takes_two_statements_at_most(db: Any, office: Office) -> None:
    number, _ = await printed(office, db)
    snapshot = Snapshot(office.database)

    await check_certificate(snapshot, DESK, number, DESK.signer.code(number), asker="a")
    await snapshot.close()

    assert snapshot.statements <= 2


def _near(number: str) -> str:
    at = 9 + secrets.randbelow(10)
    return number[:at] + secrets.choice(ALPHABET) + number[at + 1 :]


def _fresh() -> str:
    return certificate_no("50", NOW.date(), station=STATION)


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(8))
