"""Bring a database to the schema of this release, and say where it stands."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from db.driver_errors import refusal_of
from db.errors import LockUnavailable
from db.locks import Lock
from db.models import Base
from db.urls import sqlalchemy_url

ID_BITS = 40


class SchemaState(StrEnum):
    """How a database's schema relates to this release."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


class StationMismatch(Exception):
    """The database belongs to another station than the settings say."""


def script_config() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


class MigrationRefused(Exception):
    """Something held a table for longer than a migration lets the station wait behind it."""


async def schema_state(url: str) -> SchemaState:
    """Where the database stands; a revision this release does not know is a newer one."""
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_state)
    finally:
        await engine.dispose()


def _state(connection: Connection) -> SchemaState:
    heads = set(MigrationContext.configure(connection).get_current_heads())
    script = ScriptDirectory.from_config(script_config())
    if not heads:
        return SchemaState.EMPTY
    if heads == set(script.get_heads()):
        return SchemaState.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return SchemaState.OLDER if heads <= known else SchemaState.NEWER


async def upgrade(url: str, *, station: int) -> None:
    """Migrate to the newest schema and give the id sequences the station's range.

    Safe to run from several processes at once: one migrates, the others wait and find it done.

    Raises:
        StationMismatch: the database was made for another station.
        MigrationRefused: a write that does not end is in its way.
    """
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"select pg_advisory_xact_lock({Lock.MIGRATION})"))
            await connection.run_sync(_upgrade)
            await _claim_station(connection, station)
    except DBAPIError as error:
        if not isinstance(refusal_of(error), LockUnavailable):
            raise
        raise MigrationRefused(
            "A write on its way holds what is to be migrated. Nothing was changed; try again."
        ) from error
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = script_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


# Of a table that a later release added, the sequence counts for no station yet.
_LEAST = text("""
select s.min_value from pg_sequences s
where format('%I.%I', s.schemaname, s.sequencename)::regclass
  = pg_get_serial_sequence(:table, :name)::regclass
""")


async def _claim_station(connection: AsyncConnection, station: int) -> None:
    """Start every identity sequence at ``station << 40``, once (DESIGN §14)."""
    inserted = await connection.scalar(
        text(
            "insert into installation (id, station) values (1, :station)"
            " on conflict (id) do nothing returning station"
        ),
        {"station": station},
    )
    if inserted is None:
        held = await connection.scalar(text("select station from installation"))
        if held != station:
            raise StationMismatch(
                f"This database belongs to station {held}, but STATION is {station}."
            )
    low, high = (station << ID_BITS) + 1, (station + 1) << ID_BITS
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.identity is not None:
                names = {"table": table.name, "name": column.name}
                if await connection.scalar(_LEAST, names) == low:
                    continue
                await connection.execute(
                    text(
                        f"alter table {table.name} alter column {column.name}"
                        f" set minvalue {low} set maxvalue {high - 1} set start with {low} restart"
                    )
                )
