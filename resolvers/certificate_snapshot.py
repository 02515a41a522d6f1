"""What a certificate says: an immutable value, its canonical text, and what of it is public.

Order 67 §15 asks for service time, service content and recording unit; beside them stand who served
and who issues it, and the ID number, masked, only where the volunteer agreed to it (DOMAIN §3.5).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.events import Json

VERSION = 1
TITLE = "志愿服务记录证明"
MASKED_FROM = 8  # a shorter number is hidden whole


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedRecord:
    """A record as it is certified."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    content: str
    recording_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose service is certified; the ID number is masked already."""

    name: str
    volunteer_no: str
    id_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a certificate says.

    ``issuer`` is the team that issues it, or the station a volunteer prints it from; ``stands_for``
    are the recording units that are no more and whose place the issuer takes.
    """

    number: str
    issued_on: date
    is_printed: bool
    issuer: str
    holder: Holder
    records: Sequence[CertifiedRecord]
    stands_for: Sequence[str] = ()
    remark: str | None = None

    @property
    def minutes(self) -> int:
        """The certified time."""
        return sum(record.minutes for record in self.records)

    def snapshot(self) -> dict[str, Json]:
        """The certificate as it is stored and signed; what is absent is left out."""
        holder: dict[str, Json] = {
            "name": self.holder.name,
            "volunteerNo": self.holder.volunteer_no,
        }
        if self.holder.id_number is not None:
            holder["idNumber"] = self.holder.id_number
        said: dict[str, Json] = {
            "version": VERSION,
            "title": TITLE,
            "certificateNo": self.number,
            "kind": "PRINTED" if self.is_printed else "ISSUED",
            "issuedOn": self.issued_on.isoformat(),
            "issuer": self.issuer,
            "volunteer": holder,
            "minutes": self.minutes,
            "records": [_record(record) for record in self.records],
        }
        if self.stands_for:
            said["standsFor"] = list(self.stands_for)
        if self.remark is not None:
            said["remark"] = self.remark
        return said


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The one text of a snapshot that is signed: keys in order, no spaces, UTF-8."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def masked_id_number(number: str) -> str:
    """``500***********0017``: enough to compare with a card in hand."""
    if len(number) < MASKED_FROM:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def _record(record: CertifiedRecord) -> dict[str, Json]:
    return {
        "startsAt": _local(record.starts_at),
        "endsAt": _local(record.ends_at),
        "minutes": record.minutes,
        "content": record.content,
        "recordingUnit": record.recording_unit,
    }


def _local(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="minutes")
