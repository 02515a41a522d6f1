"""The cases people argue about, as worlds: complete for everyone in them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from permissions.actions import Action
from permissions.decide import decide, decide_all
from permissions.edges import Policy
from permissions.facts import TeamFacts
from permissions.reviewers import reviewer_of
from permissions.viewer import PUBLIC
from tests.access.asking import Asker, connect, stored
from tests.access.oracle import Oracle
from tests.access.yaml_world import OFFICE, SECTIONS, Story
from tests.servers import Databases
from tests.small_world import empty_station

FILES = sorted(Path(__file__).with_name("worlds").glob("*.yaml"))


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


async def on_stage(url: str, story: Story, ask: Any) -> None:
    connection = await connect(url)
    try:
        await stored(connection, story.world, ask)
    finally:
        await connection.close()


def play(url: str, story: Story, ask: Any) -> None:
    asyncio.run(on_stage(url, story, ask))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everyone_sees_what_the_world_says_and_nothing_else(url: str, path: Path) -> None:
    story = Story.read(path)
    oracle = Oracle(story.world)
    told: dict[tuple[str, str], set[str]] = {}
    found: dict[tuple[str, str], set[str]] = {}

    async def ask(asker: Asker) -> None:
        for viewer in await asker.viewers(story.world):
            who = story.name_of(viewer)
            for entity in story.sees:
                names = story.names[SECTIONS[entity]]
                listed = await asker.visible_ids(entity, viewer)
                facts = await asker.facts(story.world, entity, viewer)
                decisions = decide_all(Action.READ, viewer, facts.values())
                decided = dict(zip(facts, decisions, strict=True))
                for number, name in enumerate(names):
                    walked = oracle.reads(viewer, entity, number)
                    assert (number + 1 in listed) == walked, (who, entity, name)
                    assert decided[number + 1].allowed == walked, (who, entity, name)
                told[who, entity] = told.get((who, entity), set()) | story.visible_to(entity, who)
                found.setdefault((who, entity), set()).update(names[each - 1] for each in listed)

    play(url, story, ask)

    assert found == told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everyone_may_do_what_the_world_says_and_nothing_else(url: str, path: Path) -> None:
    story = Story.read(path)
    found: dict[tuple[str, str], dict[str, str]] = {}

    async def ask(asker: Asker) -> None:
        viewers = await asker.viewers(story.world)
        facts = {
            entity: await asker.facts(story.world, entity, PUBLIC)
            for entity in SECTIONS
            if entity not in {"TeamAttachment", "Post"}
        }
        for action, subject, _ in story.expected():
            about = story.subject(action, subject, facts)
            allowed = found.setdefault((action, subject), {})
            for viewer in viewers:
                decision = decide(Action(action), viewer, about, policy=Policy())
                if decision.allowed:
                    allowed[story.name_of(viewer)] = decision.because

    play(url, story, ask)

    told = {(action, subject): dict(allowed) for action, subject, allowed in story.expected()}
    assert found == told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_team_has_the_reviewer_that_the_world_says(url: str, path: Path) -> None:
    story = Story.read(path)
    found: dict[str, str] = {}

    async def ask(asker: Asker) -> None:
        facts = await asker.facts(story.world, "Team", PUBLIC)
        for number, name in enumerate(story.names["teams"]):
            reviewer = reviewer_of(facts[number + 1])
            assert reviewer is not None
            if isinstance(reviewer, TeamFacts):
                found[name] = story.names["teams"][reviewer.id - 1]
            else:
                found[name] = OFFICE + story.names["regions"][reviewer.region_id - 1]

    play(url, story, ask)

    assert {name: found[name] for name in story.reviewers} == dict(story.reviewers)
    assert not story.reviewers or set(story.reviewers) == set(found)


def test_worlds_are_there() -> None:
    assert len(FILES) >= 10
