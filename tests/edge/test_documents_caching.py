"""What others may keep of answers to GET, and when nothing is run or sent again."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from graphql import OperationDefinitionNode

from gateway.http_caching import CachePolicy, policy_of
from permissions.viewer import Role
from tests.api.client import NATIONAL, Answer, Client, running
from tests.api.people_world import id_of, prepare_people
from tests.edge.documents_world import DOCUMENTS
from tests.edge.test_documents_requests import until_ready
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGION = "query R($c: String!) { region(code: $c) { name children { name } } }"
TEAMS = "{ teams(first: 3) { nodes { name } } }"
VIEWER = "{ viewer { role } }"
MIXED = '{ region(code: "500112") { name hub { name } } }'
VARY = "Accept, Authorization, X-Acting-As, GraphQL-Client-Name, X-Consistency-Token"


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as made:
        await until_ready(made)
        yield made


async def get(client: Client, query: str, *, variables: str = "", **headers: str) -> Answer:
    given = {"query": query, **({"variables": variables} if variables else {})}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    accept = {"accept": "application/graphql-response+json"}
    return await client.send("GET", params=given, headers={**accept, **named}, host=NATIONAL)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (TEAMS, CachePolicy(30)),
        (VIEWER, CachePolicy()),
        (MIXED, CachePolicy()),
        ("{ regions { nodes { name } pageInfo { hasNextPage } } }", CachePolicy(300, daily=True)),
        (
            "{ regions { nodes { ...F } } } fragment F on Region { name }",
            CachePolicy(300, daily=True),
        ),
        (
            "{ regions { edges { node { parent { hub { name } } } } } }",
            CachePolicy(),
        ),
        ('{ region(code: "50") { name } teams { totalCount } }', CachePolicy(30)),
        ('{ region(code: "50") { name } viewer { role } }', CachePolicy()),
        ("{ __typename }", CachePolicy(300)),
    ],
)  # fmt: skip
async def test_policy_is_the_strictest_hint(query: str, expected: CachePolicy) -> None:
    prepared = DOCUMENTS.check(Role.PUBLIC, query)
    operation = prepared.document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    assert policy_of(DOCUMENTS.schema(Role.PUBLIC), prepared, operation) == expected


@pytest.mark.parametrize(
    ("query", "control"),
    [
        (TEAMS, "public, max-age=30"),
        (VIEWER, "public, no-cache"),
        ('{ region(code: "500112") { name } }', "public, max-age=300"),
    ],
)
async def test_public_answer_may_be_shared(client: Client, query: str, control: str) -> None:
    answer = await get(client, query)

    headers = answer.response.headers
    assert (headers["cache-control"], headers["vary"]) == (control, VARY)
    again = await get(client, query, if_none_match=headers["etag"])
    assert (again.status, again.response.content) == (304, b"")
    assert again.response.headers["etag"] == headers["etag"]


async def test_what_is_kept_does_not_answer_who_asks_to_see_a_write(client: Client) -> None:
    first = await get(client, TEAMS)
    tag = first.response.headers["etag"]

    again = await get(client, TEAMS, if_none_match=tag, x_consistency_token="1.1.1")

    assert (again.status, again.response.headers["cache-control"]) == (200, "no-store")
    assert again.body == first.body


async def test_daily_answer_is_not_run_again_on_its_day(client: Client) -> None:
    variables = '{"c": "500112"}'
    first = await get(client, REGION, variables=variables)
    tag = first.response.headers["etag"]

    again = await get(client, REGION, variables=variables, if_none_match=tag)
    other = await get(client, REGION, variables='{"c": "500105"}', if_none_match=tag)
    transport: Any = client.http._transport
    endpoint = transport.app.routes[0].endpoint.__self__
    tomorrow = await on_another_day(endpoint, client, variables, tag)

    assert first.statements == 2
    assert (again.status, again.took.get("statements", 0)) == (304, 0)
    assert (other.status, other.statements) == (200, 2)
    assert tomorrow.status == 200
    assert tomorrow.response.headers["etag"] != tag


async def on_another_day(endpoint: Any, client: Client, variables: str, tag: str) -> Answer:
    clock = endpoint.clock
    object.__setattr__(endpoint, "clock", lambda: datetime.now(UTC) + timedelta(days=1))
    try:
        return await get(client, REGION, variables=variables, if_none_match=tag)
    finally:
        object.__setattr__(endpoint, "clock", clock)


async def test_changed_answer_has_another_tag(client: Client, url: str) -> None:
    before = (await get(client, TEAMS)).response.headers["etag"]
    async with connected(url) as connection:
        await connection.execute("update teams set name = name || '新'")

    after = await get(client, TEAMS, if_none_match=before)

    assert after.status == 200
    assert after.response.headers["etag"] != before


async def test_answer_for_one_person_is_private_and_asked_anew(client: Client) -> None:
    token = {"authorization": f"Bearer {client.token(id_of('Account', 'li'))}"}

    own = await get(client, TEAMS, **token)
    public = await get(client, TEAMS, if_none_match=own.response.headers["etag"])

    assert own.response.headers["cache-control"] == "private, no-cache"
    assert public.response.headers["cache-control"] == "public, max-age=30"


@pytest.mark.parametrize(
    "query", ["{ nothing }", "{ teams(first: -1) { nodes { name } } }", "{", "mutation { a }"]
)
async def test_failed_answer_is_never_kept(client: Client, query: str) -> None:
    answer = await get(client, query)

    assert answer.response.headers["cache-control"] == "no-store"
    assert "etag" not in answer.response.headers


async def test_answer_to_post_is_never_kept(client: Client) -> None:
    headers: Mapping[str, str] = {"if-none-match": "*"}
    answer = await client.post({"query": TEAMS}, headers=headers)

    assert answer.status == 200
    assert answer.response.headers["cache-control"] == "no-store"
