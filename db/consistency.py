"""Consistency tokens: a place in a cluster's log, so that a later read sees at least that write.

The token of a write is read after its commit. Written out it is
``<system id>.<timeline>.<lsn>``, as in ``7391823412341234567.1.0/16B3740``.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Self

from db.errors import TokenRefused

_FORM = re.compile(r"([0-9]{1,20})\.([0-9]{1,10})\.([0-9A-F]{1,8})/([0-9A-F]{1,8})", re.ASCII)
_LOW_BITS = 32

# On the primary the name of the log file carries the timeline; on a replica the receiver knows
# what it is fed, and the last restart point what is replayed at least.
_POSITION = """
select s.system_identifier as system_id,
       case when pg_is_in_recovery() then greatest(
              (pg_control_checkpoint()).timeline_id,
              (select received_tli from pg_stat_wal_receiver))
            else ('x' || left(pg_walfile_name(l.lsn), 8))::bit(32)::int
       end as timeline,
       l.lsn::text as lsn
from pg_control_system() s,
     lateral (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                          else pg_current_wal_insert_lsn() end as lsn) l
"""

_CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class ConsistencyToken:
    """A place in the log of one cluster."""

    system_id: int
    timeline: int
    lsn: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The token that the text writes out.

        Raises:
            TokenRefused: it writes out none.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise TokenRefused
        system_id, timeline, high, low = match.groups()
        return cls(int(system_id), int(timeline), _lsn(high, low))

    def __str__(self) -> str:
        high, low = self.lsn >> _LOW_BITS, self.lsn & (1 << _LOW_BITS) - 1
        return f"{self.system_id}.{self.timeline}.{high:X}/{low:X}"

    def require_known_to(self, primary: "ConsistencyToken") -> None:
        """Fails unless the primary, standing where it does, can have given this token.

        Raises:
            TokenRefused: it is another cluster's, or ahead of the primary.
        """
        if self.system_id != primary.system_id:
            raise TokenRefused
        if self.timeline > primary.timeline or self.lsn > primary.lsn:
            raise TokenRefused

    def is_reached_by(self, replica: "ConsistencyToken") -> bool:
        """Whether a replica, standing where it does, shows the write of this token."""
        return (
            self.system_id == replica.system_id
            and self.timeline <= replica.timeline
            and self.lsn <= replica.lsn
        )


async def fetch_position(connection: Any) -> ConsistencyToken:
    """Where a server stands: what it has written, or on a replica what it has replayed.

    ``connection`` is asyncpg's, outside a transaction: inside one, its own commit is not counted.
    """
    row = await connection.fetchrow(_POSITION)
    return ConsistencyToken.parse(f"{row['system_id']}.{row['timeline']}.{row['lsn']}")


async def fetch_written(connection: Any, kept: MutableMapping[str, Any]) -> ConsistencyToken:
    """Where a primary stands; ``kept`` belongs to the connection, and keeps the cluster's name.

    A primary keeps its timeline as long as it is one, and a connection outlives only the change
    from replica to primary. ``connection`` is asyncpg's, outside a transaction.
    """
    cluster: ConsistencyToken | None = kept.get(_CLUSTER)
    if cluster is None:
        token = await fetch_position(connection)
        if not await connection.fetchval("select pg_is_in_recovery()"):
            kept[_CLUSTER] = token
        return token
    lsn: str = await connection.fetchval("select pg_current_wal_insert_lsn()::text")
    return replace(cluster, lsn=_lsn(*lsn.split("/")))


def _lsn(high: str, low: str) -> int:
    return int(high, 16) << _LOW_BITS | int(low, 16)
