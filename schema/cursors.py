"""Cursors: sealed places in a list, made of the list's order and a row's id, never of names.

A cursor is one AES block (order, id, zeros) under a key of the station. A block is a permutation:
without the key no cursor can be read, and a made-up one decrypts to zeros where zeros belong with
a chance of 2^-48. One block each is also what lets a page of cursors be sealed in one call.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = struct.Struct(">Bbq6x")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class CursorSeal:
    """Seals and opens cursors; older keys still open."""

    secrets: tuple[bytes, ...] = field(repr=False)

    def seal(self, order: int, ids: Iterable[int]) -> list[str]:
        """The cursors of rows in a list of that order."""
        numbers = list(ids)
        pack = _BLOCK.pack
        plain = b"".join([pack(_VERSION, order, number) for number in numbers])
        encryptor = _cipher(self.secrets[0]).encryptor()
        sealed = encryptor.update(plain) + encryptor.finalize()
        return [
            urlsafe_b64encode(sealed[at : at + 16]).decode().rstrip("=")
            for at in range(0, len(sealed), 16)
        ]

    def open(self, order: int, cursor: str) -> int | None:
        """The id in a cursor of a list of that order, or None."""
        try:
            block = urlsafe_b64decode(cursor + "==")
        except (Error, ValueError):
            return None
        if len(block) != _BLOCK.size:
            return None
        for secret in self.secrets:
            decryptor = _cipher(secret).decryptor()
            plain = decryptor.update(block) + decryptor.finalize()
            version, found, number = _BLOCK.unpack(plain)
            if plain[10:] == bytes(6) and (version, found) == (_VERSION, order):
                return int(number)
        return None


def _cipher(secret: bytes) -> Cipher[Any]:
    key = sha256(b"cursor" + secret).digest()
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - single blocks, see above
