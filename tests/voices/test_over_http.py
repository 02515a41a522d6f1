"""Complaints, articles and notices over HTTP, each step by the one whose it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from permissions.viewer import PUBLIC, Viewer
from schema.build import build_schemas
from schema.ids import encode
from tests.api.client import Answer, Client, running
from tests.voices.desk import Desk
from tests.voices.ward import Ward

MUTATIONS = {
    "submitComplaint": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
    "acceptComplaint": {"TEAM", "HUB", "DEPARTMENT"},
    "investigateComplaint": {"TEAM", "HUB", "DEPARTMENT"},
    "transferComplaint": {"TEAM", "HUB", "DEPARTMENT"},
    "decideComplaint": {"TEAM", "HUB", "DEPARTMENT"},
    "appealComplaint": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
    "closeComplaint": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
    "createSubmission": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
    "publishSubmission": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
    "issueNotice": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
    "markNoticesRead": {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"},
}
SUBMIT = """
mutation ($input: SubmitComplaintInput!) { submitComplaint(input: $input) {
  complaint {
    id status complainantName subject { ... on Project { id } } team { id }
    handlerTeam { id } handlerDepartment { code } steps { status note }
    viewerCan { appeal close }
  }
  userErrors { code field }
} }
"""
QUEUE = """
{ complaints(filter: {awaitsViewer: true}) { totalCount nodes {
  id status text complainantName viewerCan { accept transfer investigate decide }
} } }
"""
STEP = """
mutation ($id: ID!) {{ {name}(input: {{complaintId: $id}}) {{
  complaint {{ status viewerCan {{ accept transfer investigate decide }} }} userErrors {{ code }}
}} }}
"""
DECIDE = """
mutation ($id: ID!) {
  decideComplaint(input: {
    complaintId: $id, finding: UPHOLD, measure: CORRECTION_ORDERED, outcome: "责令整改"
  }) { complaint { status measure outcome } userErrors { code } }
}
"""
MESSAGES = """
{ viewer { notifications { event subject { id ... on Complaint { status outcome } } } } }
"""

OVERDUE = """
query ($overdue: Boolean) {
  complaints(filter: {isOverdue: $overdue}) { nodes { id dueAt } }
}
"""


@pytest.fixture
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


async def ask(client: Client, viewer: Viewer, document: str, **variables: Any) -> Answer:
    return await client.ask(
        document,
        variables,
        viewer=viewer.account_id,
        acting_as=viewer.capacity if viewer.account_id is not None else None,
    )


def test_each_mutation_exists_for_those_who_may_need_it() -> None:
    found: dict[str, set[str]] = {name: set() for name in MUTATIONS}
    for role, schema in build_schemas().items():
        root = schema._schema.mutation_type
        for name in MUTATIONS if root is not None else ():
            if name in root.fields:
                found[name].add(role.value)

    assert found == MUTATIONS


async def test_complaint_runs_from_the_complainant_to_the_queue_and_back(
    client: Client, ward: Ward
) -> None:
    person, manager = await ward.district.person(), await ward.forest.manager("group")
    given = {
        "topic": "PROFIT",
        "text": "以服务为名\n收取费用",
        "subjectId": encode("Project", ward.project.id),
        "discloseName": True,
    }

    submitted = await ask(client, person, SUBMIT, input=given)
    complaint = submitted.good["submitComplaint"]["complaint"]
    queue = (await ask(client, manager, QUEUE)).good["complaints"]
    steps = [
        (await ask(client, manager, STEP.format(name=name), id=complaint["id"])).good[name]
        for name in ("acceptComplaint", "investigateComplaint")
    ]
    decided = (await ask(client, manager, DECIDE, id=complaint["id"])).good["decideComplaint"]
    messages = (await ask(client, person, MESSAGES)).good["viewer"]["notifications"]

    assert complaint == {
        "id": complaint["id"],
        "status": "SUBMITTED",
        "complainantName": person.display_name,
        "subject": {"id": encode("Project", ward.project.id)},
        "team": {"id": encode("Team", ward.id("group"))},
        "handlerTeam": {"id": encode("Team", ward.id("group"))},
        "handlerDepartment": None,
        "steps": [{"status": "SUBMITTED", "note": None}],
        "viewerCan": {"appeal": False, "close": False},
    }
    none = {"accept": False, "transfer": False, "investigate": False, "decide": False}
    assert queue == {
        "totalCount": 1,
        "nodes": [
            {
                "id": complaint["id"],
                "status": "SUBMITTED",
                "text": "以服务为名\n收取费用",
                # The team that it is about holds it: it never learns who complained.
                "complainantName": None,
                "viewerCan": {**none, "accept": True, "transfer": True},
            }
        ],
    }
    assert [step["complaint"] for step in steps] == [
        {"status": "ACCEPTED", "viewerCan": {**none, "transfer": True, "investigate": True}},
        {"status": "INVESTIGATING", "viewerCan": {**none, "decide": True}},
    ]
    assert decided["complaint"] == {
        "status": "UPHELD",
        "measure": "CORRECTION_ORDERED",
        "outcome": "责令整改",
    }
    assert messages[0] == {
        "event": "complaint.upheld",
        "subject": {"id": complaint["id"], "status": "UPHELD", "outcome": "责令整改"},
    }
    assert (await ask(client, manager, QUEUE)).good["complaints"]["totalCount"] == 0


async def test_name_is_shown_to_a_superior_only_if_it_was_disclosed(
    client: Client, ward: Ward
) -> None:
    office = await ward.officer("district")
    shown, hidden = await ward.district.person(), await ward.district.person()
    for viewer, discloses in ((shown, True), (hidden, False)):
        given = {
            "topic": "OTHER",
            "text": "情况",
            "subjectId": encode("Team", ward.id("group")),
            "discloseName": discloses,
        }
        assert (await ask(client, viewer, SUBMIT, input=given)).good

    nodes = (await ask(client, office, QUEUE)).good["complaints"]["nodes"]

    assert [node["complainantName"] for node in nodes] == [shown.display_name, None]


async def test_subject_of_a_type_that_nobody_complains_about_is_no_id_of_the_input(
    client: Client, ward: Ward
) -> None:
    person = await ward.district.person()
    for kind in ("Review", "Region", "Nothing"):
        given = {"topic": "OTHER", "text": "情况", "subjectId": encode(kind, 1)}

        answer = await ask(client, person, SUBMIT, input=given)

        assert answer.codes == ["INVALID_ID"]


async def test_published_articles_are_a_public_list_by_region(client: Client, ward: Ward) -> None:
    desk = await Desk.open(ward)
    author = await ward.member()
    submission_id = await desk.ready(author)
    publish = (
        "mutation ($id: ID!) { publishSubmission(input: {submissionId: $id})"
        " { submission { status viewerCan { takeOffline } } userErrors { code } } }"
    )
    document = (
        "query ($region: String!) { submissions(filter: {region: $region})"
        " { nodes { id title body publishedAt team { id } } } }"
    )

    done = await ask(client, desk.editor, publish, id=encode("Submission", submission_id))
    found = {
        name: (await ask(client, PUBLIC, document, region=region.code)).good["submissions"]["nodes"]
        for name, region in ward.district.regions.items()
        if name in {"city", "community", "other"}
    }

    assert done.good["publishSubmission"]["submission"] == {
        "status": "PUBLISHED",
        "viewerCan": {"takeOffline": True},
    }
    assert [node["id"] for node in found["community"]] == [encode("Submission", submission_id)]
    assert found["city"] == found["community"]
    assert found["community"][0]["team"] == {"id": encode("Team", ward.id("group"))}
    assert found["other"] == []


async def test_notice_is_unread_until_it_is_marked(client: Client, ward: Ward) -> None:
    office, manager = await ward.officer("district"), await ward.forest.manager("group")
    issue = (
        'mutation { issueNotice(input: {title: "通知", body: "内容", readers: [TEAMS]})'
        " { notice { id title readers region { code } withdrawnAt viewerCan { withdraw } }"
        " userErrors { code } } }"
    )
    unread = "{ notices(filter: {isUnread: true}) { nodes { id readAt } } }"

    notice = (await ask(client, office, issue)).good["issueNotice"]["notice"]
    before = (await ask(client, manager, unread)).good["notices"]["nodes"]
    marked = await ask(
        client,
        manager,
        "mutation ($ids: [ID!]!) { markNoticesRead(input: {ids: $ids}) { userErrors { code } } }",
        ids=[notice["id"]],
    )
    after = (await ask(client, manager, unread)).good["notices"]["nodes"]

    assert (notice["title"], notice["readers"]) == ("通知", ["TEAMS"])
    assert notice["region"] == {"code": ward.district.regions["district"].code}
    assert notice["viewerCan"] == {"withdraw": True}
    assert before == [{"id": notice["id"], "readAt": None}]
    assert marked.good == {"markNoticesRead": {"userErrors": []}}
    assert after == []


async def test_complaint_undecided_in_the_time_of_its_stage_is_overdue_until_decided_or_appealed(
    client: Client, ward: Ward, db: Any
) -> None:
    """Sixty days, thirty after an appeal; listed for the department over the team that holds it."""
    person, office = await ward.district.person(), await ward.officer("city")
    manager = await ward.forest.manager("group")
    ids = {}
    names = ("late", "in time", "appealed", "late in review", "decided")
    for name in names:
        project = await ward.planter.project(ward.forest.teams["group"])
        ids[name] = await ward.submitted(person, ward.case(("Project", project.id)))
    for name in names[2:]:
        await ward.investigated(manager, ids[name])
        assert await ward.rule(manager, ids[name], outcome="不属实") == []
    for name in names[2:4]:
        assert await ward.appeal(person, ids[name]) == []
    ages = {"late": 60.01, "in time": 59.9, "late in review": 30.01, "decided": 90}
    for name, days in ages.items():
        await db.execute(
            "update complaints set due_at = due_at - $2::float * interval '1 day' where id = $1",
            ids[name],
            days,
        )

    async def listed(overdue: bool | None) -> dict[str, Any]:
        answer = await ask(client, office, OVERDUE, overdue=overdue)
        rows = answer.good["complaints"]["nodes"]
        named = {str(encode("Complaint", number)): name for name, number in ids.items()}
        return {named[row["id"]]: row["dueAt"] for row in rows if row["id"] in named}

    every = await listed(None)
    assert set(await listed(True)) == {"late", "late in review"}
    assert set(await listed(False)) == set(every) == set(ids)
    assert every["decided"] is None
    now = datetime.now(UTC)
    left = {name: datetime.fromisoformat(due) - now for name, due in every.items() if due}
    assert left["late"] < timedelta() < left["in time"] < timedelta(days=1)
    assert timedelta(days=29.9) < left["appealed"] <= timedelta(days=30)
