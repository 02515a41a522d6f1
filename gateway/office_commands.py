"""The commands ``administrators …`` and ``stations …``: what an operator begins with."""

import sys
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from db.enums import StationPhase
from db.queries.stations import STATION_OF_HOST, STATIONS
from db.queries.subjects import SUBJECT_OF_NUMBER
from db.seed.reference import found_stations, lay_categories
from db.urls import asyncpg_dsn
from gateway.command_desk import Desk, on_station, print_table, tell
from gateway.parts import hosts_of
from gateway.settings import Settings
from resolvers.administrators.founding import found_administrator
from resolvers.administrators.issuing import Appointee
from resolvers.outcomes import Outcome
from resolvers.stations.leading import lead_station
from resolvers.stations.opening import PhaseChange
from schema.region_codes import region_code

administrators = typer.Typer(no_args_is_help=True, help="Administrators of departments.")
stations = typer.Typer(no_args_is_help=True, help="The national site, stations, sub-platforms.")


class OfficeRefused(Exception):
    """What was asked for is not possible; the message is for the operator."""


REFUSED = (OfficeRefused,)


@administrators.command("issue")
def issue(
    region: Annotated[str, typer.Argument(help="Code of the region of the department.")],
    username: Annotated[str, typer.Argument(help="Username of the new account.")],
    name: Annotated[str, typer.Argument(help="Name of the person.")],
    *,
    title: Annotated[str, typer.Option(help="Title of the person.")] = "",
) -> None:
    """Issue an account of a department, the first of a station; its password is shown once.

    Departments issue the accounts of those below themselves: `issueAdministrator`.
    """
    appointee = Appointee(
        username=username.strip().lower(), name=name.strip(), title=title.strip() or None
    )

    async def run(desk: Desk) -> None:
        async with desk.database.read() as snapshot:
            row = await snapshot.fetch_one(SUBJECT_OF_NUMBER, number=region_code(region))
        region_id = row.id if row is not None and row.entity == "Region" else None
        issued = await found_administrator(desk.database, region_id, appointee)
        _good(issued.outcome)
        sys.stdout.write(f"{issued.first_password}\n")
        tell("The first password, good for 14 days: it opens nothing but its own change.")

    on_station(Settings.from_environment(), run)


@stations.command("found")
def found() -> None:
    """Put in the national site, this station and the categories of service; what stands stays.

    Host names are those of NATIONAL_HOST and STATION_HOSTS. Regions are imported before.
    """

    async def run(desk: Desk) -> None:
        connection = await asyncpg.connect(asyncpg_dsn(desk.station.database_url))
        try:
            if not await connection.fetchval("select exists (select from regions)"):
                raise OfficeRefused("There are no regions yet; run `regions import`.")
            async with connection.transaction():
                await lay_categories(connection)
                await found_stations(connection, hosts_of(desk.settings))
        finally:
            await connection.close()
        await _print_stations(desk)

    on_station(Settings.from_environment(), run)


@stations.command("list")
def list_stations() -> None:
    """List the stations with their host names and phases."""
    on_station(Settings.from_environment(), _print_stations)


@stations.command("phase")
def set_phase(
    host: Annotated[str, typer.Argument(help="Host name of the station.")],
    phase: Annotated[StationPhase, typer.Argument(help="The phase to go into.")],
    *,
    batch: Annotated[int | None, typer.Option(help="Batch of the trial run.")] = None,
    reason: Annotated[str, typer.Option(help="Why, when a trial is broken off.")] = "",
) -> None:
    """Put a station into another phase, where no ministry sits in the system to do it."""

    async def run(desk: Desk) -> None:
        async with desk.database.read() as snapshot:
            row = await snapshot.fetch_one(STATION_OF_HOST, host=host.lower())
        if row is None:
            raise OfficeRefused(f"There is no station {host}.")
        change = PhaseChange(station_id=row.id, phase=phase, batch=batch, reason=reason.strip())
        _good(await lead_station(desk.database, change))
        tell(f"{host} is in its phase {phase}.")

    on_station(Settings.from_environment(), run)


async def _print_stations(desk: Desk) -> None:
    table = Table("number", "code", "name", "host", "phase", "batch")
    async with desk.database.read() as snapshot:
        rows = await snapshot.fetch(STATIONS)
    for row in rows:
        batch = "" if row.batch is None else str(row.batch)
        table.add_row(str(row.number), row.code, row.name, row.host, row.phase, batch)
    print_table(table)


def _good(outcome: Outcome) -> None:
    if outcome.errors:
        raise OfficeRefused("\n".join(f"{each.field}: {each.message}" for each in outcome.errors))
