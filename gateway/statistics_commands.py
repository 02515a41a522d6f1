"""The commands ``stats …``."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import asyncpg
import typer

from db.ledger.laying import fold_everything
from db.ledger.rebuilding import rebuild
from db.ledger.verifying import MOST, verify
from db.urls import asyncpg_dsn
from gateway.command_desk import talk, tell
from gateway.progress import ProgressBars
from gateway.settings import Settings
from gateway.station import reach_servers
from schema.region_codes import region_code

commands = typer.Typer(no_args_is_help=True, help="The ledger that statistics are read from.")

T = TypeVar("T")

_SCOPE = """
select id from regions where code = $1
union all select -id from teams where team_no = $2
"""


class ScopeUnknown(Exception):
    """There is no such region or team; the message is for the operator."""


REFUSED = (ScopeUnknown,)


@commands.command("fold")
def fold() -> None:
    """Add what is pending to the totals; a running station does so by itself each second."""
    with ProgressBars(talk) as progress:
        rows = _on_database(lambda connection: fold_everything(connection, progress=progress))
    tell(f"{rows} rows were folded.")


@commands.command("verify")
def check(
    *,
    scope: Annotated[
        str | None, typer.Option(help="Only the region of a code, or the team of a number.")
    ] = None,
) -> None:
    """Count everything anew from the tables and print each difference; exit 1 if there is one.

    The station goes on meanwhile; figures stay right, only folding waits.
    """

    async def compare(connection: Any) -> int:
        number = None
        if scope is not None:
            number = await connection.fetchval(_SCOPE, region_code(scope), scope)
            if number is None:
                raise ScopeUnknown(f"There is no region and no team {scope}.")
        found = await verify(connection, scope=number)
        sys.stdout.write("".join(f"{each}\n" for each in found))
        return len(found)

    differences = _on_database(compare)
    if differences:
        more = " or more" if differences >= MOST else ""
        tell(f"{differences}{more} differences; `stats rebuild` makes the totals anew.")
        raise typer.Exit(1)
    tell("The ledger agrees with the tables.")


@commands.command("rebuild")
def make_anew() -> None:
    """Make all totals anew from the tables, while the station goes on.

    For a ledger that does not verify, or rows that came in beside the station (replication); of
    the past of these it knows what the tables tell: when rows began and where teams hung.
    """
    with ProgressBars(talk) as progress:
        facts = _on_database(lambda connection: rebuild(connection, progress=progress))
    tell(f"The totals were made anew from {facts} facts.")


def _on_database(work: Callable[[Any], Awaitable[T]]) -> T:
    async def run(url: str) -> T:
        connection = await asyncpg.connect(asyncpg_dsn(url))
        try:
            return await work(connection)
        finally:
            await connection.close()

    with reach_servers(Settings.from_environment(), tell=tell) as station:
        return asyncio.run(run(station.database_url))
