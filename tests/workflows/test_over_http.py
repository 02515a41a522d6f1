"""The first steps over HTTP: a person registers, signs in, joins, is invited, leaves."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.session import Database
from schema.ids import encode
from tests.api.client import Client, running
from tests.db.forest import Forest
from tests.small_world import Planter
from tests.workflows.district import District

REGISTER = """
mutation ($input: RegisterVolunteerInput!) {
  registerVolunteer(input: $input) { volunteerNo userErrors { code field } }
}
"""
SIGN_IN = """
mutation ($u: String!, $p: String!) {
  signIn(input: {username: $u, password: $p}) { accessToken userErrors { code } }
}
"""
PASSWORD = "Correct-horse-7"


@pytest.fixture
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


async def signed_in(client: Client, username: str) -> dict[str, str]:
    """The header of a new session."""
    answer = await client.ask(SIGN_IN, {"u": username, "p": PASSWORD})
    return {"authorization": f"Bearer {answer.good['signIn']['accessToken']}"}


async def test_person_registers_signs_in_joins_by_invitation_and_leaves(
    client: Client, database: Database
) -> None:
    planter = Planter(database)
    forest = Forest(planter, await planter.region())
    team = await forest.plant("team")
    manager = await forest.manager("team")
    person: dict[str, Any] = {
        "name": "李明",
        "idNumber": "500112199001010017",
        "regionCode": forest.region.code,
        "mobile": "13800000001",
        "consents": True,
        "username": "liming",
        "password": PASSWORD,
    }

    registered = (await client.ask(REGISTER, {"input": person})).good["registerVolunteer"]
    again = (await client.ask(REGISTER, {"input": person})).good["registerVolunteer"]
    assert registered["userErrors"] == []
    assert again == {
        "volunteerNo": None,
        "userErrors": [{"code": "ALREADY_REGISTERED", "field": "idNumber"}],
    }

    session = await signed_in(client, "liming")
    own = await client.ask("{ viewer { role } }", headers=session)
    assert own.good == {"viewer": {"role": "VOLUNTEER"}}

    team_id = (
        await client.ask("query ($no: String!) { team(teamNo: $no) { id } }", {"no": team.team_no})
    ).good["team"]["id"]
    invited = await client.ask(
        """mutation ($team: ID!, $no: String!) {
          inviteVolunteer(input: {teamId: $team, volunteerNo: $no, name: "李明"}) {
            membership { id status } userErrors { code }
          }
        }""",
        {"team": team_id, "no": registered["volunteerNo"]},
        viewer=manager.account_id,
        acting_as=manager.capacity,
    )
    membership = invited.good["inviteVolunteer"]["membership"]
    assert membership["status"] == "INVITED"

    joined = await client.ask(
        """mutation ($id: ID!) {
          answerInvitation(input: {membershipId: $id, accept: true}) { membership { status } }
        }""",
        {"id": membership["id"]},
        headers=session,
    )
    left = await client.ask(
        """mutation ($id: ID!) {
          leaveTeam(input: {teamId: $id}) { membership { status } userErrors { code } }
        }""",
        {"id": team_id},
        headers=session,
    )
    assert joined.good["answerInvitation"]["membership"] == {"status": "JOINED"}
    assert left.good["leaveTeam"] == {"membership": {"status": "LEFT"}, "userErrors": []}

    gone = await client.ask(
        "mutation { withdrawVolunteer(input: {confirm: true}) { volunteer { status } } }",
        headers=session,
    )
    assert gone.good == {"withdrawVolunteer": {"volunteer": {"status": "WITHDRAWN"}}}


async def test_withdrawal_must_be_meant(client: Client, database: Database) -> None:
    planter = Planter(database)
    volunteer = await planter.volunteer(await planter.region())

    answer = await client.ask(
        "mutation { withdrawVolunteer(input: {confirm: false}) { userErrors { code } } }",
        viewer=volunteer.account_id,
    )

    assert answer.codes == ["INVALID_INPUT"]


REGISTER_TEAM = """
mutation ($input: RegisterTeamInput!) {
  registerTeam(input: $input) {
    teamNo review { id kind state } warnings { code } userErrors { code field }
  }
}
"""
DECIDE = """
mutation ($ids: [ID!]!, $decision: Verdict!) {
  decideReviews(input: {ids: $ids, decision: $decision}) {
    results { reviewId review { state team { name status } } userErrors { code } }
    userErrors { code }
  }
}
"""


async def test_team_is_registered_approved_disabled_and_enabled(
    client: Client, database: Database
) -> None:
    district = await District.plant(Planter(database))
    person, hub = await district.person(), district.forest.teams["community"]
    manager, town = [await district.forest.manager(each) for each in ("community", "town")]
    given = {
        "name": "邢孃孃开心编织志愿服务队",
        "kind": "GROUP",
        "registrationStatus": "UNREGISTERED",
        "regionCode": district.regions["community"].code,
        "contactTeamId": encode("Team", hub.id),
        "principal": {"name": "王建国", "mobile": "13800000011"},
        "contact": {"name": "赵敏", "mobile": "13800000012"},
        "idempotencyKey": "one",
    }
    asked = await client.ask(REGISTER_TEAM, {"input": given}, viewer=person.account_id)
    registered = asked.good["registerTeam"]
    assert registered["userErrors"] == registered["warnings"] == []
    assert registered["review"]["state"] == "PENDING"

    own = f"team:{registered['teamNo']}"
    waiting = await client.ask("{ viewer { role } }", viewer=person.account_id, acting_as=own)
    assert waiting.good == {"viewer": {"role": "TEAM"}}

    variables = {"ids": [registered["review"]["id"]], "decision": "APPROVE"}
    as_hub = {"viewer": manager.account_id, "acting_as": manager.capacity}
    first = await client.ask(DECIDE, variables, **as_hub)
    second = await client.ask(DECIDE, variables, **as_hub)
    assert first.good["decideReviews"]["results"][0]["review"] == {
        "state": "APPROVED",
        "team": {"name": "邢孃孃开心编织志愿服务队", "status": "ENABLED"},
    }
    (told,) = second.good["decideReviews"]["results"]
    assert told["userErrors"] == [{"code": "ALREADY_DECIDED"}]

    as_town = {"viewer": town.account_id, "acting_as": town.capacity}
    order = {"id": encode("Team", hub.id)}
    disabled = await client.ask(
        """mutation ($id: ID!) { disableTeam(input: {teamId: $id, reason: "整改"}) {
          team { status statusReason } userErrors { code } } }""",
        order,
        **as_town,
    )
    enabled = await client.ask(
        """mutation ($id: ID!) {
          enableTeam(input: {teamId: $id, mode: TEAM_AND_PROJECTS, reason: "完成"}) {
            team { status } userErrors { code } } }""",
        order,
        **as_town,
    )
    assert disabled.good["disableTeam"]["team"]["status"] == "DISABLED"
    assert enabled.good["enableTeam"] == {"team": {"status": "ENABLED"}, "userErrors": []}


@pytest.mark.parametrize(
    ("mutation", "roles"),
    [
        ("registerVolunteer", {"PUBLIC", "VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"}),
        ("registerTeam", {"VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"}),
        ("decideReviews", {"TEAM", "HUB", "DEPARTMENT"}),
        ("disableTeam", {"HUB", "DEPARTMENT"}),
        ("enableTeam", {"HUB", "DEPARTMENT"}),
        ("inviteVolunteer", {"TEAM", "HUB"}),
        ("withdrawVolunteer", {"VOLUNTEER"}),
    ],
)
def test_mutation_exists_for_those_who_may_need_it(mutation: str, roles: set[str]) -> None:
    folder = Path(__file__).parents[2] / "schema/sdl"

    found = {
        file.stem.upper()
        for file in folder.glob("*.graphql")
        if f"  {mutation}(" in file.read_text()
    }

    assert found == roles
