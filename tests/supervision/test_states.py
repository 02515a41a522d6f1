"""The state machine of checks under Hypothesis, against the database itself."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from db.enums import InspectionStatus, InspectionVerdict, MeasureKind
from db.session import Database
from db.urls import asyncpg_dsn
from resolvers.rules.inspection_states import INSPECTION
from tests.servers import Databases
from tests.small_world import NOW, Planter, empty_station
from tests.supervision.bureau import IN_ORDER, Bureau, codes

LATE = NOW + timedelta(days=30)
I = InspectionStatus  # noqa: E741 - as the states are called here
WRONG = ("WRONG_STATE", "inspectionId")


class Inspections(RuleBasedStateMachine):
    """One check of two teams; what the model expects is what the database holds."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(self.url)
        self.run(self._open())

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        await self.database.open()
        self.db = await asyncpg.connect(asyncpg_dsn(self.url))
        self.bureau = await Bureau.open(Planter(self.database))
        await self.bureau.recorded("reading", days_ago=3)
        await self.bureau.recorded("choir", days_ago=4)
        self.managers = {
            name: await self.bureau.forest.manager(name) for name in ("reading", "choir")
        }
        outcome = await self.bureau.drawn()
        assert outcome.subject_id is not None
        self.number = outcome.subject_id
        self.items = await self.bureau.items(self.number)
        self.drawn = await self.frozen()
        self.status = I.DRAWN
        self.verdicts: dict[int, InspectionVerdict] = {}
        self.handed: set[str] = set()
        self.measures = 0
        self.owners = {
            row["id"]: row["team_id"]
            for row in await self.db.fetch(
                "select id, team_id from inspection_items where inspection_id = $1", self.number
            )
        }

    def teardown(self) -> None:
        self.run(self.db.close())
        self.run(self.database.close())
        self.loop.close()

    async def frozen(self) -> list[tuple[Any, ...]]:
        rows = await self.db.fetch(
            "select i.seed, i.population, i.fingerprint, e.position, e.record_id, e.draw_key"
            " from inspections i join inspection_items e on e.inspection_id = i.id"
            " where i.id = $1 order by e.position",
            self.number,
        )
        return [tuple(row) for row in rows]

    def moved(self, outcome: Any, to: InspectionStatus) -> None:
        """The check has moved if the machine allows it, and is refused otherwise."""
        if INSPECTION.allows(self.status, to):
            assert codes(outcome) == []
            self.status = to
        else:
            assert codes(outcome) == [WRONG]

    @rule()
    def department_asks(self) -> None:
        self.moved(self.run(self.bureau.asked(self.number)), I.MATERIALS_ASKED)

    @rule(name=st.sampled_from(["reading", "choir"]))
    def team_hands_in(self, name: str) -> None:
        outcome = self.run(self.bureau.handed(self.number, self.managers[name]))
        if self.status is I.MATERIALS_ASKED:
            assert codes(outcome) == []
            self.handed.add(name)
            return
        # A check that never asked is not there for its teams.
        was_asked = self.run(
            self.db.fetchval("select asked_at from inspections where id = $1", self.number)
        )
        expected = WRONG if was_asked else ("NOT_FOUND", "inspectionId")
        assert codes(outcome) == [expected]

    @rule(
        which=st.integers(0, 1),
        verdict=st.sampled_from(InspectionVerdict),
        late=st.booleans(),
    )
    def inspector_finds(self, which: int, verdict: InspectionVerdict, late: bool) -> None:
        item = self.items[which]
        text = None if verdict is IN_ORDER else "与事实不符"
        outcome = self.run(
            self.bureau.found(self.number, [(item, verdict, text)], now=LATE if late else NOW)
        )
        if self.status not in (I.MATERIALS_ASKED, I.EXAMINED):
            assert codes(outcome) == [WRONG]
            return
        team = self.owners[item]
        names = {self.bureau.forest.teams[each].id for each in self.handed}
        if not late and team not in names:
            assert codes(outcome) == [("MATERIALS_AWAITED", "findings")]
            return
        assert codes(outcome) == []
        self.verdicts[item] = verdict
        if len(self.verdicts) == len(self.items):
            self.status = I.EXAMINED

    @rule()
    def department_publishes(self) -> None:
        self.moved(self.run(self.bureau.published(self.number)), I.PUBLISHED)

    @rule(sure=st.integers(0, 4))
    def department_cancels(self, sure: int) -> None:
        if sure == 0:
            self.moved(self.run(self.bureau.cancelled(self.number)), I.CANCELLED)

    @rule(which=st.integers(0, 1))
    def department_warns(self, which: int) -> None:
        item = self.items[which]
        outcome = self.run(self.bureau.measured(item, MeasureKind.WARNING))
        if self.verdicts.get(item, IN_ORDER) is IN_ORDER:
            assert codes(outcome) == [("NOTHING_BAD_FOUND", "itemId")]
        elif self.status in (I.EXAMINED, I.PUBLISHED):
            assert codes(outcome) == []
            self.measures += 1
        else:
            assert codes(outcome) == [("WRONG_STATE", "itemId")]

    @invariant()
    def database_holds_what_is_expected(self) -> None:
        status = self.run(
            self.db.fetchval("select status from inspections where id = $1", self.number)
        )
        rows = self.run(
            self.db.fetch(
                "select id, verdict from inspection_items"
                " where inspection_id = $1 and verdict is not null",
                self.number,
            )
        )
        measures = self.run(
            self.db.fetchval(
                "select count(*) from inspection_measures where inspection_id = $1", self.number
            )
        )
        assert status == self.status
        assert {row["id"]: row["verdict"] for row in rows} == self.verdicts
        assert measures == self.measures

    @invariant()
    def what_was_drawn_never_changes(self) -> None:
        assert self.run(self.frozen()) == self.drawn


@pytest.fixture(scope="module")
def machine(databases: Databases) -> Iterator[type[Inspections]]:
    url = empty_station(databases)
    yield type("Inspections", (Inspections,), {"url": url})
    databases.drop(url)


def test_checks_pass_through_no_state_but_the_machines(machine: type[Inspections]) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=10,
        stateful_step_count=14,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()
