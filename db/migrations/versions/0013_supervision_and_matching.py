"""Random checks of records and certificates, needs and offers, rewards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# What was drawn stays drawn, and what was published stays published, whoever writes.
FROZEN_ITEMS = """
create function inspection_items_frozen() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE'
     and (new.inspection_id, new.position, new.team_id, new.kind, new.record_id,
          new.certificate_id, new.draw_key)
     is not distinct from
     (old.inspection_id, old.position, old.team_id, old.kind, old.record_id,
      old.certificate_id, old.draw_key)
     and not exists (select from public.inspections i
                     where i.id = old.inspection_id and i.status = 'PUBLISHED')
  then
    return new;
  end if;
  raise exception 'what was drawn or published is frozen';
end
$$
"""
FROZEN_DRAWS = """
create function inspections_frozen() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.status not in ('PUBLISHED', 'CANCELLED')
     and (new.kind, new.since, new.until, new.seed, new.population, new.fingerprint, new.size)
     is not distinct from
     (old.kind, old.since, old.until, old.seed, old.population, old.fingerprint, old.size)
  then
    return new;
  end if;
  raise exception 'a draw is frozen';
end
$$
"""
# Points are added by new rows, and never changed.
APPEND_ONLY = """
create function reward_entries_append_only() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'the ledger of rewards is append-only';
end
$$
"""
TRIGGERS = (
    (
        "create trigger inspection_items_frozen before update or delete on inspection_items"
        " for each row execute function inspection_items_frozen()"
    ),
    (
        "create trigger inspections_frozen before update or delete on inspections"
        " for each row execute function inspections_frozen()"
    ),
    (
        "create trigger reward_entries_append_only before update or delete on reward_entries"
        " for each row execute function reward_entries_append_only()"
    ),
)


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")
    _inspections()
    _matching()
    _rewards()
    for statement in (FROZEN_ITEMS, FROZEN_DRAWS, APPEND_ONLY, *TRIGGERS):
        op.execute(statement)


def _inspections() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "RECORDS",
                "CERTIFICATES",
                "BOTH",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAWN",
                "MATERIALS_ASKED",
                "EXAMINED",
                "PUBLISHED",
                "CANCELLED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=False, comment="How many could be drawn"),
        sa.Column(
            "fingerprint",
            sa.BigInteger(),
            nullable=False,
            comment="Of all that could be drawn, under the seed",
        ),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="How many were drawn"),
        sa.Column("drawn_by_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True, comment="What is published with the result"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'CANCELLED') = (cancel_reason is not null)",
            name=op.f("ck_inspections_cancelled_has_a_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'PUBLISHED') = (published_at is not null)",
            name=op.f("ck_inspections_published_has_a_date"),
        ),
        sa.CheckConstraint(
            "status not in ('MATERIALS_ASKED', 'EXAMINED', 'PUBLISHED') or asked_at is not null",
            name=op.f("ck_inspections_asked_has_a_date"),
        ),
        sa.CheckConstraint("octet_length(seed) = 32", name=op.f("ck_inspections_seed_is_long")),
        sa.CheckConstraint("since <= until", name=op.f("ck_inspections_since_before_until")),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["accounts.id"], name=op.f("fk_inspections_drawn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_inspections_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    op.create_index("ix_inspections_region_id", "inspections", ["region_id"], unique=False)
    op.create_index("ux_replica_inspections", "inspections", ["province", "id"], unique=True)
    op.create_table(
        "inspection_scopes",
        sa.Column("inspection_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_scopes_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_inspection_scopes_team_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "team_id", name=op.f("pk_inspection_scopes")),
    )
    op.create_table(
        "inspection_teams",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("inspection_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("handed_in_by_id", sa.BigInteger(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(handed_in_at is null) = (statement is null)",
            name=op.f("ck_inspection_teams_handed_in_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by_id"], ["accounts.id"], name=op.f("fk_inspection_teams_handed_in_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_teams_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_inspection_teams_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_teams")),
    )
    op.create_index(
        "ix_inspection_teams_due",
        "inspection_teams",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("handed_in_at is null and due_on is not null"),
    )
    op.create_index("ix_inspection_teams_team_id", "inspection_teams", ["team_id"], unique=False)
    op.create_index(
        "ux_inspection_teams_team", "inspection_teams", ["inspection_id", "team_id"], unique=True
    )
    op.create_index(
        "ux_replica_inspection_teams", "inspection_teams", ["province", "id"], unique=True
    )
    op.create_table(
        "inspection_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("inspection_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "RECORD",
                "CERTIFICATE",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("certificate_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "draw_key",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the seed and the subject; the draw is the smallest",
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "IN_ORDER",
                "DEFECTIVE",
                "FORGED",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("found_by_id", sa.BigInteger(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'RECORD') = (record_id is not null) and (kind = 'CERTIFICATE') = (certificate_id is not null)",
            name=op.f("ck_inspection_items_one_subject"),
        ),
        sa.CheckConstraint(
            "(verdict is null) = (found_at is null)",
            name=op.f("ck_inspection_items_found_has_a_date"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_inspection_items_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["found_by_id"], ["accounts.id"], name=op.f("fk_inspection_items_found_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_items_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_inspection_items_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_inspection_items_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_items")),
    )
    op.create_index(
        "ix_inspection_items_certificate_id", "inspection_items", ["certificate_id"], unique=False
    )
    op.create_index(
        "ix_inspection_items_record_id", "inspection_items", ["record_id"], unique=False
    )
    op.create_index("ix_inspection_items_team_id", "inspection_items", ["team_id"], unique=False)
    op.create_index(
        "ux_inspection_items_position",
        "inspection_items",
        ["inspection_id", "position"],
        unique=True,
    )
    op.create_index(
        "ux_replica_inspection_items", "inspection_items", ["province", "id"], unique=True
    )
    op.create_table(
        "inspection_measures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("inspection_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "WARNING",
                "SUSPENSION",
                "RECORD_VOIDED",
                "CERTIFICATE_REVOKED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind in ('WARNING', 'SUSPENSION')) = (item_id is null)",
            name=op.f("ck_inspection_measures_item_of_its_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_measures_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["inspection_items.id"], name=op.f("fk_inspection_measures_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["accounts.id"], name=op.f("fk_inspection_measures_taken_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_inspection_measures_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_measures")),
    )
    op.create_index(
        "ix_inspection_measures_inspection_id",
        "inspection_measures",
        ["inspection_id"],
        unique=False,
    )
    op.create_index(
        "ix_inspection_measures_team_id", "inspection_measures", ["team_id"], unique=False
    )
    op.create_index(
        "ux_replica_inspection_measures", "inspection_measures", ["province", "id"], unique=True
    )


def _matching() -> None:
    op.create_table(
        "needs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("targets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column(
            "found",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="People of accepted answers",
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "MET",
                "CLOSED",
                "EXPIRED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column(
            "project_id",
            sa.BigInteger(),
            nullable=True,
            comment="The team's project that came of it",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("found between 0 and people", name=op.f("ck_needs_found_within_people")),
        sa.CheckConstraint("people between 1 and 10000", name=op.f("ck_needs_people_counted")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_needs_starts_before_end")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_needs_project_id")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_needs_region_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_needs_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    op.create_index(
        "ix_needs_open",
        "needs",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_index("ix_needs_region_id", "needs", ["region_id"], unique=False)
    op.create_index("ix_needs_team_id", "needs", ["team_id"], unique=False)
    op.create_index("ux_replica_needs", "needs", ["province", "id"], unique=True)
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "MET",
                "CLOSED",
                "EXPIRED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "num_nonnulls(team_id, volunteer_id) = 1", name=op.f("ck_offers_one_offerer")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_offers_starts_before_end")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_offers_region_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_offers_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_offers_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(
        "ix_offers_open",
        "offers",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_index("ix_offers_region_id", "offers", ["region_id"], unique=False)
    op.create_index("ix_offers_team_id", "offers", ["team_id"], unique=False)
    op.create_index("ix_offers_volunteer_id", "offers", ["volunteer_id"], unique=False)
    op.create_index("ux_replica_offers", "offers", ["province", "id"], unique=True)
    op.create_table(
        "need_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("from_team_id", sa.BigInteger(), nullable=True),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "asked_by",
            sa.Enum(
                "OFFERER",
                "NEED",
                name="asked_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "applicant_account_id",
            sa.BigInteger(),
            nullable=True,
            comment="Who asked; they do not decide for the other side",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACCEPTED",
                "DECLINED",
                "WITHDRAWN",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'PENDING') = (decided_at is null)",
            name=op.f("ck_need_answers_decided_has_a_date"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(from_team_id, volunteer_id) = 1", name=op.f("ck_need_answers_one_offerer")
        ),
        sa.CheckConstraint(
            "people >= 1 and (volunteer_id is null or people = 1)",
            name=op.f("ck_need_answers_people_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_account_id"],
            ["accounts.id"],
            name=op.f("fk_need_answers_applicant_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["from_team_id"], ["teams.id"], name=op.f("fk_need_answers_from_team_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_answers_need_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_need_answers_offer_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_need_answers_team_id")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_need_answers_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_answers")),
    )
    op.create_index("ix_need_answers_from_team_id", "need_answers", ["from_team_id"], unique=False)
    op.create_index("ix_need_answers_need_id", "need_answers", ["need_id"], unique=False)
    op.create_index("ix_need_answers_team_id", "need_answers", ["team_id"], unique=False)
    op.create_index("ix_need_answers_volunteer_id", "need_answers", ["volunteer_id"], unique=False)
    op.create_index(
        "ux_need_answers_one_open",
        "need_answers",
        [
            "need_id",
            sa.literal_column("coalesce(from_team_id, 0)"),
            sa.literal_column("coalesce(volunteer_id, 0)"),
        ],
        unique=True,
        postgresql_where=sa.text("status in ('PENDING', 'ACCEPTED')"),
    )
    op.create_index("ux_replica_need_answers", "need_answers", ["province", "id"], unique=True)


def _rewards() -> None:
    op.create_table(
        "reward_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "MINUTES", "STAR", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("step", sa.BigInteger(), nullable=False, comment="Minutes, or the star"),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column(
            "valid_from", sa.Date(), nullable=False, comment="First day of the service that counts"
        ),
        sa.Column(
            "valid_to", sa.Date(), nullable=True, comment="Last day of the service that counts"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'MINUTES' and step between 1 and 100000) or (kind = 'STAR' and step between 1 and 5)",
            name=op.f("ck_reward_rules_step_of_its_kind"),
        ),
        sa.CheckConstraint(
            "points between 1 and 1000000", name=op.f("ck_reward_rules_points_bounded")
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_from <= valid_to",
            name=op.f("ck_reward_rules_from_before_to"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_reward_rules_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_rules")),
    )
    op.create_index("ix_reward_rules_region_id", "reward_rules", ["region_id"], unique=False)
    op.create_index("ux_replica_reward_rules", "reward_rules", ["province", "id"], unique=True)
    op.create_table(
        "reward_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("stock", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "OFFERED",
                "WITHDRAWN",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "price between 1 and 100000000", name=op.f("ck_reward_items_price_bounded")
        ),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_reward_items_stock_not_negative")),
        sa.CheckConstraint(
            "valid_to is null or valid_from <= valid_to",
            name=op.f("ck_reward_items_from_before_to"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_reward_items_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_items")),
    )
    op.create_index("ix_reward_items_region_id", "reward_items", ["region_id"], unique=False)
    op.create_index("ux_replica_reward_items", "reward_items", ["province", "id"], unique=True)
    op.create_table(
        "redemptions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "REQUESTED",
                "GRANTED",
                "CANCELLED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'REQUESTED') = (decided_at is null)",
            name=op.f("ck_redemptions_decided_has_a_date"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["reward_items.id"], name=op.f("fk_redemptions_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_redemptions_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_redemptions_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_item_id", "redemptions", ["item_id"], unique=False)
    op.create_index(
        "ix_redemptions_region_id", "redemptions", ["region_id", "status"], unique=False
    )
    op.create_index("ix_redemptions_volunteer_id", "redemptions", ["volunteer_id"], unique=False)
    op.create_index("ux_replica_redemptions", "redemptions", ["province", "id"], unique=True)
    op.create_table(
        "reward_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("volunteer_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "EARNED",
                "REDEEMED",
                "RETURNED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=True),
        sa.Column("redemption_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'EARNED' and points <> 0) or (kind = 'REDEEMED' and points < 0) or (kind = 'RETURNED' and points > 0)",
            name=op.f("ck_reward_entries_sign_of_its_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'EARNED') = (rule_id is not null) and (kind <> 'EARNED') = (redemption_id is not null)",
            name=op.f("ck_reward_entries_one_cause"),
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_reward_entries_redemption_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_reward_entries_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["reward_rules.id"], name=op.f("fk_reward_entries_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteers.id"], name=op.f("fk_reward_entries_volunteer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_entries")),
    )
    op.create_index(
        "ix_reward_entries_volunteer", "reward_entries", ["volunteer_id", "region_id"], unique=False
    )
    op.create_index("ux_replica_reward_entries", "reward_entries", ["province", "id"], unique=True)
    op.create_index(
        "ux_reward_entries_redemption",
        "reward_entries",
        ["redemption_id", "kind"],
        unique=True,
        postgresql_where=sa.text("redemption_id is not null"),
    )
