"""Access tokens of our own: what is taken and what is not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from db.keys import Key, KeyRing, Purpose
from gateway.tokens import AccessTokens, token_issuer
from permissions.errors import Unauthenticated

START = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)
OLD = Key(id="k1", secret=b"1" * 32)
NEW = Key(id="k2", secret=b"2" * 32)
CLAIMS = {"iss": "station-50", "sub": "7", "iat": START, "exp": START + timedelta(minutes=15)}
HEADER = {"kid": "k2", "typ": "at+jwt"}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def tokens(*keys: Key, clock: Clock | None = None, issuer: str = "station-50") -> AccessTokens:
    return AccessTokens(
        KeyRing({Purpose.TOKEN: keys}),
        issuer=issuer,
        lifetime=timedelta(minutes=15),
        clock=clock or Clock(),
    )


def forged(
    claims: dict[str, Any], *, secret: bytes = NEW.secret, header: dict[str, Any] | None = None
) -> str:
    return jwt.encode({**CLAIMS, **claims}, secret, "HS256", headers=header or HEADER)


def test_issued_token_names_the_account_and_nothing_else() -> None:
    issued = tokens(OLD, NEW).issue(54_975_581_388_801)

    assert tokens(OLD, NEW).verify(issued.text) == 54_975_581_388_801
    assert issued.expires_at == START + timedelta(minutes=15)
    assert token_issuer(issued.text) == "station-50"
    assert set(jwt.decode(issued.text, options={"verify_signature": False})) == {
        "iss",
        "sub",
        "iat",
        "exp",
        "epoch",
    }


def test_token_of_an_older_key_verifies_until_the_key_goes() -> None:
    issued = tokens(OLD).issue(7)

    assert tokens(OLD, NEW).verify(issued.text) == 7
    with pytest.raises(Unauthenticated):
        tokens(NEW).verify(issued.text)


@pytest.mark.parametrize(("minutes", "taken"), [(14, True), (15, True), (16, False)])
def test_token_lives_for_its_lifetime(minutes: int, taken: bool) -> None:
    clock = Clock()
    station = tokens(NEW, clock=clock)
    issued = station.issue(7)
    clock.now += timedelta(minutes=minutes)

    if taken:
        assert station.verify(issued.text) == 7
    else:
        with pytest.raises(Unauthenticated):
            station.verify(issued.text)


def test_the_forgery_below_would_pass_with_nothing_forged() -> None:
    assert tokens(NEW).verify(forged({})) == 7


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "é.é.é",
        "." * 9000,
        forged({}, secret=OLD.secret),
        forged({}, header={**HEADER, "kid": "k1"}),
        forged({}, header={**HEADER, "kid": "k3"}),
        forged({}, header={"typ": "at+jwt"}),
        forged({}, header={**HEADER, "typ": "JWT"}),
        forged({"iss": "station-51"}),
        forged({"sub": "seven"}),
        forged({"sub": "-7"}),
        forged({"sub": "٧"}),
        forged({"sub": "9" * 19}),
        forged({"exp": START - timedelta(minutes=1)}),
        jwt.encode(CLAIMS, None, "none", headers=HEADER),
        jwt.encode(CLAIMS, NEW.secret * 2, "HS512", headers=HEADER),
        jwt.encode({**CLAIMS, "exp": None}, NEW.secret, "HS256", headers=HEADER),
    ],
)
def test_forged_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens(NEW, Key(id="k1", secret=b"3" * 32)).verify(token)


def test_payload_changed_after_signing_is_refused() -> None:
    header, _, signature = tokens(NEW).issue(7).text.split(".")
    claims = {"iss": "station-50", "sub": "8", "iat": 0, "exp": 9_999_999_999}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()

    with pytest.raises(Unauthenticated):
        tokens(NEW).verify(f"{header}.{changed}.{signature}")
