"""The station's secret keys: several of a purpose may stand, the newest signs, all verify."""

import base64
import binascii
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Self

from db.private_files import make_folder, write_private

SECRET_BYTES = 32
SUFFIX = ".key"
GENERATED_MARK = "# generated; not for production"
ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Purpose(StrEnum):
    """What a key is for; no key serves two purposes."""

    TOKEN = "token"  # noqa: S105 -- a name
    IDENTITY = "identity"
    BLIND_INDEX = "blind_index"
    CURSOR = "cursor"
    CERTIFICATE = "certificate"
    AUDIT = "audit"


class KeysError(Exception):
    """A key is missing, malformed or not allowed; the message never holds the key."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Key:
    """One secret of 32 bytes; whatever it made names it by its id."""

    id: str
    secret: bytes = field(repr=False, compare=False)
    generated: bool = False


class KeyRing:
    """All keys of a station; among those of one purpose the greatest id is the newest."""

    def __init__(self, keys: Mapping[Purpose, Sequence[Key]]) -> None:
        self._keys = {purpose: sorted(held) for purpose, held in keys.items()}

    def __repr__(self) -> str:
        held = {str(purpose): [key.id for key in keys] for purpose, keys in self._keys.items()}
        return f"KeyRing({held})"

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The keys in the folder: one file `<purpose>.<id>.key` each, 32 bytes in base64."""
        files = sorted(folder.glob(f"*{SUFFIX}"))
        found = [(_purpose_of(file), _read(file)) for file in files]
        return cls(
            {
                purpose: [key for _, key in pairs]
                for purpose, pairs in groupby(sorted(found), key=lambda pair: pair[0])
            }
        )

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The keys in the folder, after making one for each purpose that has none."""
        ring = cls.load(folder)
        missing = [purpose for purpose in Purpose if not ring.all(purpose)]
        for purpose in missing:
            generate(folder, purpose)
        return cls.load(folder) if missing else ring

    def current(self, purpose: Purpose) -> Key:
        """The key to sign or encrypt with."""
        keys = self.all(purpose)
        if not keys:
            raise KeysError(f"There is no key for {purpose}.")
        return keys[-1]

    def find(self, purpose: Purpose, id: str) -> Key | None:
        """The key of that id, to verify or decrypt what it made."""
        return next((key for key in self.all(purpose) if key.id == id), None)

    def all(self, purpose: Purpose) -> Sequence[Key]:
        """The keys of the purpose, oldest first."""
        return self._keys.get(purpose, ())

    def require_complete(self) -> None:
        """Fails unless each purpose has a key."""
        for purpose in Purpose:
            self.current(purpose)

    def require_supplied(self) -> None:
        """Fails if a key was generated here."""
        for purpose in Purpose:
            for key in self.all(purpose):
                if key.generated:
                    raise KeysError(
                        f"The key {key.id} for {purpose} was generated for development;"
                        " a production station needs keys of its own."
                    )


def generate(folder: Path, purpose: Purpose) -> Key:
    """A new key in the folder, newer than all of its purpose there."""
    make_folder(folder, 0o700)
    taken = {key.id for key in KeyRing.load(folder).all(purpose)}
    second = int(time.time())
    while (key_id := f"{second:08x}") <= max(taken, default=""):
        second += 1
    secret = secrets.token_bytes(SECRET_BYTES)
    text = f"{base64.b64encode(secret).decode()}\n{GENERATED_MARK}\n"
    write_private(folder / f"{purpose}.{key_id}{SUFFIX}", text)
    return Key(id=key_id, secret=secret, generated=True)


def parse_keys(value: str) -> Sequence[Key]:
    """The keys of a text `<id>:<base64>[,<id>:<base64>…]`."""
    keys = []
    for part in value.split(","):
        key_id, _, secret = part.strip().partition(":")
        keys.append(_key(key_id, secret))
    return keys


def _purpose_of(file: Path) -> Purpose:
    name = file.name.removesuffix(SUFFIX).partition(".")[0]
    if name not in set(Purpose):
        raise KeysError(f"The file {file} is for no purpose of ours: {', '.join(Purpose)}.")
    return Purpose(name)


def _read(file: Path) -> Key:
    secret, _, mark = file.read_text(encoding="utf-8").strip().partition("\n")
    key_id = file.name.removesuffix(SUFFIX).partition(".")[2]
    try:
        return _key(key_id, secret, generated=mark.strip() == GENERATED_MARK)
    except KeysError as error:
        raise KeysError(f"The key file {file} is malformed: {error}") from None


def _key(id: str, secret: str, *, generated: bool = False) -> Key:
    if not ID.fullmatch(id):
        raise KeysError("the id must be 1 to 32 letters, digits, - or _.")
    try:
        decoded = base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != SECRET_BYTES:
        raise KeysError(f"the secret must be {SECRET_BYTES} bytes in base64.")
    return Key(id=id, secret=decoded, generated=generated)
