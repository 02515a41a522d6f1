"""Passwords as they are stored: argon2id, and the salted digests of migrated systems.

A migrated digest is stored as ``legacy$<scheme>$<salt>$<hex digest>``. The scheme says the
order: ``md5-salt`` is the MD5 of the password followed by the salt, ``salt-md5`` of the salt
followed by the password, all in UTF-8; ``sha1`` and ``sha256`` likewise. Such a digest verifies
once: the sign-in that it lets in replaces it.
"""

import hashlib
import hmac
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEGACY_PREFIX = "legacy$"
LEGACY_DIGESTS = ("md5", "sha1", "sha256")

# 19 MiB, two passes, one lane: the least that OWASP asks for. Many people sign in at the same
# minute of a campaign, and each verification holds this memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and whether its stored form should be replaced."""

    ok: bool
    needs_upgrade: bool = False


REFUSED = Verdict(ok=False)


def hash_password(password: str) -> str:
    """The password as argon2id; takes tens of milliseconds of CPU, so call it in a thread."""
    return _HASHER.hash(_bytes(password))


def legacy_hash(scheme: str, salt: str, digest: str) -> str:
    """A migrated system's digest in the stored form; fails on a scheme that is not known."""
    if _legacy_order(scheme) is None or "$" in salt:
        raise ValueError(f"Not a known scheme or salt: {scheme}.")
    return f"{LEGACY_PREFIX}{scheme}${salt}${digest.lower()}"


def verify_password(stored: str | None, given: str) -> Verdict:
    """Whether the given password is the stored one; call it in a thread.

    Exactly one argon2 computation happens whatever is stored, also for an account that does not
    exist (``None``) or still has a legacy digest, so that the time taken tells none of this.
    """
    if stored is None:
        hash_password(given)
        return REFUSED
    if stored.startswith(LEGACY_PREFIX):
        hash_password(given)
        return Verdict(ok=True, needs_upgrade=True) if _legacy_ok(stored, given) else REFUSED
    try:
        _HASHER.verify(stored, _bytes(given))
    except InvalidHashError:
        hash_password(given)
        return REFUSED
    except VerificationError:
        return REFUSED
    return Verdict(ok=True, needs_upgrade=_HASHER.check_needs_rehash(stored))


def _legacy_ok(stored: str, given: str) -> bool:
    _, scheme, salt, digest = stored.split("$", 3)
    order = _legacy_order(scheme)
    if order is None:
        return False
    name, salt_first = order
    parts = (_bytes(salt), _bytes(given)) if salt_first else (_bytes(given), _bytes(salt))
    computed = hashlib.new(name, b"".join(parts), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(computed.encode(), _bytes(digest))


def _legacy_order(scheme: str) -> tuple[str, bool] | None:
    """The digest of a scheme and whether the salt comes first."""
    for name in LEGACY_DIGESTS:
        if scheme == f"{name}-salt":
            return name, False
        if scheme == f"salt-{name}":
            return name, True
    return None


def _bytes(text: str) -> bytes:
    # A lone surrogate can arrive in JSON; it must be a wrong password, not an error.
    return text.encode("utf-8", "surrogatepass")
