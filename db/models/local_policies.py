"""What a region settles for the teams in it, where the rules leave it to the place."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Now, Replicated, replica_identity


class LocalPolicySetting(Replicated, Base):
    """A region's own settings; None leaves it to the region above, at last to the rules.

    Who set them when is in the audit log.
    """

    __tablename__ = "local_policies"
    __table_args__ = (
        replica_identity("local_policies"),
        Index("ux_local_policies_region_id", "region_id", unique=True),
    )

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    reviews_hours: Mapped[bool | None] = mapped_column(
        comment="Whether the contact team reviews hours before they count"
    )
    reviews_evaluations: Mapped[bool | None] = mapped_column(
        comment="Whether the contact team reviews evaluations before they count"
    )
    reason: Mapped[str]
    updated_at: Mapped[Now]
