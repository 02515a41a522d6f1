"""The configuration of the embedded PostgreSQL."""

from collections.abc import Mapping


def postgresql_conf(*, port: int, max_connections: int, durable: bool) -> str:
    """The whole `postgresql.conf`; nothing of initdb's own is kept."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": max_connections,
        "password_encryption": "scram-sha-256",
        "shared_buffers": "256MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "1GB",  # also what a recovery may have to replay
        "wal_level": "logical",
        "max_wal_senders": 10,
        "max_replication_slots": 10,
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "iso, ymd",
        "lc_messages": "C",
        # SECURITY: LOG stands above ERROR here. Messages of failed statements may quote personal
        # data, and go to the gateway only.
        "log_min_messages": "log",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_line_prefix": "%m [%p] ",
        "log_startup_progress_interval": "2s",
        "log_checkpoints": "off",
        **({} if durable else _not_durable()),
    }
    return "".join(f"{name} = {_quote(value)}\n" for name, value in settings.items())


def hba_conf() -> str:
    """Who may connect: by password, from this machine."""
    return "".join(
        f"host {database} all 127.0.0.1/32 scram-sha-256\n" for database in ("all", "replication")
    )


def _not_durable() -> Mapping[str, str | int]:
    return {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "checkpoint_timeout": "1h",
        "max_wal_size": "4GB",
    }


def _quote(value: str | int) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
