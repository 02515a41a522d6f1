"""No way round: whatever is asked, nobody is given a row that a naive oracle would not give."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
import pytest_asyncio
from graphql import GraphQLSchema

from permissions.viewer import Role, Viewer
from schema.build import build_schema
from tests.access.asking import Asker, connect
from tests.access.oracle import Oracle
from tests.access.world import World, store
from tests.api.client import Client, running
from tests.fuzz.checking import Check, Seen
from tests.fuzz.documents import ENTITIES, IDENTIFIED, Ask, Drawer, Lookup, Path, paths_of
from tests.fuzz.drawn_world import complete, drawn_world
from tests.fuzz.paths import LEADS, of_viewer
from tests.servers import Databases
from tests.small_world import empty_station

pytestmark = pytest.mark.asyncio(loop_scope="module")

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SEED = 20201129
VIEWERS = 12 if NIGHTLY else 4
SEARCHED = 16  # among whom a path that gave or refused too little is tried again
DOCUMENTS = 500 if NIGHTLY else 40
ENOUGH = 20
ASKING = [role for role in Role if role is not Role.PARTNER]


@dataclass(frozen=True, slots=True)
class Station:
    """A station that serves the drawn world, and everyone who can ask it."""

    client: Client
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


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def station(databases: Databases, redis_url: str) -> AsyncIterator[Station]:
    url = empty_station(databases)
    world = drawn_world(SEED)
    connection = await connect(url)
    await store(connection, world)
    await complete(connection)
    viewers = await chosen(Asker(connection), world)
    await connection.close()
    schemas = {role: build_schema(role)._schema for role in ASKING}
    async with running(url, redis_url) as client:
        yield Station(client, Oracle(world), viewers, schemas, Seen())
    databases.drop(url)


async def chosen(asker: Asker, world: World) -> Mapping[Role, Sequence[Viewer]]:
    """A few viewers of each role, drawn."""
    draw = Random(SEED)  # noqa: S311 - not for secrets
    found = await asker.viewers(world)
    of_role = {role: [each for each in found if each.role is role] for role in ASKING}
    return {role: draw.sample(all_, min(SEARCHED, len(all_))) for role, all_ in of_role.items()}


async def ask(station: Station, check: Check, asked: Sequence[Ask | Lookup]) -> None:
    """Asks, and checks the answer."""
    own = isinstance(asked[0], Ask) and asked[0].path.owner == "Viewer"
    written = " ".join(each.text() for each in asked)
    document = f"{{ viewer {{ {written} }} }}" if own else f"{{ {written} }}"
    viewer = check.viewer
    answer = await station.client.ask(
        document,
        viewer=viewer.account_id,
        acting_as=viewer.capacity if viewer.account_id is not None else None,
    )
    assert answer.status == 200, (answer.body, document)
    assert set(answer.codes) <= {"INVALID_CURSOR"}, (answer.errors, document)
    check.is_broken = bool(answer.errors)
    try:
        if answer.data is not None:
            check.answer(asked, answer.data["viewer"] if own else answer.data)
    except AssertionError as error:
        error.add_note(f"{viewer.role} {viewer.capacity} asked {document}")
        raise


@pytest.mark.parametrize("role", ASKING)
async def test_every_path_from_every_row_gives_what_the_oracle_gives(
    station: Station, role: Role
) -> None:
    for viewer in station.viewers[role][:VIEWERS]:
        drawer = drawer_of(station, viewer)
        check = station.check(viewer)
        for asked in drawer.everything():
            if asked:
                await ask(station, check, asked)
        if "capacities" in station.schemas[role].type_map["Viewer"].fields:  # type: ignore[attr-defined]
            await ask(station, check, drawer.viewers_own())


@pytest.mark.parametrize("role", ASKING)
async def test_documents_drawn_at_random_give_what_the_oracle_gives(
    station: Station, role: Role
) -> None:
    for place, viewer in enumerate(station.viewers[role][:VIEWERS]):
        drawer = drawer_of(station, viewer, place)
        check = station.check(viewer)
        for _ in range(DOCUMENTS):
            await ask(station, check, drawer.document())


def drawer_of(station: Station, viewer: Viewer, place: int = 0) -> Drawer:
    return Drawer(
        reads=station.check(viewer).reads,
        draw=Random(f"{SEED} {viewer.role} {place}"),  # noqa: S311 - not for secrets
        schema=station.schemas[viewer.role],
        world=station.oracle.world,
        viewer=viewer,
        cursors=station.seen.cursors,
    )


def all_paths(station: Station, role: Role) -> Iterator[Path]:
    """Every path of a role's schema, those by global id among them."""
    schema = station.schemas[role]
    owners = [each for each in (*sorted(ENTITIES), "Query", "Viewer") if each in schema.type_map]
    for owner in owners:
        yield from paths_of(schema, owner)
    for entity in IDENTIFIED:
        if entity in schema.type_map:
            yield Path("Query", "node", entity, "one")
            yield Path("Query", "nodes", entity, "many")


def parents_with(station: Station, check: Check, path: Path, *, given: bool) -> list[int]:
    """The rows from which a path leads a viewer to what it may see, or to what it may not."""
    world = station.oracle.world
    if path.owner in {"Query", "Viewer"}:
        numbers = range(len(world.rows()[path.entity]))
        if path.field == "hub":
            leads = LEADS["Region", "hub"]
            return [
                n
                for n in range(len(world.regions))
                if any(check.reads("Team", m) == given for m in leads(world, n) if m is not None)
            ][:5]
        if path.owner == "Viewer":
            own = [n for n in of_viewer(check.viewer, path.field) if n is not None]
            return [n for n in own if check.reads(path.entity, n) == given]
        return [n for n in numbers if check.reads(path.entity, n) == given][:5]
    lead = LEADS[path.owner, path.field]
    found = []
    for n in range(len(world.rows()[path.owner])):
        if check.reads(path.owner, n):
            related = [m for m in lead(world, n) if m is not None]
            if any(check.reads(path.entity, m) == given for m in related):
                found.append(n)
                if len(found) == 5:
                    break
    return found


async def lacking(station: Station, role: Role) -> AsyncIterator[tuple[str, str]]:
    """The paths that cannot be seen, or refused, often enough; all others are, when this ends."""
    expected = unlikely(role)
    for path in all_paths(station, role):
        key = (role.value, path.entity, str(path))
        for name, counted in (
            ("returned", station.seen.returned),
            ("refused", station.seen.refused),
        ):
            for viewer in station.viewers[role]:
                if counted[key] >= ENOUGH or (name, str(path)) in expected | RARE:
                    break
                check = station.check(viewer)
                parents = parents_with(station, check, path, given=name == "returned")
                for _ in range(ENOUGH if parents else 0):
                    if counted[key] >= ENOUGH:
                        break
                    asked = drawer_of(station, viewer).aimed(path, parents)
                    await ask(station, check, asked)
            if counted[key] < ENOUGH and path.entity != "Region":
                yield name, str(path)


# What is never refused, since whoever sees the row that leads there may see it.
OF_A_PROJECT = {"Project.posts", "Project.team"}
OF_THEMSELVES = {
    *("Certificate.volunteer", "Membership.volunteer", "ServiceRecord.volunteer"),
    *("SignUp.volunteer", "SignUp.project", "SignUp.post", "ServiceRecord.project"),
    *("ServiceRecord.post", "ServiceRecord.team", "Volunteer.certificates"),
    *("Volunteer.memberships", "Volunteer.serviceRecords", "Volunteer.signUps"),
}
OF_A_TEAM = {
    *("Certificate.team", "Membership.team", "ServiceRecord.team", "Membership.volunteer"),
    *("ServiceRecord.volunteer", "SignUp.volunteer", "SignUp.project", "SignUp.post"),
}
IMPLIED: Mapping[Role, set[str]] = {
    Role.PUBLIC: OF_A_PROJECT,
    Role.VOLUNTEER: {"Project.posts"} | OF_THEMSELVES,
    Role.TEAM: OF_A_PROJECT | OF_A_TEAM,
    Role.HUB: OF_A_PROJECT | OF_A_TEAM,
    Role.DEPARTMENT: OF_A_PROJECT | OF_A_TEAM,
}
# What a viewer of the role is not.
NOBODY: Mapping[Role, set[str]] = {
    Role.VOLUNTEER: {"Viewer.team", "Viewer.departmentRegion"},
    Role.TEAM: {"Viewer.departmentRegion"},
    Role.HUB: {"Viewer.departmentRegion"},
    Role.DEPARTMENT: {"Viewer.team"},
}
OWN = {"Viewer.team", "Viewer.departmentRegion"}
# Few managers are volunteers, and as managers they see themselves only where they serve.
RARE = {(kind, "Viewer.volunteer") for kind in ("returned", "refused")}


def unlikely(role: Role) -> set[tuple[str, str]]:
    """What cannot be returned, and what cannot be refused; regions, which all see, apart."""
    refused = {("refused", path) for path in IMPLIED[role] | OWN}
    return refused | {("returned", path) for path in NOBODY.get(role, ())}


@pytest.mark.parametrize("role", ASKING)
async def test_every_path_gave_and_refused_enough(station: Station, role: Role) -> None:
    thin = {each async for each in lacking(station, role)}

    assert thin <= unlikely(role) | RARE
    for kind, path in unlikely(role):
        counted = station.seen.returned if kind == "returned" else station.seen.refused
        assert sum(n for key, n in counted.items() if (key[0], key[2]) == (role, path)) == 0, path
