"""The queue: how much waits and for how long, what it is narrowed by, what an applicant sees."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from db.enums import ReviewKind, ReviewState
from db.models import Review
from db.session import Database
from permissions.viewer import Viewer
from resolvers.memberships import join_team
from resolvers.team_registration import register_team
from schema.ids import encode
from tests.api.client import Client, running
from tests.small_world import NOW, Planter
from tests.workflows.desk import DESK
from tests.workflows.district import District

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNTS = """
query ($filter: ReviewFilter) {
  reviewCounts(filter: $filter) { kind total today within3Days within7Days older }
}
"""
LIST = """
query ($filter: ReviewFilter) {
  reviews(filter: $filter) { totalCount nodes { id kind age } }
}
"""
KIND = ReviewKind.EVALUATION  # no other test of the station has any
AGES = ("TODAY", "WITHIN_3_DAYS", "WITHIN_7_DAYS", "OLDER")
# Who must decide, since how many days it waits, and how many such there are.
PLANTED = (
    ("community", 0, 1),
    ("community", 2, 2),
    ("community", 5, 3),
    ("community", 30, 4),
    ("town", 30, 5),
)
_subjects = itertools.count(10**15)
MOMENT = datetime.now(UTC)
"""What the station takes for the moment, so that no midnight comes in between."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A district whose community hub and town hub have reviews of every age."""

    client: Client
    database: Database
    planter: Planter
    district: District
    applicant: Viewer

    async def ask(self, viewer: Viewer, document: str, filter: Any = None) -> Any:
        answer = await self.client.ask(
            document,
            {"filter": filter},
            viewer=viewer.account_id,
            acting_as=viewer.capacity,
        )
        return answer.good


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def queue(url: str, redis_url: str) -> AsyncIterator[Queue]:
    async with Database(url) as database, running(url, redis_url, clock=lambda: MOMENT) as client:
        planter = Planter(database)
        district = await District.plant(planter)
        applicant = await district.person()
        for reviewer, days, count in PLANTED:
            first = waiting(district, reviewer, days, applicant=applicant)
            await planter.add(first, *(waiting(district, reviewer, days) for _ in range(count - 1)))
        yield Queue(client, database, planter, district, applicant)


def waiting(
    district: District, reviewer: str, days: int, *, applicant: Viewer | None = None
) -> Review:
    """A review of the community's hub that has waited for some days."""
    return Review(
        province="50",
        kind=KIND,
        state=ReviewState.PENDING,
        subject_type="Team",
        subject_id=next(_subjects),
        team_id=district.forest.teams["community"].id,
        reviewer_team_id=district.forest.teams[reviewer].id,
        applicant_account_id=applicant.account_id if applicant else None,
        created_at=MOMENT - timedelta(days=days),
    )


def of_kind(answer: Any) -> list[int]:
    """The figures of the planted kind: total, then the stretches."""
    found = [row for row in answer["reviewCounts"] if row["kind"] == KIND]
    if not found:
        return []
    (row,) = found
    return [row[name] for name in ("total", "today", "within3Days", "within7Days", "older")]


async def test_counts_are_by_kind_and_age_of_what_the_viewer_sees(queue: Queue) -> None:
    forest = queue.district.forest
    hub, town = await forest.manager("community"), await forest.manager("town")
    elsewhere = await forest.manager("other")

    assert of_kind(await queue.ask(hub, COUNTS)) == [15, 1, 2, 3, 9]
    assert of_kind(await queue.ask(hub, COUNTS, {"awaitsViewer": True})) == [10, 1, 2, 3, 4]
    assert of_kind(await queue.ask(town, COUNTS, {"awaitsViewer": True})) == [5, 0, 0, 0, 5]
    assert of_kind(await queue.ask(elsewhere, COUNTS)) == []


@pytest.mark.parametrize("age", AGES)
async def test_list_and_counts_are_narrowed_alike(queue: Queue, age: str) -> None:
    viewer = await queue.district.forest.manager("community")
    narrow = {"age": age, "kind": [KIND.value]}

    listed = (await queue.ask(viewer, LIST, narrow))["reviews"]
    counted = of_kind(await queue.ask(viewer, COUNTS, narrow))

    assert {node["age"] for node in listed["nodes"]} == {age}
    assert listed["totalCount"] == counted[0] == counted[1 + AGES.index(age)]


async def test_filters_by_subtree_applicant_and_state(queue: Queue) -> None:
    forest = queue.district.forest
    viewer = await forest.manager("town")
    person = encode("Volunteer", queue.applicant.volunteer_id or 0)
    await queue.client.ask(  # the person belongs to the hub, so that the town sees them
        "mutation ($id: ID!) { joinTeam(input: {teamId: $id}) { userErrors { code } } }",
        {"id": encode("Team", forest.teams["community"].id)},
        viewer=queue.applicant.account_id,
    )
    hidden = await queue.planter.volunteer(await queue.planter.region())

    async def count(**filter: Any) -> int:
        given = {"kind": [KIND.value], **filter}
        found: int = (await queue.ask(viewer, LIST, given))["reviews"]["totalCount"]
        return found

    assert await count() == 15
    assert await count(under=encode("Team", forest.teams["community"].id)) == 15
    assert await count(under=encode("Team", forest.teams["other"].id)) == 0
    assert await count(applicant=person) == 5
    assert await count(applicant=encode("Volunteer", hidden.id)) == 0
    assert await count(applicant=encode("Volunteer", 7)) == 0
    assert await count(isOwn=True) == 0
    assert await count(state=["APPROVED"]) == 0
    mine = await queue.ask(queue.applicant, LIST, {"isOwn": True, "kind": [KIND.value]})
    assert mine["reviews"]["totalCount"] == 5


async def test_applicant_sees_where_it_stands_and_who_holds_it(queue: Queue) -> None:
    district = queue.district
    person = await district.person()
    group = await register_team(queue.database, person, DESK, district.group(), None, now=NOW)
    joined = await join_team(queue.database, person, district.forest.teams["town"].id, None)
    assert group.errors == joined.errors == ()

    answer = await queue.ask(
        person,
        """query ($filter: ReviewFilter) {
          reviews(filter: $filter) { nodes {
            kind state opinion decidedAt age
            reviewerTeam { name } reviewerDepartment { name }
            team { name }
            subject { __typename ... on Membership { status } ... on Team { name } }
          } }
        }""",
        {"isOwn": True},
    )

    registered, membership = answer["reviews"]["nodes"]
    assert registered == {
        "kind": "TEAM_REGISTRATION",
        "state": "PENDING",
        "opinion": None,
        "decidedAt": None,
        "age": "TODAY",
        "reviewerTeam": {"name": district.forest.teams["community"].name},
        "reviewerDepartment": None,
        "team": None,  # it is nobody's to see in public until it is approved
        "subject": None,
    }
    assert membership["reviewerTeam"] == {"name": district.forest.teams["town"].name}
    assert membership["subject"] == {"__typename": "Membership", "status": "APPLYING"}


async def test_counting_takes_one_statement(queue: Queue) -> None:
    viewer = await queue.district.forest.manager("community")

    async def statements(document: str) -> int:
        answer = await queue.client.ask(
            document, viewer=viewer.account_id, acting_as=viewer.capacity
        )
        return answer.statements

    assert await statements(COUNTS) == await statements("{ viewer { role } }") + 1


async def test_volunteers_have_no_queue_to_count(queue: Queue) -> None:
    answer = await queue.client.ask(COUNTS, viewer=queue.applicant.account_id)

    assert answer.codes == ["DOCUMENT_INVALID"] * len(answer.codes)
    assert answer.codes
