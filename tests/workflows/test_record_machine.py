"""Records through random sequences of steps, beside a model that knows no database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import asyncpg
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
from db.enums import SignUpStatus
from db.lock_order import Rank
from db.models import Post, SignUp, Volunteer
from db.session import Database
from db.urls import asyncpg_dsn
from permissions.edges import Policy
from permissions.viewer import Viewer
from resolvers.acting import Refused
from resolvers.outcomes import Outcome
from resolvers.records.applying import apply_for_record
from resolvers.records.attendance import open_record
from resolvers.records.correcting import (
    Changes,
    complete_open_record,
    correct_record,
    void_record,
)
from resolvers.records.disputing import confirm_record, dispute_record
from resolvers.records.policy import RecordPolicy
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.rules.working_days import is_overdue
from tests.servers import Databases
from tests.small_world import NOW, Planter, empty_station
from tests.workflows.service import Service, codes, entry

T = TypeVar("T")
EXAMPLES = 15
STEPS = 30
BEGINS = (datetime(2026, 5, 19, 6, tzinfo=CHINA), datetime(2026, 3, 2, 6, tzinfo=CHINA))
HOUR = timedelta(hours=1)
POLICY = RecordPolicy(publicity_days=5)
FREE = {"VOID", "REJECTED"}
WRONG, TAKEN = ["WRONG_STATE"], ["TIME_CONFLICT"]


class Stage:
    """One loop and one team for all examples; each has volunteers of its own."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.database = Database(url)
        self.run(self.database.open)
        self.service: Service = self.run(lambda: Service.plant(Planter(self.database)))
        self.hub: Viewer = self.run(lambda: self.service.forest.manager("hub"))
        self.db: Any = self.run(lambda: asyncpg.connect(asyncpg_dsn(url)))
        starts_at = BEGINS[1] - timedelta(days=1)
        self.project = self.run(lambda: self.service.project(starts_at=starts_at))
        self.post = Post(province="50", project_id=self.project.id, post_no=1, name="岗", planned=9)
        self.run(lambda: self.service.planter.add(self.post))

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        async def wait() -> T:
            return await work()

        return self.runner.run(wait())

    def close(self) -> None:
        self.run(self.db.close)
        self.run(self.database.close)
        self.runner.close()


@pytest.fixture(scope="module")
def stage(databases: Databases) -> Iterator[Stage]:
    url = empty_station(databases)
    stage = Stage(url)
    yield stage
    stage.close()
    databases.drop(url)


def span_minutes(begins: datetime, ends: datetime) -> int:
    return (ends - begins) // timedelta(minutes=1)


@dataclass(slots=True)
class Known:
    """What the model knows of a record; ``public_to`` is None while it waits for a review."""

    id: int
    whose: int
    begins: datetime
    ends: datetime | None
    status: str
    public_to: date | None = None
    is_late: bool = False
    revision: int = 1
    unserved: int = 0

    @property
    def minutes(self) -> int:
        return 0 if self.ends is None else span_minutes(self.begins, self.ends) - self.unserved

    def meets(self, begins: datetime, ends: datetime) -> bool:
        """Whether it takes any of the time; an open one takes the moment it began."""
        if self.status in FREE:
            return False
        last = self.ends or self.begins + timedelta(minutes=1)
        return begins < last and self.begins < ends


class Records(RuleBasedStateMachine):
    """Two members of a team: entered, applied for, checked in, decided, disputed, corrected."""

    records = Bundle("records")
    hours = st.integers(0, 12)
    lengths = st.integers(1, 4)

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.known: list[Known] = []
        self.now = NOW

    @property
    def today(self) -> date:
        return self.now.astimezone(CHINA).date()

    @initialize()
    def two_members_begin(self) -> None:
        run, service = self.stage.run, self.stage.service
        self.members: list[Volunteer] = [run(service.member) for _ in range(2)]
        self.viewers: list[Viewer] = [
            run(lambda each=each: service.viewer_of(each))  # type: ignore[misc]
            for each in self.members
        ]

    @rule(target=records, who=st.integers(0, 1), past=st.booleans(), at=hours, lasts=lengths)
    def is_entered(self, who: int, at: int, lasts: int, *, past: bool) -> Known | None:
        begins, ends = self._span(at, lasts, past=past)
        said = entry(self.members[who], begins, ends_at=ends)
        outcome = self.stage.run(
            lambda: self.stage.service.enter(said, now=self.now, policy=POLICY)
        )
        known = self._added(outcome, who, begins, ends)
        if known is not None:
            self._goes_on(known, awaits=known.is_late)
        return known

    @rule(target=records, who=st.integers(0, 1), past=st.booleans(), at=hours, lasts=lengths)
    def is_applied_for(self, who: int, at: int, lasts: int, *, past: bool) -> Known | None:
        begins, ends = self._span(at, lasts, past=past)
        said = entry(self.members[who], begins, ends_at=ends)
        team_id = self.stage.service.team.id
        outcome = self.stage.run(
            lambda: apply_for_record(
                self.stage.database,
                self.viewers[who],
                team_id,
                said,
                None,
                now=self.now,
                policy=POLICY,
            )
        )
        return self._added(outcome, who, begins, ends, status="APPLIED")

    @rule(target=records, who=st.integers(0, 1), at=hours)
    def is_checked_in(self, who: int, at: int) -> Known | None:
        begins, _ = self._span(at, 1, past=False)
        free = not self._taken(who, begins, begins + timedelta(minutes=1))
        if not free:
            with pytest.raises(Refused) as refusal:
                self.stage.run(lambda: self._check_in(who, begins))
            assert [error.code.value for error in refusal.value.errors] == TAKEN
            return None
        number = self.stage.run(lambda: self._check_in(who, begins))
        known = Known(number, who, begins, None, "OPEN")
        self.known.append(known)
        return known

    @rule(record=records, lasts=lengths)
    def is_completed(self, record: Known | None, lasts: int) -> None:
        if record is None:
            return
        ends = record.begins + lasts * HOUR
        told = self._keeps(
            lambda: complete_open_record(
                self.stage.database,
                self.stage.service.recorder,
                record.id,
                ends,
                None,
                unserved_minutes=0,
                now=self.now,
                policy=POLICY,
            )
        )
        if record.status != "OPEN":
            assert told == ["NOT_CHECKED_IN"]
        elif self._taken(record.whose, record.begins, ends, but=record):
            assert told == TAKEN
        else:
            assert told == []
            record.ends = ends
            record.is_late = is_overdue(ends.astimezone(CHINA).date(), today=self.today)
            self._goes_on(record, awaits=record.is_late)

    @rule(record=records, approves=st.booleans())
    def is_decided(self, record: Known | None, *, approves: bool) -> None:
        if record is None:
            return
        waits = record.status == "APPLIED" or self._is_reviewed(record)
        review = self.stage.run(
            lambda: self.stage.db.fetchval(
                "select id from reviews where subject_type = 'ServiceRecord'"
                " and subject_id = $1 and state = 'PENDING'",
                record.id,
            )
        )
        assert (review is not None) == waits
        if not waits:
            return
        own = record.status == "APPLIED"
        viewer = self.stage.service.recorder if own else self.stage.hub
        decided = Decided(ids=[review], approves=approves, opinion="已核实")
        outcome = self.stage.run(
            lambda: decide_reviews(
                self.stage.database, viewer, decided, None, policy=Policy(), now=self.now
            )
        )
        assert [list(item.errors) for item in outcome.items] == [[]]
        if approves:
            self._goes_on(record, awaits=own and record.is_late)
        else:
            record.status = "REJECTED" if own else "VOID"

    @rule(
        record=records,
        later=st.integers(-1, 1),
        lasts=lengths,
        unserved=st.sampled_from((0, 30)),
    )
    def is_corrected(self, record: Known | None, later: int, lasts: int, unserved: int) -> None:
        if record is None:
            return
        begins = record.begins + later * HOUR
        ends = begins + lasts * HOUR
        told = self._keeps(
            lambda: correct_record(
                self.stage.database,
                self.stage.service.recorder,
                record.id,
                Changes(starts_at=begins, ends_at=ends, unserved_minutes=unserved),
                None,
                reason="更正",
                now=self.now,
                policy=POLICY,
            )
        )
        if record.status not in {"NOT_EFFECTIVE", "EFFECTIVE", "DISPUTED"}:
            assert told == WRONG
        elif self._taken(record.whose, begins, ends, but=record):
            assert told == TAKEN
        else:
            assert told == []
            was, minutes, waited = record.ends, record.minutes, self._is_reviewed(record)
            assert was is not None
            is_wider = begins < record.begins or ends > was
            record.begins, record.ends, record.unserved = begins, ends, unserved
            record.revision += 1
            if is_wider or record.minutes > minutes:
                # Further time: as if it were entered today, unless it waits already.
                record.is_late = is_overdue(ends.astimezone(CHINA).date(), today=self.today)
                self._goes_on(record, awaits=record.is_late or waited)
            elif record.status == "DISPUTED":
                self._returns(record)

    @rule(record=records)
    def is_voided(self, record: Known | None) -> None:
        if record is None:
            return
        told = self._keeps(
            lambda: void_record(
                self.stage.database,
                self.stage.service.recorder,
                record.id,
                "有误",
                None,
                now=self.now,
            )
        )
        assert told == (WRONG if record.status == "VOID" else [])
        record.status = "VOID"

    @rule(record=records)
    def is_disputed(self, record: Known | None) -> None:
        if record is None:
            return
        told = self._keeps(
            lambda: dispute_record(
                self.stage.database,
                self.viewers[record.whose],
                record.id,
                "有误",
                None,
                now=self.now,
            )
        )
        if record.status == "EFFECTIVE" or (
            record.status == "NOT_EFFECTIVE" and record.public_to is not None
        ):
            assert told == []
            record.status = "DISPUTED"
        else:
            assert told == WRONG

    @rule(record=records)
    def is_confirmed(self, record: Known | None) -> None:
        if record is None:
            return
        told = self._keeps(
            lambda: confirm_record(
                self.stage.database,
                self.stage.service.recorder,
                record.id,
                "属实",
                None,
                now=self.now,
            )
        )
        assert told == ([] if record.status == "DISPUTED" else WRONG)
        if record.status == "DISPUTED":
            self._returns(record)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.stage.run(lambda: run_due(self.stage.database.engine, now=self.now))
        for record in self.known:
            over = record.public_to is not None and record.public_to < self.today
            if record.status == "NOT_EFFECTIVE" and over:
                record.status = "EFFECTIVE"

    @invariant()
    def stored_is_as_the_model_says(self) -> None:
        if not self.known:
            return
        rows = self.stage.run(
            lambda: self.stage.db.fetch(
                "select r.id, r.status, r.minutes, r.is_overdue, r.publicity_to, r.revision,"
                " (select count(*) from service_record_revisions k where k.record_id = r.id)"
                " as kept from service_records r where r.id = any($1)",
                [each.id for each in self.known],
            )
        )
        found = {row["id"]: tuple(row)[1:] for row in rows}
        assert found == {
            each.id: (
                each.status,
                each.minutes,
                each.is_late,
                each.public_to,
                each.revision,
                each.revision - 1,
            )
            for each in self.known
        }

    @invariant()
    def minutes_are_those_of_what_counts(self) -> None:
        for who, member in enumerate(getattr(self, "members", ())):
            stored = self.stage.run(
                lambda number=member.id: self.stage.db.fetchval(  # type: ignore[misc]
                    "select effective_minutes from volunteers where id = $1", number
                )
            )
            counted = [e.minutes for e in self.known if (e.whose, e.status) == (who, "EFFECTIVE")]
            assert stored == sum(counted)

    @invariant()
    def records_of_one_volunteer_never_overlap(self) -> None:
        for n, one in enumerate(self.known):
            for other in self.known[:n]:
                if one.whose == other.whose and one.status not in FREE and one.ends is not None:
                    assert not other.meets(one.begins, one.ends)

    def _span(self, at: int, lasts: int, *, past: bool) -> tuple[datetime, datetime]:
        begins = BEGINS[past] + at * HOUR
        return begins, begins + lasts * HOUR

    def _taken(
        self, who: int, begins: datetime, ends: datetime, *, but: Known | None = None
    ) -> bool:
        others = (each for each in self.known if each.whose == who and each is not but)
        return any(each.meets(begins, ends) for each in others)

    def _added(
        self, outcome: Outcome, who: int, begins: datetime, ends: datetime, *, status: str = ""
    ) -> Known | None:
        if self._taken(who, begins, ends):
            assert codes(outcome) == TAKEN
            return None
        assert codes(outcome) == []
        assert outcome.subject_id is not None
        late = is_overdue(ends.astimezone(CHINA).date(), today=self.today)
        known = Known(outcome.subject_id, who, begins, ends, status, is_late=late)
        self.known.append(known)
        return known

    def _goes_on(self, record: Known, *, awaits: bool) -> None:
        """It is public from now on, or waits for the team above."""
        record.status = "NOT_EFFECTIVE"
        record.public_to = None if awaits else self.today + timedelta(days=POLICY.publicity_days)

    def _is_reviewed(self, record: Known) -> bool:
        return record.status == "NOT_EFFECTIVE" and record.public_to is None

    def _returns(self, record: Known) -> None:
        """A disputed record goes on where it stood."""
        public = record.public_to is not None and record.public_to >= self.today
        record.status = "NOT_EFFECTIVE" if public else "EFFECTIVE"

    def _keeps(self, work: Callable[[], Awaitable[Outcome]]) -> list[str]:
        return codes(self.stage.run(work))

    async def _check_in(self, who: int, at: datetime) -> int:
        service, member = self.stage.service, self.members[who]
        sign_up = SignUp(
            province="50",
            project_id=self.stage.project.id,
            post_id=self.stage.post.id,
            team_id=service.team.id,
            volunteer_id=member.id,
            status=SignUpStatus.WITHDRAWN,  # as many as one likes
        )
        await service.planter.add(sign_up)
        async with self.stage.database.write(
            account_id=None, capacity="test", action="check"
        ) as write:
            await write.lock_tree()
            await write.lock(Rank.VOLUNTEER, [member.id])
            return await open_record(write, sign_up.id, at, because="owner")


def test_records_follow_the_model(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: Records(stage),  # type: ignore[arg-type]
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
