"""Consistency tokens: a transaction of a cluster, so that a later read sees at least that write.

Whoever sees a transaction sees all that it saw itself, for those are before it in the log. Its
number is known before it commits, where its place in the log would have to be asked for after.
Written out a token is ``<system id>.<timeline>.<transaction>``, as in
``7391823412341234567.1.81236``.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Self

from db.errors import TokenRefused
from db.rows import Row
from db.statements import Statement

_FORM = re.compile(r"([0-9]{1,20})\.([0-9]{1,10})\.([0-9]{1,20})", re.ASCII)
_MOST = 2**64 - 1

# On the primary the name of the log file carries the timeline; on a replica the receiver knows
# what it is fed, and the last restart point what is replayed at least.
_SERVER = """
select s.system_identifier as system_id, r.is_replica,
       case when r.is_replica then greatest(
              (pg_control_checkpoint()).timeline_id,
              (select received_tli from pg_stat_wal_receiver))
            else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
       end as timeline
from pg_control_system() s, pg_is_in_recovery() as r (is_replica)
"""
# A snapshot on a replica does not name what still runs, so it cannot say what it shows. What
# counts as committed is shown by every snapshot taken after; what is too old to ask is, too.
_STATUS = f"""
select s.system_id, s.is_replica, s.timeline,
       case when $1::xid8 < pg_snapshot_xmax(pg_current_snapshot())
            then coalesce(pg_xact_status($1::xid8), 'committed') end as status
from ({_SERVER}) s
"""  # noqa: S608 - texts of ours
_COMMITTED = "committed"

_CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster on one of its timelines."""

    system_id: int
    timeline: int


@dataclass(frozen=True, slots=True)
class ConsistencyToken:
    """A committed transaction of a cluster."""

    cluster: Cluster
    transaction: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The token that the text writes out.

        Raises:
            TokenRefused: it writes out none.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise TokenRefused
        system_id, timeline, transaction = map(int, match.groups())
        if transaction > _MOST:
            raise TokenRefused
        return cls(Cluster(system_id, timeline), transaction)

    def __str__(self) -> str:
        return f"{self.cluster.system_id}.{self.cluster.timeline}.{self.transaction}"


class StatusRow(Row):
    """What a server knows of a transaction, and which server it is."""

    system_id: int
    is_replica: bool
    timeline: int
    status: str | None


STATUS = Statement(sql=_STATUS, names=("transaction",), fixed={}, row=StatusRow)
"""Of a transaction by its number, whichever cluster it is of."""


def is_shown(server: StatusRow, token: ConsistencyToken) -> bool:
    """Whether the server that answered about the token's transaction shows its write.

    Raises:
        TokenRefused: it is another cluster's, or the primary has committed no such transaction.
    """
    if token.cluster.system_id != server.system_id:
        raise TokenRefused
    shown = token.cluster.timeline <= server.timeline and server.status == _COMMITTED
    if not shown and not server.is_replica:
        raise TokenRefused
    return shown


async def fetch_cluster(connection: Any, kept: MutableMapping[Any, Any]) -> Cluster:
    """The cluster of a primary; ``kept`` belongs to the connection, and keeps it.

    A primary keeps its timeline as long as it is one, and a connection outlives only the change
    from replica to primary. ``connection`` is asyncpg's.
    """
    cluster: Cluster | None = kept.get(_CLUSTER)
    if cluster is None:
        server = await connection.fetchrow(_SERVER)
        cluster = Cluster(server["system_id"], server["timeline"])
        if not server["is_replica"]:
            kept[_CLUSTER] = cluster
    return cluster
