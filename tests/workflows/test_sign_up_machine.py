"""Sign-ups through random sequences of steps, beside a model that knows no database."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from db.clock import run_due
from permissions.edges import Policy
from permissions.viewer import Viewer
from resolvers.project_states import ProjectOrder, close_project, disable_project, enable_project
from resolvers.sign_up_answers import (
    SignUpsDecided,
    answer_project_invitation,
    cancel_sign_up,
    change_post,
    decide_sign_ups,
)
from resolvers.sign_up_attendance import check_in, check_out
from resolvers.sign_ups import Application, ProjectInvitation, invite_to_project, sign_up
from tests.servers import Databases
from tests.small_world import NOW, empty_station
from tests.workflows.project_world import DAY, HOUR, ProjectWorld
from tests.workflows.stage import Stage

EXAMPLES = 12
STEPS = 30
PEOPLE = 4
PLACES = (1, 2)
STARTS, RECRUITS_UNTIL, ENDS = NOW + 3 * HOUR, NOW + 5 * HOUR, NOW + 8 * HOUR
HOLDING = {"ACCEPTED", "ATTENDED", "NO_SHOW"}
PENDING = {"APPLIED", "INVITED"}
PERSON = st.integers(0, PEOPLE - 1)
POST = st.integers(0, len(PLACES) - 1)


@dataclass(slots=True)
class Known:
    """What the model knows of a person and the project."""

    volunteer_id: int
    volunteer_no: str
    name: str
    viewer: Viewer
    id: int | None = None
    status: str | None = None
    post: int | None = None
    came_at: datetime | None = None
    no_shows: int = 0


@pytest.fixture(scope="module")
def stage(databases: Databases) -> Iterator[Stage]:
    url = empty_station(databases)
    stage = Stage(url)
    yield stage
    stage.close()
    databases.drop(url)


class SignUps(RuleBasedStateMachine):
    """Four people, one project with a post of one place and a post of two, through time."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.now = NOW
        self.project = "WAITING"
        self.before = ""

    @initialize()
    def a_project_recruits(self) -> None:
        stage = self.stage
        self.world = stage.run(lambda: ProjectWorld.of(stage.district, stage.db))
        dates = {
            "starts_at": STARTS,
            "ends_at": ENDS,
            "recruit_starts_at": NOW - DAY,
            "recruit_ends_at": RECRUITS_UNTIL,
        }
        row, self.posts = stage.run(lambda: self.world.planted(places=PLACES, **dates))
        self.project_id = row.id
        self.manager: Viewer = stage.run(self.world.manager)
        self.people: list[Known] = []
        for _ in range(PEOPLE):
            volunteer, viewer = stage.run(self.world.person)
            self.people.append(Known(volunteer.id, volunteer.volunteer_no, volunteer.name, viewer))

        # Half of them are in from the start, so that ends are reached as often as beginnings.
        for n, person in enumerate(self.people[:2]):
            self.signs_up(n, n)
            assert person.status == "APPLIED"
            self.team_decides(n, accepts=True)

    @rule(n=PERSON, post=POST)
    def signs_up(self, n: int, post: int) -> None:
        person = self.people[n]
        application = Application(post_id=self.posts[post].id)
        told, outcome = self._tell(
            lambda: sign_up(self.stage.database, person.viewer, application, None, now=self.now)
        )
        assert told == self._entering(person, post, "APPLIED")
        if not told:
            self._enter(person, outcome.subject_id, post, "APPLIED")

    @rule(n=PERSON, post=POST)
    def is_invited(self, n: int, post: int) -> None:
        person = self.people[n]
        invitation = ProjectInvitation(
            post_id=self.posts[post].id, volunteer_no=person.volunteer_no, name=person.name
        )
        told, outcome = self._tell(
            lambda: invite_to_project(
                self.stage.database, self.manager, invitation, None, now=self.now
            )
        )
        assert told == self._entering(person, post, "INVITED")
        if not told:
            self._enter(person, outcome.subject_id, post, "INVITED")

    def _entering(self, person: Known, post: int, entry: str) -> list[str]:
        """What is told to who signs up, or invites."""
        if self.project == "DISABLED" and entry == "APPLIED" and person.id is None:
            return ["NOT_FOUND"]  # to who has nothing with it
        if self.project not in {"WAITING", "RUNNING"} or self.now >= RECRUITS_UNTIL:
            return ["RECRUITMENT_CLOSED"]
        if person.status in HOLDING or person.status == entry:
            return ["ALREADY_SIGNED_UP"]
        return ["FULL"] if self._is_full(post) else []

    def _enter(self, person: Known, id: int | None, post: int, entry: str) -> None:
        meets = person.status in PENDING
        person.id, person.post = id, post
        person.status = "ACCEPTED" if meets else entry

    @rule(n=PERSON, accepts=st.booleans())
    def team_decides(self, n: int, *, accepts: bool) -> None:
        person = self.people[n]
        if person.id is None:
            return
        decided = SignUpsDecided(ids=[person.id], accepts=accepts)
        outcome = self.stage.run(
            lambda: decide_sign_ups(self.stage.database, self.manager, decided, None, now=self.now)
        )
        told = [error.code.value for item in outcome.items for error in item.errors]
        if person.status != "APPLIED":
            assert told == ["ALREADY_DECIDED"]
        elif accepts:
            self._accepted(person, told)
        else:
            assert told == []
            person.status = "REFUSED"

    @rule(n=PERSON, accepts=st.booleans())
    def answers(self, n: int, *, accepts: bool) -> None:
        person = self.people[n]
        told = self._on(
            person,
            lambda number: answer_project_invitation(
                self.stage.database, person.viewer, number, None, accepts=accepts, now=self.now
            ),
        )
        if told is None:
            return
        if person.status != "INVITED":
            assert told == ["NOT_INVITED"]
        elif accepts:
            self._accepted(person, told)
        else:
            assert told == []
            person.status = "DECLINED"

    def _accepted(self, person: Known, told: list[str]) -> None:
        assert person.post is not None
        if self.project not in {"WAITING", "RUNNING"} or self.now >= ENDS:
            assert told == ["RECRUITMENT_CLOSED"]
        elif self._is_full(person.post):
            assert told == ["FULL"]
        else:
            assert told == []
            person.status = "ACCEPTED"

    @rule(n=PERSON, post=POST)
    def team_changes_the_post(self, n: int, post: int) -> None:
        person = self.people[n]
        told = self._on(
            person,
            lambda number: change_post(
                self.stage.database, self.manager, number, self.posts[post].id, None, now=self.now
            ),
        )
        if told is None:
            return
        if person.status not in PENDING | {"ACCEPTED"}:
            assert told == ["WRONG_STATE"]
        elif self.project not in {"WAITING", "RUNNING"} or self.now >= ENDS:
            assert told == ["RECRUITMENT_CLOSED"]
        elif post == person.post:
            assert told == ["ALREADY_THERE"]
        elif self._is_full(post):
            assert told == ["FULL"]
        else:
            assert told == []
            person.post = post

    @rule(n=PERSON, by_team=st.booleans())
    def ends_it(self, n: int, *, by_team: bool) -> None:
        person = self.people[n]
        viewer = self.manager if by_team else person.viewer
        told = self._on(
            person, lambda number: cancel_sign_up(self.stage.database, viewer, number, "有变", None)
        )
        if told is None:
            return
        ends = {"APPLIED": "CANCELLED", "INVITED": "DECLINED", "ACCEPTED": "WITHDRAWN"}
        if by_team:
            ends = {"APPLIED": "REFUSED", "INVITED": "CANCELLED", "ACCEPTED": "CANCELLED"}
        then = ends.get(person.status or "")
        assert told == ([] if then else ["WRONG_STATE"])
        person.status = then or person.status

    @rule(n=PERSON, by_team=st.booleans())
    def comes(self, n: int, *, by_team: bool) -> None:
        person = self.people[n]
        viewer = self.manager if by_team else person.viewer
        told = self._on(
            person, lambda number: check_in(self.stage.database, viewer, number, None, now=self.now)
        )
        if told is None:
            return
        if person.status not in {"ACCEPTED", "ATTENDED", "NO_SHOW"}:
            assert told == ["WRONG_STATE"]
        elif self.project not in {"WAITING", "RUNNING"} or not STARTS <= self.now < ENDS:
            assert told == ["CHECK_IN_CLOSED"]
        elif person.came_at is not None:
            assert told == ["ALREADY_CHECKED_IN"]
        else:
            assert told == []
            person.status, person.came_at = "ATTENDED", self.now

    @rule(n=PERSON)
    def leaves(self, n: int) -> None:
        person = self.people[n]
        told = self._on(
            person,
            lambda number: check_out(
                self.stage.database, person.viewer, number, None, now=self.now
            ),
        )
        if told is None:
            return
        if person.came_at is None:
            assert told == ["NOT_CHECKED_IN"]
        elif self.now > ENDS + 2 * HOUR:
            assert told == ["CHECK_OUT_TOO_LATE"]
        elif min(self.now, ENDS) == person.came_at:
            assert told == ["ENDS_BEFORE_START"]
        else:
            assert told == []
            person.came_at = None

    @rule(minutes=st.sampled_from([30, 60, 120, 240]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.stage.run(lambda: run_due(self.stage.database.engine, now=self.now))
        if self.project == "WAITING" and self.now >= STARTS:
            self.project = "RUNNING"
        if self.project == "RUNNING" and self.now >= ENDS:
            self.project = "CLOSED"
            for person in self.people:
                if person.status == "ACCEPTED":
                    # Started again by the database's own time, it stood still at its end.
                    person.status = "CANCELLED" if self.before else "NO_SHOW"
                    person.no_shows += not self.before
                elif person.status in PENDING:
                    person.status = "CANCELLED"

    @rule(is_meant=st.integers(0, 3))
    def project_stops_or_goes_on(self, is_meant: int) -> None:
        if is_meant and self.project != "DISABLED":
            return
        order = ProjectOrder(project_id=self.project_id, reason="整改")
        if self.project in {"WAITING", "RUNNING"}:
            self.before, self.project = self.project, "DISABLED"
            self._order(disable_project, order, policy=Policy())
        elif self.project == "DISABLED":
            self.project = self.before
            self._order(enable_project, order, policy=Policy())

    @rule(is_meant=st.integers(0, 7))
    def project_is_closed(self, is_meant: int) -> None:
        if is_meant or self.project == "CLOSED":
            return
        order = ProjectOrder(project_id=self.project_id, reason="提前完成")
        self._order(close_project, order)
        self.project = "CLOSED"
        for person in self.people:
            if person.status in PENDING | {"ACCEPTED"}:
                person.status = "CANCELLED"

    def _order(self, act: Any, order: ProjectOrder, **more: Any) -> None:
        told, _ = self._tell(lambda: act(self.stage.database, self.manager, order, None, **more))
        assert told == []

    def _is_full(self, post: int) -> bool:
        held = sum(each.post == post and each.status in HOLDING for each in self.people)
        return held >= PLACES[post]

    def _on(self, person: Known, act: Callable[[int], Awaitable[Any]]) -> list[str] | None:
        """The codes that are told of a person's sign-up; None if there is none yet."""
        number = person.id
        if number is None:
            return None
        return self._tell(lambda: act(number))[0]

    def _tell(self, act: Callable[[], Awaitable[Any]]) -> tuple[list[str], Any]:
        outcome = self.stage.run(act)
        return [error.code.value for error in outcome.errors], outcome

    @invariant()
    def stored_as_known(self) -> None:
        db = self.stage.db
        people = self.stage.run(
            lambda: db.fetch(
                "select v.id, v.no_show_count, s.status, s.post_id, (select count(*) from"
                " service_records r where r.sign_up_id = s.id and r.status = 'OPEN') as open"
                " from volunteers v left join sign_ups s on s.volunteer_id = v.id"
                " where v.id = any($1)",
                [each.volunteer_id for each in self.people],
            )
        )
        stored = {row["id"]: row for row in people}
        assert len(stored) == len(people) == PEOPLE
        for each in self.people:
            row = stored[each.volunteer_id]
            post = None if each.post is None else self.posts[each.post].id
            assert (row["status"], row["post_id"]) == (each.status, post)
            assert (row["no_show_count"], row["open"]) == (each.no_shows, each.came_at is not None)
        joined = self.stage.run(
            lambda: db.fetch(
                "select joined from posts where project_id = $1 order by post_no", self.project_id
            )
        )
        held = [
            sum(each.post == n and each.status in HOLDING for each in self.people)
            for n in range(len(PLACES))
        ]
        assert [row["joined"] for row in joined] == held


def test_sign_ups_go_as_the_model_says(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: SignUps(stage),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
