"""Projects through random sequences of steps, beside a model that knows no database."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from db.clock import CHINA, run_due
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.project_states import (
    ProjectOrder,
    close_project,
    disable_project,
    enable_project,
    withdraw_project,
)
from resolvers.projects import update_project
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from tests.servers import Databases
from tests.small_world import NOW, empty_station
from tests.workflows.project_world import HOUR, ProjectWorld
from tests.workflows.stage import Stage

EXAMPLES = 12
STEPS = 25
WRONG = ["WRONG_STATE"]


@pytest.fixture(scope="module")
def stage(databases: Databases) -> Iterator[Stage]:
    url = empty_station(databases)
    stage = Stage(url)
    yield stage
    stage.close()
    databases.drop(url)


@dataclass(slots=True)
class Known:
    """What the model knows of a project."""

    id: int
    starts_at: datetime
    ends_at: datetime
    status: str = "DRAFT"
    before: str | None = None
    stopped_by: str | None = None
    was_asked: bool = False


class Projects(RuleBasedStateMachine):
    """Projects of a community's hub, whose town reviews them, through time."""

    projects = Bundle("projects")

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.known: list[Known] = []
        self.team_works = True
        self.now = NOW

    @initialize()
    def a_hub_begins(self) -> None:
        stage = self.stage
        self.world = stage.run(lambda: ProjectWorld.of(stage.district, stage.db))
        self.own: Viewer = stage.run(self.world.manager)
        self.town: Viewer = stage.run(lambda: self.world.manager("town"))
        self.team_id = self.world.team().id

    @rule(target=projects, begins=st.integers(0, 30), lasts=st.integers(1, 20))
    def makes(self, begins: int, lasts: int) -> Known:
        if not self.team_works:  # made before, so that there is something to act on
            self.enable(EnableMode.TEAM_ONLY)
        starts_at = NOW + begins * HOUR
        dates = {"starts_at": starts_at, "ends_at": starts_at + lasts * HOUR}
        known = Known(self.stage.run(lambda: self.world.draft(self.own, **dates)), **dates)
        self.known.append(known)
        return known

    @rule(project=projects)
    def hands_in(self, project: Known) -> None:
        told = self._own(lambda: self.world.submit(self.own, project.id, now=self.now))
        if told is None:
            return
        today = self.now.astimezone(CHINA).replace(hour=0)
        if project.status not in {"DRAFT", "REJECTED"}:
            assert told == WRONG
        elif project.starts_at < today or project.ends_at <= self.now:
            assert set(told) == {"INVALID"}
        else:
            assert told == []
            project.status, project.was_asked = "PENDING", True

    @rule(project=projects)
    def takes_back(self, project: Known) -> None:
        told = self._own(lambda: withdraw_project(self.stage.database, self.own, project.id, None))
        if told is None:
            return
        assert told == ([] if project.status == "PENDING" else WRONG)
        if not told:
            project.status = "DRAFT"

    @rule(project=projects)
    def changes(self, project: Known) -> None:
        told = self._own(
            lambda: update_project(
                self.stage.database,
                self.own,
                project.id,
                {"description": "新的说明"},
                None,
                now=self.now,
            )
        )
        if told is not None:
            may = project.status in {"DRAFT", "REJECTED", "WAITING", "RUNNING"}
            assert told == ([] if may else WRONG)

    @rule(project=projects, approves=st.booleans())
    def town_decides(self, project: Known, *, approves: bool) -> None:
        if not project.was_asked:
            return
        outcome = self.stage.run(
            lambda: self.world.decide(
                self.town, project.id, now=self.now, approves=approves, opinion="意见"
            )
        )
        told = [error.code.value for item in outcome.items for error in item.errors]
        if project.status != "PENDING":
            assert told == ["ALREADY_DECIDED"]
        elif not approves:
            assert told == []
            project.status = "REJECTED"
        elif not self.team_works:
            assert told == ["TEAM_DISABLED"]
        elif project.ends_at <= self.now:
            assert told == ["DATES_PASSED"]
        else:
            assert told == []
            project.status = "RUNNING" if project.starts_at <= self.now else "WAITING"

    @rule(project=projects, by_town=st.booleans())
    def stops(self, project: Known, *, by_town: bool) -> None:
        order = ProjectOrder(project_id=project.id, reason="整改")
        told = self._by(
            lambda viewer: disable_project(
                self.stage.database, viewer, order, None, policy=Policy()
            ),
            by_town=by_town,
        )
        if told is None:
            return
        assert told == ([] if project.status in {"WAITING", "RUNNING"} else WRONG)
        if not told:
            project.before, project.status = project.status, "DISABLED"
            project.stopped_by = "SUPERIOR" if by_town else "TEAM"

    @rule(project=projects, by_town=st.booleans())
    def starts_again(self, project: Known, *, by_town: bool) -> None:
        order = ProjectOrder(project_id=project.id, reason="整改完成")
        told = self._by(
            lambda viewer: enable_project(
                self.stage.database, viewer, order, None, policy=Policy()
            ),
            by_town=by_town,
        )
        if told is None:
            return
        if not self.team_works:
            assert told == ["TEAM_DISABLED"]
        elif project.stopped_by == "SUPERIOR" and not by_town:
            assert told == ["STOPPED_BY_SUPERIOR"]
        elif project.status != "DISABLED":
            assert told == WRONG
        else:
            assert told == []
            self._resume(project)

    @rule(project=projects)
    def closes(self, project: Known) -> None:
        order = ProjectOrder(project_id=project.id, reason="提前完成")
        told = self._own(lambda: close_project(self.stage.database, self.own, order, None))
        if told is None:
            return
        assert told == ([] if project.status in {"WAITING", "RUNNING", "DISABLED"} else WRONG)
        if not told:
            project.status, project.before, project.stopped_by = "CLOSED", None, None

    @rule(hours=st.integers(1, 12))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.stage.run(lambda: run_due(self.stage.database.engine, now=self.now))
        for project in self.known:
            if project.status == "WAITING" and project.starts_at <= self.now:
                project.status = "RUNNING"
            if project.status == "RUNNING" and project.ends_at <= self.now:
                project.status = "CLOSED"

    @rule(mode=st.sampled_from(EnableMode))
    def team_stops_or_goes_on(self, mode: EnableMode) -> None:
        if not self.team_works:
            self.enable(mode)
            return
        self._order(disable_team)
        self.team_works = False
        for project in self.known:
            if project.status in {"WAITING", "RUNNING"}:
                project.before, project.status = project.status, "DISABLED"
                project.stopped_by = "WITH_TEAM"

    def enable(self, mode: EnableMode) -> None:
        self._order(enable_team, mode)
        self.team_works = True
        for project in self.known:
            if mode is EnableMode.TEAM_AND_PROJECTS and project.stopped_by == "WITH_TEAM":
                self._resume(project)

    def _resume(self, project: Known) -> None:
        assert project.before is not None
        project.status, project.before, project.stopped_by = project.before, None, None

    def _own(self, act: Callable[[], Awaitable[Any]]) -> list[str] | None:
        """The codes that the team is told; None if it is stopped and may do nothing."""
        if not self.team_works:
            with pytest.raises(Forbidden):
                self.stage.run(act)
            return None
        return [error.code.value for error in self.stage.run(act).errors]

    def _by(self, act: Callable[[Viewer], Awaitable[Any]], *, by_town: bool) -> list[str] | None:
        if not by_town:
            return self._own(lambda: act(self.own))
        return [error.code.value for error in self.stage.run(lambda: act(self.town)).errors]

    def _order(self, act: Any, *mode: EnableMode) -> None:
        order = Order(team_id=self.team_id, reason="整改")
        outcome = self.stage.run(
            lambda: act(self.stage.database, self.town, order, *mode, None, policy=Policy())
        )
        assert outcome.errors == ()

    @invariant()
    def stored_as_known(self) -> None:
        rows = self.stage.run(
            lambda: self.stage.db.fetch(
                "select p.id, p.status, p.status_before, p.stopped_by, exists ("
                " select from reviews r where r.subject_type = 'Project' and r.subject_id = p.id"
                " and r.state = 'PENDING') as waits from projects p where id = any($1)",
                [each.id for each in self.known],
            )
        )
        stored = {row["id"]: row for row in rows}
        for each in self.known:
            row = stored[each.id]
            found = (row["status"], row["status_before"], row["stopped_by"], row["waits"])
            assert found == (each.status, each.before, each.stopped_by, each.status == "PENDING")


def test_projects_go_as_the_model_says(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: Projects(stage),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
