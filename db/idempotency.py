"""Idempotency keys: the first request under a key acts, every repeat is told what it did."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.errors import KeyReused
from db.events import Json

# Waits for a concurrent request under the same key to commit or roll back.
_CLAIM = """
insert into idempotency_keys (account_id, action, key, input_hash) values ($1, $2, $3, $4)
on conflict (account_id, action, key) do nothing
returning true
"""
_STORED = """
select input_hash, outcome::text as outcome from idempotency_keys
where account_id = $1 and action = $2 and key = $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a request claims: one key of one account for one action."""

    account_id: int
    action: str
    key: str


def hash_input(input: Mapping[str, Any]) -> bytes:
    """The same bytes for the same input, whatever the order of its fields."""
    text = json.dumps(input, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


async def take(connection: Any, claim: Claim, input_hash: bytes) -> dict[str, Json] | None:
    """None when the key is now this transaction's, else the outcome stored under it.

    Raises:
        KeyReused: it was given before with another input.
    """
    named = (claim.account_id, claim.action, claim.key)
    while True:
        if await connection.fetchval(_CLAIM, *named, input_hash):
            return None
        stored = await connection.fetchrow(_STORED, *named)
        if stored is None:  # it expired between the two statements
            continue
        if stored["input_hash"] != input_hash:
            raise KeyReused
        outcome: dict[str, Json] = json.loads(stored["outcome"])
        return outcome
