"""Three opinions that must agree on every row: ``visible``, ``decide``, and a naive oracle."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from db.enums import AnswerSide, ReviewKind
from db.queries.entities import ENTITIES
from permissions.actions import Action
from permissions.decide import decide, decide_all
from permissions.edges import Policy
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.reviewers import reviewer_of
from permissions.viewer import Role, Viewer
from tests.access.asking import Asker, connect, stored, told
from tests.access.drawing import COMPLAINED_OF, worlds
from tests.access.oracle import Oracle
from tests.access.service_oracle import decides_answer
from tests.access.service_world import NEVER_READ, OPEN_TO_ALL
from tests.access.world import World
from tests.servers import Databases
from tests.small_world import empty_station

EXAMPLES = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 160


class Stage:
    """One connection and its loop for all examples, and what was seen on it."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.connection = self.runner.run(connect(url))
        self.seen: Counter[tuple[str, str, bool]] = Counter()

    def play(self, world: World, ask: Any) -> None:
        self.runner.run(stored(self.connection, world, ask))

    def close(self) -> None:
        self.runner.run(self.connection.close())
        self.runner.close()


@pytest.fixture(scope="module")
def stage(databases: Databases) -> Iterator[Stage]:
    stage = Stage(empty_station(databases))
    yield stage
    stage.close()


drawn = settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES < 1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@drawn
@given(world=worlds())
def test_list_rule_and_oracle_agree_on_who_reads_decides_handles_and_reviews(
    stage: Stage, world: World
) -> None:
    async def ask(asker: Asker) -> None:
        oracle = Oracle(world)
        viewers = await asker.viewers(world)
        reviews = await asker.facts(world, "Review", viewers[0])
        complaints = await asker.facts(world, "Complaint", viewers[0])
        answers = await asker.facts(world, "NeedAnswer", viewers[0])
        gathered: dict[tuple[str, int | None], dict[int, Any]] = {}
        for viewer in viewers:
            for entity in world.rows():
                # What a volunteer is tied to is all that the facts know of who asks.
                key = (entity, viewer.volunteer_id)
                if key not in gathered:
                    gathered[key] = await asker.facts(world, entity, viewer)
                listed = await asker.visible_ids(entity, viewer)
                reads_alike(stage, oracle, viewer, entity, facts=gathered[key], listed=listed)
            decides_alike(stage, oracle, viewer, reviews)
            answers_alike(stage, oracle, viewer, answers)
            handles_alike(stage, oracle, viewer, complaints)
        teams = await gather_teams(asker, range(1, len(world.teams) + 1))
        for number in range(len(world.teams)):
            found = reviewer_of(teams[number + 1])
            assert found is not None
            expected = oracle.reviewer(number)
            if isinstance(found, TeamFacts):
                assert expected == ("team", found.id - 1)
            else:
                assert expected == ("region", found.region_id - 1)

    stage.play(world, ask)


def reads_alike(
    stage: Stage,
    oracle: Oracle,
    viewer: Viewer,
    entity: str,
    *,
    facts: dict[int, Any],
    listed: set[int],
) -> None:
    rows = range(len(oracle.world.rows()[entity]))
    decisions = decide_all(Action.READ, viewer, facts.values())
    decided = {each for each, found in zip(facts, decisions, strict=True) if found.allowed}
    walked = {number + 1 for number in rows if oracle.reads(viewer, entity, number)}
    with told(oracle.world, viewer, entity):
        assert len(facts) == len(rows)
        assert decided == walked
        assert listed == walked
    stage.seen[viewer.role.value, entity, True] += len(walked)
    stage.seen[viewer.role.value, entity, False] += len(rows) - len(walked)


def decides_alike(stage: Stage, oracle: Oracle, viewer: Viewer, reviews: dict[int, Any]) -> None:
    for number, row in enumerate(oracle.world.reviews):
        decision = decide(Action.REVIEW_DECIDE, viewer, reviews[number + 1], policy=Policy())
        with told(oracle.world, viewer, f"review {number}: {decision.because}"):
            assert decision.allowed == oracle.decides(viewer, row)
        stage.seen["decides", row.kind.value, decision.allowed] += 1


def answers_alike(stage: Stage, oracle: Oracle, viewer: Viewer, answers: dict[int, Any]) -> None:
    for number, row in enumerate(oracle.world.answers):
        decision = decide(Action.ANSWER_DECIDE, viewer, answers[number + 1])
        with told(oracle.world, viewer, f"answer {number}: {decision.because}"):
            assert decision.allowed == decides_answer(oracle, viewer, number)
        stage.seen["answers", row.asked_by.value, decision.allowed] += 1
        stage.seen["own answers", decision.because, True] += 1


def handles_alike(stage: Stage, oracle: Oracle, viewer: Viewer, complaints: dict[int, Any]) -> None:
    for number, row in enumerate(oracle.world.complaints):
        complaint = complaints[number + 1]
        handled = decide(Action.COMPLAINT_HANDLE, viewer, complaint, policy=Policy())
        decided = decide(Action.COMPLAINT_DECIDE, viewer, complaint, policy=Policy())
        expected = oracle.handles(viewer, row)
        with told(oracle.world, viewer, f"complaint {number}: {decided.because}"):
            assert handled.allowed == expected
            assert decided.allowed == (expected and oracle.is_competent(row))
        stage.seen["handles", row.subject, handled.allowed] += 1
        stage.seen["competent", row.subject, decided.allowed] += 1


def test_worlds_were_rich_enough_to_tell(stage: Stage) -> None:
    """Every role read and was refused something of each entity that it could be."""
    entities = set(ENTITIES) - {"Region", "Station"}
    personal = entities - {"Team", "Project", "Post", "Submission", "Notice"} - OPEN_TO_ALL
    for role in Role:
        readable = entities - personal if role in {Role.PUBLIC, Role.PARTNER} else entities
        if role is Role.VOLUNTEER:
            readable = readable - {"TeamAttachment"}
        if role is not Role.DEPARTMENT:
            readable = readable - {"Administrator"}
        readable = readable - NEVER_READ[role.value]
        thin = {each for each in readable if stage.seen[role.value, each, True] < 20}
        blind = {each for each in entities if stage.seen[role.value, each, False] < 20}
        assert (role, thin, blind) == (role, set(), set())
    for what in ("handles", "competent"):
        subjects = {subject for each, subject, _ in stage.seen if each == what}
        assert subjects == {*COMPLAINED_OF}
        assert {each for each in subjects if stage.seen[what, each, True] < 10} == set()
    assert min(stage.seen["answers", side.value, True] for side in AnswerSide) >= 10
    assert stage.seen["own answers", "own application", True] >= 10
    kinds = {kind for what, kind, _ in stage.seen if what == "decides"}
    assert kinds == {kind.value for kind in ReviewKind}
    assert {kind for kind in kinds if stage.seen["decides", kind, True] < 10} == set()


def test_every_entity_of_the_schema_is_compared(stage: Stage) -> None:
    del stage
    compared = set(World(regions=()).rows())

    assert compared | {"Station"} == set(ENTITIES)
