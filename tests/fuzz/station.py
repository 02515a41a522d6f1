"""A station that serves the drawn world, and whoever can ask it."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from graphql import GraphQLSchema

from permissions.viewer import Role, Viewer
from schema.build import build_schema
from tests.access.asking import Asker, connect
from tests.access.oracle import Oracle
from tests.access.world import World, store
from tests.api.client import Answer, Client, running
from tests.fuzz.checking import Check, Seen
from tests.fuzz.drawn_world import complete, drawn_world
from tests.fuzz.partners import key_of, open_to_partners, store_partners
from tests.servers import Databases
from tests.small_world import empty_station

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SEED = 20201129
VIEWERS = 12 if NIGHTLY else 3
SEARCHED = 64  # among whom a path that gave or refused too little is tried again
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Station:
    """A station that serves the drawn world, and everyone who can ask it."""

    client: Client
    url: str
    oracle: Oracle
    viewers: Mapping[Role, Sequence[Viewer]]
    schemas: Mapping[Role, GraphQLSchema]
    seen: Seen
    checks: dict[Viewer, Check] = field(default_factory=dict)

    def check(self, viewer: Viewer) -> Check:
        """What holds answers to a viewer against the oracle."""
        if viewer not in self.checks:
            self.checks[viewer] = Check(self.oracle, viewer, self.seen)
        return self.checks[viewer]


@asynccontextmanager
async def serving(databases: Databases, redis_url: str) -> AsyncIterator[Station]:
    """The drawn world, stored in a database of its own and served."""
    url = empty_station(databases)
    world = drawn_world(SEED)
    connection = await connect(url)
    await store(connection, world)
    await complete(connection)
    await store_partners(connection, world)
    viewers = await chosen(Asker(connection), world)
    await connection.close()
    schemas = {role: build_schema(role)._schema for role in Role}
    async with running(url, redis_url, alter=open_to_partners) as client:
        yield Station(client, url, Oracle(world), viewers, schemas, Seen())
    databases.drop(url)


async def chosen(asker: Asker, world: World) -> Mapping[Role, Sequence[Viewer]]:
    """A few viewers of each role, drawn."""
    draw = Random(SEED)  # noqa: S311 - not for secrets
    found = await asker.viewers(world)
    of_role = {role: [each for each in found if each.role is role] for role in Role}
    return {role: draw.sample(all_, min(SEARCHED, len(all_))) for role, all_ in of_role.items()}


async def post(station: Station, viewer: Viewer, document: str) -> Answer:
    """The answer that a viewer is given."""
    if viewer.partner is not None:
        key = {"authorization": f"Bearer {key_of(viewer)}"}
        return await station.client.ask(document, headers=key)
    signed_in = viewer.account_id is not None
    return await station.client.ask(
        document, viewer=viewer.account_id, acting_as=viewer.capacity if signed_in else None
    )
