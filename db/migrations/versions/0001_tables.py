"""The tables of the station."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REPLICATED = (
    "accounts",
    "awards",
    "certificates",
    "complaints",
    "consents",
    "department_users",
    "evaluations",
    "memberships",
    "notifications",
    "posts",
    "projects",
    "regions",
    "reviews",
    "service_record_revisions",
    "service_records",
    "sign_ups",
    "submissions",
    "team_admins",
    "team_attachments",
    "teams",
    "trainings",
    "trial_feedback",
    "volunteers",
)

AUDIT_GUARD = """
create function audit_log_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.chain_no is null
     and (old.id, old.at, old.account_id, old.capacity, old.action, old.subject_type,
          old.subject_id, old.because, old.detail)
       is not distinct from
         (new.id, new.at, new.account_id, new.capacity, new.action, new.subject_type,
          new.subject_id, new.because, new.detail)
  then
    return new;
  end if;
  raise exception 'audit_log is append-only';
end
$$
"""


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("username", sa.Text(collation="C"), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=True,
            comment="argon2id, or legacy$<scheme>$<salt>$<hex digest> until the first sign-in",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "ENABLED",
                "DISABLED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("must_change_password", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("failed_sign_ins", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "issuer_subject",
            sa.Text(),
            nullable=True,
            comment="'<issuer>|<subject>' of an external identity provider",
        ),
        sa.Column("is_developer", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_operator", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_auditor", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_station_editor", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "standing_version > 0", name=op.f("ck_accounts_standing_version_positive")
        ),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_accounts_username_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("issuer_subject", name=op.f("uq_accounts_issuer_subject")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_index("ux_replica_accounts", "accounts", ["province", "id"], unique=True)
    op.create_table(
        "installation",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("station", sa.SmallInteger(), nullable=False),
        sa.Column("tree_epoch", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "ledger_pending",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("team_path", sa.Text(collation="C"), nullable=True),
        sa.Column("deltas", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "dimensions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_pending")),
    )
    op.create_table(
        "ledger_totals",
        sa.Column("scope_type", sa.Text(collation="C"), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("grain", sa.Text(collation="C"), nullable=False),
        sa.Column("metric", sa.Text(collation="C"), nullable=False),
        sa.Column("dimension", sa.Text(collation="C"), server_default="", nullable=False),
        sa.Column("value", sa.Text(collation="C"), server_default="", nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("grain in ('D', 'M', 'Y')", name=op.f("ck_ledger_totals_grain_known")),
        sa.CheckConstraint("scope_type in ('R', 'T')", name=op.f("ck_ledger_totals_scope_known")),
        sa.PrimaryKeyConstraint(
            "scope_type",
            "scope_id",
            "grain",
            "metric",
            "dimension",
            "value",
            "period",
            name=op.f("pk_ledger_totals"),
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event", sa.Text(collation="C"), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("published_at is null"),
    )
    op.create_table(
        "regions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "NATION",
                "PROVINCE",
                "PREFECTURE",
                "COUNTY",
                "TOWN",
                "VILLAGE",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("division_code", sa.CHAR(length=12), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "division_code ~ '^[0-9]{12}$'", name=op.f("ck_regions_division_code_digits")
        ),
        sa.CheckConstraint(
            "right(path, length(id::text) + 1) = id::text || '/'",
            name=op.f("ck_regions_path_ends_in_id"),
        ),
        sa.CheckConstraint(
            "(parent_id is null) = (depth = 1)", name=op.f("ck_regions_roots_have_no_parent")
        ),
        sa.CheckConstraint("depth between 1 and 8", name=op.f("ck_regions_depth_bounded")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_regions_dates_in_order")),
        sa.ForeignKeyConstraint(["parent_id"], ["regions.id"], name=op.f("fk_regions_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("code", name=op.f("uq_regions_code")),
        sa.UniqueConstraint("division_code", name=op.f("uq_regions_division_code")),
        sa.UniqueConstraint("path", name=op.f("uq_regions_path")),
    )
    op.create_index("ix_regions_parent_id_code", "regions", ["parent_id", "code"], unique=False)
    op.create_index("ux_replica_regions", "regions", ["province", "id"], unique=True)
    op.create_table(
        "service_categories",
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_categories")),
        sa.UniqueConstraint("name", name=op.f("uq_service_categories_name")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column(
            "detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("chain_no", sa.BigInteger(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "num_nulls(chain_no, previous_hash, hash) in (0, 3)",
            name=op.f("ck_audit_log_sealed_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_audit_log_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_account_id_id", "audit_log", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_audit_log_subject", "audit_log", ["subject_type", "subject_id"], unique=False
    )
    op.create_index(
        "ix_audit_log_unsealed",
        "audit_log",
        ["id"],
        unique=False,
        postgresql_where=sa.text("chain_no is null"),
    )
    op.create_index("ux_audit_log_chain_no", "audit_log", ["chain_no"], unique=True)
    op.create_table(
        "department_users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_department_users_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["accounts.id"], name=op.f("fk_department_users_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_department_users_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_users")),
    )
    op.create_index(
        "ix_department_users_account_id", "department_users", ["account_id"], unique=False
    )
    op.create_index(
        "ux_department_users_current",
        "department_users",
        ["region_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_index(
        "ux_replica_department_users", "department_users", ["province", "id"], unique=True
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("input_hash", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_idempotency_keys_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "action", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        "ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(collation="C"), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notifications_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_account_id_id", "notifications", ["account_id", "id"], unique=False
    )
    op.create_index("ux_replica_notifications", "notifications", ["province", "id"], unique=True)
    op.create_table(
        "partners",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ACTIVE",
                "SUSPENDED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("requests_per_minute", sa.BigInteger(), nullable=False),
        sa.Column("cost_per_minute", sa.BigInteger(), nullable=False),
        sa.Column("cost_per_day", sa.BigInteger(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "requests_per_minute > 0 and cost_per_minute > 0 and cost_per_day > 0",
            name=op.f("ck_partners_pace_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_partners_created_by_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_partners_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("name", name=op.f("uq_partners_name")),
    )
    op.create_table(
        "region_successions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("old_region_id", sa.BigInteger(), nullable=False),
        sa.Column("new_region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "RENAMED",
                "MOVED",
                "MERGED",
                "CODED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("old_code", sa.Text(collation="C"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["new_region_id"], ["regions.id"], name=op.f("fk_region_successions_new_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["old_region_id"], ["regions.id"], name=op.f("fk_region_successions_old_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_successions")),
    )
    op.create_index(
        "ix_region_successions_new_region_id", "region_successions", ["new_region_id"], unique=False
    )
    op.create_index(
        op.f("ix_region_successions_old_region_id"),
        "region_successions",
        ["old_region_id"],
        unique=False,
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_sessions_token_hash")),
    )
    op.create_index(
        "ix_sign_in_sessions_account_id", "sign_in_sessions", ["account_id"], unique=False
    )
    op.create_index(
        "ix_sign_in_sessions_expires_at", "sign_in_sessions", ["expires_at"], unique=False
    )
    op.create_index("ix_sign_in_sessions_family", "sign_in_sessions", ["family"], unique=False)
    op.create_table(
        "stations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("is_national", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "LEGACY",
                "TRIAL",
                "FORMAL",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("batch", sa.SmallInteger(), nullable=True),
        sa.Column("service_categories", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column(
            "page", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "support", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("number between 0 and 8191", name=op.f("ck_stations_number_fits_ids")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_stations_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("code", name=op.f("uq_stations_code")),
        sa.UniqueConstraint("host", name=op.f("uq_stations_host")),
        sa.UniqueConstraint("number", name=op.f("uq_stations_number")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_no", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("name_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "GROUP",
                "ORGANIZATION",
                "OTHER_LEGAL",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "registration_status",
            sa.Enum(
                "LEGAL_PERSON",
                "FILED",
                "UNREGISTERED",
                name="registration_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "hub_level",
            sa.Enum(
                "NATION",
                "PROVINCE",
                "CITY",
                "DISTRICT",
                "TOWN",
                "COMMUNITY",
                name="hub_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "is_hub",
            sa.Boolean(),
            sa.Computed("hub_level is not null", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "permission_group",
            sa.Enum(
                "PENDING",
                "BASIC",
                "JUNIOR_PROJECT",
                "JUNIOR_TEAM",
                "JUNIOR_QUICK",
                "MIDDLE",
                "MIDDLE_QUICK",
                "SENIOR",
                "SENIOR_QUICK",
                name="permission_group",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PENDING",
                "REJECTED",
                "ENABLED",
                "CHANGE_PENDING",
                "DISABLED",
                "DISSOLVED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("contact_team_id", sa.BigInteger(), nullable=True),
        sa.Column("branch_of_id", sa.BigInteger(), nullable=True),
        sa.Column("affiliated_org_id", sa.BigInteger(), nullable=True),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "registration_authority_id",
            sa.BigInteger(),
            nullable=True,
            comment="Region whose civil-affairs department registered it",
        ),
        sa.Column("uscc", sa.CHAR(length=18), nullable=True),
        sa.Column("responsible_unit", sa.Text(), nullable=True),
        sa.Column("responsible_unit_kind", sa.Text(), nullable=True),
        sa.Column("competent_unit", sa.Text(), nullable=True),
        sa.Column("competent_unit_kind", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("planned_size", sa.BigInteger(), nullable=True),
        sa.Column(
            "service_categories", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("intro", sa.Text(), nullable=True),
        sa.Column("principal_name", sa.Text(), nullable=False),
        sa.Column("principal_mobile", sa.Text(), nullable=False),
        sa.Column("principal_mobile_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_mobile", sa.Text(), nullable=False),
        sa.Column("contact_mobile_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "right(path, length(id::text) + 1) = id::text || '/'",
            name=op.f("ck_teams_path_ends_in_id"),
        ),
        sa.CheckConstraint(
            "uscc is not null or registration_status <> 'LEGAL_PERSON'",
            name=op.f("ck_teams_legal_person_has_uscc"),
        ),
        sa.CheckConstraint(
            "(contact_team_id is null) = (depth = 1)",
            name=op.f("ck_teams_roots_have_no_contact_team"),
        ),
        sa.CheckConstraint(
            "branch_of_id is null or branch_of_id = contact_team_id",
            name=op.f("ck_teams_branch_hangs_under_its_organisation"),
        ),
        sa.CheckConstraint("contact_team_id <> id", name=op.f("ck_teams_not_its_own_contact_team")),
        sa.CheckConstraint("depth between 1 and 16", name=op.f("ck_teams_depth_bounded")),
        sa.CheckConstraint(
            "lng between -180 and 180 and lat between -90 and 90",
            name=op.f("ck_teams_place_on_earth"),
        ),
        sa.ForeignKeyConstraint(
            ["affiliated_org_id"], ["teams.id"], name=op.f("fk_teams_affiliated_org_id")
        ),
        sa.ForeignKeyConstraint(["branch_of_id"], ["teams.id"], name=op.f("fk_teams_branch_of_id")),
        sa.ForeignKeyConstraint(
            ["contact_team_id"], ["teams.id"], name=op.f("fk_teams_contact_team_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_teams_region_id")),
        sa.ForeignKeyConstraint(
            ["registration_authority_id"],
            ["regions.id"],
            name=op.f("fk_teams_registration_authority_id"),
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["teams.id"], name=op.f("fk_teams_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("path", name=op.f("uq_teams_path")),
        sa.UniqueConstraint("team_no", name=op.f("uq_teams_team_no")),
    )
    op.create_index(
        "ix_teams_branch_of_id",
        "teams",
        ["branch_of_id"],
        unique=False,
        postgresql_where=sa.text("branch_of_id is not null"),
    )
    op.create_index(
        "ix_teams_children", "teams", ["contact_team_id", "is_hub", "sort_key", "id"], unique=False
    )
    op.create_index(
        "ix_teams_name_grams", "teams", ["name_grams"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_teams_region_id_is_hub", "teams", ["region_id", "is_hub"], unique=False)
    op.create_index("ix_teams_region_path", "teams", ["region_path"], unique=False)
    op.create_index("ix_teams_sort_key_id", "teams", ["sort_key", "id"], unique=False)
    op.create_index(
        "ix_teams_uscc",
        "teams",
        ["uscc"],
        unique=False,
        postgresql_where=sa.text("uscc is not null"),
    )
    op.create_index("ux_replica_teams", "teams", ["province", "id"], unique=True)
    op.create_index(
        "ux_teams_one_hub_per_region",
        "teams",
        ["region_id"],
        unique=True,
        postgresql_where=sa.text(
            "hub_level is not null and status not in ('DISSOLVED', 'REJECTED', 'DRAFT')"
        ),
    )
    op.create_table(
        "trial_feedback",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("filled_on", sa.Date(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_trial_feedback_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_trial_feedback_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_feedback")),
    )
    op.create_index("ix_trial_feedback_region_id", "trial_feedback", ["region_id"], unique=False)
    op.create_index("ux_replica_trial_feedback", "trial_feedback", ["province", "id"], unique=True)
    op.create_table(
        "volunteers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("volunteer_no", sa.Text(collation="C"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("name_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=True),
        sa.Column(
            "sex",
            sa.Enum(
                "UNKNOWN",
                "MALE",
                "FEMALE",
                "UNSPECIFIED",
                name="sex",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("nationality", sa.Text(), server_default="156", nullable=False),
        sa.Column("ethnicity", sa.Text(), nullable=True),
        sa.Column("political_status", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("employment", sa.Text(), nullable=True),
        sa.Column("mobile", sa.Text(), nullable=True),
        sa.Column("mobile_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "service_categories", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "ENABLED",
                "DISABLED",
                "WITHDRAWN",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "real_name_status",
            sa.Enum(
                "UNCHECKED",
                "VERIFIED",
                "MISMATCH",
                name="real_name_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("real_name_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "project_invite_policy",
            sa.Enum(
                "ASK",
                "ACCEPT",
                "REFUSE",
                name="project_invite_policy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="ASK",
            nullable=False,
        ),
        sa.Column(
            "team_invite_policy",
            sa.Enum(
                "ASK",
                "ACCEPT",
                "REFUSE",
                name="team_invite_policy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="ASK",
            nullable=False,
        ),
        sa.Column("star", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("effective_minutes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("no_show_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "effective_minutes >= 0 and no_show_count >= 0",
            name=op.f("ck_volunteers_totals_not_negative"),
        ),
        sa.CheckConstraint("star between 0 and 5", name=op.f("ck_volunteers_star_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_volunteers_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_volunteers_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("account_id", name=op.f("uq_volunteers_account_id")),
        sa.UniqueConstraint("volunteer_no", name=op.f("uq_volunteers_volunteer_no")),
    )
    op.create_index(
        "ix_volunteers_name_grams",
        "volunteers",
        ["name_grams"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("ix_volunteers_region_path", "volunteers", ["region_path"], unique=False)
    op.create_index("ix_volunteers_sort_key_id", "volunteers", ["sort_key", "id"], unique=False)
    op.create_index("ux_replica_volunteers", "volunteers", ["province", "id"], unique=True)
    op.create_table(
        "awards",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_awards_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_awards_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
    )
    op.create_index("ix_awards_volunteer_id", "awards", ["volunteer_id"], unique=False)
    op.create_index("ux_replica_awards", "awards", ["province", "id"], unique=True)
    op.create_table(
        "certificates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("certificate_no", sa.Text(collation="C"), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "team_id",
            sa.BigInteger(),
            nullable=True,
            comment="The recording team; none when the volunteer printed it",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "REQUESTED",
                "ISSUED",
                "REVOKED",
                "SUPERSEDED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.Column("is_outdated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'REVOKED') = (revoke_reason is not null)",
            name=op.f("ck_certificates_revoked_has_a_reason"),
        ),
        sa.CheckConstraint(
            "status = 'REQUESTED' or (signature is not null and issued_at is not null)",
            name=op.f("ck_certificates_issued_is_signed"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_certificates_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_certificates_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("certificate_no", name=op.f("uq_certificates_certificate_no")),
    )
    op.create_index("ix_certificates_team_id", "certificates", ["team_id"], unique=False)
    op.create_index("ix_certificates_volunteer_id", "certificates", ["volunteer_id"], unique=False)
    op.create_index("ux_replica_certificates", "certificates", ["province", "id"], unique=True)
    op.create_table(
        "complaints",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("complainant_account_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "SUBMITTED",
                "ACCEPTED",
                "TRANSFERRED",
                "INVESTIGATING",
                "UPHELD",
                "DISMISSED",
                "CLOSED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("transferred_to", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["complainant_account_id"],
            ["accounts.id"],
            name=op.f("fk_complaints_complainant_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_complaints_region_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_complaints_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index("ix_complaints_region_id", "complaints", ["region_id"], unique=False)
    op.create_index("ix_complaints_team_id", "complaints", ["team_id"], unique=False)
    op.create_index("ux_replica_complaints", "complaints", ["province", "id"], unique=True)
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "REGISTRATION",
                "GUARDIAN",
                "EXTRA_ITEMS",
                "TRANSFER",
                "PUBLICATION",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=True),
        sa.Column(
            "given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_consents_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_volunteer_id", "consents", ["volunteer_id"], unique=False)
    op.create_index("ux_replica_consents", "consents", ["province", "id"], unique=True)
    op.create_table(
        "document_clients",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
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
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_document_clients_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_clients")),
        sa.UniqueConstraint("name", name=op.f("uq_document_clients_name")),
        sa.UniqueConstraint("partner_id", name=op.f("uq_document_clients_partner_id")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "APPLYING",
                "INVITED",
                "JOINED",
                "REFUSED",
                "DECLINED",
                "LEFT",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "applied_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status <> 'JOINED' or joined_at is not null",
            name=op.f("ck_memberships_joined_has_a_date"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_memberships_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_memberships_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(
        "ix_memberships_team_id_status_id", "memberships", ["team_id", "status", "id"], unique=False
    )
    op.create_index(
        "ix_memberships_volunteer_id_team_id",
        "memberships",
        ["volunteer_id", "team_id"],
        unique=False,
    )
    op.create_index(
        "ux_memberships_team_id_volunteer_id",
        "memberships",
        ["team_id", "volunteer_id"],
        unique=True,
    )
    op.create_index("ux_replica_memberships", "memberships", ["province", "id"], unique=True)
    op.create_table(
        "partner_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_partner_keys_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_partner_keys_key_hash")),
    )
    op.create_index("ix_partner_keys_partner_id", "partner_keys", ["partner_id"], unique=False)
    op.create_table(
        "projects",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("project_no", sa.Text(collation="C"), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("name_grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PENDING",
                "REJECTED",
                "WAITING",
                "RUNNING",
                "CLOSED",
                "MAKE_UP",
                "DISABLED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status_before",
            sa.Enum(
                "DRAFT",
                "PENDING",
                "REJECTED",
                "WAITING",
                "RUNNING",
                "CLOSED",
                "MAKE_UP",
                "DISABLED",
                name="status_before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="What a disabled project returns to",
        ),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column(
            "scope",
            sa.Enum(
                "OPEN",
                "TEAMS",
                "PASSWORD",
                "MAKE_UP",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("no_review_password_hash", sa.Text(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recruit_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recruit_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("targets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("guarantees", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("min_minutes_required", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("risk_notice", sa.Text(), nullable=True),
        sa.Column("proof_file", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_mobile", sa.Text(), nullable=False),
        sa.Column("contact_mobile_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("char_length(name) <= 50", name=op.f("ck_projects_name_length")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_projects_dates_in_order")),
        sa.CheckConstraint(
            "min_minutes_required >= 0", name=op.f("ck_projects_min_minutes_not_negative")
        ),
        sa.CheckConstraint(
            "recruit_ends_at <= ends_at", name=op.f("ck_projects_recruitment_ends_with_the_project")
        ),
        sa.CheckConstraint(
            "recruit_ends_at > recruit_starts_at",
            name=op.f("ck_projects_recruitment_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_projects_region_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_projects_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("project_no", name=op.f("uq_projects_project_no")),
    )
    op.create_index(
        "ix_projects_due",
        "projects",
        ["status", "starts_at", "ends_at"],
        unique=False,
        postgresql_where=sa.text("status in ('WAITING', 'RUNNING')"),
    )
    op.create_index(
        "ix_projects_name_grams", "projects", ["name_grams"], unique=False, postgresql_using="gin"
    )
    op.create_index("ix_projects_region_path", "projects", ["region_path"], unique=False)
    op.create_index(
        "ix_projects_starts_at_id",
        "projects",
        [sa.literal_column("starts_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_projects_team_id_starts_at_id",
        "projects",
        ["team_id", sa.literal_column("starts_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index("ux_replica_projects", "projects", ["province", "id"], unique=True)
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "TEAM_REGISTRATION",
                "TEAM_CHANGE",
                "TEAM_MOVE",
                "PERMISSION_GROUP",
                "PROJECT_PUBLICATION",
                "MEMBERSHIP",
                "LATE_HOURS",
                "EVALUATION",
                "SUBMISSION",
                "COMPLAINT",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "PENDING",
                "APPROVED",
                "REJECTED",
                "WITHDRAWN",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_team_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewer_region_id", sa.BigInteger(), nullable=True),
        sa.Column("applicant_account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "change", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_as", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'PENDING') = (decided_at is null)", name=op.f("ck_reviews_decided_has_a_date")
        ),
        sa.CheckConstraint(
            "num_nonnulls(reviewer_team_id, reviewer_region_id) = 1",
            name=op.f("ck_reviews_one_reviewer"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_account_id"], ["accounts.id"], name=op.f("fk_reviews_applicant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_reviews_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_region_id"], ["regions.id"], name=op.f("fk_reviews_reviewer_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_team_id"], ["teams.id"], name=op.f("fk_reviews_reviewer_team_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_reviews_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_applicant", "reviews", ["applicant_account_id", "id"], unique=False)
    op.create_index(
        "ix_reviews_reviewer_region", "reviews", ["reviewer_region_id", "state", "id"], unique=False
    )
    op.create_index(
        "ix_reviews_reviewer_team", "reviews", ["reviewer_team_id", "state", "id"], unique=False
    )
    op.create_index("ix_reviews_team_id", "reviews", ["team_id"], unique=False)
    op.create_index("ux_replica_reviews", "reviews", ["province", "id"], unique=True)
    op.create_index(
        "ux_reviews_one_pending",
        "reviews",
        ["kind", "subject_type", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("author_account_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "SUBMITTED",
                "REVIEWED",
                "PUBLISHED",
                "RETURNED",
                "WITHDRAWN",
                "OFFLINE",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_account_id"], ["accounts.id"], name=op.f("fk_submissions_author_account_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_submissions_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index("ix_submissions_team_id", "submissions", ["team_id"], unique=False)
    op.create_index("ux_replica_submissions", "submissions", ["province", "id"], unique=True)
    op.create_table(
        "team_admins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "MANAGER",
                "RECORDER",
                "REVIEWER",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("granted_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_team_admins_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["accounts.id"], name=op.f("fk_team_admins_granted_by_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_admins_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_admins")),
    )
    op.create_index("ix_team_admins_account_id", "team_admins", ["account_id"], unique=False)
    op.create_index("ux_replica_team_admins", "team_admins", ["province", "id"], unique=True)
    op.create_index(
        "ux_team_admins_current",
        "team_admins",
        ["team_id", "account_id", "role"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_table(
        "team_attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_team_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_forced", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_team_attachments_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["contact_team_id"], ["teams.id"], name=op.f("fk_team_attachments_contact_team_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_attachments_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_attachments")),
    )
    op.create_index(
        "ix_team_attachments_team_id_valid_from",
        "team_attachments",
        ["team_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        "ux_replica_team_attachments", "team_attachments", ["province", "id"], unique=True
    )
    op.create_index(
        "ux_team_attachments_current",
        "team_attachments",
        ["team_id"],
        unique=True,
        postgresql_where=sa.text("valid_to is null"),
    )
    op.create_table(
        "team_view_links",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("view_team_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "team_id <> view_team_id", name=op.f("ck_team_view_links_not_its_own_view_team")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_view_links_team_id")),
        sa.ForeignKeyConstraint(
            ["view_team_id"], ["teams.id"], name=op.f("fk_team_view_links_view_team_id")
        ),
        sa.PrimaryKeyConstraint("team_id", "view_team_id", name=op.f("pk_team_view_links")),
    )
    op.create_index(
        "ix_team_view_links_view_team_id", "team_view_links", ["view_team_id"], unique=False
    )
    op.create_table(
        "trainings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_trainings_minutes_positive")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_trainings_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_trainings_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index("ix_trainings_volunteer_id", "trainings", ["volunteer_id"], unique=False)
    op.create_index("ux_replica_trainings", "trainings", ["province", "id"], unique=True)
    op.create_table(
        "volunteer_identities",
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "id_type",
            sa.Enum(
                "RESIDENT_ID",
                "HK_MO_TW_PERMIT",
                "PASSPORT",
                "FOREIGN_RESIDENT",
                name="id_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_volunteer_identities_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_volunteer_identities")),
        sa.UniqueConstraint("blind_index", name=op.f("uq_volunteer_identities_blind_index")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("post_no", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=False),
        sa.Column("joined", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.CheckConstraint("joined between 0 and planned", name=op.f("ck_posts_quota_holds")),
        sa.CheckConstraint("planned > 0", name=op.f("ck_posts_planned_positive")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_posts_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index("ux_posts_project_id_post_no", "posts", ["project_id", "post_no"], unique=True)
    op.create_index("ux_replica_posts", "posts", ["province", "id"], unique=True)
    op.create_table(
        "project_teams",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_teams_project_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_project_teams_team_id")),
        sa.PrimaryKeyConstraint("project_id", "team_id", name=op.f("pk_project_teams")),
    )
    op.create_index(op.f("ix_project_teams_team_id"), "project_teams", ["team_id"], unique=False)
    op.create_table(
        "trusted_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.Text(collation="C"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("operations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "aliases", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("schema_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sunset_on", sa.Date(), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "document_id ~ '^sha256:[0-9a-f]{64}$'",
            name=op.f("ck_trusted_documents_document_id_form"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["document_clients.id"], name=op.f("fk_trusted_documents_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_documents")),
    )
    op.create_index(
        "ux_trusted_documents_client_id_document_id",
        "trusted_documents",
        ["client_id", "document_id"],
        unique=True,
    )
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "APPLIED",
                "INVITED",
                "ACCEPTED",
                "REFUSED",
                "DECLINED",
                "CANCELLED",
                "WITHDRAWN",
                "ATTENDED",
                "NO_SHOW",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "applied_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "checked_out_at > checked_in_at", name=op.f("ck_sign_ups_check_out_after_check_in")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_sign_ups_post_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_sign_ups_project_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sign_ups_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_sign_ups_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    op.create_index("ix_sign_ups_project_id_id", "sign_ups", ["project_id", "id"], unique=False)
    op.create_index("ix_sign_ups_team_id_status", "sign_ups", ["team_id", "status"], unique=False)
    op.create_index("ix_sign_ups_volunteer_id_id", "sign_ups", ["volunteer_id", "id"], unique=False)
    op.create_index("ux_replica_sign_ups", "sign_ups", ["province", "id"], unique=True)
    op.create_index(
        "ux_sign_ups_one_active",
        "sign_ups",
        ["project_id", "volunteer_id"],
        unique=True,
        postgresql_where=sa.text(
            "status in ('APPLIED', 'INVITED', 'ACCEPTED', 'ATTENDED', 'NO_SHOW')"
        ),
    )
    op.create_table(
        "service_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("sign_up_id", sa.BigInteger(), nullable=True),
        sa.Column("region_path", sa.Text(collation="C"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "APPLIED",
                "NOT_EFFECTIVE",
                "EFFECTIVE",
                "DISPUTED",
                "REJECTED",
                "VOID",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "TEAM_ENTRY",
                "VOLUNTEER_APPLICATION",
                "CHECK_IN",
                "IMPORT",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("targets", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("recorder_id", sa.BigInteger(), nullable=True),
        sa.Column("recorder_name", sa.Text(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("publicity_from", sa.Date(), nullable=True),
        sa.Column("publicity_to", sa.Date(), nullable=True),
        sa.Column("is_overdue", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_flagged", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("revision", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("original_organisation", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'VOID') = (void_reason is not null)",
            name=op.f("ck_service_records_void_has_a_reason"),
        ),
        sa.CheckConstraint(
            "ends_at > starts_at or status = 'OPEN'",
            name=op.f("ck_service_records_ends_after_start"),
        ),
        sa.CheckConstraint(
            "ends_at is not null or status in ('OPEN', 'VOID')",
            name=op.f("ck_service_records_only_open_has_no_end"),
        ),
        sa.CheckConstraint(
            "minutes >= 0 and minutes * interval '1 minute' <= ends_at - starts_at",
            name=op.f("ck_service_records_minutes_within_times"),
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_service_records_revision_positive")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_service_records_post_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_service_records_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["accounts.id"], name=op.f("fk_service_records_recorder_id")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_service_records_sign_up_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_service_records_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_service_records_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_records")),
    )
    op.create_index(
        "ix_service_records_due",
        "service_records",
        ["publicity_to"],
        unique=False,
        postgresql_where=sa.text("status = 'NOT_EFFECTIVE'"),
    )
    op.create_index(
        "ix_service_records_project_id_id", "service_records", ["project_id", "id"], unique=False
    )
    op.create_index(
        "ix_service_records_region_path_starts_at",
        "service_records",
        ["region_path", "starts_at"],
        unique=False,
    )
    op.create_index(
        "ix_service_records_team_id_starts_at",
        "service_records",
        ["team_id", sa.literal_column("starts_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_service_records_volunteer_id_starts_at",
        "service_records",
        ["volunteer_id", sa.literal_column("starts_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ux_replica_service_records", "service_records", ["province", "id"], unique=True
    )
    op.create_index(
        "ux_service_records_upstream",
        "service_records",
        ["source_system", "source_id"],
        unique=True,
        postgresql_where=sa.text("source_system is not null"),
    )
    op.create_table(
        "evaluations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("score between 1 and 5", name=op.f("ck_evaluations_score_range")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_evaluations_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_evaluations_record_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_evaluations_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_evaluations_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
    )
    op.create_index("ix_evaluations_volunteer_id", "evaluations", ["volunteer_id"], unique=False)
    op.create_index("ux_evaluations_record_id", "evaluations", ["record_id"], unique=True)
    op.create_index("ux_replica_evaluations", "evaluations", ["province", "id"], unique=True)
    op.create_table(
        "service_record_revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_service_record_revisions_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["service_records.id"],
            name=op.f("fk_service_record_revisions_record_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record_revisions")),
    )
    op.create_index(
        "ux_replica_service_record_revisions",
        "service_record_revisions",
        ["province", "id"],
        unique=True,
    )
    op.create_index(
        "ux_service_record_revisions_record_id_revision",
        "service_record_revisions",
        ["record_id", "revision"],
        unique=True,
    )
    for table in REPLICATED:
        op.execute(f"alter table {table} replica identity using index ux_replica_{table}")
    # The log is append-only: only the sealer's columns may be filled, once (DESIGN §12).
    op.execute(AUDIT_GUARD)
    op.execute(
        "create trigger audit_log_append_only before update or delete on audit_log"
        " for each row execute function audit_log_append_only()"
    )
