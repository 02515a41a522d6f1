"""The statistics ledger and its totals."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.ledger.facts import WHOLE
from db.ledger.periods import FIRST_DAY
from db.ledger.reading_function import FUNCTION
from db.ledger.triggers import trigger_statements

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")
    op.drop_table("ledger_pending")
    op.drop_table("ledger_totals")
    op.create_table(
        "ledger_pending",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("team_path", sa.Text(collation="C"), nullable=True),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("thing", sa.BigInteger(), nullable=True),
        sa.Column("dims", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_pending")),
    )
    op.create_table(
        "ledger_codes",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_codes")),
        sa.UniqueConstraint("name", name=op.f("uq_ledger_codes_name")),
    )
    # What has no breakdown lies together in every scope: figures of one look-up.
    codes = sa.table("ledger_codes", sa.column("number"), sa.column("name"))
    op.bulk_insert(
        codes, [{"number": number, "name": name} for number, name in enumerate(WHOLE, 1)]
    )
    op.create_table(
        "ledger_totals",
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "code", "period", name=op.f("pk_ledger_totals")),
        postgresql_partition_by="RANGE (period)",
    )
    # Most totals are of days, and few of those are read; of the others, most are of teams, and
    # those of regions do not grow with them: apart, what is read lies in a small tree.
    for whole, part, since, until, by in (
        ("totals", "days", FIRST_DAY, "maxvalue", ""),
        ("totals", "long", 0, FIRST_DAY, "partition by range (scope)"),
        ("totals_long", "teams", "minvalue", 0, ""),
        ("totals_long", "regions", 0, "maxvalue", ""),
    ):
        op.execute(
            f"create table ledger_totals_{part} partition of ledger_{whole}"
            f" for values from ({since}) to ({until}) {by}"
        )
    op.create_table(
        "ledger_leaves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("team_path", sa.Text(collation="C"), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_leaves")),
    )
    op.create_index("ix_ledger_leaves_who_period", "ledger_leaves", ["who", "period"])
    op.create_table(
        "ledger_sizes",
        sa.Column("team_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "month", name=op.f("pk_ledger_sizes")),
    )
    op.create_table(
        "ledger_places",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("team_path", sa.Text(collation="C"), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_places")),
    )
    op.create_index("ix_ledger_places_team_id", "ledger_places", ["team_id"])
    op.create_table(
        "ledger_past",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("began", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("thing", sa.BigInteger(), nullable=True),
        sa.Column("dims", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_past")),
    )
    for column in ("team_id", "region_id"):
        op.create_index(f"ix_ledger_past_{column}_until", "ledger_past", [column, "until"])
    op.create_table(
        "ledger_regions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_regions")),
    )
    op.create_index("ix_ledger_regions_region_id", "ledger_regions", ["region_id"])
    # What is folded away leaves dead rows at once, and readers pass them.
    totals = ("ledger_totals_days", "ledger_totals_teams", "ledger_totals_regions")
    for table in ("ledger_pending", "ledger_leaves", "ledger_sizes", *totals):
        op.execute(
            f"alter table {table} set (autovacuum_vacuum_scale_factor = 0.02,"
            " autovacuum_vacuum_threshold = 2000)"
        )
    for table in ("ledger_leaves", "ledger_sizes", *totals):
        op.execute(f"alter table {table} set (fillfactor = 80)")
    op.add_column(
        "service_records",
        sa.Column(
            "team_path",
            sa.Text(collation="C"),
            nullable=True,
            comment="Path of the team on the day of the service; filled in when left out",
        ),
    )
    for statement in (*trigger_statements(), FUNCTION):
        op.execute(statement)
