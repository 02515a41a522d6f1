"""An id of what is hidden, of what is out of scope and of nothing have one answer and one price."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from permissions.viewer import Role
from schema.ids import encode
from tests.api import people_world as world
from tests.api.client import Answer, Client, running
from tests.api.people_world import account, global_id, prepare_people
from tests.servers import Databases

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }"
UNDER = "query ($id: ID!) { teams(filter: {under: $id}) { totalCount nodes { id } } }"
JOIN = """
mutation ($id: ID!) {
  joinTeam(input: {teamId: $id}) { membership { id } userErrors { code field message } }
}
"""
NODE_TYPE = re.compile(r"^type (\w+) implements Node\b", re.MULTILINE)
SNAPSHOTS = Path(__file__).parents[2] / "schema" / "sdl"
NUMBER_OF_NOTHING = 987_654_321

VIEWERS = {
    "public": (None, None),
    "volunteer": ("zhao", "volunteer"),
    "team": ("far", "team:T011"),
    "hub": ("jiangbei", "team:T002"),
    "department": ("mca_jiangbei", "department:500105000000"),
}
# Rows that the viewers may not see, but for two: the disabled team chose this one to be seen by,
# and the offer is for the department's region.
OUT_OF_SCOPE = {
    "Team": "quiet",
    "Project": "draft",
    "Post": "post_draft",
    "Volunteer": "li",
    "Membership": "m_li",
    "SignUp": "s_li",
    "ServiceRecord": "r_li",
    "Certificate": "c_li",
    "Review": "v_sun",
    "TeamAttachment": "a_reading",
    "Administrator": "yubei",
    "Complaint": "k_reading",
    "Submission": "b_draft",
    "Notice": "n_wrong",
    "Inspection": "i_asked",
    "InspectionItem": "e_asked",
    "Need": "n_closed",
    "Offer": "o_wang",
    "NeedAnswer": "a_wang",
    "RewardItem": "w_old",
    "Redemption": "x_li",
}
SEEN = {("team", "Team"), ("department", "Offer")}
# Every row of these is everybody's.
PUBLIC = {"Region", "Station"}
NEVER = ("Account", "TeamAdmin", "Nothing", "team", "Query", "Node", "TeamEdge")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def people(databases: Databases, redis_url: str) -> AsyncIterator[Client]:
    url = databases.clone("people", prepare_people)
    async with running(url, redis_url) as client:
        yield client
    databases.drop(url)


async def ask(people: Client, viewer: str, document: str, wanted: str) -> Answer:
    who, acting_as = VIEWERS[viewer]
    return await people.ask(
        document, {"id": wanted}, viewer=account(who) if who else None, acting_as=acting_as
    )


def told(answer: Answer) -> tuple[int, bytes, int]:
    """All that a client can tell of an answer, and what it cost."""
    return answer.status, answer.response.content, answer.statements


def hidden_ids(viewer: str) -> dict[str, str]:
    """Ids of rows that exist and that the viewer may not see."""
    return {
        f"{entity}:{name}": global_id(entity, name)
        for entity, name in OUT_OF_SCOPE.items()
        if (viewer, entity) not in SEEN
    }


async def test_every_type_of_node_has_a_row_out_of_scope() -> None:
    told = [path.read_text() for path in SNAPSHOTS.glob("*.graphql")]
    nodes = {name for sdl in told for name in NODE_TYPE.findall(sdl)}

    assert len(told) == len(Role)
    assert nodes - PUBLIC == OUT_OF_SCOPE.keys() - {"TeamAttachment"}


@pytest.mark.parametrize("document", [NODE, NODES], ids=["node", "nodes"])
@pytest.mark.parametrize("viewer", VIEWERS)
async def test_id_answers_alike_whether_hidden_unknown_out_of_scope_or_of_nothing(
    people: Client, viewer: str, document: str
) -> None:
    nothing = told(await ask(people, viewer, document, encode("Team", NUMBER_OF_NOTHING)))

    assert nothing[0] == 200
    for name, wanted in hidden_ids(viewer).items():
        assert told(await ask(people, viewer, document, wanted)) == nothing, name
    for name in (*OUT_OF_SCOPE, *NEVER):
        for number in (1, NUMBER_OF_NOTHING):
            wanted = encode(name, number)
            assert told(await ask(people, viewer, document, wanted)) == nothing, name


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_id_of_a_type_that_is_no_node_answers_as_one_of_nothing(
    people: Client, viewer: str
) -> None:
    nothing = told(await ask(people, viewer, NODE, encode("Team", NUMBER_OF_NOTHING)))

    for name in world.NAMES["TeamAttachment"]:
        wanted = global_id("TeamAttachment", name)
        assert told(await ask(people, viewer, NODE, wanted)) == nothing, name


async def test_filter_by_a_hidden_team_answers_as_by_none(people: Client) -> None:
    nothing = told(await ask(people, "public", UNDER, encode("Team", NUMBER_OF_NOTHING)))

    assert told(await ask(people, "public", UNDER, global_id("Team", "quiet"))) == nothing
    seen = told(await ask(people, "public", UNDER, global_id("Team", "yubei")))
    assert seen != nothing


async def test_mutation_of_a_hidden_team_answers_as_of_none(people: Client) -> None:
    async def joined(wanted: str) -> object:
        answer = await ask(people, "volunteer", JOIN, wanted)
        return answer.status, answer.data

    nothing = await joined(encode("Team", NUMBER_OF_NOTHING))

    for name in ("quiet", "pending", "old_hub"):
        assert await joined(global_id("Team", name)) == nothing, name
    strange = told(await ask(people, "volunteer", JOIN, encode("Nothing", 1)))
    for entity in ("Volunteer", "TeamAttachment", "Project"):
        assert told(await ask(people, "volunteer", JOIN, encode(entity, 1))) == strange, entity
