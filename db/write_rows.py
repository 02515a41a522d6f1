"""The rows that every write leaves behind, in one statement however many events it has."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from db.events import DomainEvent, Json
from db.idempotency import Claim

# Data-modifying parts of one statement see one snapshot and none another's rows; they touch
# different tables. JSON arrives as text, so that any codec of the connection will do.
_EVENTS = """
with event as materialized (
  select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
    with ordinality as e (name, subject_type, subject_id, payload, because, detail, n)
), published as (
  insert into outbox (event, subject_type, subject_id, payload)
  select name, subject_type, subject_id, payload::jsonb
  from event where payload is not null order by n
)"""
_AUDIT = """
insert into audit_log (account_id, capacity, action, subject_type, subject_id, because, detail)
select $7::bigint, $8::text, name, subject_type, subject_id, because, detail::jsonb
from event order by n
"""
TRANSACTION = "select pg_current_xact_id()"
"""The id of the transaction that it is run in."""

_RECORD = f"{_EVENTS}, audited as ({_AUDIT}) {TRANSACTION}"
_RECORD_AND_MORE = f"""{_EVENTS}, audited as ({_AUDIT}), changed as (
  update accounts set standing_version = standing_version + 1
  where id in (select id from accounts where id = any($9::bigint[]) order by id
               for no key update)
), answered as (
  update idempotency_keys set outcome = $10::text::jsonb
  where account_id = $11::bigint and action = $12::text and key = $13::text
) {TRANSACTION}
"""  # noqa: S608 - texts of ours

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


async def insert_rows(
    connection: Any,
    events: Sequence[DomainEvent],
    *,
    account_id: int | None,
    capacity: str,
    claim: Claim | None,
    outcome: Mapping[str, Json] | None,
) -> int:
    """Writes outbox and audit rows, moves standings, and stores the key's outcome.

    Returns the transaction's id. ``connection`` is asyncpg's.
    """
    standing_of = sorted({account for event in events for account in event.standing_of})
    named: tuple[Any, ...] = ()
    if standing_of or claim is not None:
        stored = None if outcome is None else to_json(outcome)
        key = (claim.account_id, claim.action, claim.key) if claim else (None, None, None)
        named = (standing_of, stored, *key)
    transaction: int = await connection.fetchval(
        _RECORD_AND_MORE if named else _RECORD,
        [event.name for event in events],
        [event.subject_type.value for event in events],
        [event.subject_id for event in events],
        [None if event.payload is None else to_json(event.payload) for event in events],
        [event.because for event in events],
        [to_json(event.detail) for event in events],
        account_id,
        capacity,
        *named,
    )
    return transaction


def to_json(value: Mapping[str, Any]) -> str:
    """The value as compact JSON."""
    return _ENCODER.encode(value)
