"""Service records, trainings, awards, evaluations, stars."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REVIEW_KINDS = (
    "TEAM_REGISTRATION",
    "TEAM_CHANGE",
    "TEAM_MOVE",
    "PERMISSION_GROUP",
    "PROJECT_PUBLICATION",
    "MEMBERSHIP",
    "RECORD_APPLICATION",
    "LATE_HOURS",
    "EVALUATION",
    "SUBMISSION",
    "COMPLAINT",
)
LEVELS = ("NATION", "PROVINCE", "PREFECTURE", "COUNTY", "TOWN", "VILLAGE")
# 志愿服务记录办法: from so many hours on a volunteer may apply for so many stars.
NATIONAL_STARS = ((1, 100), (2, 300), (3, 600), (4, 1000), (5, 1500))


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    kinds = ", ".join(f"'{kind}'" for kind in REVIEW_KINDS)
    op.drop_constraint("ck_reviews_kind", "reviews")
    op.create_check_constraint(op.f("ck_reviews_kind"), "reviews", f"kind in ({kinds})")
    op.add_column(
        "service_records",
        sa.Column(
            "activity_name",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="What the project or activity was called",
        ),
    )
    _disputes()
    _evaluations()
    _publicity()
    _personal_files()
    _stars()
    _transfers()


def _stored(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _replicated(*columns: sa.Column) -> tuple[sa.Column, ...]:  # type: ignore[type-arg]
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        *columns,
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


def _id(name: str, *, nullable: bool = False) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str, *, nullable: bool = True) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, sa.Text(), nullable=nullable)


def _disputes() -> None:
    table = "record_disputes"
    op.create_table(
        table,
        *_replicated(
            _id("record_id"),
            _id("team_id"),
            _text("reason", nullable=False),
            sa.Column("due_on", sa.Date(), nullable=False),
            _now("created_at"),
            sa.Column("outcome", _stored("outcome", ("CONFIRMED", "CORRECTED", "VOIDED"))),
            _text("answer"),
            _id("answered_by_id", nullable=True),
            _moment("answered_at"),
        ),
        sa.CheckConstraint(
            "num_nulls(outcome, answered_at) in (0, 2)", name=op.f(f"ck_{table}_answered_whole")
        ),
        _reference(table, "record_id", "service_records"),
        _reference(table, "team_id", "teams"),
        _reference(table, "answered_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _identify(table)
    waiting = sa.text("answered_at is null")
    op.create_index("ix_record_disputes_record_id", table, ["record_id", "id"])
    op.create_index(
        "ux_record_disputes_open", table, ["record_id"], unique=True, postgresql_where=waiting
    )
    op.create_index(
        "ix_record_disputes_team_open", table, ["team_id", "due_on"], postgresql_where=waiting
    )
    table = "project_recorders"
    op.create_table(
        table,
        _id("project_id"),
        _id("team_id"),
        _id("named_by_id", nullable=True),
        _now("named_at"),
        _reference(table, "project_id", "projects"),
        _reference(table, "team_id", "teams"),
        _reference(table, "named_by_id", "accounts"),
        sa.PrimaryKeyConstraint("project_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_team_id"), table, ["team_id"])


def _evaluations() -> None:
    op.alter_column("evaluations", "record_id", nullable=True)
    op.add_column("evaluations", _id("project_id", nullable=True))
    op.create_foreign_key(
        op.f("fk_evaluations_project_id"), "evaluations", "projects", ["project_id"], ["id"]
    )
    op.add_column(
        "evaluations",
        sa.Column(
            "evaluated_on", sa.Date(), server_default=sa.text("current_date"), nullable=False
        ),
    )
    op.add_column(
        "evaluations",
        sa.Column(
            "status",
            _stored("status", ("STANDING", "PENDING", "REFUSED")),
            server_default="STANDING",
            nullable=False,
        ),
    )
    op.create_check_constraint(
        op.f("ck_evaluations_of_a_record_or_a_project"),
        "evaluations",
        "num_nonnulls(record_id, project_id) = 1",
    )
    op.create_index(
        "ux_evaluations_project_id_volunteer_id",
        "evaluations",
        ["project_id", "volunteer_id"],
        unique=True,
        postgresql_where=sa.text("record_id is null"),
    )
    for name in ("evaluation_count", "evaluation_total"):
        op.add_column(
            "volunteers", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        )


def _publicity() -> None:
    # Those of a team, by when the time for objections ends.
    op.create_index(
        "ix_service_records_publicity",
        "service_records",
        ["team_id", "publicity_to", "id"],
        postgresql_where=sa.text("status = 'NOT_EFFECTIVE'"),
    )


def _personal_files() -> None:
    for table in ("trainings", "awards"):
        op.add_column(table, _id("account_id", nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_account_id"), table, "accounts", ["account_id"], ["id"]
        )
        op.add_column(table, _now("created_at"))
    op.add_column(
        "awards",
        sa.Column(
            "grantor",
            _stored("grantor", ("GOVERNMENT", "OTHER")),
            server_default="GOVERNMENT",
            nullable=False,
        ),
    )
    op.add_column("awards", _text("material"))
    op.add_column("awards", _text("verification"))
    op.create_check_constraint(
        op.f("ck_awards_others_are_verified"),
        "awards",
        "grantor = 'GOVERNMENT' or verification is not null",
    )


def _stars() -> None:
    table = "star_thresholds"
    thresholds = op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _id("region_id", nullable=True),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        _id("hours"),
        sa.Column("least_score", sa.Numeric(3, 2), nullable=True),
        sa.Column("rated_by", _stored("rated_by", LEVELS), nullable=True),
        sa.CheckConstraint("stars between 1 and 5", name=op.f(f"ck_{table}_stars_range")),
        sa.CheckConstraint("hours > 0", name=op.f(f"ck_{table}_hours_positive")),
        sa.CheckConstraint(
            "least_score between 1 and 5", name=op.f(f"ck_{table}_least_score_range")
        ),
        _reference(table, "region_id", "regions"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        "ux_star_thresholds_region_id_stars",
        table,
        ["region_id", "stars"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.bulk_insert(
        thresholds, [{"stars": stars, "hours": hours} for stars, hours in NATIONAL_STARS]
    )

    table = "star_ratings"
    op.create_table(
        table,
        *_replicated(
            _id("volunteer_id"),
            sa.Column("stars", sa.SmallInteger(), nullable=False),
            sa.Column("stars_before", sa.SmallInteger(), nullable=False),
            _id("minutes"),
            _text("reason"),
            _id("account_id", nullable=True),
            _text("capacity", nullable=False),
            _now("rated_at"),
        ),
        sa.CheckConstraint("stars between 0 and 5", name=op.f(f"ck_{table}_stars_range")),
        _reference(table, "volunteer_id", "volunteers"),
        _reference(table, "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _identify(table)
    op.create_index("ix_star_ratings_volunteer_id", table, ["volunteer_id", "id"])


def _transfers() -> None:
    table = "record_transfers"
    op.create_table(
        table,
        *_replicated(
            _id("volunteer_id"),
            _id("team_id"),
            _id("to_team_id"),
            _id("consent_id"),
            sa.Column(
                "status", _stored("status", ("REQUESTED", "ACCEPTED", "REFUSED")), nullable=False
            ),
            _text("note"),
            _id("answered_by_id", nullable=True),
            _moment("answered_at"),
            _now("created_at"),
        ),
        sa.CheckConstraint("team_id <> to_team_id", name=op.f(f"ck_{table}_between_two_teams")),
        sa.CheckConstraint(
            "(status = 'REQUESTED') = (answered_at is null)",
            name=op.f(f"ck_{table}_answered_has_a_date"),
        ),
        _reference(table, "volunteer_id", "volunteers"),
        _reference(table, "team_id", "teams"),
        _reference(table, "to_team_id", "teams"),
        _reference(table, "consent_id", "consents"),
        _reference(table, "answered_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _identify(table)
    op.create_index("ix_record_transfers_volunteer_id", table, ["volunteer_id", "id"])
    op.create_index("ix_record_transfers_to_team_id", table, ["to_team_id", "id"])
    op.create_index("ix_record_transfers_consent_id", table, ["consent_id"])
    table = "transferred_records"
    op.create_table(
        table,
        _id("transfer_id"),
        _id("record_id"),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        _reference(table, "transfer_id", "record_transfers"),
        _reference(table, "record_id", "service_records"),
        sa.PrimaryKeyConstraint("transfer_id", "record_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_record_id"), table, ["record_id"])
