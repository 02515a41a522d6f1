"""Exports that accounts ask for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.create_table(
        "exports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("kind", _one_of("kind", "STATISTICS", "YEARLY_REPORT"), nullable=False),
        sa.Column("format", _one_of("format", "XLSX", "CSV"), nullable=False),
        sa.Column("wish", postgresql.JSONB(), nullable=False),
        sa.Column(
            "state", _one_of("state", "WAITING", "RUNNING", "DONE", "FAILED"), nullable=False
        ),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'DONE') = (content is not null)", name=op.f("ck_exports_done_with_a_file")
        ),
        sa.CheckConstraint(
            "(state = 'FAILED') = (failure is not null)",
            name=op.f("ck_exports_failed_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_exports_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_account_id_id", "exports", ["account_id", "id"])
    op.create_index("ix_exports_created_at", "exports", ["created_at"])
    op.create_index(
        "ix_exports_open",
        "exports",
        ["id"],
        postgresql_where=sa.text("state in ('WAITING', 'RUNNING')"),
    )
