"""What an entry's hash covers: computed here as in the database, so that each checks the other."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from db.rows import Row

GENESIS = bytes(32)


class EntryRow(Row):
    """A sealed entry of the audit log; ``detail`` is its text as the database writes it."""

    id: int
    at: datetime
    account_id: int | None
    capacity: str
    action: str
    subject_type: str
    subject_id: int | None
    because: str
    detail: str
    chain_no: int
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A place of the chain."""

    no: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.no}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold, and why."""

    chain_no: int
    because: str
    entry_id: int | None = None

    def __str__(self) -> str:
        entry = "" if self.entry_id is None else f" (entry {self.entry_id})"
        return f"The chain is broken at number {self.chain_no}{entry}: {self.because}."


class Broken(Exception):
    """The chain does not hold."""

    def __init__(self, broken: Break) -> None:
        super().__init__(str(broken))
        self.broken = broken


def entry_hash(entry: EntryRow, previous: bytes) -> bytes:
    """The hash of an entry behind the one before it."""
    at = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    covered = [
        entry.chain_no,
        entry.id,
        at,
        entry.account_id,
        entry.capacity,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.because,
        entry.detail,
    ]
    text = json.dumps(covered, ensure_ascii=False)
    return hashlib.sha256(previous + text.encode()).digest()


def walked(entries: Iterable[EntryRow], start: Link) -> Iterator[Link]:
    """The places of entries that follow a place.

    Raises:
        Broken: an entry is missing, was changed, or hangs on another than the one before it.
    """
    at = start
    for entry in entries:
        no = at.no + 1
        if entry.chain_no != no:
            raise Broken(Break(no, "its entry is missing"))
        if bytes(entry.previous_hash) != at.hash:
            raise Broken(Break(no, "it does not follow the entry before it", entry.id))
        at = Link(no, entry_hash(entry, at.hash))
        if bytes(entry.hash) != at.hash:
            raise Broken(Break(no, "the entry was changed", entry.id))
        yield at
