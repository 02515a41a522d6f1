"""Checking a certificate by its number and code: anybody may, and guessing teaches nothing.

Whatever is wrong, the answer is one and the same, after one statement and one comparison; only who
holds both number and code learns anything (DOMAIN §8, §11.15).
"""

import hmac
import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from db.enums import CertificateStatus, SignatureAlgorithm
from db.numbers.certificates import read_typed, station_of
from db.queries.certificates import CHECKED, CheckedRow
from db.session import Snapshot
from db.signatures import Signature
from permissions.contacts import masked_name
from resolvers.certificate_desk import CertificateDesk
from resolvers.certificate_snapshot import canonical

log = logging.getLogger(__name__)

PACE = "certificateChecks"


class CheckState(StrEnum):
    """What a check of a certificate comes to."""

    VALID = "VALID"
    OUTDATED = "OUTDATED"
    SUPERSEDED = "SUPERSEDED"
    REVOKED = "REVOKED"
    NOT_FOUND = "NOT_FOUND"
    OTHER_STATION = "OTHER_STATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCheck:
    """What anybody who holds a certificate may learn of it, and no more."""

    state: CheckState
    masked_name: str | None = None
    minutes: int | None = None
    remark: str | None = None


async def check_certificate(
    snapshot: Snapshot, desk: CertificateDesk, number: str, code: str, *, asker: str
) -> CertificateCheck:
    """What the number and code come to; ``asker`` is who is counted for it.

    Raises:
        RateLimited: the asker has checked too many of late.
    """
    await desk.throttle.take(PACE, asker)
    typed, given = read_typed(number), read_typed(code)
    row = await snapshot.fetch_one(CHECKED, number=typed)
    expected = desk.signer.code(typed, row.key_id if row is not None else None)
    # SECURITY: compared whether or not there is such a certificate, so that time tells nothing.
    is_known = hmac.compare_digest(expected, given)
    if row is None or not is_known:
        return CertificateCheck(state=_unknown(typed, desk))
    said: dict[str, Any] = json.loads(row.snapshot)
    if not desk.signer.verify(canonical(said), _signature(row)) or said["certificateNo"] != typed:
        log.error("certificate_not_genuine", extra={"certificate": row.id})
        return CertificateCheck(state=CheckState.NOT_FOUND)
    return CertificateCheck(
        state=_state(row),
        masked_name=masked_name(said["volunteer"]["name"]),
        minutes=said["minutes"],
        remark=said.get("remark"),
    )


def _unknown(number: str, desk: CertificateDesk) -> CheckState:
    """Whether the number itself names another station; it is read off the text alone."""
    station = station_of(number)
    if station is None or station == desk.station:
        return CheckState.NOT_FOUND
    return CheckState.OTHER_STATION


def _state(row: CheckedRow) -> CheckState:
    if row.status != CertificateStatus.ISSUED:
        return CheckState(row.status)
    return CheckState.OUTDATED if row.is_outdated else CheckState.VALID


def _signature(row: CheckedRow) -> Signature:
    return Signature(
        algorithm=SignatureAlgorithm(row.algorithm),
        key_id=row.key_id,
        digest=row.digest,
        signature=row.signature,
    )
