"""Reviews through random sequences of steps, beside a model that knows no database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from db.enums import ReviewKind
from db.session import Database
from db.urls import asyncpg_dsn
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.memberships import join_team
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.review_withdrawal import withdraw_review
from resolvers.team_registration import register_team
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from tests.servers import Databases
from tests.small_world import NOW, Planter, empty_station
from tests.workflows.desk import DESK
from tests.workflows.district import District

T = TypeVar("T")
EXAMPLES = 15
STEPS = 20
# What becomes of the subject, by kind and by the state of its review.
THEN = {
    ReviewKind.TEAM_REGISTRATION: {
        "PENDING": "PENDING",
        "APPROVED": "ENABLED",
        "REJECTED": "REJECTED",
        "WITHDRAWN": "DRAFT",
    },
    ReviewKind.MEMBERSHIP: {
        "PENDING": "APPLYING",
        "APPROVED": "JOINED",
        "REJECTED": "REFUSED",
        "WITHDRAWN": "LEFT",
    },
}
STORED = """
select r.id, r.state, r.reviewer_team_id, coalesce(t.status, m.status) as subject
from reviews r
left join teams t on r.subject_type = 'Team' and t.id = r.subject_id
left join memberships m on r.subject_type = 'Membership' and m.id = r.subject_id
where r.id = any($1::bigint[])
"""


class Stage:
    """One loop, one district and its people for all examples."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.database = Database(url)
        self.names = 0
        self.run(self.database.open)
        planter = Planter(self.database)
        self.district: District = self.run(lambda: District.plant(planter))
        forest = self.district.forest
        self.managers: dict[str, Viewer] = {
            name: self.run(lambda name=name: forest.manager(name)) for name in ("community", "town")
        }
        self.db: Any = self.run(lambda: asyncpg.connect(asyncpg_dsn(url)))

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        async def wait() -> T:
            return await work()

        return self.runner.run(wait())

    def team(self, name: str) -> int:
        return self.district.forest.teams[name].id

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


@dataclass(slots=True)
class Known:
    """What the model knows of a review."""

    id: int
    kind: ReviewKind
    applicant: Viewer
    state: str = "PENDING"


class Reviews(RuleBasedStateMachine):
    """Registrations and applications under the community's hub, which is stopped now and then."""

    reviews = Bundle("reviews")
    people = Bundle("people")

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.known: dict[int, Known] = {}
        self.hub_works = True

    def teardown(self) -> None:
        if not self.hub_works:
            self.enable()

    @rule(target=people)
    def somebody_comes(self) -> Viewer:
        return self.stage.run(self.stage.district.person)

    @rule(target=reviews, person=people)
    def registers_a_group(self, person: Viewer) -> Any:
        self.stage.names += 1
        given = self.stage.district.group(name=f"第{self.stage.names}志愿服务队")
        outcome = self.stage.run(
            lambda: register_team(self.stage.database, person, DESK, given, None, now=NOW)
        )
        if not self.hub_works:
            assert [error.code.value for error in outcome.errors] == ["CONTACT_TEAM_UNFIT"]
            return multiple()
        assert outcome.errors == ()
        return self._ask(outcome.subject_id, ReviewKind.TEAM_REGISTRATION, person)

    @rule(target=reviews, person=consumes(people))
    def applies_to_the_hub(self, person: Viewer) -> Any:
        stage = self.stage
        outcome = stage.run(
            lambda: join_team(stage.database, person, stage.team("community"), None)
        )
        if not self.hub_works:
            assert outcome.errors
            return multiple()
        review_id = stage.run(
            lambda: stage.db.fetchval(
                "select id from reviews where kind = 'MEMBERSHIP' and subject_id = $1",
                outcome.subject_id,
            )
        )
        return self._ask(review_id, ReviewKind.MEMBERSHIP, person)

    def _ask(self, review_id: int | None, kind: ReviewKind, person: Viewer) -> Known:
        assert review_id is not None
        self.known[review_id] = Known(review_id, kind, person)
        return self.known[review_id]

    @rule(
        chosen=st.lists(reviews, min_size=1, max_size=4, unique_by=lambda each: each.id),
        who=st.sampled_from(["community", "town"]),
        approves=st.booleans(),
    )
    def decides(self, chosen: list[Known], who: str, *, approves: bool) -> None:
        stage = self.stage
        decided = Decided(ids=[each.id for each in chosen], approves=approves, opinion="意见")

        async def run() -> Any:
            return await decide_reviews(
                stage.database, stage.managers[who], decided, None, policy=Policy(), now=NOW
            )

        if who == "community" and not self.hub_works:
            with pytest.raises(Forbidden):
                stage.run(run)
            return
        outcome = stage.run(run)
        told = [[error.code.value for error in item.errors] for item in outcome.items]
        expected = [self._refusal(each, who) for each in chosen]
        assert told == expected
        for each, refused in zip(chosen, expected, strict=True):
            if not refused:
                each.state = "APPROVED" if approves else "REJECTED"

    def _refusal(self, review: Known, who: str) -> list[str]:
        if review.state != "PENDING":
            return ["ALREADY_DECIDED"]
        # Who joins a team is its own business; a town with quick review decides on the rest.
        is_others = review.kind is ReviewKind.MEMBERSHIP and who == "town"
        return ["NOT_YOUR_REVIEW"] if is_others else []

    @rule(review=reviews)
    def applicant_takes_it_back(self, review: Known) -> None:
        told = self._withdraw(review.applicant, review)
        assert told == ([] if review.state == "PENDING" else ["ALREADY_DECIDED"])
        if not told:
            review.state = "WITHDRAWN"

    @rule(review=reviews, person=people)
    def somebody_tries_to_take_it_back(self, review: Known, person: Viewer) -> None:
        if person.account_id != review.applicant.account_id:
            assert self._withdraw(person, review) == ["NOT_FOUND"]

    def _withdraw(self, viewer: Viewer, review: Known) -> list[str]:
        outcome = self.stage.run(
            lambda: withdraw_review(self.stage.database, viewer, review.id, None)
        )
        return [error.code.value for error in outcome.errors]

    @rule()
    def hub_stops_or_goes_on(self) -> None:
        if self.hub_works:
            self._order(disable_team)
            self.hub_works = False
        else:
            self.enable()

    def enable(self) -> None:
        self._order(enable_team, EnableMode.TEAM_ONLY)
        self.hub_works = True

    def _order(self, act: Any, *mode: EnableMode) -> None:
        stage = self.stage
        order = Order(team_id=stage.team("community"), reason="整改")
        outcome = stage.run(
            lambda: act(stage.database, stage.managers["town"], order, *mode, None, policy=Policy())
        )
        assert outcome.errors == ()

    @invariant()
    def stored_as_known(self) -> None:
        rows = self.stage.run(lambda: self.stage.db.fetch(STORED, list(self.known)))
        holder = self.stage.team("community" if self.hub_works else "town")
        hub = self.stage.team("community")
        for row in rows:
            known = self.known[row["id"]]
            assert row["state"] == known.state
            assert row["subject"] == THEN[known.kind][known.state]
            if known.state == "PENDING":
                own = known.kind is ReviewKind.MEMBERSHIP
                assert row["reviewer_team_id"] == (hub if own else holder)
        assert len(rows) == len(self.known)


def test_reviews_go_as_the_model_says(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: Reviews(stage),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
