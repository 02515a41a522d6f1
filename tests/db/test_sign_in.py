"""Signing in, refreshing and signing out, on a real server."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db import passwords
from db.enums import AccountStatus
from db.models import Account, DepartmentUser
from db.passwords import hash_password, legacy_hash
from db.session import Database
from permissions.errors import Unauthenticated, UserError, UserErrorCode
from resolvers.sign_in import (
    IssuedToken,
    SignedIn,
    SignInRules,
    refresh_session,
    sign_in,
    sign_out,
)
from tests.counting_hasher import CountingHasher
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station

RULES = SignInRules()
PASSWORD = "shan cheng 2021"


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    """A cheap hasher, for these tests sign in often."""
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    return hasher


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
async def planter(database: Database) -> Planter:
    return Planter(database)


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


def issue(account_id: int, _session_epoch: int) -> IssuedToken:
    return IssuedToken(text=f"access {account_id}", expires_at=datetime.now(UTC))


async def enter(
    database: Database, account: Account | str, password: str, *, national: bool = False
) -> SignedIn | UserError:
    username = account if isinstance(account, str) else account.username
    return await sign_in(
        database, username, password, rules=RULES, issue=issue, at_national_site=national
    )


async def entered(database: Database, account: Account) -> SignedIn:
    result = await enter(database, account, PASSWORD)
    assert isinstance(result, SignedIn), result
    return result


async def refresh(database: Database, token: str, *, rules: SignInRules = RULES) -> SignedIn:
    return await refresh_session(database, token, rules=rules, issue=issue)


def code(result: object) -> UserErrorCode | None:
    return result.code if isinstance(result, UserError) else None


async def reasons(observer: Any, account: Account) -> list[tuple[str, str | None]]:
    rows = await observer.fetch(
        "select action, detail ->> 'reason' from audit_log where subject_id = $1 order by id",
        account.id,
    )
    return [tuple(row) for row in rows]


async def test_right_password_gives_a_session(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD), failed_sign_ins=3)

    result = await enter(database, f" {account.username.upper()} ", PASSWORD)

    assert isinstance(result, SignedIn)
    assert result.account_id == account.id
    assert result.access_token.text == f"access {account.id}"
    assert result.refresh_token.expires_at > datetime.now(UTC) + timedelta(days=29)
    assert result.consistency_token is not None
    row = await observer.fetchrow(
        "select failed_sign_ins, last_signed_in_at from accounts where id = $1", account.id
    )
    assert row["failed_sign_ins"] == 0
    assert row["last_signed_in_at"] is not None
    stored = await observer.fetchval(
        "select token_hash from sign_in_sessions where account_id = $1", account.id
    )
    assert stored == hashlib.sha256(result.refresh_token.text.encode()).digest()
    assert await reasons(observer, account) == [("account.signed_in", None)]


async def test_legacy_password_is_taken_once_and_replaced(
    database: Database, planter: Planter, observer: Any
) -> None:
    digest = hashlib.md5(f"{PASSWORD}s".encode()).hexdigest()  # noqa: S324
    account = await planter.account(password_hash=legacy_hash("md5-salt", "s", digest))

    assert code(await enter(database, account, "wrong")) == UserErrorCode.SIGN_IN_REFUSED
    await entered(database, account)

    stored = await observer.fetchval("select password_hash from accounts where id = $1", account.id)
    assert stored.startswith("$argon2id$")
    await entered(database, account)


async def test_refusals_answer_and_cost_alike(
    database: Database, planter: Planter, hasher: CountingHasher, observer: Any
) -> None:
    stored = hash_password(PASSWORD)
    known = await planter.account(password_hash=stored)
    disabled = await planter.account(password_hash=stored, status=AccountStatus.DISABLED)
    paused = await planter.account(
        password_hash=stored, locked_until=datetime.now(UTC) + timedelta(minutes=1)
    )
    legacy = await planter.account(password_hash=legacy_hash("md5-salt", "s", "0" * 32))
    attempts = {
        "unknown": ("no such user", PASSWORD),
        "odd": ("\x00\ud800", PASSWORD),
        "wrong": (known.username, "wrong"),
        "long": (known.username, PASSWORD * 1000),
        "no password": ((await planter.account()).username, PASSWORD),
        "disabled": (disabled.username, PASSWORD),
        "paused": (paused.username, PASSWORD),
        "legacy": (legacy.username, PASSWORD),
    }

    seen = {}
    for name, (username, password) in attempts.items():
        before = hasher.computed
        written = await observer.fetchval("select count(*) from audit_log")
        result = await enter(database, username, password)
        rows = await observer.fetchval("select count(*) from audit_log") - written
        seen[name] = (result, hasher.computed - before, rows)

    assert len(set(seen.values())) == 1, seen
    assert seen["unknown"][1:] == (1, 1)
    assert code(seen["unknown"][0]) == UserErrorCode.SIGN_IN_REFUSED
    assert await observer.fetchval("select count(*) from sign_in_sessions s join accounts a"
                                   " on a.id = s.account_id where a.id = any($1)",
                                   [known.id, disabled.id, paused.id]) == 0  # fmt: skip


async def test_fifth_failure_pauses_the_account_for_a_while(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD))

    for _ in range(4):
        await enter(database, account, "wrong")
    await entered(database, account)
    for _ in range(5):
        await enter(database, account, "wrong")

    assert code(await enter(database, account, PASSWORD)) == UserErrorCode.SIGN_IN_REFUSED
    await observer.execute(
        "update accounts set locked_until = now() - interval '1 s' where id = $1", account.id
    )
    await entered(database, account)
    assert await reasons(observer, account) == [
        *[("account.sign_in_refused", "password")] * 4,
        ("account.signed_in", None),
        *[("account.sign_in_refused", "password")] * 5,
        ("account.sign_in_refused", "paused"),
        ("account.signed_in", None),
    ]


async def test_failures_at_once_are_all_counted(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD))

    await asyncio.gather(*(enter(database, account, "wrong") for _ in range(12)))

    assert code(await enter(database, account, PASSWORD)) == UserErrorCode.SIGN_IN_REFUSED
    counted = [reason for _, reason in await reasons(observer, account)]
    assert counted == ["password"] * 5 + ["paused"] * 8


async def test_department_user_signs_in_at_the_national_site_only(
    database: Database, planter: Planter
) -> None:
    """DOMAIN §11.27."""
    region = await planter.region()
    department = await planter.account(password_hash=hash_password(PASSWORD))
    both = await planter.volunteer(region)
    assert both.account_id is not None
    for account_id in (department.id, both.account_id):
        await planter.add(DepartmentUser(province="50", account_id=account_id, region_id=region.id))
    async with database.write(account_id=None, capacity="public", action="a") as write:
        await write.run(
            "update accounts set password_hash = $1 where id = $2",
            hash_password(PASSWORD),
            both.account_id,
        )
        (name,) = (await write.run("select username from accounts where id = $1", both.account_id))[
            0
        ]

    assert code(await enter(database, department, "wrong")) == UserErrorCode.SIGN_IN_REFUSED
    assert code(await enter(database, department, PASSWORD)) == UserErrorCode.NATIONAL_SITE_ONLY
    assert isinstance(await enter(database, department, PASSWORD, national=True), SignedIn)
    assert isinstance(await enter(database, name, PASSWORD), SignedIn), "also a volunteer"


async def test_refresh_gives_new_tokens_each_time(database: Database, planter: Planter) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD))
    tokens = [(await entered(database, account)).refresh_token.text]

    for _ in range(3):
        session = await refresh(database, tokens[-1])
        assert session.account_id == account.id
        tokens.append(session.refresh_token.text)

    assert len(set(tokens)) == 4


async def test_of_twenty_refreshes_at_once_one_wins_and_lives_on(
    database: Database, planter: Planter
) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD))
    first = (await entered(database, account)).refresh_token.text

    results = await asyncio.gather(
        *(refresh(database, first) for _ in range(20)), return_exceptions=True
    )

    won = [result for result in results if isinstance(result, SignedIn)]
    lost = [result for result in results if isinstance(result, Unauthenticated)]
    assert (len(won), len(lost)) == (1, 19)
    await refresh(database, won[0].refresh_token.text)


async def test_used_token_that_comes_again_later_ends_the_chain(
    database: Database, planter: Planter, observer: Any
) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD))
    other = (await entered(database, account)).refresh_token.text
    first = (await entered(database, account)).refresh_token.text
    second = (await refresh(database, first)).refresh_token.text

    with pytest.raises(Unauthenticated):
        await refresh(database, first, rules=SignInRules(race=timedelta(0)))

    with pytest.raises(Unauthenticated):
        await refresh(database, second)
    await refresh(database, other)
    assert ("account.session_revoked", "reuse") in await reasons(observer, account)


@pytest.mark.parametrize("state", ["unknown", "expired", "disabled", "signed out"])
async def test_session_that_has_ended_is_not_refreshed(
    database: Database, planter: Planter, observer: Any, state: str
) -> None:
    account = await planter.account(password_hash=hash_password(PASSWORD))
    token = (await entered(database, account)).refresh_token.text
    match state:
        case "unknown":
            token += "\ud800"
        case "expired":
            await observer.execute(
                "update sign_in_sessions set expires_at = now() where account_id = $1", account.id
            )
        case "disabled":
            await observer.execute(
                "update accounts set status = 'DISABLED' where id = $1", account.id
            )
        case "signed out":
            await sign_out(database, token)
            await sign_out(database, token)

    with pytest.raises(Unauthenticated):
        await refresh(database, token)
