"""Certificates as asking for, issuing, revoking and checking them reads and writes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import CertificateStatus, SignatureAlgorithm
from db.queries.certified_records import RecordFound
from db.rows import Row
from db.signatures import Signature
from db.statements import Statement
from db.write import Write

_ENDS = """
select id, volunteer_id, team_id from certificates where id = any($1::bigint[]) order by id
"""
_LOCK = """
select c.id, c.volunteer_id, c.team_id, c.status, c.certificate_no, c.replaces_id,
       exists (select from consents where id = c.id_number_consent_id and withdrawn_at is null)
         as shows_id_number
from certificates c where c.id = any($1::bigint[]) order by c.id for update of c
"""
_INSERT = """
insert into certificates (province, certificate_no, volunteer_id, team_id, status, minutes,
                          replaces_id, id_number_consent_id)
values ($1, $2, $3, $4, 'REQUESTED', $5, $6, $7) returning id
"""
_LINK = """
insert into certificate_records (province, certificate_id, record_id, revision)
select $1, $2, record, revision
from unnest($3::bigint[], $4::smallint[]) as given (record, revision)
"""
_RELINK = """
with issued as (
  select * from unnest($1::bigint[], $2::bigint[], $3::smallint[])
    as given (certificate, record, revision)
), dropped as (
  delete from certificate_records l where l.certificate_id = any($1) and not exists (
    select from issued i where i.certificate = l.certificate_id and i.record = l.record_id)
)
update certificate_records l set revision = i.revision
from issued i where l.certificate_id = i.certificate and l.record_id = i.record
"""
_ISSUE = """
update certificates c set status = 'ISSUED', team_id = g.team, snapshot = g.snapshot::jsonb,
  minutes = g.minutes, digest = g.digest, signature = g.signature, algorithm = $7, key_id = $8,
  issued_at = $9, remark = $10
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bytea[], $6::bytea[])
  as g (id, team, snapshot, minutes, digest, signature)
where c.id = g.id
"""
_SUPERSEDE = """
update certificates old set status = 'SUPERSEDED'
from certificates new
where new.id = any($1::bigint[]) and old.id = new.replaces_id and old.status = 'ISSUED'
"""
_END = "update certificates set status = $2, revoke_reason = $3 where id = $1"
_CONSENT = """
insert into consents (province, volunteer_id, kind, scope, recipient, purpose)
select province, id, 'EXTRA_ITEMS', '{"items": ["idNumber"], "masked": true}', $2, $3
from volunteers where id = $1 returning id
"""
_REPLACED = """
select c.id from certificates c
where c.id = $1 and c.volunteer_id = $2 and c.team_id is not distinct from $3::bigint
  and c.status = 'ISSUED'
"""
_OPEN_REQUEST = """
select id from certificates where volunteer_id = $1 and team_id = $2 and status = 'REQUESTED'
"""
_STATION = "select name from stations where number = $1"


class CheckedRow(Row):
    """A certificate as anybody who holds its number and code may check it."""

    id: int
    status: str
    is_outdated: bool
    snapshot: str
    digest: bytes
    signature: bytes
    algorithm: str
    key_id: str


class PrintableRow(Row):
    """A certificate as it is put on paper."""

    id: int
    certificate_no: str
    status: str
    is_outdated: bool
    snapshot: str
    key_id: str
    is_id_number_withdrawn: bool


CHECKED = Statement(
    """
    select id, status, is_outdated, snapshot::text, digest, signature, algorithm, key_id
    from certificates
    where certificate_no = $1 and status in ('ISSUED', 'REVOKED', 'SUPERSEDED')
    """,
    ("number",),
    {},
    CheckedRow,
)
_PRINTABLE = """
    select c.id, c.certificate_no, c.status, c.is_outdated, c.snapshot::text, c.key_id,
           exists (select from consents where id = c.id_number_consent_id
                   and withdrawn_at is not null)
    from certificates c
    where c.status in ('ISSUED', 'SUPERSEDED')
"""
PRINTABLE = Statement(
    f"{_PRINTABLE} and c.id = any($1::bigint[]) order by c.id", ("ids",), {}, PrintableRow
)
ARCHIVED = Statement(
    f"{_PRINTABLE} and c.team_id = $1 and c.issued_at >= $2 and c.issued_at < $3 and c.id > $4"
    " order by c.id limit $5",
    ("team", "since", "before", "after", "limit"),
    {},
    PrintableRow,
)


@dataclass(frozen=True, slots=True)
class CertificateLocked:
    """A certificate under its lock."""

    id: int
    volunteer_id: int
    team_id: int | None
    status: CertificateStatus
    number: str
    replaces_id: int | None
    shows_id_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A certificate that is issued."""

    id: int
    team_id: int | None
    snapshot: Mapping[str, Any]
    minutes: int
    signature: Signature
    records: Sequence[RecordFound]


async def fetch_ends(
    write: Write, certificate_ids: Sequence[int]
) -> Mapping[int, tuple[int, int | None]]:
    """The volunteer, who never changes, and the team of each certificate."""
    rows = await write.run(_ENDS, certificate_ids)
    return {row["id"]: (row["volunteer_id"], row["team_id"]) for row in rows}


async def lock_certificates(
    write: Write, certificate_ids: Sequence[int]
) -> Mapping[int, CertificateLocked]:
    """The certificates, locked; the caller has entered their rank."""
    return {
        row["id"]: CertificateLocked(
            row["id"],
            row["volunteer_id"],
            row["team_id"],
            CertificateStatus(row["status"]),
            row["certificate_no"],
            row["replaces_id"],
            row["shows_id_number"],
        )
        for row in await write.run(_LOCK, certificate_ids)
    }


async def insert_request(  # noqa: PLR0917 - columns
    write: Write,
    province: str,
    number: str,
    volunteer_id: int,
    team_id: int | None,
    records: Sequence[RecordFound],
    *,
    replaces_id: int | None,
    consent_id: int | None,
) -> int:
    """The id of a certificate that is yet to be issued, and its records."""
    minutes = sum(record.minutes for record in records)
    rows = await write.run(
        _INSERT, province, number, volunteer_id, team_id, minutes, replaces_id, consent_id
    )
    certificate_id: int = rows[0]["id"]
    await write.run(
        _LINK,
        province,
        certificate_id,
        [record.id for record in records],
        [record.revision for record in records],
    )
    return certificate_id


async def issue(
    write: Write,
    issues: Sequence[Issue],
    *,
    algorithm: SignatureAlgorithm,
    key_id: str,
    issued_at: datetime,
    remark: str | None,
) -> None:
    """Makes requests certificates, for good; what they replace is superseded."""
    linked = [(each.id, record) for each in issues for record in each.records]
    await write.run(
        _RELINK,
        [certificate_id for certificate_id, _ in linked],
        [record.id for _, record in linked],
        [record.revision for _, record in linked],
    )
    ids = [each.id for each in issues]
    await write.run(
        _ISSUE,
        ids,
        [each.team_id for each in issues],
        [json.dumps(each.snapshot, ensure_ascii=False) for each in issues],
        [each.minutes for each in issues],
        [each.signature.digest for each in issues],
        [each.signature.signature for each in issues],
        algorithm.value,
        key_id,
        issued_at,
        remark,
    )
    await write.run(_SUPERSEDE, ids)


async def end(write: Write, certificate_id: int, status: CertificateStatus, reason: str) -> None:
    """Declines a request, or revokes a certificate."""
    await write.run(_END, certificate_id, status.value, reason)


async def insert_consent(
    write: Write, volunteer_id: int, *, recipient: str | None, purpose: str
) -> int:
    """The volunteer's consent to a masked ID number on one certificate."""
    rows = await write.run(_CONSENT, volunteer_id, recipient, purpose)
    consent_id: int = rows[0]["id"]
    return consent_id


async def is_replaceable(
    write: Write, certificate_id: int, *, volunteer_id: int, team_id: int | None
) -> bool:
    """Whether it is a certificate of the volunteer, by the same issuer, that still counts."""
    return bool(await write.run(_REPLACED, certificate_id, volunteer_id, team_id))


async def fetch_open_request(write: Write, *, volunteer_id: int, team_id: int) -> int | None:
    """The volunteer's request that waits at the team; to be read under the volunteer's lock."""
    rows = await write.run(_OPEN_REQUEST, volunteer_id, team_id)
    return rows[0]["id"] if rows else None


async def fetch_station_name(write: Write, number: int) -> str | None:
    """The name of a station."""
    rows = await write.run(_STATION, number)
    return rows[0]["name"] if rows else None
