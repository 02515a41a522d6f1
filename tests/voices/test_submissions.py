"""Articles: who writes for whom, who reviews, who publishes, who reads them."""

import asyncio
from typing import Any

import pytest

from db.enums import SubmissionStatus
from db.queries import pages
from db.queries.entities import SUBMISSION
from db.queries.pages import PageShape
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from permissions.visible import visible
from resolvers.submissions.writing import Article
from tests.voices.desk import ARTICLE, Desk, status_of
from tests.voices.ward import Ward, codes

S = SubmissionStatus


@pytest.fixture
async def desk(ward: Ward) -> Desk:
    return await Desk.open(ward)


async def seen_by(desk: Desk, viewer: Viewer) -> set[int]:
    """The articles in a viewer's list."""
    scope = visible("Submission", viewer)
    order = SUBMISSION.orders["LATEST"]
    statement = pages.page(SUBMISSION, scope, PageShape(order), SUBMISSION.row.only(()))
    async with desk.ward.database.read() as snapshot:
        rows = await snapshot.fetch(statement, limit=1000, **scope.values)
    return {row.id for row in rows}


async def test_members_article_goes_to_the_contact_team_then_to_the_editor_then_to_everyone(
    db: Any, desk: Desk
) -> None:
    author, hub = await desk.ward.member(), await desk.ward.forest.manager("community")
    submission_id = await desk.drafted(author)
    submitted = await desk.submit(author, submission_id)
    review = await db.fetchrow("select * from reviews where id = $1", submitted.review_id)
    assert (review["kind"], review["reviewer_team_id"]) == ("SUBMISSION", desk.ward.id("community"))
    assert submission_id not in await seen_by(desk, desk.editor)

    reviewed = await desk.review(hub, submitted.review_id)
    assert submission_id in await seen_by(desk, desk.editor)
    assert submission_id not in await seen_by(desk, PUBLIC)
    published = await desk.settle(desk.editor, submission_id, S.PUBLISHED)

    assert (reviewed, published) == ([], [])
    assert submission_id in await seen_by(desk, PUBLIC)
    events = await db.fetch(
        "select event from notifications where account_id = $1 order by id", author.account_id
    )
    assert [row["event"] for row in events] == ["submission.reviewed", "submission.published"]


async def test_teams_own_article_is_kept_by_any_manager_of_the_team(db: Any, desk: Desk) -> None:
    first, second = [await desk.ward.forest.manager("group") for _ in range(2)]
    submission_id = await desk.drafted(first)

    changed = await desk.update(second, submission_id, Article("新题目", None))
    submitted = await desk.submit(second, submission_id)

    assert (changed, codes(submitted)) == ([], [])
    row = await db.fetchrow("select * from submissions where id = $1", submission_id)
    assert (row["title"], row["body"]) == ("新题目", ARTICLE.body)


async def test_draft_is_seen_by_its_author_alone(desk: Desk) -> None:
    ward = desk.ward
    author = await ward.member()
    submission_id = await desk.drafted(author)
    others = [
        await ward.forest.manager("group"),
        await ward.forest.manager("community"),
        await ward.officer("district"),
        desk.editor,
        PUBLIC,
    ]

    assert submission_id in await seen_by(desk, author)
    for viewer in others:
        assert submission_id not in await seen_by(desk, viewer)
    assert await desk.withdraw(others[0], submission_id) == ["NOT_FOUND"]


async def test_returned_article_is_changed_and_handed_in_again(db: Any, desk: Desk) -> None:
    author, hub = await desk.ward.member(), await desk.ward.forest.manager("community")
    submission_id = await desk.drafted(author)
    first = await desk.submit(author, submission_id)

    assert await desk.review(hub, first.review_id, opinion=" ") == ["REASON_REQUIRED"]
    assert await desk.review(hub, first.review_id, opinion="请补充时间地点") == []
    row = await db.fetchrow("select * from submissions where id = $1", submission_id)
    assert (row["status"], row["opinion"]) == ("RETURNED", "请补充时间地点")
    assert await desk.update(author, submission_id, Article(None, "补充后的正文")) == []
    again = await desk.submit(author, submission_id)

    assert codes(again) == []
    assert again.review_id != first.review_id
    assert await status_of(db, submission_id) == "SUBMITTED"


async def test_editor_returns_and_takes_offline_with_a_reason(db: Any, desk: Desk) -> None:
    author = await desk.ward.member()
    one, other = await desk.ready(author), await desk.ready(author)

    for to, number in ((S.RETURNED, one), (S.OFFLINE, other)):
        if to is S.OFFLINE:
            assert await desk.settle(desk.editor, number, S.PUBLISHED) == []
        assert await desk.settle(desk.editor, number, to, " ") == ["REASON_REQUIRED"]
        assert await desk.settle(desk.editor, number, to, "图片不清") == []
        assert await status_of(db, number) == to.value
    assert other not in await seen_by(desk, PUBLIC)
    assert await desk.settle(desk.editor, other, S.PUBLISHED) == []
    assert other in await seen_by(desk, PUBLIC)


async def test_nobody_but_the_editor_publishes(desk: Desk) -> None:
    author = await desk.ward.member()
    submission_id = await desk.ready(author)
    ward = desk.ward

    for viewer in (author, await ward.forest.manager("city"), await ward.officer("city")):
        with pytest.raises(Forbidden):
            await desk.settle(viewer, submission_id, S.PUBLISHED)


async def test_editor_does_not_publish_their_own_article(db: Any, desk: Desk) -> None:
    created = await desk.create(desk.editor, team="other")
    assert created.subject_id is not None
    submitted = await desk.submit(desk.editor, created.subject_id)
    hub = await desk.ward.forest.manager("city")
    assert await desk.review(hub, submitted.review_id) == []

    with pytest.raises(Forbidden):
        await desk.settle(desk.editor, created.subject_id, S.PUBLISHED)
    assert await status_of(db, created.subject_id) == "REVIEWED"


async def test_withdrawn_article_leaves_the_queue_and_the_public(desk: Desk) -> None:
    author, hub = await desk.ward.member(), await desk.ward.forest.manager("community")
    waiting = await desk.drafted(author)
    submitted = await desk.submit(author, waiting)
    public = await desk.ready(author)
    await desk.settle(desk.editor, public, S.PUBLISHED)

    assert [await desk.withdraw(author, each) for each in (waiting, public)] == [[], []]

    assert await desk.review(hub, submitted.review_id) == ["ALREADY_DECIDED"]
    assert public not in await seen_by(desk, PUBLIC)
    assert await desk.withdraw(author, public) == ["WRONG_STATE"]


async def test_article_of_a_stopped_team_is_not_public(db: Any, desk: Desk) -> None:
    submission_id = await desk.ready(await desk.ward.member())
    await desk.settle(desk.editor, submission_id, S.PUBLISHED)

    await db.execute("update teams set status = 'DISABLED' where id = $1", desk.ward.id("group"))

    assert submission_id not in await seen_by(desk, PUBLIC)


async def test_volunteer_writes_only_for_a_team_that_they_joined(desk: Desk) -> None:
    stranger = await desk.ward.district.person()

    assert codes(await desk.create(stranger)) == ["NOT_MEMBER"]
    with pytest.raises(Unauthenticated):
        await desk.create(PUBLIC)
    with pytest.raises(Forbidden):
        await desk.create(await desk.ward.forest.manager("other"))


async def test_of_withdrawing_and_reviewing_at_once_one_wins(db: Any, desk: Desk) -> None:
    author, hub = await desk.ward.member(), await desk.ward.forest.manager("community")
    for _ in range(4):
        submission_id = await desk.drafted(author)
        submitted = await desk.submit(author, submission_id)

        withdrawn, reviewed = await asyncio.gather(
            desk.withdraw(author, submission_id), desk.review(hub, submitted.review_id)
        )

        # A reviewed article may be withdrawn, too; a withdrawn one is not reviewed.
        assert withdrawn == []
        assert reviewed in ([], ["ALREADY_DECIDED"])
        assert await status_of(db, submission_id) == "WITHDRAWN"
        state = await db.fetchval("select state from reviews where id = $1", submitted.review_id)
        assert state == ("APPROVED" if reviewed == [] else "WITHDRAWN")
