"""Articles that teams and volunteers contribute."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import SubmissionStatus
from db.models.base import Base, Now, Replicated, replica_identity, stored


class Submission(Replicated, Base):
    """An article that a team or volunteer contributes (投稿, DOMAIN §6.7).

    ``volunteer_id`` is who wrote it; without one it is the team's own. ``changed_at`` is when it
    came to its state.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        replica_identity("submissions"),
        Index("ix_submissions_team_id", "team_id"),
        Index("ix_submissions_volunteer_id", "volunteer_id"),
        Index("ix_submissions_changed_at_id", "changed_at", "id"),
        CheckConstraint(
            "status <> 'PUBLISHED' or published_at is not null", "published_has_a_date"
        ),
        CheckConstraint("status <> 'RETURNED' or opinion is not null", "returned_has_an_opinion"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    author_account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str]
    body: Mapped[str]
    status: Mapped[SubmissionStatus] = mapped_column(stored(SubmissionStatus, "status"))
    opinion: Mapped[str | None]
    created_at: Mapped[Now]
    changed_at: Mapped[Now]
    published_at: Mapped[datetime | None]
