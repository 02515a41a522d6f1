"""No way round: whatever is asked, nobody is given a row that a naive oracle would not give."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from random import Random

import pytest

from permissions.viewer import Role, Viewer
from tests.fuzz.checking import Check
from tests.fuzz.documents import ENTITIES, IDENTIFIED, Ask, Drawer, Lookup, Path, paths_of
from tests.fuzz.paths import LEADS, of_viewer
from tests.fuzz.service_paths import NEVER_REFUSED, NEVER_RETURNED, RARE_OF_SERVICES
from tests.fuzz.station import ENOUGH, NIGHTLY, SEED, VIEWERS, Station, post

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCUMENTS = 500 if NIGHTLY else 30


async def ask(station: Station, check: Check, asked: Sequence[Ask | Lookup]) -> None:
    """Asks, and checks the answer."""
    own = isinstance(asked[0], Ask) and asked[0].path.owner == "Viewer"
    written = " ".join(each.text() for each in asked)
    document = f"{{ viewer {{ {written} }} }}" if own else f"{{ {written} }}"
    viewer = check.viewer
    answer = await post(station, viewer, document)
    assert answer.status == 200, (answer.body, document)
    assert set(answer.codes) <= {"INVALID_CURSOR"}, (answer.errors, document)
    check.is_broken = bool(answer.errors)
    try:
        if answer.data is not None:
            check.answer(asked, answer.data["viewer"] if own else answer.data)
    except AssertionError as error:
        error.add_note(f"{viewer.role} {viewer.capacity} asked {document}")
        raise


@pytest.mark.parametrize("role", Role)
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


@pytest.mark.parametrize("role", Role)
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
                for attempt in range(ENOUGH if parents else 0):
                    if counted[key] >= ENOUGH:
                        break
                    asked = drawer_of(station, viewer, attempt).aimed(path, parents)
                    await ask(station, check, asked)
            if counted[key] < ENOUGH and path.entity != "Region":
                yield name, str(path)


# What is never refused, since whoever sees the row that leads there may see it.
OF_A_PROJECT = {"Project.posts", "Project.team"}
OF_AN_ARTICLE = {"Submission.team"}
OF_THEMSELVES = {
    *("Certificate.volunteer", "Membership.volunteer", "ServiceRecord.volunteer"),
    *("SignUp.volunteer", "SignUp.project", "SignUp.post", "ServiceRecord.project"),
    *("ServiceRecord.post", "ServiceRecord.team", "Volunteer.certificates"),
    *("Volunteer.memberships", "Volunteer.serviceRecords", "Volunteer.signUps"),
}
OF_A_TEAM = {
    *("Membership.team", "ServiceRecord.team"),
    *("SignUp.project", "SignUp.post"),
}
IMPLIED: Mapping[Role, set[str]] = {
    Role.PUBLIC: OF_A_PROJECT | OF_AN_ARTICLE,
    Role.VOLUNTEER: {"Project.posts"} | OF_THEMSELVES,
    Role.TEAM: OF_A_PROJECT | OF_A_TEAM,
    Role.HUB: OF_A_PROJECT | OF_A_TEAM,
    Role.DEPARTMENT: OF_A_PROJECT | OF_A_TEAM | OF_AN_ARTICLE | {"Certificate.team"},
    Role.PARTNER: OF_A_PROJECT | OF_AN_ARTICLE,
}
# What a viewer of the role is not.
NOBODY: Mapping[Role, set[str]] = {
    Role.VOLUNTEER: {"Viewer.team", "Viewer.departmentRegion"},
    Role.TEAM: {"Viewer.departmentRegion"},
    Role.HUB: {"Viewer.departmentRegion"},
    Role.DEPARTMENT: {"Viewer.team"},
}
OWN = {"Viewer.team", "Viewer.departmentRegion"}
# Few managers are volunteers, and as managers they see themselves only where they serve. Few carry
# on for a team that they do not see.
RARE = {(kind, "Viewer.volunteer") for kind in ("returned", "refused")} | RARE_OF_SERVICES
RARE |= {("refused", "Certificate.team")}


def unlikely(role: Role) -> set[tuple[str, str]]:
    """What cannot be returned, and what cannot be refused; regions, which all see, apart."""
    refused = {("refused", path) for path in IMPLIED[role] | OWN | NEVER_REFUSED[role]}
    never = NOBODY.get(role, set()) | NEVER_RETURNED[role]
    return refused | {("returned", path) for path in never}


@pytest.mark.parametrize("role", Role)
async def test_every_path_gave_and_refused_enough(station: Station, role: Role) -> None:
    thin = {each async for each in lacking(station, role)}

    assert thin <= unlikely(role) | RARE
    for kind, path in unlikely(role):
        counted = station.seen.returned if kind == "returned" else station.seen.refused
        assert sum(n for key, n in counted.items() if (key[0], key[2]) == (role, path)) == 0, path
