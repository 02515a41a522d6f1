"""What a station is made of: how its database is prepared, its application, its greeting."""

import contextlib
from collections.abc import Sequence

from starlette.applications import Starlette

from db.migrate import MigrationRefused, SchemaState, StationMismatch, schema_state, upgrade
from db.progress import Progress
from db.seed.demo import PASSWORD, DemoAccount, demo_accounts
from db.seed.reference import Hosts
from db.seed.run import AlreadySeeded, seed, seed_bare
from gateway.app import create_app
from gateway.page_documents import register_pages
from gateway.settings import Settings
from gateway.station import Parts, Station, StationError

QUERY = '{ hub(regionCode: \\"500112\\") { name childHubs { name childHubs { name } } } }'
BY_HAND = "run `volunteer-gateway migrate` and start again."


def station_parts(progress: Progress, *, bare: bool = False) -> Parts:
    """The parts of the station that ``serve`` runs; outside production it is filled for a demo.

    A ``bare`` one gets its regions and one department user instead.
    """
    accounts: list[DemoAccount] = []

    async def fill(station: Station) -> None:
        if station.settings.is_production:
            return
        if bare:
            await seed_bare(
                station.database_url, hosts=hosts_of(station.settings), progress=progress
            )
            accounts.extend(await demo_accounts(station.database_url))
            return
        with contextlib.suppress(AlreadySeeded):
            await seed(
                station.database_url,
                station.keys,
                hosts=hosts_of(station.settings),
                progress=progress,
            )
        accounts.extend(await demo_accounts(station.database_url))

    return Parts(
        migrate=prepare_schema,
        seed=fill,
        create_app=application,
        greeting=lambda station: greeting(station, accounts),
        refusals=(StationMismatch, MigrationRefused),
    )


async def prepare_schema(station: Station) -> None:
    """Brings the station's own database up to date; one that it was given is only checked.

    The documents of this release's pages are registered either way.

    Raises:
        StationError: the database is not at this release's schema.
    """
    state = await schema_state(station.database_url)
    given = station.settings.database_url is not None
    if state is SchemaState.NEWER:
        raise StationError("The database's schema is newer than this release; take a newer one.")
    if given and state is SchemaState.OLDER:
        raise StationError(f"The database's schema is older than this release; {BY_HAND}")
    if given and state is SchemaState.EMPTY and station.settings.is_production:
        raise StationError(f"The database is empty; {BY_HAND}")
    await upgrade(station.database_url, station=station.settings.station)
    await register_pages(station.database_url, station.settings.limits)


def application(station: Station) -> Starlette:
    """The application of a station whose servers run."""
    return create_app(
        station.settings,
        station.keys,
        database_url=station.database_url,
        redis_url=station.redis_url,
    )


def hosts_of(settings: Settings) -> Hosts:
    """The host names that seeded stations get."""
    station = dict(settings.station_hosts).get(settings.station, Hosts().station)
    return Hosts(national=settings.national_host, station=station)


def greeting(station: Station, accounts: Sequence[DemoAccount]) -> str:
    """What is said when the station answers: where it is, who can sign in, what to ask first."""
    lines = ["", f"The station answers at {station.address}/graphql"]
    if accounts:
        width = max(len(each.username) for each in accounts)
        acting = max(len(each.acting_as) for each in accounts)
        lines += ["", f"Demo accounts, all with the password {PASSWORD}:"]
        lines += [
            f"  {each.username:<{width}}  {each.acting_as:<{acting}}  {each.what}"
            for each in accounts
        ]
    ask = f"curl -s {station.address}/graphql -H 'Content-Type: application/json'"
    lines += ["", "Try:", f'  {ask} -d \'{{"query": "{QUERY}"}}\'', "", "Ctrl-C stops it."]
    return "\n".join(lines)
