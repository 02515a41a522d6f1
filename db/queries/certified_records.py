"""The records and the person that a certificate is about, as issuing reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import IdentityType
from db.write import Write

# What may be certified: effective, of some length, not flagged as bought (DOMAIN §6.6). The rows
# stay as they are until the certificate is written, so that no correction slips in between.
_RECORDS = """
select r.id, r.revision, r.team_id, t.name as team_name, r.starts_at, r.ends_at, r.minutes,
       r.content
from service_records r join teams t on t.id = r.team_id
where r.volunteer_id = $1 and r.status = 'EFFECTIVE' and r.minutes > 0 and not r.is_flagged
  and ($2::bigint[] is null or r.id = any($2)) and ($3::bigint is null or r.team_id = $3)
  and ($4::timestamptz is null or r.starts_at >= $4)
  and ($5::timestamptz is null or r.starts_at < $5)
order by r.starts_at, r.id limit $6
for share of r
"""
_LINKED = """
select l.certificate_id, r.id, r.revision, r.team_id, t.name as team_name, r.starts_at, r.ends_at,
       r.minutes, r.content
from certificate_records l
join service_records r on r.id = l.record_id join teams t on t.id = r.team_id
where l.certificate_id = any($1::bigint[])
  and r.status = 'EFFECTIVE' and r.minutes > 0 and not r.is_flagged
order by l.certificate_id, r.starts_at, r.id
for share of r
"""
_HOLDERS = """
select v.id, v.province, v.name, v.volunteer_no, i.id_type, i.sealed_number, i.key_id
from volunteers v left join volunteer_identities i on i.volunteer_id = v.id
where v.id = any($1::bigint[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records of a volunteer: those of the ids, of the team, from a moment to another."""

    volunteer_id: int
    record_ids: Sequence[int] | None = None
    team_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordFound:
    """A record that may be certified."""

    id: int
    revision: int
    team_id: int
    team_name: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    content: str


@dataclass(frozen=True, slots=True)
class HolderFound:
    """Whose records they are, and the sealed ID number if one is kept."""

    province: str
    name: str
    volunteer_no: str
    id_type: IdentityType | None
    sealed_number: bytes | None
    key_id: str | None


async def fetch_records(write: Write, selection: Selection, *, limit: int) -> Sequence[RecordFound]:
    """The records of a selection that may be certified, the earliest first, locked as they are."""
    rows = await write.run(
        _RECORDS,
        selection.volunteer_id,
        selection.record_ids,
        selection.team_id,
        selection.since,
        selection.before,
        limit,
    )
    return [RecordFound(*row) for row in rows]


async def fetch_linked(
    write: Write, certificate_ids: Sequence[int]
) -> Mapping[int, Sequence[RecordFound]]:
    """Those records of each request that may still be certified, locked as they are."""
    found: dict[int, list[RecordFound]] = {each: [] for each in certificate_ids}
    for certificate_id, *row in await write.run(_LINKED, certificate_ids):
        found[certificate_id].append(RecordFound(*row))
    return found


async def fetch_holders(write: Write, volunteer_ids: Sequence[int]) -> Mapping[int, HolderFound]:
    """The volunteers, by id."""
    return {
        row["id"]: HolderFound(
            row["province"],
            row["name"],
            row["volunteer_no"],
            IdentityType(row["id_type"]) if row["id_type"] else None,
            row["sealed_number"],
            row["key_id"],
        )
        for row in await write.run(_HOLDERS, volunteer_ids)
    }
