"""Partner systems, their keys and contracts, and the documents agreed with every client."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import DocumentMode, PartnerStatus
from db.models.base import Base, BytesText, Now, WithId, stored


class Partner(WithId, Base):
    """A partner system and its contract: a region, a pace, and the documents registered for it."""

    __tablename__ = "partners"
    __table_args__ = (
        CheckConstraint(
            "requests_per_minute > 0 and requests_per_day > 0"
            " and cost_per_minute > 0 and cost_per_day > 0",
            "pace_positive",
        ),
    )

    name: Mapped[BytesText] = mapped_column(unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    status: Mapped[PartnerStatus] = mapped_column(stored(PartnerStatus, "status"))
    contact: Mapped[str]
    requests_per_minute: Mapped[int]
    requests_per_day: Mapped[int]
    cost_per_minute: Mapped[int]
    cost_per_day: Mapped[int]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Now]


class PartnerKey(WithId, Base):
    """A key of a partner, stored as a hash; several may be valid while one replaces another.

    ``hint`` is the key's end, by which people tell keys apart.
    """

    __tablename__ = "partner_keys"
    __table_args__ = (Index("ix_partner_keys_partner_id", "partner_id"),)

    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    hint: Mapped[str]
    created_at: Mapped[Now]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DocumentClient(WithId, Base):
    """A client that documents are registered for: one of our pages, or a partner."""

    __tablename__ = "document_clients"

    name: Mapped[BytesText] = mapped_column(unique=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), unique=True)
    created_at: Mapped[Now]


class ClientMode(Base):
    """How strictly a client is held to its documents in one role; only ever stricter than set."""

    __tablename__ = "client_modes"

    client_id: Mapped[int] = mapped_column(ForeignKey("document_clients.id"), primary_key=True)
    role: Mapped[BytesText] = mapped_column(primary_key=True)
    mode: Mapped[DocumentMode] = mapped_column(stored(DocumentMode, "mode"))


class TrustedDocument(WithId, Base):
    """A GraphQL document agreed with a client for a role, known by the SHA-256 of its text.

    ``aliases`` are other ids that the client's manifests know it by; ``schema_hash`` is that of the
    role's schema which it was last found valid in; ``revision`` is that of its last change.
    """

    __tablename__ = "trusted_documents"
    __table_args__ = (
        Index(
            "ux_trusted_documents_client_id_role_document_id",
            "client_id",
            "role",
            "document_id",
            unique=True,
        ),
        Index("ix_trusted_documents_revision", "revision"),
        CheckConstraint("document_id ~ '^sha256:[0-9a-f]{64}$'", "document_id_form"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("document_clients.id"))
    role: Mapped[BytesText]
    document_id: Mapped[BytesText]
    text: Mapped[str]
    operations: Mapped[dict[str, Any]] = mapped_column(JSONB)
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    schema_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sunset_on: Mapped[date | None]
    registered_at: Mapped[Now]
    retired_at: Mapped[datetime | None]
    revision: Mapped[int]


class DocumentUsage(Base):
    """How often a document was asked for on a day, and what that cost."""

    __tablename__ = "document_usage"
    __table_args__ = (Index("ix_document_usage_day", "day"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("trusted_documents.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    requests: Mapped[int]
    cost: Mapped[int]


class DocumentRevision(Base):
    """The one row whose number grows with every change of clients and documents.

    A change holds the row until it commits, so revisions are seen in their order.
    """

    __tablename__ = "document_revision"
    __table_args__ = (CheckConstraint("id = 1", "one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    revision: Mapped[int]
