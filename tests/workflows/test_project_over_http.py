"""A project from its draft to a record, over HTTP, each step by the one whose it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from permissions.viewer import Viewer
from schema.ids import encode
from tests.api.client import Answer, Client, running
from tests.workflows.district import District
from tests.workflows.project_world import ProjectWorld

NOW = datetime.now(UTC)
MUTATIONS = {
    "createProject": {"TEAM", "HUB"},
    "updateProject": {"TEAM", "HUB"},
    "submitProject": {"TEAM", "HUB"},
    "withdrawProject": {"TEAM", "HUB"},
    "disableProject": {"TEAM", "HUB", "DEPARTMENT"},
    "enableProject": {"TEAM", "HUB", "DEPARTMENT"},
    "closeProject": {"TEAM", "HUB"},
    "addPost": {"TEAM", "HUB"},
    "updatePost": {"TEAM", "HUB"},
    "removePost": {"TEAM", "HUB"},
    "signUp": {"VOLUNTEER"},
    "inviteToProject": {"TEAM", "HUB"},
    "answerProjectInvitation": {"VOLUNTEER"},
    "decideSignUps": {"TEAM", "HUB"},
    "changePost": {"VOLUNTEER", "TEAM", "HUB"},
    "cancelSignUp": {"VOLUNTEER", "TEAM", "HUB"},
    "checkIn": {"VOLUNTEER", "TEAM", "HUB"},
    "checkOut": {"VOLUNTEER", "TEAM", "HUB"},
}
CREATE = """
mutation ($input: CreateProjectInput!) { createProject(input: $input) {
  project {
    id status scope minHoursRequired declarations opinion
    contact { name mobile landline email } posts { id name planned }
    region { code } allowedTeams { name } viewerCan { submit update close }
  }
  userErrors { code field }
} }
"""
DECIDE = """
mutation ($ids: [ID!]!, $dates: ProjectDatesInput) {
  decideReviews(input: {ids: $ids, decision: APPROVE, dates: $dates}) {
    results { userErrors { code } } userErrors { code field }
  }
}
"""


@pytest.fixture
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


def told(world: ProjectWorld, **values: Any) -> dict[str, Any]:
    starts_at = NOW + timedelta(hours=2)
    return {
        "teamId": encode("Team", world.team().id),
        "name": "邻里互助日",
        "scope": "OPEN",
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + timedelta(hours=4)).isoformat(),
        "categories": ["01"],
        "targets": ["老年人"],
        "guarantees": ["人身意外保险"],
        "minHoursRequired": "0.50",
        "description": "入户走访。\n便民服务。",
        "riskNotice": "请注意往返交通安全。",
        "contact": {"name": "赵敏", "mobile": "13800000012", "landline": "023-67890000"},
        "posts": [{"name": "走访", "planned": 2}],
        "declarations": [
            *("OWN_JOB", "INTERNAL_DUTY", "SELF_INTEREST"),
            *("UNCLEAR_PURPOSE", "PAID", "HOURS_NOT_SERVED"),
        ],
        **values,
    }


async def ask(client: Client, viewer: Viewer, document: str, **variables: Any) -> Answer:
    return await client.ask(
        document, variables, viewer=viewer.account_id, acting_as=viewer.capacity
    )


async def do(client: Client, viewer: Viewer, mutation: str, selection: str, **input: Any) -> Any:
    """What a mutation answers, asked with an input of its own type."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    kinds = {"submitProject": "ProjectInput", "checkIn": "AttendanceInput"}
    kind = kinds.get(mutation, kinds["checkIn"] if mutation == "checkOut" else kind)
    document = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}"
    return (await ask(client, viewer, document, input=input)).good[mutation]


async def test_project_is_made_approved_signed_up_to_and_attended(
    client: Client, world: ProjectWorld, db: Any
) -> None:
    manager, town = await world.manager(), await world.manager("town")
    volunteer, person = await world.person(effective_minutes=60)

    made = (await ask(client, manager, CREATE, input=told(world))).good["createProject"]
    assert made["userErrors"] == []
    project = made["project"]
    assert project | {"id": "", "posts": []} == {
        "id": "",
        "status": "DRAFT",
        "scope": "OPEN",
        "minHoursRequired": "0.50",
        "declarations": told(world)["declarations"],
        "opinion": None,
        "contact": {
            "name": "赵敏",
            "mobile": "13800000012",
            "landline": "023-67890000",
            "email": None,
        },
        "posts": [],
        "region": {"code": world.district.regions["community"].code},
        "allowedTeams": [],
        "viewerCan": {"submit": True, "update": True, "close": False},
    }
    post_id = project["posts"][0]["id"]

    submitted = await do(
        client,
        manager,
        "submitProject",
        "project { status } userErrors { code }",
        projectId=project["id"],
    )
    assert submitted == {"project": {"status": "PENDING"}, "userErrors": []}
    waiting = await ask(client, town, "{ reviews(first: 1) { nodes { id kind } } }")
    (review,) = waiting.good["reviews"]["nodes"]
    assert review["kind"] == "PROJECT_PUBLICATION"
    begins = NOW - timedelta(minutes=1)
    dates = {
        "startsAt": begins.isoformat(),
        "endsAt": (begins + timedelta(hours=3)).isoformat(),
    }
    decided = await ask(client, town, DECIDE, ids=[review["id"]], dates=dates)
    assert decided.good["decideReviews"] == {"results": [{"userErrors": []}], "userErrors": []}

    sign_up = "signUp { id status project { status } } userErrors { code field }"
    applied = await do(client, person, "signUp", sign_up, postId=post_id, idempotencyKey="one")
    again = await do(client, person, "signUp", sign_up, postId=post_id, idempotencyKey="one")
    assert applied == again
    assert applied["signUp"]["status"] == "APPLIED"
    sign_up_id = applied["signUp"]["id"]
    accepted = await do(
        client,
        manager,
        "decideSignUps",
        "results { signUp { status viewerCan { checkIn cancel } } userErrors { code } }",
        ids=[sign_up_id],
        decision="ACCEPT",
    )
    assert accepted["results"] == [
        {
            "signUp": {"status": "ACCEPTED", "viewerCan": {"checkIn": True, "cancel": True}},
            "userErrors": [],
        }
    ]
    came = await do(
        client,
        person,
        "checkIn",
        "signUp { status checkedInAt viewerCan { checkIn checkOut } } userErrors { code }",
        signUpId=sign_up_id,
    )
    assert came["userErrors"] == []
    assert came["signUp"]["status"] == "ATTENDED"
    assert came["signUp"]["viewerCan"] == {"checkIn": False, "checkOut": True}
    await db.execute(
        "update service_records set starts_at = starts_at - interval '2 hours'"
        " where volunteer_id = $1",
        volunteer.id,
    )
    left = await do(
        client, person, "checkOut", "signUp { checkedOutAt } userErrors { code }",
        signUpId=sign_up_id,
    )  # fmt: skip
    assert left["userErrors"] == []
    minutes = "select minutes from service_records where volunteer_id = $1"
    assert await db.fetchval(minutes, volunteer.id) == 120


async def test_strangers_see_no_business_of_the_team(client: Client, world: ProjectWorld) -> None:
    project, _ = await world.planted(
        starts_at=NOW + timedelta(hours=1),
        ends_at=NOW + timedelta(hours=3),
        recruit_starts_at=NOW - timedelta(hours=1),
        recruit_ends_at=NOW + timedelta(hours=1),
        opinion="意见",
        status_reason="原因",
        declarations=["PAID"],
        contact_email="zhao@example.org",
        contact_landline="023-67890000",
        contact_landline_public=True,
    )
    asked = """query ($id: ID!) { node(id: $id) { ... on Project {
      opinion statusReason declarations proofFileId contact { mobile landline email } } } }"""
    variables = {"id": encode("Project", project.id)}

    own = await ask(client, await world.manager(), asked, **variables)
    stranger = await ask(client, await world.manager("other"), asked, **variables)

    assert own.good["node"] == {
        "opinion": "意见",
        "statusReason": "原因",
        "declarations": ["PAID"],
        "proofFileId": None,
        "contact": {
            "mobile": "13700000000",
            "landline": "023-67890000",
            "email": "zhao@example.org",
        },
    }
    assert stranger.good["node"] == {
        "opinion": None,
        "statusReason": None,
        "declarations": None,
        "proofFileId": None,
        "contact": {"mobile": None, "landline": "023-67890000", "email": None},
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"startsAt": "2030-01-01T08:00:00"}, "input.startsAt"),
        ({"teamId": "nonsense"}, "input.teamId"),
        ({"teamId": encode("Project", 1)}, "input.teamId"),
        ({"scope": "TEAMS", "allowedTeamIds": ["x"]}, "input.allowedTeamIds"),
        ({"coverFileId": encode("Team", 1)}, "input.coverFileId"),
    ],
)
async def test_ids_and_times_of_no_sense_are_named(
    client: Client, world: ProjectWorld, values: dict[str, Any], field: str
) -> None:
    answer = await ask(client, await world.manager(), CREATE, input=told(world, **values))

    assert answer.errors[0]["extensions"]["field"] == field


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "志\u0007愿"}, [{"code": "INVALID", "field": "name"}]),
        ({"regionCode": "\u0000"}, [{"code": "NOT_FOUND", "field": "regionCode"}]),
        ({"categories": ["\u0000"]}, [{"code": "INVALID", "field": "categories"}]),
        ({"minHoursRequired": "0.005"}, [{"code": "INVALID", "field": "minHoursRequired"}]),
        ({"noReviewPassword": "1234"}, [{"code": "INVALID", "field": "noReviewPassword"}]),
        (
            {"coverFileId": encode("File", 7)},
            [{"code": "NOT_FOUND", "field": "coverFileId"}],
        ),
    ],
)
async def test_what_no_database_could_hold_is_refused_with_its_field(
    client: Client, world: ProjectWorld, values: dict[str, Any], expected: list[Any]
) -> None:
    answer = await ask(client, await world.manager(), CREATE, input=told(world, **values))

    assert answer.good["createProject"] == {"project": None, "userErrors": expected}


async def test_null_for_what_is_never_empty_is_refused(client: Client, world: ProjectWorld) -> None:
    project_id = encode("Project", await world.draft(await world.manager()))
    document = """mutation ($input: UpdateProjectInput!) { updateProject(input: $input) {
      project { address name } userErrors { code field } } }"""
    manager = await world.manager()

    for name in ("name", "startsAt", "contact", "scope"):
        given = {"projectId": project_id, name: None}
        answer = await ask(client, manager, document, input=given)
        assert answer.errors[0]["extensions"]["field"] == f"input.{name}"
    given = {"projectId": project_id, "address": None, "name": " 新名称 "}
    changed = (await ask(client, manager, document, input=given)).good["updateProject"]
    assert changed == {"project": {"address": None, "name": "新名称"}, "userErrors": []}


@pytest.mark.parametrize(("mutation", "roles"), MUTATIONS.items())
def test_mutation_exists_for_those_who_may_need_it(mutation: str, roles: set[str]) -> None:
    folder = Path(__file__).parents[2] / "schema/sdl"

    found = {
        file.stem.upper()
        for file in folder.glob("*.graphql")
        if f"  {mutation}(" in file.read_text("utf-8")
    }

    assert found == roles
