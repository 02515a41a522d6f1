"""The state machine of articles under Hypothesis, against the database itself."""

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from db.enums import SubmissionStatus
from db.session import Database
from db.urls import asyncpg_dsn
from resolvers.rules.voice_states import SUBMISSION
from resolvers.submissions.writing import Article
from tests.servers import Databases
from tests.small_world import Planter, empty_station
from tests.voices.desk import Desk
from tests.voices.ward import Ward, codes

S = SubmissionStatus
EDITED = {S.REVIEWED, S.PUBLISHED, S.OFFLINE}


class Submissions(RuleBasedStateMachine):
    """One article of a member; what the model expects is what the database holds."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(self.url)
        self.status = S.DRAFT
        self.review: int | None = None
        self.title = ""
        self.run(self._open())

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        await self.database.open()
        self.db = await asyncpg.connect(asyncpg_dsn(self.url))
        self.desk = await Desk.open(await Ward.plant(Planter(self.database)))
        self.author = await self.desk.ward.member()
        self.hub = await self.desk.ward.forest.manager("community")
        self.article = await self.desk.drafted(self.author)
        self.title = "社区阅读日"

    def teardown(self) -> None:
        self.run(self.db.close())
        self.run(self.database.close())
        self.loop.close()

    def goes_to(self, to: S, told: list[str]) -> bool:
        if not SUBMISSION.allows(self.status, to):
            assert told == ["WRONG_STATE"]
            return False
        assert told == []
        self.status = to
        return True

    @rule()
    def author_hands_it_in(self) -> None:
        outcome = self.run(self.desk.submit(self.author, self.article))
        if self.goes_to(S.SUBMITTED, codes(outcome)):
            self.review = outcome.review_id

    @rule(title=st.text("文章题目", min_size=1, max_size=5))
    def author_changes_it(self, title: str) -> None:
        told = self.run(self.desk.update(self.author, self.article, Article(title, None)))
        if self.status in {S.DRAFT, S.RETURNED}:
            assert told == []
            self.title = title
        else:
            assert told == ["WRONG_STATE"]

    @rule(passes=st.integers(0, 3))
    def contact_team_reviews_it(self, passes: int) -> None:
        if self.review is None:
            return
        opinion = None if passes else "退改"
        told = self.run(self.desk.review(self.hub, self.review, opinion=opinion))
        if self.status is S.SUBMITTED:
            assert told == []
            self.status = S.REVIEWED if passes else S.RETURNED
        elif self.status is S.WITHDRAWN:
            assert told in (["ALREADY_DECIDED"], ["NOT_FOUND"])
        else:
            assert told == ["ALREADY_DECIDED"]

    @rule(to=st.sampled_from([S.PUBLISHED, S.PUBLISHED, S.RETURNED, S.OFFLINE]))
    def editor_settles_it(self, to: S) -> None:
        told = self.run(self.desk.settle(self.desk.editor, self.article, to))
        if self.status not in EDITED:
            assert told == ["NOT_FOUND"]
        else:
            self.goes_to(to, told)

    @rule(surely=st.integers(0, 5))
    def author_takes_it_back(self, surely: int) -> None:
        if not surely:
            told = self.run(self.desk.withdraw(self.author, self.article))
            self.goes_to(S.WITHDRAWN, told)

    @invariant()
    def database_holds_what_is_expected(self) -> None:
        row = self.run(self.db.fetchrow("select * from submissions where id = $1", self.article))
        assert (row["status"], row["title"]) == (self.status.value, self.title)
        waiting = self.run(
            self.db.fetchval(
                "select count(*) from reviews where subject_type = 'Submission'"
                " and subject_id = $1 and state = 'PENDING'",
                self.article,
            )
        )
        assert waiting == (self.status is S.SUBMITTED)


@pytest.fixture(scope="module")
def machine(databases: Databases) -> Iterator[type[Submissions]]:
    url = empty_station(databases)
    yield type("Submissions", (Submissions,), {"url": url})
    databases.drop(url)


def test_article_passes_through_no_state_but_the_machines(machine: type[Submissions]) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()
