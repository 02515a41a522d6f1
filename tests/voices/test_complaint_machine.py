"""The state machine of complaints under Hypothesis, against the database itself."""

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from db.enums import ComplaintMeasure, ComplaintStatus
from db.session import Database
from db.urls import asyncpg_dsn
from resolvers.rules.voice_states import COMPLAINT
from tests.servers import Databases
from tests.small_world import Planter, empty_station
from tests.voices.ward import Ward

S = ComplaintStatus
STEPS = [S.ACCEPTED, S.INVESTIGATING]
# Who is above whom: the project's team first, then the hubs, then the city's department.
LADDER = ["group", "community", "town", "district", "city", "office"]


class Complaints(RuleBasedStateMachine):
    """One complaint about a project; what the model expects is what the database holds."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(self.url)
        self.status = S.SUBMITTED
        self.closed = False
        self.place = 0
        self.steps = 1
        self.run(self._open())

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        await self.database.open()
        self.db = await asyncpg.connect(asyncpg_dsn(self.url))
        self.ward = await Ward.plant(Planter(self.database))
        self.complainant = await self.ward.district.person()
        self.handlers = [await self.ward.forest.manager(name) for name in LADDER[:-1]]
        self.handlers.append(await self.ward.officer("city"))
        self.stranger = await self.ward.forest.manager("other")
        case = self.ward.case(("Project", self.ward.project.id))
        self.complaint = await self.ward.submitted(self.complainant, case)

    def teardown(self) -> None:
        self.run(self.db.close())
        self.run(self.database.close())
        self.loop.close()

    def goes_to(self, to: S, told: list[str]) -> None:
        """The model's own step, with what it expects the mutation to have told."""
        if self.closed or not COMPLAINT.allows(self.status, to):
            assert told == ["WRONG_STATE"]
            return
        assert told == []
        self.status, self.steps = to, self.steps + 1
        self.closed = to is S.CLOSED

    @property
    def handler(self) -> Any:
        return self.handlers[self.place]

    @rule(to=st.sampled_from(STEPS))
    def handler_goes_on(self, to: S) -> None:
        self.goes_to(to, self.run(self.ward.advance(self.handler, self.complaint, to)))

    @rule(upholds=st.booleans())
    def handler_decides(self, upholds: bool) -> None:
        measure = ComplaintMeasure.WARNING if upholds else None
        told = self.run(self.ward.rule(self.handler, self.complaint, measure))
        self.goes_to(S.UPHELD if upholds else S.DISMISSED, told)

    @rule()
    def handler_hands_it_to_the_district(self) -> None:
        told = self.run(
            self.ward.transfer(self.handler, self.complaint, to_team_id=self.ward.id("district"))
        )
        is_there = LADDER[self.place] == "district"
        if not self.closed and COMPLAINT.allows(self.status, S.TRANSFERRED) and is_there:
            assert told == ["INVALID"]
            return
        before = self.steps
        self.goes_to(S.TRANSFERRED, told)
        if self.steps > before:
            self.place = LADDER.index("district")

    @precondition(lambda self: self.steps > 3)
    @rule()
    def handler_names_an_authority_elsewhere(self) -> None:
        before = self.steps
        told = self.run(self.ward.transfer(self.handler, self.complaint, elsewhere="公安机关"))
        self.goes_to(S.TRANSFERRED, told)
        self.closed = self.closed or self.steps > before

    @rule()
    def complainant_appeals(self) -> None:
        told = self.run(self.ward.appeal(self.complainant, self.complaint))
        if self.place == len(LADDER) - 1 and COMPLAINT.allows(self.status, S.SUBMITTED):
            assert told == (["WRONG_STATE"] if self.closed else ["NO_SUPERIOR"])
            return
        before = self.steps
        self.goes_to(S.SUBMITTED, told)
        self.place += self.steps > before

    @precondition(lambda self: self.steps > 4)
    @rule()
    def complainant_closes(self) -> None:
        self.goes_to(S.CLOSED, self.run(self.ward.close(self.complainant, self.complaint)))

    @rule(to=st.sampled_from(STEPS))
    def stranger_finds_nothing(self, to: S) -> None:
        assert self.run(self.ward.advance(self.stranger, self.complaint, to)) == ["NOT_FOUND"]

    @invariant()
    def database_holds_what_is_expected(self) -> None:
        row = self.run(self.db.fetchrow("select * from complaints where id = $1", self.complaint))
        holder = LADDER[self.place]
        assert (row["status"], row["closed_at"] is not None) == (self.status.value, self.closed)
        if holder == "office":
            assert row["handler_region_id"] == self.ward.district.regions["city"].id
        else:
            assert row["handler_team_id"] == self.ward.id(holder)

    @invariant()
    def every_step_is_kept(self) -> None:
        rows = self.run(
            self.db.fetch(
                "select status from complaint_steps where complaint_id = $1 order by id",
                self.complaint,
            )
        )
        assert len(rows) == self.steps
        assert rows[-1]["status"] == self.status.value


@pytest.fixture(scope="module")
def machine(databases: Databases) -> Iterator[type[Complaints]]:
    url = empty_station(databases)
    yield type("Complaints", (Complaints,), {"url": url})
    databases.drop(url)


def test_complaint_passes_through_no_state_but_the_machines(machine: type[Complaints]) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()
