"""The cases people argue about, as worlds: complete for everyone in them.

Everybody is asked about every row of a world and every action that can be done to it; what the
world's file does not list has to be refused.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from permissions.actions import Action
from permissions.decide import RULES, decide_all
from permissions.edges import Policy
from permissions.facts import TeamFacts
from permissions.reviewers import Reviewer, reviewer_of
from permissions.statistics import sees_figures_of, sees_figures_of_team
from permissions.viewer import Viewer
from tests.access.asking import Asker, connect, stored
from tests.access.oracle import Oracle
from tests.access.telling import TO, Grant, said_actions
from tests.access.yaml_world import OFFICE, SECTIONS, Story
from tests.servers import Databases
from tests.small_world import empty_station

FILES = sorted(Path(__file__).with_name("worlds").glob("*.yaml"))
# What is done to a station; no world has one, and test_rules_of_offices knows them all.
OF_STATIONS = {"STATION_UPDATE", "STATION_NAME_ADMINS", "STATION_SET_PHASE"}


@dataclass(frozen=True, slots=True)
class Found:
    """What the policy says about a world: who sees what, who may do what by which edge."""

    story: Story
    seen: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    may: dict[Grant, str] = field(default_factory=dict)
    reviewers: dict[str, Reviewer | None] = field(default_factory=dict)
    at_stations: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def found(request: pytest.FixtureRequest, url: str) -> Found:
    """Everything that can be asked about a world, asked once."""
    story = Story.read(request.param)
    found = Found(story)

    async def ask(asker: Asker) -> None:
        facts_for: dict[int | None, Mapping[str, Mapping[int, Any]]] = {}
        subjects_for: dict[int | None, Mapping[type, Mapping[str, Any]]] = {}
        for viewer in await asker.viewers(story.world):
            if viewer.volunteer_id not in facts_for:
                facts_for[viewer.volunteer_id] = {
                    entity: await asker.facts(story.world, entity, viewer)
                    for entity in story.entities()
                    if entity != "Transfer"
                }
                subjects_for[viewer.volunteer_id] = by_kind(
                    story.subjects(facts_for[viewer.volunteer_id])
                )
            facts = facts_for[viewer.volunteer_id]
            await look(asker, viewer, facts, found)
            look_at_figures(viewer, facts, found)
            who = story.name_of(viewer)
            found.may.update(deeds(who, viewer, subjects_for[viewer.volunteer_id]))
        for number in range(len(story.world.accounts)):
            standing = await asker.standing(number + 1)
            held = standing.capacities_at(national_site=False)
            found.at_stations.update(story.name_of(each) for each in held)
        for name, team in zip(story.names["teams"], facts_for[None]["Team"].values(), strict=True):
            found.reviewers[name] = reviewer_of(team)

    async def on_stage() -> None:
        connection = await connect(url)
        try:
            await stored(connection, story.world, ask)
        finally:
            await connection.close()

    asyncio.run(on_stage())
    return found


async def look(
    asker: Asker, viewer: Viewer, facts: Mapping[str, Mapping[int, Any]], found: Found
) -> None:
    """Which rows of each entity are listed for the viewer; the rule and the oracle agree."""
    story, oracle = found.story, Oracle(found.story.world)
    who = story.name_of(viewer)
    for entity in story.entities():
        names = story.names[SECTIONS[entity]]
        if entity == "Transfer":
            listed = await asker.transfers(viewer)
        else:
            listed = await asker.visible_ids(entity, viewer)
            decisions = decide_all(Action.READ, viewer, facts[entity].values())
            for each, decision in zip(facts[entity], decisions, strict=True):
                walked = oracle.reads(viewer, entity, each - 1)
                assert (each in listed) == walked, (who, entity, names[each - 1])
                assert decision.allowed == walked, (who, entity, names[each - 1])
        found.seen.setdefault((who, entity), set()).update(names[each - 1] for each in listed)


def look_at_figures(viewer: Viewer, facts: Mapping[str, Mapping[int, Any]], found: Found) -> None:
    """Whose figures the viewer reads, in a world that tells about figures; so says the oracle."""
    story, oracle = found.story, Oracle(found.story.world)
    who = story.name_of(viewer)
    for kind, names in story.figures().items():
        seen = found.seen.setdefault((who, kind), set())
        for number, name in enumerate(names):
            if kind == "RegionFigures":
                walked = oracle.sees_figures(viewer, number)
                shown = sees_figures_of(viewer, facts["Region"][number + 1].path)
            else:
                walked = oracle.sees_team_figures(viewer, number)
                team = facts["Team"][number + 1]
                shown = sees_figures_of_team(viewer, team.path, team.office.region_path)
            assert shown == walked, (who, kind, name)
            if shown:
                seen.add(name)


def by_kind(subjects: Iterable[tuple[str, Any]]) -> Mapping[type, Mapping[str, Any]]:
    """What can be done something to, by what sort of facts are known of it."""
    named: dict[type, dict[str, Any]] = {}
    for name, subject in subjects:
        named.setdefault(type(subject), {})[name] = subject
    return named


def deeds(
    who: str, viewer: Viewer, named: Mapping[type, Mapping[str, Any]]
) -> Iterator[tuple[Grant, str]]:
    """What the viewer may do, of every action to everything that it can be done to."""
    for action, (kind, _) in RULES.items():
        about = named.get(kind, {})
        decisions = decide_all(action, viewer, about.values(), policy=Policy())
        for name, decision in zip(about, decisions, strict=True):
            if decision.allowed:
                yield (who, action.value, name), decision.because


def lines(grants: Iterable[Grant]) -> str:
    """Who may do what to which, a line each."""
    return "\n".join(f"{who}: {action} {subject}" for who, action, subject in sorted(grants))


def test_everyone_sees_what_the_world_says_and_nothing_else(found: Found) -> None:
    story = found.story
    told = {(who, entity): story.visible_to(entity, who) for who, entity in found.seen}

    assert found.seen == told


def test_everyone_may_do_what_the_world_says_and_nothing_else(found: Found) -> None:
    told, may = found.story.told(), frozenset(found.may)

    assert lines(may - told) == "", "allowed, and the world does not say so"
    assert lines(told - may) == "", "refused, and the world says otherwise"


def test_nobody_may_do_anything_to_what_they_do_not_see(found: Found) -> None:
    story = found.story
    unseen = {
        (who, action, subject)
        for who, action, subject in found.may
        if TO not in subject and subject not in found.seen[who, story.entity_of(subject)]
    }
    assert lines(unseen) == ""


def test_whoever_may_do_what_is_argued_about_may_by_the_edge_that_the_world_says(
    found: Found,
) -> None:
    for action, subject, told in found.story.expected():
        allowed = {
            who: because
            for (who, done, to), because in found.may.items()
            if (done, to) == (action, subject)
        }
        assert (action, subject, allowed) == (action, subject, dict(told))


def test_every_team_has_the_reviewer_that_the_world_says(found: Found) -> None:
    story = found.story
    names: dict[str, str] = {}
    for name, reviewer in found.reviewers.items():
        assert reviewer is not None
        if isinstance(reviewer, TeamFacts):
            names[name] = story.names["teams"][reviewer.id - 1]
        else:
            names[name] = OFFICE + story.names["regions"][reviewer.region_id - 1]

    assert names == dict(story.reviewers)


def test_everyone_acts_at_a_station_as_the_world_says_and_nobody_else(found: Found) -> None:
    if found.story.at_stations:
        assert found.at_stations == found.story.at_stations
    assert not any(who.startswith(OFFICE) for who in found.at_stations)


def test_worlds_are_there() -> None:
    assert len(FILES) >= 23


def test_words_of_the_worlds_know_every_action() -> None:
    assert said_actions() | OF_STATIONS == {action.value for action in RULES}
