"""Usernames and passwords by a code to the stored phone."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from db.clock import run_due
from db.enums import AccountStatus, RecoveryPurpose
from db.models import DepartmentUser
from db.passwords import hash_password, verify_password
from db.write import Write
from gateway.rate_limit import Budgets
from gateway.throttle import BudgetThrottle
from permissions.errors import RateLimited
from resolvers.self_service import Claim, recover_username, request_code
from resolvers.self_service_desk import SelfServiceDesk
from tests.self_service.counter import (
    BLIND,
    OLD_PASSWORD,
    PASSWORD,
    Counter,
    Phones,
    codes,
    team_claim,
)
from tests.small_world import NOW

PHONE = "13800000001"
GUESSES = 10_000
NOBODY = Claim(name="没有人", id_number="500112199001010017")


async def test_username_is_found_by_a_code(db: Any, counter: Counter) -> None:
    volunteer, claim = await counter.person()
    challenge = await counter.asked(claim, RecoveryPurpose.USERNAME)

    found = await recover_username(
        counter.database,
        counter.desk,
        challenge.token or "",
        f" {counter.phones.code(PHONE)} ",
        asker="somebody",
    )

    account = await counter.account_of(db, volunteer)
    assert (found.username, found.errors) == (account["username"], ())
    told = await db.fetch(
        "select action from audit_log where subject_type = 'Account' and subject_id = $1"
        " order by id",
        volunteer.account_id,
    )
    assert [row["action"] for row in told] == [
        "account.recovery_requested",
        "account.username_recovered",
    ]


async def test_password_is_reset_once_and_sessions_end(db: Any, counter: Counter) -> None:
    volunteer, claim = await counter.person()
    await db.execute(
        "update accounts set password_hash = $2, locked_until = now() + interval '1 hour',"
        " failed_sign_ins = 3, must_change_password = true where id = $1",
        volunteer.account_id,
        hash_password(OLD_PASSWORD),
    )
    await db.execute(
        "insert into sign_in_sessions (account_id, family, token_hash, expires_at)"
        " values ($1, gen_random_uuid(), $2, now() + interval '1 day')",
        volunteer.account_id,
        str(volunteer.id).encode(),
    )
    challenge = await counter.asked(claim)
    code = counter.phones.code(PHONE)

    done = await counter.reset(challenge.token, code)
    again = await counter.reset(challenge.token, code, "Another-horse-8")

    assert (done.is_done, codes(again)) == (True, ["CODE_WRONG"])
    account = await counter.account_of(db, volunteer)
    assert verify_password(account["password_hash"], PASSWORD).ok
    assert (account["locked_until"], account["failed_sign_ins"]) == (None, 0)
    assert not account["must_change_password"]
    open_sessions = await db.fetchval(
        "select count(*) from sign_in_sessions where account_id = $1 and revoked_at is null",
        volunteer.account_id,
    )
    assert open_sessions == 0


@pytest.mark.parametrize("at_contact", [False, True])
async def test_team_is_reached_by_principal_or_contact(
    db: Any, counter: Counter, *, at_contact: bool
) -> None:
    """DOMAIN §11.29: the principal left, the contact helps."""
    team = await counter.forest.plant("team")
    manager = await counter.forest.manager("team")
    phone = team.contact_mobile if at_contact else team.principal_mobile

    challenge = await counter.asked(team_claim(team, at_contact=at_contact))
    done = await counter.reset(challenge.token, counter.phones.code(phone))

    assert done.is_done
    stored = await db.fetchval(
        "select password_hash from accounts where id = $1", manager.account_id
    )
    assert verify_password(stored, PASSWORD).ok


async def test_one_of_several_managers_is_chosen_by_username(db: Any, counter: Counter) -> None:
    team = await counter.forest.plant("team")
    first = await counter.forest.manager("team")
    second = await counter.forest.manager("team")
    names = {
        each.account_id: await db.fetchval(
            "select username from accounts where id = $1", each.account_id
        )
        for each in (first, second)
    }

    challenge = await counter.asked(
        team_claim(team, username=names[second.account_id].upper()), RecoveryPurpose.USERNAME
    )
    found = await recover_username(
        counter.database,
        counter.desk,
        challenge.token or "",
        counter.phones.code(team.principal_mobile),
        asker="somebody",
    )

    assert found.username == names[second.account_id]


async def test_code_dies_after_five_tries(counter: Counter) -> None:
    _, claim = await counter.person()
    challenge = await counter.asked(claim)
    right = counter.phones.code(PHONE)
    wrong = f"{(int(right) + 1) % 10**6:06d}"

    tries = [codes(await counter.reset(challenge.token, wrong)) for _ in range(5)]
    last = await counter.reset(challenge.token, right)

    assert tries == [["CODE_WRONG"]] * 5
    assert (last.is_done, codes(last)) == (False, ["CODE_WRONG"])


async def test_code_expires_and_is_deleted_later(db: Any, counter: Counter) -> None:
    _, claim = await counter.person()
    challenge = await counter.asked(claim)
    await db.execute("update recovery_codes set expires_at = now() - interval '2 days'")

    late = await counter.reset(challenge.token, counter.phones.code(PHONE))
    moment = await db.fetchval("select now()")
    report = await run_due(counter.database.engine, now=moment)

    assert codes(late) == ["CODE_WRONG"]
    assert report.codes_deleted >= 1
    assert await db.fetchval("select count(*) from recovery_codes") == 0


async def test_code_is_good_for_its_purpose_and_challenge_alone(counter: Counter) -> None:
    _, claim = await counter.person()
    other = await counter.asked(claim, RecoveryPurpose.USERNAME)
    name_code = counter.phones.code(PHONE)
    challenge = await counter.asked(claim)
    code = counter.phones.code(PHONE)

    assert codes(await counter.reset(other.token, name_code)) == ["CODE_WRONG"]
    assert codes(await counter.reset(other.token, code)) == ["CODE_WRONG"]
    assert codes(await counter.reset("nonsense\ud800", code)) == ["CODE_WRONG"]
    assert (await counter.reset(challenge.token, code)).is_done


@pytest.mark.parametrize("who", ["disabled", "department", "no phone", "other name"])
async def test_who_is_not_helped_is_answered_like_everybody(
    db: Any, counter: Counter, who: str
) -> None:
    volunteer, claim = await counter.person(None if who == "no phone" else PHONE)
    if who == "disabled":
        await db.execute(
            "update accounts set status = $2 where id = $1",
            volunteer.account_id,
            AccountStatus.DISABLED.value,
        )
    if who == "department":
        await counter.planter.add(
            DepartmentUser(
                province="50",
                account_id=volunteer.account_id,
                region_id=counter.forest.region.id,
            )
        )
    if who == "other name":
        claim = Claim(name="别人", id_number=claim.id_number)

    challenge = await counter.asked(claim)

    assert challenge.errors == ()
    assert challenge.token is not None
    assert challenge.expires_at == NOW + timedelta(minutes=10)
    assert [mobile for mobile, _ in counter.phones.sent if mobile] == []


async def test_known_and_unknown_run_the_same_statements(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, claim = await counter.person()
    ran: list[str] = []
    plain = Write.run

    async def noted(write: Write, sql: str, /, *arguments: Any) -> Any:
        ran.append(sql)
        return await plain(write, sql, *arguments)

    monkeypatch.setattr(Write, "run", noted)
    seen = []
    for each in (claim, NOBODY, Claim(name="\x00", team_number="' or true --")):
        ran.clear()
        challenge = await counter.asked(each)
        asked = list(ran)
        ran.clear()
        await counter.reset(challenge.token, "000000")
        seen.append((asked, list(ran)))

    assert seen[0] == seen[1] == seen[2]
    assert [mobile for mobile, _ in counter.phones.sent] == [PHONE, None, None]
    assert len({len(text) for _, text in counter.phones.sent}) == 1


async def test_no_answer_tells_how_far_the_log_grew_by_an_account_that_exists(
    counter: Counter,
) -> None:
    """An entry of an account is longer than one of nobody: a consistency token would show it."""
    _, claim = await counter.person()

    asked = [await counter.asked(each) for each in (claim, NOBODY)]
    refused = [await counter.reset(each.token, "000000") for each in asked]

    assert [each.consistency_token for each in (*asked, *refused)] == [None] * 4
    done = await counter.reset(asked[0].token, counter.phones.code(PHONE))
    assert done.is_done
    assert done.consistency_token is not None


async def test_ten_thousand_guesses_teach_nothing_and_are_slowed_down(
    db: Any, counter: Counter, redis_url: str
) -> None:
    import redis.asyncio  # noqa: PLC0415 - only here

    _, claim = await counter.person()
    before = await db.fetchval("select count(*) from recovery_codes")
    answers: set[tuple[bool, int]] = set()
    slowed = 0
    phones = Phones()
    async with redis.asyncio.from_url(redis_url) as shared:
        desk = SelfServiceDesk(
            messages=phones, throttle=BudgetThrottle(Budgets(shared)), blind_index_key=BLIND
        )
        for n in range(GUESSES):
            guess = claim if n % 2 else Claim(name="某人", id_number=f"guess-{n}")
            try:
                given = await request_code(
                    counter.database,
                    desk,
                    RecoveryPurpose.USERNAME,
                    guess,
                    asker="guesser",
                    now=NOW,
                )
            except RateLimited:
                slowed += 1
            else:
                answers.add((given.errors == (), len(given.token or "")))

    assert len(answers) == 1
    assert slowed > GUESSES - 60
    after = await db.fetchval("select count(*) from recovery_codes")
    assert after - before == len(phones.sent) == GUESSES - slowed


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (Claim(name="李"), "INVALID"),
        (Claim(name="李", id_number="1", team_number="T1"), "INVALID"),
        (Claim(name="李" * 101, id_number="1"), "TOO_LONG"),
        (Claim(name="李", id_number="1" * 101), "TOO_LONG"),
        (Claim(name="李", team_number="T" * 101), "TOO_LONG"),
    ],
)
async def test_bad_claim_is_refused_by_its_form(counter: Counter, claim: Claim, code: str) -> None:
    challenge = await counter.asked(claim)

    assert (codes(challenge), challenge.token) == ([code], None)
    assert counter.phones.sent == []


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "alllowercase", "x" * 200])
async def test_weak_password_is_refused_before_the_code_is_tried(
    counter: Counter, password: str
) -> None:
    _, claim = await counter.person()
    challenge = await counter.asked(claim)
    code = counter.phones.code(PHONE)

    assert codes(await counter.reset(challenge.token, code, password)) == ["PASSWORD_WEAK"]
    assert (await counter.reset(challenge.token, code)).is_done


async def test_nothing_of_a_person_is_logged_or_audited(
    db: Any, counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    volunteer, claim = await counter.person("13877776666")
    challenge = await counter.asked(claim)
    code = counter.phones.code("13877776666")
    await counter.reset(challenge.token, code)

    audited = await db.fetch("select detail::text from audit_log")
    kept = await db.fetch("select row_to_json(c)::text from recovery_codes c")
    texts = [caplog.text, *(row[0] for row in audited), *(row[0] for row in kept)]
    for private in ("13877776666", volunteer.name, str(claim.id_number), challenge.token or "-"):
        assert not any(private in text for text in texts), private
