"""Documents by client and role, their usage, and partners' contracts by day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.add_column("partners", sa.Column("requests_per_day", sa.BigInteger(), nullable=True))
    op.execute("update partners set requests_per_day = requests_per_minute * 1440")
    op.alter_column("partners", "requests_per_day", nullable=False)
    op.drop_constraint("ck_partners_pace_positive", "partners")
    op.create_check_constraint(
        op.f("ck_partners_pace_positive"),
        "partners",
        "requests_per_minute > 0 and requests_per_day > 0 and cost_per_minute > 0 and cost_per_day > 0",
    )
    op.add_column("partner_keys", sa.Column("hint", sa.Text(), server_default="", nullable=False))
    op.alter_column("partner_keys", "hint", server_default=None)

    op.create_table(
        "client_modes",
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "OPEN",
                "LOG",
                "SAFELIST",
                "REQUIRE_ID",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["document_clients.id"], name=op.f("fk_client_modes_client_id")
        ),
        sa.PrimaryKeyConstraint("client_id", "role", name=op.f("pk_client_modes")),
    )
    op.execute(
        "insert into client_modes (client_id, role, mode) select id, role, mode from document_clients"
    )

    op.add_column("trusted_documents", sa.Column("role", sa.Text(collation="C"), nullable=True))
    op.execute(
        "update trusted_documents set role ="
        " (select role from document_clients where document_clients.id = client_id)"
    )
    op.alter_column("trusted_documents", "role", nullable=False)
    op.drop_column("document_clients", "role")
    op.drop_column("document_clients", "mode")
    op.drop_column("trusted_documents", "aliases")
    op.add_column(
        "trusted_documents",
        sa.Column("aliases", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column(
        "trusted_documents",
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
    )
    op.alter_column("trusted_documents", "revision", server_default=None)
    op.drop_index("ux_trusted_documents_client_id_document_id", "trusted_documents")
    op.create_index(
        "ux_trusted_documents_client_id_role_document_id",
        "trusted_documents",
        ["client_id", "role", "document_id"],
        unique=True,
    )
    op.create_index("ix_trusted_documents_revision", "trusted_documents", ["revision"])

    op.create_table(
        "document_usage",
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["trusted_documents.id"], name=op.f("fk_document_usage_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "day", name=op.f("pk_document_usage")),
    )
    op.create_index("ix_document_usage_day", "document_usage", ["day"])
    op.create_table(
        "document_revision",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_document_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_revision")),
    )
    op.execute("insert into document_revision (id, revision) values (1, 1)")
