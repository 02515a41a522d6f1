"""What helps people back into their accounts: codes sent to their phones, requests for a review."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import RecoveryPurpose
from db.models.base import Base, Now, WithId, stored


class RecoveryCode(WithId, Base):
    """A code on its way to a phone; without an account nothing was sent, and no code is right.

    The code is hashed together with the challenge, which only who asked holds.
    """

    __tablename__ = "recovery_codes"
    __table_args__ = (
        Index("ix_recovery_codes_expires_at", "expires_at"),
        CheckConstraint("tries >= 0", "tries_not_negative"),
    )

    purpose: Mapped[RecoveryPurpose] = mapped_column(stored(RecoveryPurpose, "purpose"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    challenge_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    new_mobile: Mapped[str | None]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_at: Mapped[Now]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ResetRequest(WithId, Base):
    """What somebody told whose phones are dead, until the clock finds out whether it is anyone's.

    Nothing is looked up when it comes in, so that nothing is learned by sending one.
    """

    __tablename__ = "reset_requests"

    name: Mapped[str]
    number: Mapped[str]
    blind_indexes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    new_mobile: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[Now]
