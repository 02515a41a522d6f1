"""Scopes on one world of a hundred teams: every list is what the oracle lets its viewer read.

The world is stored once, so that this is fast enough to be run for every mutant of the scopes
(`python -m tests.mutants` stores it beforehand and says where, in MUTANTS_DATABASE_URL).
"""

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from permissions.viewer import Role, Viewer
from tests.access.asking import Asker, connect
from tests.access.oracle import Oracle
from tests.access.service_world import NEVER_READ
from tests.access.world import World, store
from tests.fuzz.drawn_world import drawn_world
from tests.servers import Databases
from tests.small_world import migrate_only

SEED = 7
OF_A_ROLE = 6
ENTITIES = tuple(World(regions=()).rows())


async def prepare_scopes(url: str) -> None:
    """Stores the world."""
    await migrate_only(url)
    connection = await connect(url)
    await store(connection, drawn_world(SEED))
    await connection.close()


@pytest.fixture(scope="module")
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if prepared := os.environ.get("MUTANTS_DATABASE_URL"):
        yield prepared
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.clone("scopes", prepare_scopes)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture
async def asker(url: str) -> AsyncIterator[Asker]:
    connection = await connect(url)
    yield Asker(connection)
    await connection.close()


async def test_every_list_is_what_the_oracle_lets_its_viewer_read(asker: Asker) -> None:
    world = drawn_world(SEED)
    oracle = Oracle(world)
    asked: Counter[Role] = Counter()
    seen: Counter[tuple[Role, str, bool]] = Counter()
    for viewer in await asker.viewers(world):
        if asked[viewer.role] == OF_A_ROLE or not is_worth_asking(viewer):
            continue
        asked[viewer.role] += 1
        for entity in ENTITIES:
            rows = range(len(world.rows()[entity]))
            walked = {n + 1 for n in rows if oracle.reads(viewer, entity, n)}
            assert await asker.visible_ids(entity, viewer) == walked, (viewer, entity)
            seen[viewer.role, entity, True] += len(walked)
            seen[viewer.role, entity, False] += len(rows) - len(walked)

    assert set(asked) == set(Role)
    assert {key for key, n in seen.items() if n < 5} == NEVER


def is_worth_asking(viewer: Viewer) -> bool:
    """Whether the viewer is no volunteer without rows, of whom the world has many."""
    return viewer.role is not Role.VOLUNTEER or viewer.volunteer_id is not None


PERSONAL = {"TeamAttachment", "Volunteer", "Membership", "SignUp", "ServiceRecord"} | {
    *("Certificate", "Review", "Complaint")
}
NEVER = {(role, "Region", False) for role in Role} | {(Role.VOLUNTEER, "TeamAttachment", True)}
NEVER |= {(role, entity, True) for role in (Role.PUBLIC, Role.PARTNER) for entity in PERSONAL}
NEVER |= {(role, "Administrator", True) for role in Role if role is not Role.DEPARTMENT}
NEVER |= {(role, entity, True) for role in Role for entity in NEVER_READ[role.value]}
# None of the hubs that are asked manages a region for which something was redeemed.
NEVER |= {(Role.HUB, "Redemption", True)}
