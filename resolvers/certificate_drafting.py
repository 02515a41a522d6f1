"""From records to signed certificates: what is shared by printing and issuing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.clock import CHINA
from db.identities import unseal
from db.queries import certificates as queries
from db.queries.certificates import CertificateLocked, Issue
from db.queries.certified_records import HolderFound, RecordFound
from db.write import Write
from resolvers.certificate_desk import CertificateDesk
from resolvers.certificate_snapshot import (
    CertifiedRecord,
    Draft,
    Holder,
    canonical,
    masked_id_number,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A certificate that waits for its signature, and the records it rests on."""

    id: int
    team_id: int | None
    draft: Draft
    records: Sequence[RecordFound]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: a team, or the station for what a volunteer prints."""

    team_id: int | None
    name: str


def drafted(
    locked: CertificateLocked,
    issuer: Issuer,
    holder: HolderFound,
    records: Sequence[RecordFound],
    desk: CertificateDesk,
    *,
    now: datetime,
    remark: str | None = None,
) -> Drafted:
    """What a certificate is to say, from rows that are locked as they are."""
    shown = _masked(locked.volunteer_id, holder, desk) if locked.shows_id_number else None
    others = dict.fromkeys(
        record.team_name
        for record in records
        if issuer.team_id is not None and record.team_id != issuer.team_id
    )
    draft = Draft(
        number=locked.number,
        issued_on=now.astimezone(CHINA).date(),
        is_printed=issuer.team_id is None,
        issuer=issuer.name,
        holder=Holder(name=holder.name, volunteer_no=holder.volunteer_no, id_number=shown),
        records=[
            CertifiedRecord(
                starts_at=record.starts_at,
                ends_at=record.ends_at,
                minutes=record.minutes,
                content=record.content,
                recording_unit=record.team_name,
            )
            for record in records
        ],
        stands_for=list(others),
        remark=remark,
    )
    return Drafted(id=locked.id, team_id=issuer.team_id, draft=draft, records=records)


async def issue_all(
    write: Write,
    batch: Sequence[Drafted],
    desk: CertificateDesk,
    *,
    now: datetime,
    remark: str | None = None,
) -> None:
    """Signs and stores a batch, in as many statements for one as for many."""
    issues = await asyncio.to_thread(_signed, batch, desk)
    await queries.issue(
        write,
        issues,
        algorithm=desk.signer.algorithm,
        key_id=desk.signer.current.id,
        issued_at=now,
        remark=remark,
    )


def _signed(batch: Sequence[Drafted], desk: CertificateDesk) -> list[Issue]:
    issues = []
    for each in batch:
        snapshot = each.draft.snapshot()
        issues.append(
            Issue(
                id=each.id,
                team_id=each.team_id,
                snapshot=snapshot,
                minutes=each.draft.minutes,
                signature=desk.signer.sign(canonical(snapshot)),
                records=each.records,
            )
        )
    return issues


def _masked(volunteer_id: int, holder: HolderFound, desk: CertificateDesk) -> str | None:
    """The holder's ID number, masked; None once the identity is erased or its key is gone."""
    key = next((key for key in desk.identity_keys if key.id == holder.key_id), None)
    if holder.sealed_number is None or key is None:
        return None
    return masked_id_number(unseal(holder.sealed_number, volunteer_id=volunteer_id, key=key))
