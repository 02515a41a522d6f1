"""The commands ``documents …``."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import orjson
import typer
from rich.table import Column, Table

from db.clock import CHINA
from db.enums import DocumentMode
from db.queries.documents import USAGE, DocumentRow
from gateway.command_desk import Desk, on_station, print_table, talk, tell
from gateway.document_store import announce
from gateway.documents import Documents
from gateway.manifests import RegistrationRefused
from gateway.page_documents import check_pages
from gateway.progress import ProgressBars
from gateway.register_command import ClientOption, RoleOption, register
from gateway.registered_check import check_registered
from gateway.registration import ClientUnknown, TrafficRemains, retire, set_mode, set_sunset
from gateway.settings import Settings
from permissions.viewer import Role
from schema.build import build_schemas

commands = typer.Typer(no_args_is_help=True, help="Documents agreed with pages and partners.")
commands.command("register")(register)

MODES = {mode.value.lower().replace("_", "-"): mode for mode in DocumentMode}

Ids = Annotated[list[str], typer.Argument(help="Ids, or beginnings of at least 12 characters.")]


@commands.command("list")
def list_documents(
    client: Annotated[str | None, typer.Option("--client", help="Of one client only.")] = None,
) -> None:
    """List the registered documents."""

    async def run(desk: Desk) -> None:
        table = Table(
            "client",
            "role",
            "operations",
            "price",
            "sunset",
            "registered",
            Column("id", overflow="fold"),
        )
        for row in await desk.rows(client):
            operations = orjson.loads(row.operations)
            table.add_row(
                row.client,
                row.role,
                ", ".join(operations),
                ", ".join(f"{each['price']:g}" for each in operations.values()),
                str(row.sunset_on or ""),
                f"{row.registered_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
                row.document_id,
            )
        print_table(table)

    on_station(Settings.from_environment(), run)


@commands.command("show")
def show(document: Ids, *, client: ClientOption) -> None:
    """Print the text of documents."""

    async def run(desk: Desk) -> None:
        rows = await desk.rows(client)
        for row in rows:
            if row.id in _found(rows, client, document):
                sys.stdout.write(f"# {row.client} {row.role} {row.document_id}\n{row.text}\n")

    on_station(Settings.from_environment(), run)


@commands.command("check")
def check(
    *,
    pages: Annotated[
        bool, typer.Option("--pages", help="Only the documents of our own pages; no database.")
    ] = False,
) -> None:
    """Check every document against the schema of this release; exit 1 if one would break."""
    settings = Settings.from_environment()
    documents = Documents(build_schemas(), settings.limits)
    checked = check_pages(documents, settings.limits)
    total = sum(len(found) for _, found in checked)
    tell(f"{total} documents of our own pages are valid.")
    if pages:
        return

    async def run(desk: Desk) -> None:
        with ProgressBars(talk) as progress:
            count = await check_registered(desk.database, documents, progress)
        tell(f"{count} registered documents are valid.")

    on_station(settings, run)


@commands.command("retire")
def retire_documents(
    document: Ids,
    *,
    client: ClientOption,
    force: Annotated[bool, typer.Option("--force", help="Although it is still used.")] = False,
) -> None:
    """Stop answering documents; one that was used in the last week asks for --force."""

    async def run(desk: Desk) -> None:
        found = _found(await desk.rows(client), client, document)
        await retire(desk.database, client, found, today=_today(), force=force)
        await announce(desk.redis)
        tell(f"{len(found)} documents were retired.")

    on_station(Settings.from_environment(), run)


@commands.command("sunset")
def sunset(
    document: Ids,
    *,
    client: ClientOption,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
) -> None:
    """Announce the last day of documents in every answer; without --on there is none."""
    last = on.date() if on is not None else None

    async def run(desk: Desk) -> None:
        found = _found(await desk.rows(client), client, document)
        await set_sunset(desk.database, client, found, last)
        await announce(desk.redis)
        tell(f"{len(found)} documents end {f'on {last}' if last else 'no longer'}.")

    on_station(Settings.from_environment(), run)


@commands.command("mode")
def mode(
    mode: Annotated[str, typer.Argument(help=", ".join(MODES))],
    *,
    client: ClientOption,
    role: RoleOption = Role.PUBLIC,
) -> None:
    """Hold a client to its documents: open, log what is not registered, refuse it, ids only."""
    if mode not in MODES:
        raise typer.BadParameter(f"The modes are {', '.join(MODES)}.")

    async def run(desk: Desk) -> None:
        if await set_mode(desk.database, client, role or Role.PUBLIC, MODES[mode]) is not None:
            await announce(desk.redis)
        tell(f"{client} is held to {mode}.")

    on_station(Settings.from_environment(), run)


@commands.command("usage")
def usage(
    *,
    client: ClientOption,
    days: Annotated[int, typer.Option(help="How many days back.")] = 7,
) -> None:
    """Print how often each document was asked for by day, and what it cost."""

    async def run(desk: Desk) -> None:
        names = {row.id: ", ".join(orjson.loads(row.operations)) for row in await desk.rows(client)}
        async with desk.database.read() as snapshot:
            rows = await snapshot.fetch(
                USAGE, client=client, day=_today() - timedelta(days=days - 1)
            )
        table = Table("day", "operations", "requests", "cost")
        for row in rows:
            name = names.get(row.document_id, "(retired)")
            table.add_row(str(row.day), name, str(row.requests), str(row.cost))
        print_table(table)

    on_station(Settings.from_environment(), run)


def _found(rows: Sequence[DocumentRow], client: str, given: Sequence[str]) -> dict[int, str]:
    """The rows that ids or their beginnings name."""
    found = {}
    for each in given:
        whole = each if each.startswith("sha256:") else f"sha256:{each}"
        named = [row for row in rows if row.document_id.startswith(whole) or each in row.aliases]
        if len({row.document_id for row in named}) != 1 or len(each) < 12:  # noqa: PLR2004
            raise ClientUnknown(f"{client} has no document, or several, of the id {each}.")
        found.update({row.id: row.document_id for row in named})
    return found


def _today() -> date:
    return datetime.now(UTC).astimezone(CHINA).date()


REFUSED = (RegistrationRefused, ClientUnknown, TrafficRemains)
