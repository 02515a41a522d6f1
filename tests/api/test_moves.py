"""Moves of teams over HTTP: who may ask, answer and force, and what each is told."""

from typing import Any

import pytest

from db.enums import PermissionGroup
from tests.api.client import Answer, Client
from tests.api.people_world import account, global_id
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOVE = """
mutation ($input: MoveTeamInput!) { moveTeam(input: $input) {
  review { id kind state opinion reviewerTeam { id } }
  team { id contactTeam { id } }
  userErrors { code field }
} }
"""
ANSWER = """
mutation ($input: AnswerTeamMoveInput!) { answerTeamMove(input: $input) {
  review { id state opinion }
  team { id contactTeam { id } }
  userErrors { code field }
} }
"""
TEAM_NO = {"city": "T000", "street": "T003", "reading": "T005", "changing": "T008", "far": "T011"}


async def move(
    client: Client, who: str, acting_as: str, team: str, to: str, **values: Any
) -> Answer:
    given = {"teamId": global_id("Team", team), "contactTeamId": global_id("Team", to), **values}
    return await client.ask(MOVE, {"input": given}, viewer=account(who), acting_as=acting_as)


async def answer(client: Client, who: str, acting_as: str, review: str, **values: Any) -> Answer:
    return await client.ask(
        ANSWER,
        {"input": {"reviewId": review, **values}},
        viewer=account(who),
        acting_as=acting_as,
    )


def team_of(name: str) -> str:
    return f"team:{TEAM_NO[name]}"


async def test_team_asks_and_the_asked_team_takes_it(people: Client) -> None:
    asked = (await move(people, "reading", team_of("reading"), "reading", "street")).good[
        "moveTeam"
    ]
    village, street = global_id("Team", "village"), global_id("Team", "street")

    assert asked["userErrors"] == []
    assert asked["review"]["state"] == "PENDING"
    assert asked["review"]["reviewerTeam"] == {"id": street}
    assert asked["team"]["contactTeam"] == {"id": village}

    taken = await answer(
        people, "street", team_of("street"), asked["review"]["id"], accept=True, opinion="欢迎"
    )

    assert taken.good["answerTeamMove"] == {
        "review": {"id": asked["review"]["id"], "state": "APPROVED", "opinion": "欢迎"},
        "team": {"id": global_id("Team", "reading"), "contactTeam": {"id": street}},
        "userErrors": [],
    }
    assert taken.response.headers["x-consistency-token"]


async def test_department_forces_with_a_reason_and_without_one_is_told_so(
    people: Client,
) -> None:
    office = "department:500000000000"

    without = await move(people, "mca_city", office, "far", "street")
    forced = await move(people, "mca_city", office, "far", "street", reason="整合")

    assert without.good["moveTeam"]["userErrors"] == [
        {"code": "REASON_REQUIRED", "field": "reason"}
    ]
    done = forced.good["moveTeam"]
    assert (done["review"]["state"], done["review"]["opinion"]) == ("APPROVED", "整合")
    assert done["team"]["contactTeam"] == {"id": global_id("Team", "street")}


async def test_same_key_answers_with_the_first_outcome(people: Client) -> None:
    office = "department:500000000000"
    wish = {"reason": "整合", "idempotencyKey": "once"}

    first = await move(people, "mca_city", office, "changing", "village", **wish)
    again = await move(people, "mca_city", office, "changing", "village", **wish)

    assert first.good["moveTeam"]["review"] == again.good["moveTeam"]["review"]


async def test_who_is_above_neither_is_forbidden(people: Client) -> None:
    refused = await move(people, "far", team_of("far"), "changing", "street", reason="整合")

    assert refused.codes == ["FORBIDDEN"]


async def test_hidden_and_missing_teams_are_told_of_alike(people: Client) -> None:
    hidden = await move(people, "far", team_of("far"), "pending", "street", reason="整合")
    missing = await people.ask(
        MOVE,
        {
            "input": {
                "teamId": "VGVhbTo5OTk5OTk",
                "contactTeamId": global_id("Team", "street"),
                "reason": "整合",
            }
        },
        viewer=account("far"),
        acting_as=team_of("far"),
    )

    assert hidden.good == missing.good
    assert hidden.good["moveTeam"]["userErrors"] == [{"code": "NOT_FOUND", "field": "teamId"}]


@pytest.mark.parametrize("field", ["moveTeam", "answerTeamMove"])
@pytest.mark.parametrize("viewer", [None, "li"])
async def test_moves_do_not_exist_for_who_manages_nothing(
    people: Client, field: str, viewer: str | None
) -> None:
    document = f"mutation {{ {field}(input: {{}}) {{ userErrors {{ code }} }} }}"
    who: dict[str, Any] = {}
    if viewer is not None:
        who = {"viewer": account(viewer), "acting_as": "volunteer"}

    hidden = await people.ask(document, **who)

    assert hidden.codes == ["DOCUMENT_INVALID"]
    assert f"Cannot query field '{field}' on type 'Mutation'" in hidden.response.text


async def test_moved_teams_manager_reads_by_the_new_path_at_once(
    people: Client, people_url: str
) -> None:
    """The epoch is part of what a standing is known under, on every process."""
    office = "department:500000000000"
    query = "query ($id: ID!) { node(id: $id) { ... on Team { ancestors { id } } } }"
    async with connected(people_url) as db:
        await db.execute(
            "update teams set permission_group = $1 where name = '江北城志愿服务队'",
            PermissionGroup.JUNIOR_TEAM,
        )
    await move(people, "mca_city", office, "far", "jiangbei", reason="整合")
    await move(people, "mca_city", office, "far", "street", reason="整合")

    seen = await people.ask(
        query, {"id": global_id("Team", "far")}, viewer=account("far"), acting_as=team_of("far")
    )

    assert {"id": global_id("Team", "street")} in seen.good["node"]["ancestors"]
