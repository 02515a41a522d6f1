"""Partner systems, their keys and contracts, and the documents agreed with every client."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import DocumentMode, PartnerStatus
from db.models.base import Base, BytesText, Now, WithId, stored


class Partner(WithId, Base):
    """A partner system and its contract: a region, a pace, and the documents registered for it."""

    __tablename__ = "partners"
    __table_args__ = (
        CheckConstraint(
            "requests_per_minute > 0 and cost_per_minute > 0 and cost_per_day > 0", "pace_positive"
        ),
    )

    name: Mapped[BytesText] = mapped_column(unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    status: Mapped[PartnerStatus] = mapped_column(stored(PartnerStatus, "status"))
    contact: Mapped[str]
    requests_per_minute: Mapped[int]
    cost_per_minute: Mapped[int]
    cost_per_day: Mapped[int]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class PartnerKey(WithId, Base):
    """A key of a partner, stored as a hash; several may be valid while one replaces another."""

    __tablename__ = "partner_keys"
    __table_args__ = (Index("ix_partner_keys_partner_id", "partner_id"),)

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[Now]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DocumentClient(WithId, Base):
    """A client that documents are registered for: one of our pages, or a partner."""

    __tablename__ = "document_clients"

    name: Mapped[BytesText] = mapped_column(unique=True)
    role: Mapped[str]
    mode: Mapped[DocumentMode] = mapped_column(stored(DocumentMode, "mode"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), unique=True)
    created_at: Mapped[Now]


class TrustedDocument(WithId, Base):
    """A GraphQL document agreed with a client, known by the SHA-256 of its text."""

    __tablename__ = "trusted_documents"
    __table_args__ = (
        Index(
            "ux_trusted_documents_client_id_document_id", "client_id", "document_id", unique=True
        ),
        CheckConstraint("document_id ~ '^sha256:[0-9a-f]{64}$'", "document_id_form"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("document_clients.id"))
    document_id: Mapped[BytesText]
    text: Mapped[str]
    operations: Mapped[dict[str, Any]] = mapped_column(JSONB)
    aliases: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    schema_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sunset_on: Mapped[date | None]
    registered_at: Mapped[Now]
    retired_at: Mapped[datetime | None]
