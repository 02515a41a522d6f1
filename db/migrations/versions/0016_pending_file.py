"""The file of the ledger's pending rows stays as long as it was: VACUUM does not cut it off."""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    # Folding empties it again and again. Cut off, it would have to grow anew, and writers would
    # wait for whoever makes it grow; to cut it off, VACUUM and its replicas lock out everybody.
    op.execute("alter table ledger_pending set (vacuum_truncate = false)")
