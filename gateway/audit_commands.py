"""The commands ``audit …``."""

import sys
from typing import Annotated

import typer

from db.audit.grants import grants_for
from db.audit.verify import Tail, fetch_head, fetch_signed_heads, fetch_tail, verify
from gateway.command_desk import Desk, on_station, tell
from gateway.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="The audit log and its chain.")


class ChainBroken(Exception):
    """The chain does not hold; the message names its first broken entry."""


REFUSED = (ChainBroken,)


@commands.command("verify")
def verify_chain() -> None:
    """Walk the chain from its beginning: every entry, every signed head.

    Prints the head, to be kept where the station's operators cannot write. Exit 1 and the first
    broken entry if something was changed, removed or put in.
    """

    async def run(desk: Desk) -> None:
        found = await verify(desk.database, desk.station.keys)
        if found.broken is not None:
            raise ChainBroken(str(found.broken))
        signed = found.signed_head
        sys.stdout.write(f"{found.head}\n")
        tell(f"{found.head.no} entries hold.")
        if signed is not None:
            tell(f"Signed up to {signed.link.no} at {signed.signed_at.isoformat()}.")
        tell(_said(found.tail))

    on_station(Settings.from_environment(), run)


@commands.command("head")
def show_head() -> None:
    """Print the head of the chain, without walking it, and how far the sealer is behind."""

    async def run(desk: Desk) -> None:
        async with desk.database.read() as snapshot:
            head = await fetch_head(snapshot)
            signed = await fetch_signed_heads(snapshot)
            tail = await fetch_tail(snapshot)
        sys.stdout.write(f"{head}\n")
        if signed:
            tell(f"Signed up to {signed[-1].link.no} at {signed[-1].signed_at.isoformat()}.")
        tell(_said(tail))

    on_station(Settings.from_environment(), run)


@commands.command("grants")
def print_grants(
    role: Annotated[str, typer.Argument(help="Role of the gateway, which owns no table.")],
) -> None:
    """Print the grants of a gateway's own role, for the owner of the tables to run."""
    sys.stdout.write("".join(f"{statement};\n" for statement in grants_for(role)))


def _said(tail: Tail) -> str:
    if not tail.entries:
        return "Everything is sealed."
    return f"{tail.entries} entries wait, the oldest for {tail.age.total_seconds():.1f} s."
