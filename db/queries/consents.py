"""Consents: given, withdrawn, kept; and what ends with one."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import ConsentKind
from db.rows import Row
from db.statements import Statement
from db.write import Write

_MINOR = """
select born_on > ((now() at time zone 'Asia/Shanghai')::date - interval '18 years') as is_minor
from volunteers where id = $1
"""
_UNGUARDED = """
select v.id from volunteers v
where v.id = any($1::bigint[])
  and v.born_on > ((now() at time zone 'Asia/Shanghai')::date - interval '18 years')
  and not exists (select from consents c where c.volunteer_id = v.id and c.kind = 'GUARDIAN'
                  and c.withdrawn_at is null)
"""
_STANDING = """
select id from consents where volunteer_id = $1 and kind = $2 and withdrawn_at is null
  and recipient is not distinct from $3 and purpose = $4 and scope = $5::text::jsonb
order by id limit 1
"""
_INSERT = """
insert into consents (province, volunteer_id, kind, recipient, purpose, scope, given_by)
select province, id, $2, $3, $4, $5::text::jsonb, $6 from volunteers where id = $1 returning id
"""
_OWN = """
select id, kind, withdrawn_at from consents where id = $1 and volunteer_id = $2
"""
_WITHDRAW = "update consents set withdrawn_at = now() where id = $1"
_HAS = """
select exists (select from consents where volunteer_id = $1 and kind = $2
  and withdrawn_at is null) as found
"""
_FORGET_EXTRAS = """
update volunteers set ethnicity = null, political_status = null, education = null,
  employment = null, updated_at = now() where id = $1
"""
_UNPUBLISH = "update volunteers set mobile_public = false, updated_at = now() where id = $1"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a consent is to: which data go to whom, for what."""

    recipient: str | None
    purpose: str
    scope: Mapping[str, Any]


class ConsentRow(Row):
    """A consent, standing or withdrawn."""

    id: int
    kind: ConsentKind
    recipient: str | None
    purpose: str
    scope: str
    given_by: str | None
    given_at: datetime
    withdrawn_at: datetime | None


CONSENTS = Statement(
    """
    select id, kind, recipient, purpose, scope::text, given_by, given_at, withdrawn_at
    from consents where volunteer_id = $1 order by id desc
    """,
    ("volunteer",),
    {},
    ConsentRow,
)


async def is_minor(write: Write, volunteer_id: int) -> bool:
    """Whether the volunteer is under 18 today."""
    rows = await write.run(_MINOR, volunteer_id)
    return bool(rows and rows[0]["is_minor"])


async def fetch_unguarded(write: Write, volunteer_ids: Collection[int]) -> frozenset[int]:
    """Those of the volunteers who are under 18 today without a guardian's consent that stands.

    To be read under their locks: a consent is withdrawn under them, too.
    """
    rows = await write.run(_UNGUARDED, sorted(volunteer_ids))
    return frozenset(row["id"] for row in rows)


async def has_standing(write: Write, volunteer_id: int, kind: ConsentKind) -> bool:
    """Whether a consent of the kind stands."""
    found: bool = (await write.run(_HAS, volunteer_id, kind.value))[0]["found"]
    return found


async def find_equal(
    write: Write, volunteer_id: int, kind: ConsentKind, terms: Terms
) -> int | None:
    """A consent that stands and says the same."""
    rows = await write.run(
        _STANDING, volunteer_id, kind.value, terms.recipient, terms.purpose, _json(terms.scope)
    )
    return rows[0]["id"] if rows else None


async def insert(
    write: Write, volunteer_id: int, kind: ConsentKind, terms: Terms, *, given_by: str | None
) -> int:
    """The id of a consent given now."""
    rows = await write.run(
        _INSERT,
        volunteer_id,
        kind.value,
        terms.recipient,
        terms.purpose,
        _json(terms.scope),
        given_by,
    )
    number: int = rows[0]["id"]
    return number


async def fetch_own(write: Write, consent_id: int, volunteer_id: int) -> Any | None:
    """A consent of the volunteer; to be read under the volunteer's lock."""
    rows = await write.run(_OWN, consent_id, volunteer_id)
    return rows[0] if rows else None


async def withdraw(write: Write, consent_id: int) -> None:
    """Withdraws a consent; the row stays."""
    await write.run(_WITHDRAW, consent_id)


async def forget_extra_items(write: Write, volunteer_id: int) -> None:
    """What was kept by the consent alone is kept no more (PIPL art. 47)."""
    await write.run(_FORGET_EXTRAS, volunteer_id)


async def unpublish(write: Write, volunteer_id: int) -> None:
    """What was public by the consent alone is public no more."""
    await write.run(_UNPUBLISH, volunteer_id)


def _json(scope: Mapping[str, Any]) -> str:
    return json.dumps(scope, ensure_ascii=False)
