"""Drawn worlds as the pure rule's tests meet them: facts, viewers, and what the oracle says.

The worlds are drawn once for all tests; a failure tells its world as it was drawn (the twins, who
ask the database as well, have Hypothesis look for the smallest). For mutants, of which every one
has a process of its own, they are drawn and the oracle is asked before the processes part: a
mutant then costs no more than its decisions.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from permissions.viewer import Viewer
from tests.access.drawing import worlds
from tests.access.facts_of import facts_of, viewers_of
from tests.access.oracle import Oracle
from tests.access.service_oracle import decides_answer
from tests.access.world import World

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
EXAMPLES = {"nightly": 2000, "mutants": 40}.get(PROFILE, 150)

drawn = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    # That a mutant is found is enough; the smallest example that shows it is not looked for.
    phases=[Phase.explicit, Phase.generate] if PROFILE == "mutants" else list(Phase),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(frozen=True)
class Play:
    """A world, and what follows from it without the rule."""

    world: World

    @cached_property
    def facts(self) -> Mapping[str, Sequence[Any]]:
        """The facts of every row, by entity."""
        return facts_of(self.world)

    @cached_property
    def viewers(self) -> Sequence[Viewer]:
        """Everyone who could ask, in every capacity."""
        return viewers_of(self.world)

    @cached_property
    def oracle(self) -> Oracle:
        """The naive opinion."""
        return Oracle(self.world)

    @cached_property
    def reviewers(self) -> Sequence[tuple[str, int]]:
        """Who reviews each team."""
        return [self.oracle.reviewer(number) for number in range(len(self.world.teams))]

    @cached_property
    def read(self) -> Sequence[tuple[Viewer, str, list[bool]]]:
        """Which rows of each entity everyone may read."""
        return [
            (viewer, entity, [self.oracle.reads(viewer, entity, n) for n in range(len(subjects))])
            for viewer in self.viewers
            for entity, subjects in self.facts.items()
        ]

    @cached_property
    def decided(self) -> Sequence[tuple[Viewer, list[bool]]]:
        """Which reviews everyone may decide."""
        return [
            (viewer, [self.oracle.decides(viewer, row) for row in self.world.reviews])
            for viewer in self.viewers
        ]

    @cached_property
    def handled(self) -> Sequence[tuple[Viewer, list[bool]]]:
        """Which complaints everyone may handle."""
        return [
            (viewer, [self.oracle.handles(viewer, row) for row in self.world.complaints])
            for viewer in self.viewers
        ]

    @cached_property
    def answered(self) -> Sequence[tuple[Viewer, list[bool]]]:
        """Which answers everyone may accept or decline."""
        answers = range(len(self.world.answers))
        return [
            (viewer, [decides_answer(self.oracle, viewer, number) for number in answers])
            for viewer in self.viewers
        ]

    @cached_property
    def figures(self) -> Sequence[tuple[Viewer, list[bool], list[bool]]]:
        """The regions and the teams whose figures everyone may see."""
        regions, teams = range(len(self.world.regions)), range(len(self.world.teams))
        return [
            (
                viewer,
                [self.oracle.sees_figures(viewer, number) for number in regions],
                [self.oracle.sees_team_figures(viewer, number) for number in teams],
            )
            for viewer in self.viewers
        ]


def in_drawn_worlds(test: Callable[[Play], None]) -> Callable[[], None]:
    """Runs a test in many worlds."""
    return _in_first(EXAMPLES, test)


def in_some_worlds(test: Callable[[Play], None]) -> Callable[[], None]:
    """Runs a test that asks about every action in some worlds."""
    return _in_first(EXAMPLES // 4, test)


def _in_first(number: int, test: Callable[[Play], None]) -> Callable[[], None]:
    def in_all() -> None:
        for play in plays()[:number]:
            try:
                test(play)
            except AssertionError as error:
                error.add_note(f"in {play.world}")
                raise

    return in_all


@cache
def plays() -> Sequence[Play]:
    """The worlds, drawn when they are first asked for."""
    kept: list[Play] = []

    @settings(drawn, database=None)
    @given(world=worlds())
    def keep(world: World) -> None:
        kept.append(Play(world))

    keep()
    return kept


if PROFILE == "mutants":
    for each in plays():
        assert each.reviewers
        assert all((each.read, each.decided, each.handled, each.answered, each.figures))
