"""How passwords are stored and checked."""

import hashlib
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from db import passwords
from db.passwords import Verdict, hash_password, legacy_hash, verify_password
from tests.counting_hasher import CountingHasher


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingHasher]:
    """The counting hasher, in place of the usual one."""
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    return hasher


def test_hash_verifies_its_password_only() -> None:
    stored = hash_password("山城志愿者-2021")

    assert stored.startswith("$argon2id$")
    assert verify_password(stored, "山城志愿者-2021") == Verdict(ok=True, needs_upgrade=False)
    assert verify_password(stored, "山城志愿者-2022") == Verdict(ok=False)


def test_same_password_is_stored_differently_each_time() -> None:
    assert hash_password("a") != hash_password("a")


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("salt_first", [False, True])
def test_legacy_digest_verifies_and_asks_for_an_upgrade(name: str, salt_first: bool) -> None:
    joined = "s4lt密码" if salt_first else "密码s4lt"
    digest = hashlib.new(name, joined.encode()).hexdigest()
    scheme = f"salt-{name}" if salt_first else f"{name}-salt"
    stored = legacy_hash(scheme, "s4lt", digest.upper())

    assert verify_password(stored, "密码") == Verdict(ok=True, needs_upgrade=True)
    assert verify_password(stored, "密码1") == Verdict(ok=False)


def test_argon2_of_other_cost_asks_for_an_upgrade() -> None:
    stored = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("secret")

    assert verify_password(stored, "secret") == Verdict(ok=True, needs_upgrade=True)


def test_unknown_legacy_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="crc32"):
        legacy_hash("crc32-salt", "s", "0")
    assert verify_password("legacy$crc32-salt$s$0", "x") == Verdict(ok=False)


@pytest.mark.parametrize("given", ["", "\ud800", "x" * 10_000])
def test_odd_passwords_are_refused_without_an_error(given: str) -> None:
    assert verify_password(hash_password("secret"), given) == Verdict(ok=False)


def test_each_stored_form_costs_one_computation(hasher: CountingHasher) -> None:
    argon2 = hash_password("secret")
    legacy = legacy_hash("md5-salt", "s", hashlib.md5(b"secrets").hexdigest())  # noqa: S324
    hasher.computed = 0

    for stored in (argon2, legacy, None, "not a hash"):
        for given in ("secret", "wrong"):
            before = hasher.computed
            verify_password(stored, given)
            assert hasher.computed - before == 1, (stored, given)
