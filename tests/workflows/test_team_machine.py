"""Teams through random sequences of steps, beside a model that knows no database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from db.enums import PermissionGroup
from permissions.edges import Policy
from permissions.errors import CapacityNotHeld
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.permission_groups import GroupWish, set_permission_group
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.team_changes import TeamUpdate, update_team
from resolvers.team_dissolution import Dissolution, dissolve_team
from resolvers.team_registration import register_team
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from tests.servers import Databases
from tests.small_world import NOW, empty_station
from tests.workflows.desk import DESK
from tests.workflows.stage import Stage

EXAMPLES = 10
STEPS = 40
FEW = 2  # so that steps meet
POLICY = Policy()
WORKING = {"ENABLED", "CHANGE_PENDING"}
STORED = """
select t.id, t.status, t.name, t.permission_group, t.successor_id,
  array(select r.kind || ' ' || r.id from reviews r
        where r.team_id = t.id and r.state = 'PENDING' order by r.id) as waiting
from teams t where t.id = any($1::bigint[])
"""


@dataclass(slots=True)
class Known:
    """What the model knows of a team."""

    id: int
    number: str
    person: Viewer
    name: str
    registration: int | None
    status: str = "PENDING"
    group: str = "PENDING"
    change: tuple[int, str] | None = None
    past: list[int] = field(default_factory=list)

    @property
    def works(self) -> bool:
        return self.status in WORKING


@pytest.fixture(scope="module")
def stage(databases: Databases) -> Iterator[Stage]:
    url = empty_station(databases)
    stage = Stage(url)
    yield stage
    stage.close()
    databases.drop(url)


class Teams(RuleBasedStateMachine):
    """Groups of one community, its hub, and the district's."""

    teams = Bundle("teams")
    names = 0

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.known: dict[int, Known] = {}
        forest = stage.district.forest
        self.hub = stage.run(lambda: forest.manager("community"))
        self.district = stage.run(lambda: forest.manager("district"))
        self.heir = forest.teams["community"].id

    @property
    def standing(self) -> int:
        return sum(each.status != "DISSOLVED" for each in self.known.values())

    def name(self) -> str:
        Teams.names += 1
        return f"第{Teams.names}读书志愿服务队"

    def run(self, work: Any) -> list[str]:
        """What a step was refused for."""
        outcome = self.stage.run(lambda: work)
        self.outcome = outcome
        return [error.code.value for error in outcome.errors]

    @precondition(
        lambda self: sum(each.status != "DISSOLVED" for each in self.known.values()) < FEW
    )
    @rule(target=teams)
    def registers(self) -> Known:
        person = self.stage.run(self.stage.district.person)
        given = self.stage.district.group(name=self.name())
        told = self.run(register_team(self.stage.database, person, DESK, given, None, now=NOW))
        assert told == []
        review_id, number = self.outcome.subject_id, self.outcome.number
        team_id = self.stage.run(
            lambda: self.stage.db.fetchval("select team_id from reviews where id = $1", review_id)
        )
        self.known[team_id] = Known(team_id, number, person, given.name, review_id)
        return self.known[team_id]

    @rule(team=teams)
    def hands_in_again(self, team: Known) -> None:
        given = self.stage.district.group(name=self.name(), team_id=team.id)
        told = self.run(register_team(self.stage.database, team.person, DESK, given, None, now=NOW))
        if team.status != "REJECTED":
            assert told == ["WRONG_STATE"]
            return
        assert told == []
        team.status, team.name, team.registration = "PENDING", given.name, self.outcome.subject_id

    @rule(team=teams, approves=st.sampled_from([True, True, False]))
    def hub_decides_what_waits(self, team: Known, *, approves: bool) -> None:
        if team.registration is not None:
            self._decide(team, team.registration, approves=approves)
            team.registration = None
            team.status = "ENABLED" if approves else "REJECTED"
            team.group = "BASIC" if approves else team.group
        elif team.change is not None:
            review_id, name = team.change
            self._decide(team, review_id, approves=approves)
            team.change = None
            team.name = name if approves else team.name
            team.status = "ENABLED" if team.works else team.status

    @rule(team=teams)
    def hub_decides_what_is_over(self, team: Known) -> None:
        for review_id in team.past[-2:]:
            assert self._told(review_id, approves=True) == ["ALREADY_DECIDED"]

    def _decide(self, team: Known, review_id: int, *, approves: bool) -> None:
        assert self._told(review_id, approves=approves) == []
        team.past.append(review_id)

    def _told(self, review_id: int, *, approves: bool) -> list[str]:
        decided = Decided(ids=[review_id], approves=approves, opinion="意见")
        outcome = self.stage.run(
            lambda: decide_reviews(
                self.stage.database, self.hub, decided, None, policy=POLICY, now=NOW
            )
        )
        return [error.code.value for item in outcome.items for error in item.errors]

    @rule(team=teams)
    def manager_renames(self, team: Known) -> None:
        async def acting() -> Viewer:
            async with self.stage.database.read() as snapshot:
                standing = await fetch_standing(snapshot, team.person.account_id or 0)
            return standing.acting_as(f"team:{team.number}")

        if team.status in {"DISABLED", "DISSOLVED"}:
            with pytest.raises(CapacityNotHeld):
                self.stage.run(acting)
            return
        manager, name = self.stage.run(acting), self.name()
        told = self.run(
            update_team(
                self.stage.database,
                manager,
                TeamUpdate(team.id, {"name": name}),
                None,
                desk=DESK,
                policy=POLICY,
                now=NOW,
            )
        )
        if not team.works:
            assert told == ["WRONG_STATE"]
            return
        assert told == []
        if team.change is not None:
            team.past.append(team.change[0])
        assert self.outcome.review_id is not None
        team.status, team.change = "CHANGE_PENDING", (self.outcome.review_id, name)

    @rule(team=teams)
    def hub_stops_it_or_only_for_a_moment(self, team: Known) -> None:
        self._disable(team)
        if team.status == "DISABLED" and team.change is not None:
            self._enable(team)  # a change that waited waits on

    @rule(team=teams)
    def hub_lets_it_go_on(self, team: Known) -> None:
        self._enable(team)

    def _disable(self, team: Known) -> None:
        order = Order(team_id=team.id, reason="整改")
        told = self.run(disable_team(self.stage.database, self.hub, order, None, policy=POLICY))
        assert told == ([] if team.works else ["WRONG_STATE"])
        team.status = "DISABLED" if team.works else team.status

    def _enable(self, team: Known) -> None:
        order = Order(team_id=team.id, reason="完成")
        mode = EnableMode.TEAM_ONLY
        if team.status == "DISSOLVED":  # nobody may, and that is no expected refusal
            return
        told = self.run(
            enable_team(self.stage.database, self.hub, order, mode, None, policy=POLICY)
        )
        assert told == ([] if team.status == "DISABLED" else ["WRONG_STATE"])
        if not told:
            team.status = "ENABLED" if team.change is None else "CHANGE_PENDING"

    @rule(team=teams, group=st.sampled_from([PermissionGroup.BASIC, PermissionGroup.MIDDLE]))
    def district_sets_the_group(self, team: Known, group: PermissionGroup) -> None:
        wish = GroupWish(team_id=team.id, group=group, reason="调整")
        told = self.run(
            set_permission_group(self.stage.database, self.district, wish, None, policy=POLICY)
        )
        expected = [] if team.works else ["WRONG_STATE"]
        expected += ["ALREADY_THERE"] if team.group == group.value else []
        assert told == expected
        team.group = team.group if told else group.value

    @precondition(lambda self: self.standing == FEW)
    @rule(team=teams)
    def hub_dissolves(self, team: Known) -> None:
        given = Dissolution(team_id=team.id, reason="解散")
        told = self.run(
            dissolve_team(self.stage.database, self.hub, given, None, policy=POLICY, now=NOW)
        )
        if team.status not in WORKING | {"DISABLED"}:
            assert told == ["WRONG_STATE"]
            return
        assert told == []
        if team.change is not None:
            team.past.append(team.change[0])
        team.status, team.change = "DISSOLVED", None

    @invariant()
    def stored_as_known(self) -> None:
        rows = self.stage.run(lambda: self.stage.db.fetch(STORED, list(self.known)))
        assert len(rows) == len(self.known)
        for row in rows:
            team = self.known[row["id"]]
            assert (row["status"], row["name"], row["permission_group"]) == (
                team.status,
                team.name,
                team.group,
            )
            waiting = [] if team.registration is None else [team.registration]
            waiting += [] if team.change is None else [team.change[0]]
            assert [int(each.rpartition(" ")[2]) for each in row["waiting"]] == waiting
            assert row["successor_id"] == (self.heir if team.status == "DISSOLVED" else None)


def test_teams_go_as_the_model_says(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: Teams(stage),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
