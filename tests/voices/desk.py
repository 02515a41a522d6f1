"""An editorial desk: what is done about articles, in the words of the tests."""

from dataclasses import dataclass
from typing import Any

from db.enums import SubmissionStatus
from db.models import Account
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.submissions.editing import settle_submission
from resolvers.submissions.writing import (
    Article,
    create_submission,
    submit_submission,
    update_submission,
    withdraw_submission,
)
from tests.db.forest import acting_as
from tests.small_world import NOW
from tests.voices.ward import POLICY, Ward, codes

ARTICLE = Article("社区阅读日", "周末，志愿者陪孩子们读书。")


@dataclass(slots=True)
class Desk:
    """The ward's articles; its editor is a person who manages another district's hub."""

    ward: Ward
    editor: Viewer

    @classmethod
    async def open(cls, ward: Ward) -> "Desk":
        manager = await ward.forest.manager("other")
        async with ward.database.write(account_id=None, capacity="test", action="name") as write:
            await write.run(
                "update accounts set is_station_editor = true,"
                " standing_version = standing_version + 1 where id = $1",
                manager.account_id,
            )
        account = Account(id=manager.account_id)
        return cls(ward, await acting_as(ward.planter, account, manager.capacity))

    async def create(
        self, viewer: Viewer, article: Article = ARTICLE, *, team: str = "group"
    ) -> Outcome:
        return await create_submission(
            self.ward.database, viewer, self.ward.id(team), article, None
        )

    async def drafted(self, viewer: Viewer) -> int:
        outcome = await self.create(viewer)
        assert outcome.errors == ()
        assert outcome.subject_id is not None
        return outcome.subject_id

    async def update(self, viewer: Viewer, submission_id: int, article: Article) -> list[str]:
        done = await update_submission(
            self.ward.database, viewer, submission_id, article, None, now=NOW
        )
        return codes(done)

    async def submit(self, viewer: Viewer, submission_id: int) -> Outcome:
        return await submit_submission(self.ward.database, viewer, submission_id, None, now=NOW)

    async def withdraw(self, viewer: Viewer, submission_id: int) -> list[str]:
        return codes(
            await withdraw_submission(self.ward.database, viewer, submission_id, None, now=NOW)
        )

    async def review(
        self, viewer: Viewer, review_id: int | None, *, opinion: str | None = None
    ) -> list[str]:
        """Passed on, or with an opinion returned."""
        assert review_id is not None
        decided = Decided(ids=[review_id], approves=opinion is None, opinion=opinion)
        done = await decide_reviews(
            self.ward.database, viewer, decided, None, policy=POLICY, now=NOW
        )
        return [error.code.value for item in done.items for error in item.errors]

    async def settle(
        self, viewer: Viewer, submission_id: int, to: SubmissionStatus, opinion: str | None = "不妥"
    ) -> list[str]:
        done = await settle_submission(
            self.ward.database, viewer, submission_id, to, None, opinion=opinion, now=NOW
        )
        return codes(done)

    async def ready(self, author: Viewer) -> int:
        """An article that waits for the editor."""
        submission_id = await self.drafted(author)
        outcome = await self.submit(author, submission_id)
        hub = await self.ward.forest.manager("community")
        assert await self.review(hub, outcome.review_id) == []
        return submission_id


async def status_of(db: Any, submission_id: int) -> str:
    status: str = await db.fetchval("select status from submissions where id = $1", submission_id)
    return status
