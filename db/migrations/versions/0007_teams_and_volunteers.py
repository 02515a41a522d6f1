"""Teams, their staff, volunteers, consents; what regions settle for themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.add_column(
        "teams",
        sa.Column(
            "entity_status",
            _stored("entity_status", "NORMAL", "DEREGISTERED", "REVOKED"),
            nullable=True,
            comment="What the register of legal persons last said of it",
        ),
    )
    op.add_column("teams", _moment("entity_checked_at"))
    for name in ("registration_authority_id", "successor_id"):
        op.create_index(
            f"ix_teams_{name}",
            "teams",
            [name],
            unique=False,
            postgresql_where=sa.text(f"{name} is not null"),
        )
    op.add_column(
        "volunteers",
        sa.Column(
            "erased_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the person was erased; the row then names nobody (PIPL art. 47)",
        ),
    )
    op.add_column(
        "memberships",
        sa.Column(
            "end_reason", sa.Text(), nullable=True, comment="Why the team ended the membership"
        ),
    )
    _local_policies()
    _correction_requests()


def _local_policies() -> None:
    table = "local_policies"
    op.create_table(
        table,
        *_replicated(),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reviews_hours",
            sa.Boolean(),
            nullable=True,
            comment="Whether the contact team reviews hours before they count",
        ),
        sa.Column(
            "reviews_evaluations",
            sa.Boolean(),
            nullable=True,
            comment="Whether the contact team reviews evaluations before they count",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        _now("updated_at"),
        _reference(table, "region_id", "regions"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ux_local_policies_region_id", table, ["region_id"], unique=True)
    _identify(table)


def _correction_requests() -> None:
    table = "correction_requests"
    op.create_table(
        table,
        *_replicated(),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            _stored("state", "PENDING", "APPROVED", "REJECTED", "WITHDRAWN"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("sex", _stored("sex", "UNKNOWN", "MALE", "FEMALE", "UNSPECIFIED"), nullable=True),
        sa.Column(
            "id_type",
            _stored("id_type", "RESIDENT_ID", "HK_MO_TW_PERMIT", "PASSPORT", "FOREIGN_RESIDENT"),
            nullable=True,
        ),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("blind_index", sa.LargeBinary(), nullable=True),
        sa.Column(
            "real_name_status",
            _stored("real_name_status", "UNCHECKED", "VERIFIED", "MISMATCH"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_as", sa.Text(), nullable=True),
        _now("created_at"),
        _moment("decided_at"),
        sa.CheckConstraint(
            "(state = 'PENDING') = (decided_at is null)",
            name=op.f("ck_correction_requests_decided_has_a_date"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(id_type, sealed_number, key_id, blind_index) in (0, 4)",
            name=op.f("ck_correction_requests_number_is_whole"),
        ),
        _reference(table, "volunteer_id", "volunteers"),
        _reference(table, "decided_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        "ux_correction_requests_one_pending",
        table,
        ["volunteer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_index("ix_correction_requests_volunteer_id", table, ["volunteer_id"])
    _identify(table)


def _stored(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _replicated() -> tuple[sa.Column, ...]:  # type: ignore[type-arg]
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
    )


def _identify(table: str) -> None:
    op.create_index(f"ux_replica_{table}", table, ["province", "id"], unique=True)
    op.execute(f"alter table {table} replica identity using index ux_replica_{table}")


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _now(name: str) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _moment(name: str) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)
