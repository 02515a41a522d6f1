"""ID numbers at rest: sealed with one key, found again by a blind index under another."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.enums import IdentityType
from db.keys import Key

NONCE_BYTES = 12
CONTEXT = b"volunteer-identity:"


class SealBroken(Exception):
    """The sealed number was made by another key, for another row, or was changed."""


def seal(number: str, *, volunteer_id: int, key: Key, nonce: bytes | None = None) -> bytes:
    """The number under AES-256-GCM, bound to the volunteer's row.

    ``nonce`` is for data that must come out the same each time, and must never repeat under a key.
    """
    salt = nonce or secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key.secret).encrypt(salt, number.encode(), _context(volunteer_id))
    return salt + sealed


def unseal(sealed: bytes, *, volunteer_id: int, key: Key) -> str:
    """The number that was sealed for this volunteer.

    Raises:
        SealBroken: the key, the row or the bytes are not those of the sealing.
    """
    try:
        plain = AESGCM(key.secret).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _context(volunteer_id)
        )
    except (InvalidTag, ValueError):
        raise SealBroken("A sealed ID number cannot be opened.") from None
    return plain.decode()


def blind_index(id_type: IdentityType, number: str, *, key: Key) -> bytes:
    """The keyed hash that finds a number without storing it; the same at every station."""
    return indexer(id_type, key=key)(number)


def indexer(id_type: IdentityType, *, key: Key) -> Callable[[str], bytes]:
    """``blind_index`` for many numbers of one kind."""
    begun = hmac.new(key.secret, id_type.value.encode() + b"\0", hashlib.sha256)

    def index(number: str) -> bytes:
        mac = begun.copy()
        mac.update(normalised_number(number).encode())
        return mac.digest()

    return index


def normalised_number(number: str) -> str:
    """The number as it is sealed and hashed: no spaces, capitals."""
    return "".join(number.split()).upper()


def _context(volunteer_id: int) -> bytes:
    return CONTEXT + str(volunteer_id).encode()
