"""Files that people upload: proofs, scans, covers; their bytes lie elsewhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import FilePurpose
from db.models.base import Base, Now, WithId, stored


class UploadedFile(WithId, Base):
    """A file of an account, found by the hash of its bytes; it belongs to one thing at most.

    ``stored_at`` is null until the bytes lie in the storage; what is not attached to anything
    within a day is removed.
    """

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_digest", "digest"),
        Index("ix_files_subject", "subject_type", "subject_id"),
        Index(
            "ix_files_owner_waiting",
            "owner_account_id",
            postgresql_where=text("attached_at is null"),
        ),
        Index("ix_files_waiting", "created_at", postgresql_where=text("attached_at is null")),
        CheckConstraint(
            "num_nulls(subject_type, subject_id, team_id, attached_at) in (0, 4)", "attached_whole"
        ),
        CheckConstraint("octet_length(digest) = 32", "digest_is_sha256"),
    )

    owner_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[FilePurpose] = mapped_column(stored(FilePurpose, "purpose"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[Now]
    stored_at: Mapped[datetime | None]
    subject_type: Mapped[str | None]
    subject_id: Mapped[int | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    attached_at: Mapped[datetime | None]
