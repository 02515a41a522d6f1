"""Administrators' first passwords and sessions; who keeps a station's page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.add_column(
        "accounts",
        sa.Column(
            "password_expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when a first password lets in; none once it was changed",
        ),
    )
    op.add_column(
        "accounts",
        sa.Column(
            "session_epoch",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves when all sessions end: tokens of another are refused",
        ),
    )
    op.add_column(
        "department_users",
        sa.Column(
            "reminded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a department last asked them to sign in",
        ),
    )
    op.create_check_constraint(
        op.f("ck_accounts_first_passwords_expire"),
        "accounts",
        "must_change_password or password_expires_at is null",
    )
    op.create_table(
        "station_admins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_station_admins_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["accounts.id"], name=op.f("fk_station_admins_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_station_admins_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_admins")),
    )
    op.create_index("ix_station_admins_account_id", "station_admins", ["account_id"])
    op.create_index(
        "ux_station_admins_current",
        "station_admins",
        ["station_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
