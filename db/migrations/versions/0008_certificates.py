"""Certificates, and ways back into an account."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
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
    "ACCOUNT_RESET",
)
STATES = ("REQUESTED", "ISSUED", "DECLINED", "REVOKED", "SUPERSEDED")

# What was signed stays as it was signed, whoever writes.
IMMUTABLE = """
create function certificates_immutable() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.status in ('REQUESTED', 'DECLINED') then
    return coalesce(new, old);
  end if;
  if tg_op = 'UPDATE' and
     (new.certificate_no, new.snapshot, new.minutes, new.digest, new.signature, new.algorithm,
      new.key_id, new.issued_at, new.remark)
     is not distinct from
     (old.certificate_no, old.snapshot, old.minutes, old.digest, old.signature, old.algorithm,
      old.key_id, old.issued_at, old.remark)
     and new.status not in ('REQUESTED', 'DECLINED')
  then
    return new;
  end if;
  raise exception 'an issued certificate is immutable';
end
$$
"""
# Whichever way a record is corrected, its certificates show it.
OUTDATED = """
create function service_records_outdate_certificates() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  update certificates c set is_outdated = true
  from certificate_records r
  where r.record_id = new.id and c.id = r.certificate_id and not c.is_outdated
    and c.status not in ('REQUESTED', 'DECLINED');
  return null;
end
$$
"""
TRIGGERS = (
    (
        "create trigger certificates_immutable before update or delete on certificates"
        " for each row execute function certificates_immutable()"
    ),
    (
        "create trigger service_records_outdate_certificates after update on service_records"
        " for each row when (old.revision <> new.revision"
        " or (new.status = 'VOID' and old.status <> 'VOID'))"
        " execute function service_records_outdate_certificates()"
    ),
)


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")
    _columns()
    _constraints()
    _records()
    _self_service()
    for statement in (IMMUTABLE, OUTDATED, *TRIGGERS):
        op.execute(statement)


def _columns() -> None:
    op.alter_column("certificates", "snapshot", nullable=True)
    op.alter_column("certificates", "digest", nullable=True)
    op.alter_column(
        "certificates",
        "team_id",
        comment="Who issues it; none when the volunteer printed it",
        existing_comment="The recording team; none when the volunteer printed it",
    )
    op.add_column(
        "certificates",
        sa.Column(
            "algorithm",
            sa.Enum(
                "ED25519",
                "SM2",
                name="algorithm",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
    )
    op.add_column("certificates", sa.Column("remark", sa.Text(), nullable=True))
    op.add_column(
        "certificates",
        sa.Column(
            "replaces_id",
            sa.BigInteger(),
            sa.ForeignKey("certificates.id", name=op.f("fk_certificates_replaces_id")),
            nullable=True,
            comment="The certificate that this one supersedes",
        ),
    )
    op.add_column(
        "certificates",
        sa.Column(
            "id_number_consent_id",
            sa.BigInteger(),
            sa.ForeignKey("consents.id", name=op.f("fk_certificates_id_number_consent_id")),
            nullable=True,
            comment="Consent to a masked ID number; none: it is not shown",
        ),
    )


def _constraints() -> None:
    for name in ("status", "issued_is_signed", "revoked_has_a_reason"):
        op.drop_constraint(op.f(f"ck_certificates_{name}"), "certificates")
    values = ", ".join(f"'{state}'" for state in STATES)
    for name, condition in (
        ("status", f"status in ({values})"),
        (
            "issued_is_signed",
            (
                "status in ('REQUESTED', 'DECLINED')"
                " or (signature is not null and issued_at is not null)"
            ),
        ),
        (
            "issued_has_a_snapshot",
            "status in ('REQUESTED', 'DECLINED') or (snapshot is not null and digest is not null)",
        ),
        (
            "revoked_has_a_reason",
            "(status in ('REVOKED', 'DECLINED')) = (revoke_reason is not null)",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_certificates_{name}"), "certificates", condition)
    op.create_index(
        "ux_certificates_one_request",
        "certificates",
        ["volunteer_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("status = 'REQUESTED'"),
    )


def _records() -> None:
    op.create_table(
        "certificate_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "province",
            sa.CHAR(length=2),
            nullable=False,
            comment="First two digits of the division code of the province the row belongs to",
        ),
        sa.Column("certificate_id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_records_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_certificate_records_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_records")),
    )
    op.create_index(
        "ux_replica_certificate_records", "certificate_records", ["province", "id"], unique=True
    )
    op.execute(
        "alter table certificate_records"
        " replica identity using index ux_replica_certificate_records"
    )
    op.create_index(
        "ux_certificate_records_certificate_id_record_id",
        "certificate_records",
        ["certificate_id", "record_id"],
        unique=True,
    )
    op.create_index("ix_certificate_records_record_id", "certificate_records", ["record_id"])


def _self_service() -> None:
    kinds = ", ".join(f"'{kind}'" for kind in REVIEW_KINDS)
    op.drop_constraint(op.f("ck_reviews_kind"), "reviews")
    op.create_check_constraint(op.f("ck_reviews_kind"), "reviews", f"kind in ({kinds})")
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "USERNAME",
                "PASSWORD",
                "MOBILE",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("new_mobile", sa.Text(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        _now("created_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_recovery_codes_tries_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_recovery_codes_challenge_hash")),
    )
    op.create_index("ix_recovery_codes_expires_at", "recovery_codes", ["expires_at"])
    op.create_table(
        "reset_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("blind_indexes", sa.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("new_mobile", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_requests")),
    )


def _now(name: str) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
