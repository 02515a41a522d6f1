"""Walks the chain: every entry anew, every signed head against it, and what is not sealed yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from db.audit import queries
from db.audit.chain import GENESIS, Break, Broken, Link, walked
from db.audit.heads import SignedHead, signature_fault
from db.keys import KeyRing
from db.session import Database, Snapshot

PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Tail:
    """What is committed and not sealed yet: how many entries, and the age of the oldest."""

    entries: int
    age: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What the walk found; ``broken`` is the first place that does not hold."""

    head: Link
    signed_head: SignedHead | None
    tail: Tail
    broken: Break | None = None


async def fetch_tail(snapshot: Snapshot) -> Tail:
    """How far the sealer is behind the writers."""
    row = await snapshot.fetch_one(queries.TAIL)
    if row is None:
        raise RuntimeError("A count has a row.")
    return Tail(row.entries, timedelta(seconds=row.seconds))


async def fetch_head(snapshot: Snapshot) -> Link:
    """The place that was sealed last."""
    row = await snapshot.fetch_one(queries.HEAD)
    return Link(0, GENESIS) if row is None else Link(row.chain_no, bytes(row.hash))


async def fetch_signed_heads(snapshot: Snapshot) -> list[SignedHead]:
    """The signed heads, oldest first."""
    return [
        SignedHead(Link(row.chain_no, bytes(row.hash)), row.signed_at, row.key_id, row.signature)
        for row in await snapshot.fetch(queries.HEADS)
    ]


async def verify(
    database: Database, keys: KeyRing, *, walked_to: Callable[[int], None] = lambda _no: None
) -> Verified:
    """The chain as it stands in one snapshot; ``walked_to`` is told how far the walk is."""
    async with database.read() as snapshot:
        station = await snapshot.fetch_one(queries.STATION)
        heads = await fetch_signed_heads(snapshot)
        tail = await fetch_tail(snapshot)
        walk = _Walk(
            keys, 0 if station is None else station.station, {each.link.no: each for each in heads}
        )
        broken = None
        try:
            await walk.all(snapshot, walked_to)
            walk.require_end(heads[-1] if heads else None)
        except Broken as error:
            broken = error.broken
    newest = heads[-1] if heads else None
    return Verified(head=walk.at, signed_head=newest, tail=tail, broken=broken)


class _Walk:
    """How far a walk has come."""

    def __init__(self, keys: KeyRing, station: int, heads: Mapping[int, SignedHead]) -> None:
        self.at = Link(0, GENESIS)
        self._keys = keys
        self._station = station
        self._heads = heads

    async def all(self, snapshot: Snapshot, walked_to: Callable[[int], None]) -> None:
        while True:
            page = await snapshot.fetch(queries.ENTRIES, after=self.at.no, limit=PAGE)
            for link in walked(page, self.at):
                self._check_head(link)
                self.at = link
            walked_to(self.at.no)
            if len(page) < PAGE:
                return

    def _check_head(self, link: Link) -> None:
        head = self._heads.get(link.no)
        if head is None:
            return
        if head.link != link:
            raise Broken(Break(link.no, "the chain was laid anew since its head was signed here"))
        if fault := signature_fault(self._keys, self._station, head):
            raise Broken(Break(link.no, fault))

    def require_end(self, newest: SignedHead | None) -> None:
        if newest is not None and newest.link.no > self.at.no:
            raise Broken(Break(self.at.no + 1, "its entry is missing, and a later one was signed"))
