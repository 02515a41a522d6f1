"""The rows that every write leaves behind, in one statement however many events it has."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from db.events import DomainEvent, Json
from db.idempotency import Claim

# Data-modifying parts of one statement see one snapshot and none another's rows; they touch
# different tables. JSON arrives as text, so that any codec of the connection will do.
_RECORD = """
with event as materialized (
  select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
    with ordinality as e (name, subject_type, subject_id, payload, because, detail, n)
), published as (
  insert into outbox (event, subject_type, subject_id, payload)
  select name, subject_type, subject_id, payload::jsonb
  from event where payload is not null order by n
), audited as (
  insert into audit_log (account_id, capacity, action, subject_type, subject_id, because, detail)
  select $7::bigint, $8::text, name, subject_type, subject_id, because, detail::jsonb
  from event order by n
), counted as (
  insert into ledger_pending (day, region_path, team_path, deltas, dimensions)
  select day, region_path, team_path, deltas::jsonb, dimensions::jsonb
  from unnest($9::date[], $10::text[], $11::text[], $12::text[], $13::text[])
    as l (day, region_path, team_path, deltas, dimensions)
), changed as (
  update accounts set standing_version = standing_version + 1
  where id in (select id from accounts where id = any($14::bigint[]) order by id
               for no key update)
)
update idempotency_keys set outcome = $15::text::jsonb
where account_id = $16::bigint and action = $17::text and key = $18::text
"""


async def insert_rows(
    connection: Any,
    events: Sequence[DomainEvent],
    *,
    account_id: int | None,
    capacity: str,
    claim: Claim | None,
    outcome: Mapping[str, Json] | None,
) -> None:
    """Writes outbox, audit and ledger rows, moves standings, and stores the key's outcome.

    ``connection`` is asyncpg's.
    """
    ledger = [event.ledger for event in events if event.ledger is not None]
    await connection.execute(
        _RECORD,
        [event.name for event in events],
        [event.subject_type.value for event in events],
        [event.subject_id for event in events],
        [None if event.payload is None else to_json(event.payload) for event in events],
        [event.because for event in events],
        [to_json(event.detail) for event in events],
        account_id,
        capacity,
        [delta.day for delta in ledger],
        [delta.region_path for delta in ledger],
        [delta.team_path for delta in ledger],
        [to_json(delta.deltas) for delta in ledger],
        [to_json(delta.dimensions) for delta in ledger],
        sorted({account for event in events for account in event.standing_of}),
        None if outcome is None else to_json(outcome),
        *((claim.account_id, claim.action, claim.key) if claim else (None, None, None)),
    )


def to_json(value: Mapping[str, Any]) -> str:
    """The value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
