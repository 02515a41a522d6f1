"""What a gateway's own role may do, where another role owns the tables: all but change the log."""

from collections.abc import Sequence

WRITTEN = "account_id, capacity, action, subject_type, subject_id, because, detail"


def grants_for(role: str) -> Sequence[str]:
    """The statements that the owner of the tables runs for a role, after each migration.

    The role adds entries, without their time and place; only ``audit_seal`` lays the chain.
    """
    quoted = '"' + role.replace('"', '""') + '"'
    return (
        f"grant usage on schema public to {quoted}",
        f"grant select, insert, update, delete on all tables in schema public to {quoted}",
        f"grant usage on all sequences in schema public to {quoted}",
        f"revoke insert, update, delete, truncate on audit_log from {quoted}",
        f"grant insert ({WRITTEN}) on audit_log to {quoted}",
        f"revoke update, delete, truncate on audit_heads from {quoted}",
        f"revoke insert, update, delete, truncate on alembic_version from {quoted}",
        "revoke execute on function audit_seal(integer) from public",
        f"grant execute on function audit_seal(integer) to {quoted}",
    )
