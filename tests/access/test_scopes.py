"""Scopes on one world of a hundred teams: every list is what the oracle lets its viewer read.

The world is stored once, so that this is fast enough to be run for every mutant of the scopes
(`python -m tests.mutants` stores it beforehand and says where, in MUTANTS_DATABASE_URL).
"""

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest
import pytest_asyncio

from db.enums import (
    CertificateStatus,
    NoticeReader,
    ProjectStatus,
    TeamAdminRole,
    TeamStatus,
)
from db.queries.pages import DESCENDANTS, SUBTREE_PROJECTS
from permissions.viewer import Role, Viewer
from tests.access.asking import Asker, connect
from tests.access.facts_of import viewers_of
from tests.access.oracle import Oracle
from tests.access.play import PROFILE
from tests.access.service_world import NEVER_READ
from tests.access.world import Account, Notice, Personal, Project, Team, World, store
from tests.fuzz.drawn_world import drawn_world
from tests.servers import Databases
from tests.small_world import migrate_only

OF_A_ROLE = 6
ABOVE = {Role.HUB, Role.DEPARTMENT}
DRAWN = drawn_world(7)
# Notices of departments above those who ask, which are not among the drawn.
FROM_ABOVE = [
    *(Notice(readers=(NoticeReader.DEPARTMENTS,), region=region) for region in range(5)),
    Notice(readers=(NoticeReader.DEPARTMENTS,), region=0, withdrawn=True),
    Notice(readers=(NoticeReader.VOLUNTEERS, NoticeReader.TEAMS), region=0),
]
# A team that takes no teams, with such below it as are no more; who carries on for which of them.
TOP = len(DRAWN.teams)
GONE = TeamStatus.DISSOLVED
LEFT = [
    Team(region=5, parent=0),
    Team(region=5, parent=TOP, status=GONE),
    Team(region=5, parent=TOP),
    Team(region=5, parent=TOP + 2, status=GONE),
    Team(region=5, parent=TOP, status=GONE, successor=0),
    Team(region=5, parent=TOP, status=TeamStatus.DISABLED),
    Team(region=5, parent=TOP + 1, status=GONE),
    # No legal person, and so its own department's alone.
    Team(region=2, authority=1, status=TeamStatus.DISABLED),
    # A stopped organisation that is registered nowhere, a branch elsewhere, and one of its own.
    Team(region=1, legal=True, status=TeamStatus.DISABLED),
    Team(region=2, parent=TOP + 8, branch=True, status=TeamStatus.DISABLED),
    Team(region=2, parent=TOP + 8, branch=True, legal=True, status=TeamStatus.DISABLED),
    # A branch of it in its own region: what the ledger counts there is counted once.
    Team(region=1, parent=TOP + 8, branch=True),
]
BESIDE = [
    Account(teams=((TOP, TeamAdminRole.MANAGER),)),
    Account(teams=((TOP + 2, TeamAdminRole.MANAGER),)),
    Account(offices=(1,)),
]
WORLD = replace(
    DRAWN,
    notices=[*DRAWN.notices, *FROM_ABOVE],
    teams=[*DRAWN.teams, *LEFT],
    accounts=[*DRAWN.accounts, *BESIDE],
    projects=[*DRAWN.projects, Project(team=TOP + 11, status=ProjectStatus.DRAFT)],
    certificates=[
        *DRAWN.certificates,
        *(
            Personal(volunteer=0, team=TOP + n, status=CertificateStatus.ISSUED)
            for n in range(len(LEFT))
        ),
    ],
)
ENTITIES = tuple(World(regions=()).rows())


async def prepare_scopes(url: str) -> None:
    """Stores the world."""
    await migrate_only(url)
    connection = await connect(url)
    await store(connection, WORLD)
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


@cache
def asking() -> Sequence[Viewer]:
    """A few of each standing, the editors; no volunteer without rows, of whom there are many."""
    asked: Counter[tuple[Role, bool]] = Counter()
    chosen = []
    for viewer in viewers_of(WORLD):
        is_worth_it = viewer.role is not Role.VOLUNTEER or viewer.volunteer_id is not None
        standing = (viewer.role, viewer.acting is not None and viewer.acting.manages_region)
        is_beside = (viewer.account_id or 0) > len(DRAWN.accounts)
        if is_beside or viewer.flags or (is_worth_it and asked[standing] < OF_A_ROLE):
            asked[standing] += 1
            chosen.append(viewer)
    assert set(asked) == {*((role, False) for role in Role), (Role.HUB, True)}
    return chosen


@cache
def walked(entity: str) -> Sequence[tuple[Viewer, set[int]]]:
    """The rows that the oracle lets each of them read."""
    oracle, rows = Oracle(WORLD), range(len(WORLD.rows()[entity]))
    return [
        (viewer, {n + 1 for n in rows if oracle.reads(viewer, entity, n)}) for viewer in asking()
    ]


if PROFILE == "mutants":  # before the processes part, of which every mutant has one
    for each in ENTITIES:
        walked(each)


@pytest.mark.parametrize("entity", ENTITIES)
async def test_every_list_is_what_the_oracle_lets_its_viewer_read(
    asker: Asker, entity: str
) -> None:
    for viewer, expected in walked(entity):
        assert await asker.visible_ids(entity, viewer) == expected, (viewer, entity)


@pytest.mark.parametrize("entity", ["Team", "Project", "ServiceRecord"])
async def test_ledger_knows_how_long_every_list_is(asker: Asker, entity: str) -> None:
    for viewer, expected in walked(entity):
        if entity == "ServiceRecord" and viewer.role not in ABOVE:
            continue  # few, or none
        assert await asker.kept_number(entity, viewer) == len(expected), (viewer, entity)


async def test_ledger_knows_how_many_teams_below_each_are_seen(asker: Asker) -> None:
    paths = [WORLD.team_path(number) for number in range(len(WORLD.teams))]
    for viewer, expected in walked("Team"):
        found = await asker.kept_numbers(DESCENDANTS, viewer, paths)
        # A contract is for a region, which may lie across a subtree.
        assert (found is None) == (viewer.role is Role.PARTNER)
        if found is None:
            continue
        seen = [paths[each - 1] for each in expected]
        for path in paths:
            below = [each for each in seen if each.startswith(path) and each != path]
            assert found[path] == len(below), (viewer, path)


async def test_ledger_knows_how_many_projects_below_each_are_seen(asker: Asker) -> None:
    paths = [WORLD.team_path(number) for number in range(len(WORLD.teams))]
    projects = WORLD.rows()["Project"]
    for viewer, expected in walked("Project"):
        found = await asker.kept_numbers(SUBTREE_PROJECTS, viewer, paths)
        assert (found is None) == (viewer.role in {Role.PARTNER, Role.DEPARTMENT})
        if found is None:
            continue
        seen = [WORLD.team_path(projects[each - 1].team) for each in expected]
        for path in paths:
            assert found[path] == sum(each.startswith(path) for each in seen), (viewer, path)


async def test_standing_of_everyone_is_what_the_world_says(asker: Asker) -> None:
    def capacity(viewer: Viewer) -> tuple[object, ...]:
        return (viewer.role, viewer.account_id, viewer.volunteer_id, viewer.capacity)

    found = await asker.viewers(WORLD)

    assert [
        (capacity(each), each.acting and each.acting.path, each.office_path) for each in found
    ] == [
        (capacity(each), each.acting and each.acting.path, each.office_path)
        for each in viewers_of(WORLD)
    ]


def test_every_role_reads_and_is_refused_some_of_what_it_could_be() -> None:
    seen: Counter[tuple[Role, str, bool]] = Counter()
    for entity in ENTITIES:
        for viewer, expected in walked(entity):
            seen[viewer.role, entity, True] += len(expected)
            seen[viewer.role, entity, False] += len(WORLD.rows()[entity]) - len(expected)
    told = {(role, entity, is_read) for role in Role for entity in ENTITIES for is_read in (0, 1)}

    assert {key for key in told if seen[key] < 5} == NEVER


PERSONAL = {"TeamAttachment", "Volunteer", "Membership", "SignUp", "ServiceRecord"} | {
    *("Certificate", "Review", "Complaint")
}
NEVER = {(role, "Region", False) for role in Role} | {(Role.VOLUNTEER, "TeamAttachment", True)}
NEVER |= {(role, entity, True) for role in (Role.PUBLIC, Role.PARTNER) for entity in PERSONAL}
NEVER |= {(role, "Administrator", True) for role in Role if role is not Role.DEPARTMENT}
NEVER |= {(role, entity, True) for role in Role for entity in NEVER_READ[role.value]}
