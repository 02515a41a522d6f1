"""What the sealer and the verifier ask of the database."""

from datetime import datetime

from db.audit.chain import EntryRow
from db.locks import Lock
from db.rows import Row
from db.statements import Statement

TAKE_TURN = f"select pg_try_advisory_xact_lock({Lock.AUDIT})"
SEAL = "select audit_seal($1)"
LATEST = """
select a.chain_no, a.hash, i.station, h.chain_no as signed_no, h.signed_at
from installation i
cross join lateral (select chain_no, hash from audit_log where chain_no is not null
                    order by chain_no desc limit 1) a
left join lateral (select chain_no, signed_at from audit_heads
                   order by chain_no desc limit 1) h on true
"""
INSERT_HEAD = """
insert into audit_heads (chain_no, hash, signed_at, key_id, signature)
values ($1, $2, $3, $4, $5)
"""


class HeadRow(Row):
    """A signed head."""

    chain_no: int
    hash: bytes
    signed_at: datetime
    key_id: str
    signature: bytes


class LinkRow(Row):
    """A place of the chain."""

    chain_no: int
    hash: bytes


class TailRow(Row):
    """What is not sealed yet: how many entries, and for how long the oldest has waited."""

    entries: int
    seconds: float


class StationRow(Row):
    """Which station the database is."""

    station: int


TAIL = Statement(
    "select count(*), coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8"
    " from audit_log where chain_no is null",
    (),
    {},
    TailRow,
)
HEAD = Statement(
    "select chain_no, hash from audit_log where chain_no is not null"
    " order by chain_no desc limit 1",
    (),
    {},
    LinkRow,
)
STATION = Statement("select station from installation", (), {}, StationRow)
HEADS = Statement(
    "select chain_no, hash, signed_at, key_id, signature from audit_heads order by chain_no",
    (),
    {},
    HeadRow,
)
ENTRIES = Statement(
    "select id, at, account_id, capacity, action, subject_type, subject_id, because, detail::text,"
    " chain_no, previous_hash, hash from audit_log where chain_no > $1 order by chain_no limit $2",
    ("after", "limit"),
    {},
    EntryRow,
)
