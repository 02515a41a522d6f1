"""Projects, posts, sign-ups."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.add_column(
        "projects",
        sa.Column(
            "stopped_by",
            sa.Enum(
                "TEAM",
                "SUPERIOR",
                "WITH_TEAM",
                name="stopped_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
    )
    op.add_column("projects", sa.Column("status_reason", sa.Text(), nullable=True))
    op.add_column(
        "projects",
        sa.Column(
            "resumed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was last enabled again; nobody is to blame for what stood still",
        ),
    )
    for name in ("cover_file_id", "proof_file_id"):
        op.add_column("projects", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_projects_{name}"), "projects", "files", [name], ["id"])
    op.alter_column("projects", "proof_file", comment="Where another system keeps the proof")
    op.add_column(
        "projects",
        sa.Column("is_truth_declared", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column(
        "projects",
        sa.Column(
            "declarations",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="The prohibited kinds that the team says the activity is none of",
        ),
    )
    for name in ("contact_landline", "contact_email"):
        op.add_column("projects", sa.Column(name, sa.Text(), nullable=True))
        op.add_column(
            "projects",
            sa.Column(f"{name}_public", sa.Boolean(), server_default="false", nullable=False),
        )
    # What was disabled before this mark was kept stopped with its team, if the team is stopped.
    op.execute(
        "update projects p set stopped_by = case when t.status = 'DISABLED' then 'WITH_TEAM'"
        " else 'TEAM' end from teams t where t.id = p.team_id and p.status = 'DISABLED'"
    )
    op.create_check_constraint(
        op.f("ck_projects_only_disabled_is_stopped"),
        "projects",
        "stopped_by is null or status = 'DISABLED'",
    )
    op.create_table(
        "project_exclusions",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("project_id <> other_id", name=op.f("ck_project_exclusions_not_itself")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["projects.id"], name=op.f("fk_project_exclusions_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_exclusions_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "other_id", name=op.f("pk_project_exclusions")),
    )
    op.create_index(op.f("ix_project_exclusions_other_id"), "project_exclusions", ["other_id"])
    op.create_table(
        "project_password_tries",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_password_tries_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_project_password_tries_volunteer_id")
        ),
        sa.PrimaryKeyConstraint(
            "project_id", "volunteer_id", name=op.f("pk_project_password_tries")
        ),
    )
    op.add_column(
        "sign_ups",
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="Why it was refused, declined, cancelled or withdrawn",
        ),
    )
    op.create_index(
        "ix_sign_ups_open",
        "sign_ups",
        ["project_id"],
        postgresql_where=sa.text("status in ('APPLIED', 'INVITED', 'ACCEPTED')"),
    )
    op.create_index("ix_sign_ups_post_id", "sign_ups", ["post_id"])
    op.create_index(
        "ix_service_records_post_id",
        "service_records",
        ["post_id"],
        postgresql_where=sa.text("post_id is not null"),
    )
