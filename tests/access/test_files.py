"""Who reads uploaded files: the scope in SQL, the rule and a naive opinion agree on every file."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.enums import FilePurpose
from db.queries import pages
from db.queries.files import FILE, FileRow
from permissions.actions import Action
from permissions.decide import decide
from permissions.facts import FileFacts
from permissions.files import readable_files
from permissions.gather import gather_teams
from permissions.viewer import Role, Viewer
from tests.access.asking import Asker, connect, stored, told
from tests.access.drawing import worlds
from tests.access.oracle import Oracle
from tests.access.world import PAST, World
from tests.servers import Databases
from tests.small_world import empty_station

EXAMPLES = 60
SHOWN = {"WAITING", "RUNNING", "CLOSED", "MAKE_UP"}
WORKING = {"ENABLED", "CHANGE_PENDING"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file of an account; it belongs to a project, to what a review is of, or to nothing."""

    owner: int
    purpose: FilePurpose
    project: int | None = None
    review: int | None = None


@st.composite
def filed(draw: st.DrawFn) -> tuple[World, Sequence[Given]]:
    world = draw(worlds())
    # A review of the world is of a subject of its own, as what a file belongs to is.
    world = replace(world, reviews=[replace(each, about=None) for each in world.reviews])
    if not world.accounts:
        return world, ()
    files = []
    for _ in range(draw(st.integers(6, 12))):
        owner = draw(st.integers(0, len(world.accounts) - 1))
        purpose = draw(st.sampled_from([FilePurpose.COVER, *FilePurpose]))
        kinds = ["nothing", *["project"] * bool(world.projects), *["review"] * bool(world.reviews)]
        match draw(st.sampled_from(kinds)):
            case "project":
                project = draw(st.integers(0, len(world.projects) - 1))
                files.append(Given(owner=owner, purpose=purpose, project=project))
            case "review":
                review = draw(st.integers(0, len(world.reviews) - 1))
                files.append(Given(owner=owner, purpose=purpose, review=review))
            case _:
                files.append(Given(owner=owner, purpose=purpose))
    return world, files


def row_of(world: World, number: int, file: Given) -> tuple[Any, ...]:
    """As the table has it; a review of the world is about the subject 1000 and its place."""
    subject: tuple[Any, ...] = (None, None, None, None)
    if file.project is not None:
        subject = ("Project", file.project + 1, world.projects[file.project].team + 1, PAST)
    if file.review is not None:
        subject = ("Team", 1000 + file.review, world.reviews[file.review].team + 1, PAST)
    digest = number.to_bytes(32)
    return (number + 1, file.owner + 1, file.purpose.value, digest, "image/png", 9, PAST, *subject)


COLUMNS = (
    *("id", "owner_account_id", "purpose", "digest", "media_type", "size", "stored_at"),
    *("subject_type", "subject_id", "team_id", "attached_at"),
)


async def facts_of(
    asker: Asker, world: World, viewer: Viewer, files: Sequence[Given]
) -> list[FileFacts]:
    projects = await asker.facts(world, "Project", viewer)
    reviews = await asker.facts(world, "Review", viewer)
    teams = await gather_teams(asker, range(1, len(world.teams) + 1))
    found = []
    for number, file in enumerate(files):
        project = None if file.project is None else projects[file.project + 1]
        review = None if file.review is None else reviews[file.review + 1]
        about = project or review
        found.append(
            FileFacts(
                id=number + 1,
                owner_account_id=file.owner + 1,
                purpose=file.purpose,
                project=project,
                team=None if about is None else teams[about.team.id],
                reviewers=() if review is None else (review.reviewer,),
            )
        )
    return found


def walked(oracle: Oracle, viewer: Viewer, file: Given) -> bool:
    """The naive opinion, on the world's own values."""
    world = oracle.world
    if file.purpose.name == "COVER" and file.project is not None:
        project = world.projects[file.project]
        if project.status.name in SHOWN and world.teams[project.team].status.name in WORKING:
            return True
    if viewer.role.value in {"PUBLIC", "PARTNER"}:
        return False
    if viewer.account_id == file.owner + 1:
        return True
    if file.project is not None:
        return oracle.answers_for(viewer, world.projects[file.project].team)
    if file.review is None:
        return False
    review = world.reviews[file.review]
    own = oracle.acts_for(viewer)
    decides = (own is not None and own == review.to_team) or (
        review.to_region is not None and oracle.office(viewer, review.to_region)
    )
    return decides or oracle.answers_for(viewer, review.team)


class Stage:
    """One connection and its loop for all examples, and who read what on it."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.connection = self.runner.run(connect(url))
        self.seen: Counter[tuple[Role, str, bool]] = Counter()

    def close(self) -> None:
        self.runner.run(self.connection.close())
        self.runner.close()


@pytest.fixture(scope="module")
def stage(databases: Databases) -> Iterator[Stage]:
    stage = Stage(empty_station(databases))
    yield stage
    stage.close()


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=filed())
def test_scope_rule_and_oracle_let_everyone_read_the_same_files(
    stage: Stage, drawn: tuple[World, Sequence[Given]]
) -> None:
    world, files = drawn

    async def ask(asker: Asker) -> None:
        rows = [row_of(world, number, file) for number, file in enumerate(files)]
        await asker.connection.copy_records_to_table("files", records=rows, columns=COLUMNS)
        oracle = Oracle(world)
        for viewer in await asker.viewers(world):
            keys = [number + 1 for number in range(len(files))]
            row = FileRow.only((), "lookup_key")
            statement, values = pages.by_key(FILE, "id", readable_files(viewer), row, keys)
            listed = await asker.fetch(statement, **values)
            decided = {
                file.id
                for file in await facts_of(asker, world, viewer, files)
                if decide(Action.READ, viewer, file).allowed
            }
            expected = {
                number + 1 for number, file in enumerate(files) if walked(oracle, viewer, file)
            }
            with told(world, viewer, f"files {files}"):
                assert decided == expected
                assert {each.id for each in listed} == expected
            for number, file in enumerate(files):
                about = "review" if file.review is not None else "project"
                kind = "nothing" if (file.project, file.review) == (None, None) else about
                stage.seen[viewer.role, kind, number + 1 in expected] += 1

    stage.runner.run(stored(stage.connection, world, ask))


def test_files_were_drawn_that_each_role_reads_and_that_it_does_not(stage: Stage) -> None:
    kinds = ("nothing", "project", "review")
    insiders = set(Role) - {Role.PUBLIC, Role.PARTNER}
    read = {(role, kind) for role in insiders for kind in kinds}
    read |= {(role, "project") for role in Role}
    thin = {each for each in read if stage.seen[*each, True] < 5}
    blind = {(role, kind) for role in Role for kind in kinds if stage.seen[role, kind, False] < 5}

    assert (thin, blind) == (set(), set())
