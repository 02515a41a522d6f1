"""The command line: one function a verb."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from db.migrate import MigrationRefused, StationMismatch, upgrade
from db.redistricting.file import RedistrictingRefused
from db.region_file import RegionsRefused
from db.region_population import import_population
from db.regions_import import import_regions
from db.seed.crowd import SizesRefused
from db.seed.home import NoRegions
from db.seed.run import AlreadySeeded, Sizes, seed, seed_hubs
from gateway import (
    audit_commands,
    document_commands,
    office_commands,
    partner_commands,
    statistics_commands,
)
from gateway.access import AccessQuestion, AccessQuestionRefused, answer_question
from gateway.logs import configure_logs
from gateway.parts import hosts_of, station_parts
from gateway.progress import ProgressBars
from gateway.redistricting import DISTRICTS, DayToCome, as_text, order_from, run_order
from gateway.settings import Settings
from gateway.station import REFUSALS, reach_servers, run_station
from permissions.actions import Action
from permissions.errors import CapacityNotHeld, Unauthenticated
from permissions.viewer import Role
from schema.build import build_schema
from schema.sdl import differing, print_role, write_snapshots

REFUSED: tuple[type[Exception], ...] = (
    *REFUSALS,
    StationMismatch,
    MigrationRefused,
    RegionsRefused,
    RedistrictingRefused,
    DayToCome,
    AlreadySeeded,
    NoRegions,
    SizesRefused,
    AccessQuestionRefused,
    CapacityNotHeld,
    Unauthenticated,
    *audit_commands.REFUSED,
    *document_commands.REFUSED,
    *partner_commands.REFUSED,
    *office_commands.REFUSED,
    *statistics_commands.REFUSED,
    OSError,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A GraphQL gateway over the national volunteer-service information system.",
)
regions = typer.Typer(no_args_is_help=True, help="The tree of regions.")
schemas = typer.Typer(no_args_is_help=True, help="The schemas of the roles.")
app.add_typer(regions, name="regions")
app.add_typer(schemas, name="schema")
app.add_typer(audit_commands.commands, name="audit")
app.add_typer(document_commands.commands, name="documents")
app.add_typer(partner_commands.commands, name="partners")
app.add_typer(office_commands.administrators, name="administrators")
app.add_typer(office_commands.stations, name="stations")
app.add_typer(statistics_commands.commands, name="stats")

talk = Console(stderr=True, highlight=False)


def tell(sentence: str) -> None:
    """Says something to the operator; data goes to stdout, talk to stderr."""
    talk.print(sentence, markup=False, soft_wrap=True)


def main() -> None:
    """Runs a command; what an operator can mend ends in one sentence and exit code 1."""
    try:
        app()
    except REFUSED as refusal:
        tell(str(refusal))
        sys.exit(1)


@app.command()
def serve(
    *,
    bare: Annotated[
        bool,
        typer.Option("--bare", help="Fill an empty database with regions and one department user."),
    ] = False,
) -> None:
    """Run the station: its servers, its database, the gateway.

    Without DATABASE_URL and REDIS_URL it starts servers of its own, with their data in DATA_DIR.
    Outside production an empty database is filled for a demo, and the accounts are printed.
    """
    settings = Settings.from_environment()
    configure_logs(settings.log_level)
    with ProgressBars(talk) as progress:
        code = run_station(settings, station_parts(progress, bare=bare), tell=tell)
    raise typer.Exit(code)


@app.command()
def migrate() -> None:
    """Bring the database to this release's schema; several may run at once."""
    settings = Settings.from_environment()
    with reach_servers(settings, tell=tell) as station:
        asyncio.run(upgrade(station.database_url, station=settings.station))
    tell("The schema is up to date.")


@app.command("seed")
def fill(
    *,
    teams: Annotated[int, typer.Option(help="Teams beside the hubs.")] = Sizes().teams,
    volunteers: Annotated[int, typer.Option(help="Volunteers.")] = Sizes().volunteers,
    projects: Annotated[int, typer.Option(help="Projects.")] = Sizes().projects,
    records: Annotated[int, typer.Option(help="Service records.")] = Sizes().records,
    seed_number: Annotated[
        int, typer.Option("--seed", help="The same number gives the same rows.")
    ] = 1,
    hubs_only: Annotated[
        bool, typer.Option("--hubs-only", help="Only the hub of each region that lacks one.")
    ] = False,
) -> None:
    """Fill the database with the real hub tree of its regions and synthetic people."""
    settings = Settings.from_environment()
    with reach_servers(settings, tell=tell) as station, ProgressBars(talk) as progress:
        asyncio.run(upgrade(station.database_url, station=settings.station))
        if hubs_only:
            made = asyncio.run(seed_hubs(station.database_url, seed=seed_number, progress=progress))
            tell(f"{made} hubs were made.")
            return
        asyncio.run(
            seed(
                station.database_url,
                station.keys,
                sizes=Sizes(teams=teams, volunteers=volunteers, projects=projects, records=records),
                hosts=hosts_of(settings),
                seed=seed_number,
                progress=progress,
            )
        )


@regions.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV of code,name,level,parent_code; .gz as well.")],
) -> None:
    """Load regions from a file, whole or not at all."""
    settings = Settings.from_environment()
    with reach_servers(settings, tell=tell) as station, ProgressBars(talk) as progress:
        asyncio.run(upgrade(station.database_url, station=settings.station))
        outcome = asyncio.run(import_regions(station.database_url, file, progress=progress))
    tell(
        f"{outcome.inserted} regions were added, {outcome.renamed} renamed,"
        f" {outcome.unchanged} were known."
    )


@regions.command("population")
def import_census(
    file: Annotated[Path, typer.Argument(help="CSV of code,population,year,source.")],
) -> None:
    """Keep the resident population of regions, each with its year and source, or none of them.

    A region that knows the figure of a later year keeps it. A redistricting forgets those of the
    districts whose area it changes.
    """
    settings = Settings.from_environment()
    with reach_servers(settings, tell=tell) as station:
        asyncio.run(upgrade(station.database_url, station=settings.station))
        taken, kept = asyncio.run(import_population(station.database_url, file))
    tell(f"{taken} regions took their population, {kept} knew that of a later year.")


@app.command()
def redistrict(
    file: Annotated[Path, typer.Argument(help="CSV of towns with their old and new codes.")],
    *,
    effective_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day from which it holds; today if left out."),
    ] = None,
    document: Annotated[
        str | None, typer.Option(help="Document that orders it, for the histories.")
    ] = None,
    districts: Annotated[
        Path, typer.Option(help="CSV of code6,name: districts whose code is new here.")
    ] = DISTRICTS,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")
    ] = False,
) -> None:
    """Move towns to other districts: regions, hubs, teams, people, all in one transaction.

    The file has the columns old_town_code9, town, old_district6, new_town_code9, new_district6,
    villages_moved. A line that does not fit is named, and nothing is done. Run again, it finds
    nothing left to do.
    """
    settings = Settings.from_environment()
    order = order_from(
        file, districts, effective_on=effective_on and effective_on.date(), document=document
    )
    with reach_servers(settings, tell=tell) as station, ProgressBars(talk) as progress:
        asyncio.run(upgrade(station.database_url, station=settings.station))
        report = asyncio.run(
            run_order(station.database_url, order, dry_run=dry_run, progress=progress)
        )
    sys.stdout.write(as_text(report))
    if report.plan.towns:
        tell("This was a rehearsal: nothing was changed." if dry_run else "It is done.")


@app.command("explain-access")
def explain(
    action: Annotated[Action, typer.Argument(help="What is to be done.", case_sensitive=False)],
    subject: Annotated[str, typer.Argument(help="Its printed number or code, or its global id.")],
    *,
    username: Annotated[str, typer.Option("--as", help="Username of who would do it.")],
    acting_as: Annotated[
        str | None, typer.Option(help="Capacity, as X-Acting-As names it; the first one held.")
    ] = None,
) -> None:
    """Say why somebody may or may not do something: the walk to the edge that decides.

    The same rule as the gateway's; exit 0 if it is allowed, 1 if it is refused.
    """
    question = AccessQuestion(username, acting_as, action, subject)
    settings = Settings.from_environment()
    with reach_servers(settings, tell=tell) as station:
        allowed, steps = asyncio.run(
            answer_question(station.database_url, question, policy=settings.policy)
        )
    sys.stdout.write("".join(f"{step}\n" for step in steps))
    raise typer.Exit(0 if allowed else 1)


@schemas.command("print")
def print_schema(
    role: Annotated[Role, typer.Option(help="Whose schema.", case_sensitive=False)] = Role.PUBLIC,
) -> None:
    """Print the schema of a role, as types can be generated from."""
    sys.stdout.write(print_role(build_schema(role)))


@schemas.command("snapshot")
def snapshot_schemas(
    check: Annotated[
        bool, typer.Option("--check", help="Compare instead of writing; exit 1 on a difference.")
    ] = False,
) -> None:
    """Write the schema of each role to schema/sdl/, where reviews see what changed."""
    if not check:
        write_snapshots()
        return
    if names := differing():
        tell(f"{', '.join(names)} differ from the classes; run `make sdl` and review the diff.")
        raise typer.Exit(1)
