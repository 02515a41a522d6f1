"""The sealed audit log, uploaded files, local policy."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What an entry's hash covers; `db/audit/chain.py` computes the same without the database.
ENTRY_HASH = """
create function audit_entry_hash(entry audit_log, no bigint, previous bytea) returns bytea
language sql stable set search_path = pg_catalog, public, pg_temp
return sha256(previous || convert_to(jsonb_build_array(
  no, entry.id, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  entry.account_id, entry.capacity, entry.action, entry.subject_type, entry.subject_id,
  entry.because, entry.detail::text)::text, 'UTF8'))
"""
# 7310 is Lock.AUDIT: one at a time seals, the others leave it to that one. A row that becomes
# visible late, with a lower id than sealed ones, is sealed when it is seen.
SEAL = """
create function audit_seal(batch integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  entry audit_log;
  no bigint;
  previous bytea;
  sealed integer := 0;
begin
  if not pg_try_advisory_xact_lock(7310) then
    return 0;
  end if;
  select chain_no, hash into no, previous from audit_log
  where chain_no is not null order by chain_no desc limit 1;
  if no is null then
    no := 0;
    previous := decode(repeat('00', 32), 'hex');
  end if;
  for entry in select * from audit_log where chain_no is null order by id limit batch loop
    no := no + 1;
    update audit_log set chain_no = no, previous_hash = previous,
      hash = audit_entry_hash(entry, no, previous)
    where id = entry.id returning hash into previous;
    sealed := sealed + 1;
  end loop;
  return sealed;
end
$$
"""
GUARD = """
create or replace function audit_log_append_only() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'audit_log' then
    if old.chain_no is null and new.chain_no is not null
       and (old.id, old.at, old.account_id, old.capacity, old.action, old.subject_type,
            old.subject_id, old.because, old.detail)
         is not distinct from
           (new.id, new.at, new.account_id, new.capacity, new.action, new.subject_type,
            new.subject_id, new.because, new.detail)
       and new.previous_hash = (case
         when new.chain_no = 1 then decode(repeat('00', 32), 'hex')
         else (select hash from audit_log where chain_no = new.chain_no - 1) end)
       and new.hash = audit_entry_hash(old, new.chain_no, new.previous_hash)
    then
      return new;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name;
end
$$
"""
# Nobody lays the chain but the sealer, and nobody empties a table.
TRIGGERS = {
    "audit_log_laid_by_the_sealer": "before insert on audit_log for each row"
    " when (new.chain_no is not null)",
    "audit_log_not_emptied": "before truncate on audit_log for each statement",
    "audit_heads_append_only": "before update or delete on audit_heads for each row",
    "audit_heads_not_emptied": "before truncate on audit_heads for each statement",
}


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")
    _audit()
    _files()


def _audit() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("chain_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_no", name=op.f("pk_audit_heads")),
    )
    for statement in (ENTRY_HASH, SEAL, GUARD):
        op.execute(statement)
    for name, when in TRIGGERS.items():
        op.execute(f"create trigger {name} {when} execute function audit_log_append_only()")


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("owner_account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "PROOF",
                "SCAN",
                "COVER",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nulls(subject_type, subject_id, team_id, attached_at) in (0, 4)",
            name=op.f("ck_files_attached_whole"),
        ),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_files_digest_is_sha256")),
        sa.ForeignKeyConstraint(
            ["owner_account_id"], ["accounts.id"], name=op.f("fk_files_owner_account_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_files_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_digest", "files", ["digest"], unique=False)
    op.create_index("ix_files_subject", "files", ["subject_type", "subject_id"], unique=False)
    op.create_index(
        "ix_files_owner_waiting",
        "files",
        ["owner_account_id"],
        unique=False,
        postgresql_where=sa.text("attached_at is null"),
    )
    op.create_index(
        "ix_files_waiting",
        "files",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("attached_at is null"),
    )
