"""The first steps over HTTP: a person registers, signs in, joins, is invited, leaves."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.session import Database
from tests.api.client import Client, running
from tests.db.forest import Forest
from tests.small_world import Planter

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
