"""What every write leaves behind: its key, its events, its audit rows, its ledger rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BytesText, Now, WithId


class IdempotencyKey(Base):
    """A key that an account gave to a mutation, and the outcome that a repeat is answered from."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    action: Mapped[BytesText] = mapped_column(primary_key=True)
    key: Mapped[BytesText] = mapped_column(primary_key=True)
    input_hash: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[Now]


class OutboxEvent(WithId, Base):
    """A domain event, written with the change it tells of and published after commit."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at is null")),
    )

    event: Mapped[BytesText]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Now]
    published_at: Mapped[datetime | None]


class AuditEntry(WithId, Base):
    """Who did what to what, in which capacity, and which edge allowed it; never changed.

    ``chain_no``, ``previous_hash`` and ``hash`` are laid by the sealer after commit, so that no
    writer waits for another.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ux_audit_log_chain_no", "chain_no", unique=True),
        Index("ix_audit_log_unsealed", "id", postgresql_where=text("chain_no is null")),
        Index("ix_audit_log_subject", "subject_type", "subject_id"),
        Index("ix_audit_log_account_id_id", "account_id", "id"),
        CheckConstraint("num_nulls(chain_no, previous_hash, hash) in (0, 3)", "sealed_whole"),
    )

    at: Mapped[Now]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    capacity: Mapped[str]
    action: Mapped[BytesText]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    because: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    chain_no: Mapped[int | None]
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)


class AuditHead(Base):
    """A place of the audit chain, signed, so that no one can lay the chain anew up to it."""

    __tablename__ = "audit_heads"

    chain_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime]
    key_id: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class Installation(Base):
    """The one row that says which station this database is, and the epoch of its team tree."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", "one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    station: Mapped[int] = mapped_column(SmallInteger)
    tree_epoch: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Now]
