"""Exports that accounts have asked for, and the files that came of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import ExportFormat, ExportKind, ExportState
from db.models.base import Base, Now, WithId, stored


class Export(WithId, Base):
    """A table that an account asked for in a capacity, made beside the requests.

    Whoever works on it holds it until ``held_until``; an export that outlives its worker is taken
    up again. The file is kept for some days and then removed with its row.
    """

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_account_id_id", "account_id", "id"),
        Index(
            "ix_exports_open",
            "id",
            postgresql_where=text("state in ('WAITING', 'RUNNING')"),
        ),
        Index("ix_exports_created_at", "created_at"),
        CheckConstraint("(state = 'DONE') = (content is not null)", "done_with_a_file"),
        CheckConstraint("(state = 'FAILED') = (failure is not null)", "failed_with_a_reason"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    capacity: Mapped[str]
    kind: Mapped[ExportKind] = mapped_column(stored(ExportKind, "kind"))
    format: Mapped[ExportFormat] = mapped_column(stored(ExportFormat, "format"))
    wish: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[ExportState] = mapped_column(stored(ExportState, "state"))
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    held_until: Mapped[datetime | None]
    failure: Mapped[str | None]
    file_name: Mapped[str | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Now]
    finished_at: Mapped[datetime | None]
