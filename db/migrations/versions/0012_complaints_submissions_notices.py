"""Complaints with who holds them and their steps, submissions of volunteers, notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OUTDATING = """
create trigger service_records_outdate_certificates after update on service_records
for each row when (old.revision <> new.revision
  or (new.status = 'VOID' and old.status <> 'VOID') or (new.is_bought and not old.is_bought))
execute function service_records_outdate_certificates()
"""
MEASURES = (
    "WARNING",
    "CORRECTION_ORDERED",
    "RECORD_VOIDED",
    "RECORD_MARKED_BOUGHT",
    "CERTIFICATE_REVOKED",
    "PROJECT_DISABLED",
    "TEAM_DISABLED",
)
TOPICS = (
    "FALSE_RECORD",
    "BOUGHT_HOURS",
    "FALSE_CERTIFICATE",
    "PROFIT",
    "DATA_LEAK",
    "CONDUCT",
    "OTHER",
)
STATES = (
    "SUBMITTED",
    "ACCEPTED",
    "TRANSFERRED",
    "INVESTIGATING",
    "UPHELD",
    "DISMISSED",
    "CLOSED",
)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _province() -> sa.Column[str]:
    return sa.Column(
        "province",
        sa.CHAR(length=2),
        nullable=False,
        comment="First two digits of the division code of the province the row belongs to",
    )


def _now(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.add_column(
        "service_records",
        sa.Column(
            "is_bought",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="非法购买: found so by a department; flagged, too",
        ),
    )
    # A certificate of a record that was bought says what does not hold any more.
    op.execute("drop trigger service_records_outdate_certificates on service_records")
    op.execute(OUTDATING)
    _complaints()
    _submissions()
    _notices()


def _complaints() -> None:
    # Nothing wrote complaints before: the table is made anew.
    op.drop_table("complaints")
    op.create_table(
        "complaints",
        _id(),
        _province(),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", _one_of("topic", *TOPICS), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "about_volunteer_id",
            sa.BigInteger(),
            nullable=True,
            comment="The volunteer it is about, who never reads it",
        ),
        sa.Column("handler_team_id", sa.BigInteger(), nullable=True),
        sa.Column("handler_region_id", sa.BigInteger(), nullable=True),
        sa.Column("complainant_account_id", sa.BigInteger(), nullable=False),
        sa.Column("discloses_name", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", _one_of("status", *STATES), nullable=False),
        sa.Column(
            "transferred_to",
            sa.Text(),
            nullable=True,
            comment="The authority outside the system that the complainant was told of",
        ),
        sa.Column("measure", _one_of("measure", *MEASURES), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("appeals", sa.SmallInteger(), server_default="0", nullable=False),
        _now("created_at"),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="By when who holds it is to decide, or was; an appeal sets it anew",
        ),
        sa.Column(
            "reminded",
            _one_of("reminded", "SOON", "PAST"),
            nullable=True,
            comment="What who holds it now was told of that day",
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(handler_team_id, handler_region_id) = 1",
            name=op.f("ck_complaints_one_handler"),
        ),
        sa.CheckConstraint(
            "status <> 'CLOSED' or closed_at is not null",
            name=op.f("ck_complaints_closed_has_a_date"),
        ),
        sa.CheckConstraint(
            "status not in ('UPHELD', 'DISMISSED') or num_nulls(outcome, decided_at) = 0",
            name=op.f("ck_complaints_decided_has_an_outcome"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_complaints_team_id")),
        sa.ForeignKeyConstraint(
            ["about_volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_complaints_about_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["handler_team_id"], ["teams.id"], name=op.f("fk_complaints_handler_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["handler_region_id"], ["regions.id"], name=op.f("fk_complaints_handler_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["complainant_account_id"],
            ["accounts.id"],
            name=op.f("fk_complaints_complainant_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index("ux_replica_complaints", "complaints", ["province", "id"], unique=True)
    op.create_index("ix_complaints_team_id", "complaints", ["team_id"])
    for holder in ("handler_team_id", "handler_region_id", "complainant_account_id"):
        op.create_index(f"ix_complaints_{holder}_id", "complaints", [holder, "id"])
    op.create_index(
        "ix_complaints_decided",
        "complaints",
        ["decided_at"],
        postgresql_where=sa.text("status in ('UPHELD', 'DISMISSED')"),
    )
    op.create_index(
        "ix_complaints_due",
        "complaints",
        ["due_at"],
        postgresql_where=sa.text(
            "closed_at is null and decided_at is null and reminded is distinct from 'PAST'"
        ),
    )
    op.create_index(
        "ux_complaints_one_open",
        "complaints",
        ["complainant_account_id", "subject_type", "subject_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "complaint_steps",
        _id(),
        _province(),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("status", _one_of("status", *STATES), nullable=False),
        sa.Column("handler_team_id", sa.BigInteger(), nullable=True),
        sa.Column("handler_region_id", sa.BigInteger(), nullable=True),
        sa.Column("measure", _one_of("measure", *MEASURES), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        _now("created_at"),
        sa.CheckConstraint(
            "num_nonnulls(handler_team_id, handler_region_id) = 1",
            name=op.f("ck_complaint_steps_one_handler"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_steps_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["handler_team_id"], ["teams.id"], name=op.f("fk_complaint_steps_handler_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["handler_region_id"],
            ["regions.id"],
            name=op.f("fk_complaint_steps_handler_region_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_complaint_steps_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_steps")),
    )
    op.create_index(
        "ux_replica_complaint_steps", "complaint_steps", ["province", "id"], unique=True
    )
    op.create_index("ix_complaint_steps_complaint_id_id", "complaint_steps", ["complaint_id", "id"])


def _submissions() -> None:
    op.add_column("submissions", sa.Column("volunteer_id", sa.BigInteger(), nullable=True))
    op.add_column("submissions", _now("changed_at"))
    op.create_foreign_key(
        op.f("fk_submissions_volunteer_id"), "submissions", "volunteers", ["volunteer_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_submissions_published_has_a_date"),
        "submissions",
        "status <> 'PUBLISHED' or published_at is not null",
    )
    op.create_check_constraint(
        op.f("ck_submissions_returned_has_an_opinion"),
        "submissions",
        "status <> 'RETURNED' or opinion is not null",
    )
    op.create_index("ix_submissions_volunteer_id", "submissions", ["volunteer_id"])
    op.create_index("ix_submissions_changed_at_id", "submissions", ["changed_at", "id"])


def _notices() -> None:
    op.create_table(
        "notices",
        _id(),
        _province(),
        sa.Column(
            "team_id",
            sa.BigInteger(),
            nullable=True,
            comment="The hub that issued it, to its subtree",
        ),
        sa.Column(
            "region_id",
            sa.BigInteger(),
            nullable=True,
            comment="The region of the department or station, and below",
        ),
        sa.Column("of_station", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("readers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("issuer_account_id", sa.BigInteger(), nullable=False),
        _now("created_at"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(team_id, region_id) = 1", name=op.f("ck_notices_one_issuer")
        ),
        sa.CheckConstraint(
            "team_id is null or not of_station", name=op.f("ck_notices_station_is_of_a_region")
        ),
        sa.CheckConstraint("cardinality(readers) > 0", name=op.f("ck_notices_has_readers")),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdraw_reason is null)",
            name=op.f("ck_notices_withdrawn_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_notices_team_id")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_notices_region_id")),
        sa.ForeignKeyConstraint(
            ["issuer_account_id"], ["accounts.id"], name=op.f("fk_notices_issuer_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ux_replica_notices", "notices", ["province", "id"], unique=True)
    op.create_index("ix_notices_team_id", "notices", ["team_id"])
    op.create_index("ix_notices_region_id", "notices", ["region_id"])
    op.create_table(
        "notice_reads",
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        _now("read_at"),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_reads_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notice_reads_account_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_reads")),
    )
