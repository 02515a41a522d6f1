"""The commands ``partners …``."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from db.clock import CHINA
from db.enums import PartnerStatus
from db.queries.partners import KEYS, PARTNER_NAMED, PARTNERS, PartnerRow
from gateway.command_desk import Desk, on_station, print_table, tell
from gateway.settings import Settings
from resolvers.outcomes import Outcome
from resolvers.partners import (
    OPERATOR,
    NewPartner,
    Pace,
    create_partner,
    issue_key,
    revoke_key,
    set_status,
)
from schema.region_codes import region_code

commands = typer.Typer(no_args_is_help=True, help="Partner systems: contracts and keys.")
Name = Annotated[str, typer.Argument(help="Name of the partner.")]


class PartnerRefused(Exception):
    """What was asked for is not possible; the message is for the operator."""


REFUSED = (PartnerRefused,)


@commands.command("create")
def create(
    name: Name,
    *,
    region: Annotated[str, typer.Option(help="Code of the region that the contract covers.")],
    contact: Annotated[str, typer.Option(help="Whom to speak to.")],
    requests_per_minute: Annotated[int, typer.Option(help="Requests in a minute.")] = 600,
    requests_per_day: Annotated[int, typer.Option(help="Requests in a day.")] = 100_000,
    cost_per_minute: Annotated[int, typer.Option(help="Cost in a minute.")] = 60_000,
    cost_per_day: Annotated[int, typer.Option(help="Cost in a day.")] = 10_000_000,
) -> None:
    """Make a partner and its first key, which is shown once."""
    new = NewPartner(
        name=name,
        region_code=region_code(region),
        contact=contact,
        pace=Pace(
            requests_per_minute=requests_per_minute,
            requests_per_day=requests_per_day,
            cost_per_minute=cost_per_minute,
            cost_per_day=cost_per_day,
        ),
    )

    async def run(desk: Desk) -> None:
        outcome = _good(await create_partner(desk.database, OPERATOR, new))
        await _issue(desk, outcome.subject_id or 0, None)
        tell(f"The partner {name} was made. Register its documents with `documents register`.")

    on_station(Settings.from_environment(), run)


@commands.command("list")
def list_partners() -> None:
    """List the partners and their contracts."""

    async def run(desk: Desk) -> None:
        table = Table("name", "state", "requests/min", "requests/day", "cost/min", "cost/day")
        async with desk.database.read() as snapshot:
            rows = await snapshot.fetch(PARTNERS)
        for row in rows:
            pace = (row.requests_per_minute, row.requests_per_day)
            costs = (row.cost_per_minute, row.cost_per_day)
            table.add_row(row.name, row.status, *map(str, (*pace, *costs)))
        print_table(table)

    on_station(Settings.from_environment(), run)


@commands.command("show")
def show(name: Name) -> None:
    """Print the keys of a partner; of each only its end is known."""

    async def run(desk: Desk) -> None:
        partner = await _partner(desk, name)
        async with desk.database.read() as snapshot:
            keys = await snapshot.fetch(KEYS, ids=[partner.id])
        table = Table("key", "ends in", "made", "expires", "revoked")
        for key in keys:
            moments = (key.created_at, key.expires_at, key.revoked_at)
            written = (
                f"{each.astimezone(CHINA):%Y-%m-%d %H:%M}" if each else "" for each in moments
            )
            table.add_row(str(key.id), key.hint, *written)
        print_table(table)

    on_station(Settings.from_environment(), run)


@commands.command("issue-key")
def issue(
    name: Name,
    *,
    days: Annotated[int | None, typer.Option(help="After how many days it ends.")] = None,
) -> None:
    """Give a partner one more key, shown once; the others stay valid."""

    async def run(desk: Desk) -> None:
        await _issue(desk, (await _partner(desk, name)).id, days)

    on_station(Settings.from_environment(), run)


@commands.command("revoke-key")
def revoke(key: Annotated[int, typer.Argument(help="Number of the key, from `show`.")]) -> None:
    """End a key at once."""

    async def run(desk: Desk) -> None:
        _good(await revoke_key(desk.database, OPERATOR, key))
        tell("The key was revoked.")

    on_station(Settings.from_environment(), run)


@commands.command("suspend")
def suspend(name: Name) -> None:
    """Stop a partner at once."""
    _set(name, PartnerStatus.SUSPENDED)


@commands.command("resume")
def resume(name: Name) -> None:
    """Let a suspended partner call again."""
    _set(name, PartnerStatus.ACTIVE)


def _set(name: str, status: PartnerStatus) -> None:
    async def run(desk: Desk) -> None:
        partner = await _partner(desk, name)
        _good(await set_status(desk.database, OPERATOR, partner.id, status))
        tell(f"{name} is {status.value.lower()}.")

    on_station(Settings.from_environment(), run)


async def _issue(desk: Desk, partner_id: int, days: int | None) -> None:
    now = datetime.now(UTC)
    ends = now + timedelta(days=days) if days is not None else None
    made = await issue_key(desk.database, OPERATOR, partner_id, now=now, expires_at=ends)
    _good(made.outcome)
    sys.stdout.write(f"{made.secret}\n")
    tell("Keep this key: only its hash is stored.")


async def _partner(desk: Desk, name: str) -> PartnerRow:
    async with desk.database.read() as snapshot:
        row = await snapshot.fetch_one(PARTNER_NAMED, name=name)
    if row is None:
        raise PartnerRefused(f"There is no partner {name}.")
    return row


def _good(outcome: Outcome) -> Outcome:
    if outcome.errors:
        raise PartnerRefused("\n".join(f"{each.field}: {each.message}" for each in outcome.errors))
    return outcome
