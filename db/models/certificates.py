"""Certificates, and the records that they certify."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import CertificateStatus, SignatureAlgorithm
from db.models.base import Base, BytesText, Now, Replicated, replica_identity, stored


class Certificate(Replicated, Base):
    """An immutable signed snapshot of service records (DOMAIN §3.5, §6.5).

    Until it is issued it is a request without a snapshot. Once issued the table itself refuses to
    change what was signed, and a correction of a certified record sets ``is_outdated``.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        replica_identity("certificates"),
        Index("ix_certificates_volunteer_id", "volunteer_id"),
        Index("ix_certificates_team_id", "team_id"),
        Index(
            "ux_certificates_one_request",
            "volunteer_id",
            "team_id",
            unique=True,
            postgresql_where=text("status = 'REQUESTED'"),
        ),
        CheckConstraint(
            "status in ('REQUESTED', 'DECLINED')"
            " or (signature is not null and issued_at is not null)",
            "issued_is_signed",
        ),
        CheckConstraint(
            "status in ('REQUESTED', 'DECLINED') or (snapshot is not null and digest is not null)",
            "issued_has_a_snapshot",
        ),
        CheckConstraint(
            "(status in ('REVOKED', 'DECLINED')) = (revoke_reason is not null)",
            "revoked_has_a_reason",
        ),
    )

    certificate_no: Mapped[BytesText] = mapped_column(unique=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("teams.id"), comment="Who issues it; none when the volunteer printed it"
    )
    status: Mapped[CertificateStatus] = mapped_column(stored(CertificateStatus, "status"))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    minutes: Mapped[int]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    algorithm: Mapped[SignatureAlgorithm | None] = mapped_column(
        stored(SignatureAlgorithm, "algorithm")
    )
    key_id: Mapped[str | None]
    issued_at: Mapped[datetime | None]
    remark: Mapped[str | None]
    revoke_reason: Mapped[str | None]
    is_outdated: Mapped[bool] = mapped_column(server_default="false")
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificates.id"), comment="The certificate that this one supersedes"
    )
    id_number_consent_id: Mapped[int | None] = mapped_column(
        ForeignKey("consents.id"), comment="Consent to a masked ID number; none: it is not shown"
    )
    created_at: Mapped[Now]


class CertificateRecord(Replicated, Base):
    """A record that a certificate certifies, as it stood in one revision."""

    __tablename__ = "certificate_records"
    __table_args__ = (
        replica_identity("certificate_records"),
        Index(
            "ux_certificate_records_certificate_id_record_id",
            "certificate_id",
            "record_id",
            unique=True,
        ),
        Index("ix_certificate_records_record_id", "record_id"),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"))
    revision: Mapped[int] = mapped_column(SmallInteger)
