"""Registered documents over HTTP: the forms of a request, the modes, every process in a second."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio
from redis.asyncio import from_url

from db.enums import DocumentMode
from db.session import Database
from gateway.document_store import LOOK_ALONE, announce
from gateway.manifests import read_manifest
from gateway.registration import retire, set_mode
from gateway.settings import Mode, Settings
from permissions.viewer import Role
from tests.api.client import Answer, Client, running
from tests.api.people_world import id_of, prepare_people
from tests.edge.documents_world import json_file, manifest, register
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "query Name($c: String!) { region(code: $c) { name } }"
OTHER = "query Other { viewer { role } }"
SIGN_OUT = 'mutation Out { signOut(input: { refreshToken: "x" }) { signedOut } }'
TEXT = "query Anything { viewer { role } }"
CODE = {"c": "500112"}
YUBEI = {"region": {"name": "渝北区"}}
GRAPHQL = {"accept": "application/graphql-response+json"}
NOT_FOUND = {
    "errors": [
        {
            "message": "There is no such document.",
            "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
        }
    ]
}


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ids(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The ids of documents that are registered before anything starts."""
    page = manifest(tmp_path_factory.mktemp("page"), [NAME, SIGN_OUT])
    alias = tmp_path_factory.mktemp("relay")
    await register(database, "page", Role.PUBLIC, page)
    await register(database, "other", Role.PUBLIC, manifest(alias, [OTHER]))
    return {"name": page[0].id, "out": page[1].id, "other": manifest(alias, [OTHER])[0].id}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def client(url: str, redis_url: str, ids: Mapping[str, str]) -> AsyncIterator[Client]:
    del ids
    async with running(url, redis_url) as made:
        await until_ready(made)
        yield made


async def until_ready(client: Client) -> None:
    async with asyncio.timeout(10):
        while (await client.http.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.02)


async def by_get(client: Client, **parameters: Any) -> Answer:
    written = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in parameters.items()
    }
    return await client.send("GET", params=written, headers=GRAPHQL)


def forms(document_id: str) -> list[dict[str, Any]]:
    digest = document_id.removeprefix("sha256:")
    apollo = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    return [
        {"documentId": document_id},
        {"documentId": digest},
        {"doc_id": digest},
        {"doc_id": document_id},
        {"extensions": apollo},
        {"documentId": document_id, "extensions": apollo, "operationName": "Name"},
        {"documentId": document_id, "query": NAME},
    ]


@pytest.mark.parametrize("form", range(7))
async def test_every_form_of_an_id_is_answered_by_post_and_get(
    client: Client, ids: Mapping[str, str], form: int
) -> None:
    given = forms(ids["name"])[form]

    posted = await client.post({**given, "variables": CODE}, headers=GRAPHQL)
    got = await by_get(client, **given, variables=CODE)

    assert (posted.status, posted.good) == (200, YUBEI)
    assert (got.status, got.good) == (200, YUBEI)


async def test_mutation_by_get_is_not_allowed(client: Client, ids: Mapping[str, str]) -> None:
    answer = await by_get(client, documentId=ids["out"])

    assert (answer.status, answer.response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "given",
    [
        {"documentId": "sha256:" + "0" * 64},
        {"documentId": "0" * 64},
        {"doc_id": "0" * 32},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
        {"documentId": "x-mine:name"},
    ],
)
async def test_unknown_id_is_one_error_without_a_hint(
    client: Client, given: Mapping[str, Any]
) -> None:
    posted = await client.post(given, headers=GRAPHQL)
    got = await by_get(client, **given)

    assert (posted.status, posted.body) == (400, NOT_FOUND)
    assert (got.status, got.body) == (400, NOT_FOUND)


async def test_id_of_another_client_or_role_is_unknown(
    client: Client, ids: Mapping[str, str]
) -> None:
    named = {**GRAPHQL, "graphql-client-name": "page"}

    own = await client.post({"documentId": ids["name"], "variables": CODE}, headers=named)
    others = await client.post({"documentId": ids["other"]}, headers=named)
    as_volunteer = await client.post(
        {"documentId": ids["name"]},
        headers={**GRAPHQL, "authorization": f"Bearer {client.token(id_of('Account', 'wang'))}"},
    )

    assert own.good == YUBEI
    assert others.body == NOT_FOUND
    assert as_volunteer.body == NOT_FOUND


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda given: f" {given}", lambda given: f"{given} ", lambda given: given[:-1]],
    ids=["upper", "space before", "space after", "short"],
)
@pytest.mark.parametrize("name", ["documentId", "doc_id"])
async def test_malformed_id_is_named(
    client: Client, ids: Mapping[str, str], name: str, change: Any
) -> None:
    answer = await client.post({name: change(ids["name"])}, headers=GRAPHQL)

    assert (answer.status, answer.codes) == (400, ["DOCUMENT_ID_INVALID"])
    assert answer.errors[0]["message"] == (
        f"{name} is no id. A document id is sha256: and 64 lower-case hexadecimal digits."
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"documentId": 5}, "DOCUMENT_ID_INVALID"),
        ({"documentId": ""}, "DOCUMENT_ID_INVALID"),
        ({"documentId": "two words"}, "DOCUMENT_ID_INVALID"),
        ({"documentId": "a" * 257}, "DOCUMENT_ID_INVALID"),
        ({"extensions": {"persistedQuery": {"version": 1}}}, "DOCUMENT_ID_INVALID"),
        ({"extensions": {"persistedQuery": 5}}, "DOCUMENT_ID_INVALID"),
        ({"documentId": "a", "doc_id": "b"}, "DOCUMENT_ID_INVALID"),
        ({"documentId": "a", "query": 5}, "REQUEST_INVALID"),
        ({}, "REQUEST_INVALID"),
    ],
)
async def test_senseless_ids_are_named(client: Client, body: Any, code: str) -> None:
    answer = await client.post(body, headers=GRAPHQL)

    assert (answer.status, answer.codes) == (400, [code])


async def test_id_with_another_text_is_refused(client: Client, ids: Mapping[str, str]) -> None:
    known = await client.post({"documentId": ids["name"], "query": OTHER}, headers=GRAPHQL)
    unknown = await client.post(
        {"documentId": "sha256:" + "0" * 64, "query": OTHER}, headers=GRAPHQL
    )

    assert (known.status, known.codes) == (400, ["DOCUMENT_ID_MISMATCH"])
    assert (unknown.status, unknown.codes) == (400, ["DOCUMENT_ID_MISMATCH"])


def endpoint_of(client: Client) -> Any:
    transport: Any = client.http._transport
    return transport.app.routes[0].endpoint.__self__


@asynccontextmanager
async def held_to(client: Client, settings: Settings) -> AsyncIterator[None]:
    """Holds requests to the documents as a station of these settings does."""
    endpoint = endpoint_of(client)
    trusted = endpoint.trusted
    await trusted.store.refresh()
    object.__setattr__(endpoint, "trusted", replace(trusted, settings=settings))
    try:
        yield
    finally:
        object.__setattr__(endpoint, "trusted", trusted)


PRODUCTION = Settings(mode=Mode.PRODUCTION)


@pytest.mark.parametrize(
    ("settings", "own", "expected"),
    [
        (Settings(), None, "any"),
        (Settings(document_mode=DocumentMode.LOG), None, "any"),
        (Settings(document_mode=DocumentMode.SAFELIST), None, "registered"),
        (Settings(document_mode=DocumentMode.REQUIRE_ID), None, "id"),
        (Settings(), DocumentMode.SAFELIST, "registered"),
        (Settings(), DocumentMode.REQUIRE_ID, "id"),
        # A client's name is only said: it makes nothing looser.
        (Settings(document_mode=DocumentMode.REQUIRE_ID), DocumentMode.OPEN, "id"),
        (PRODUCTION, None, "registered"),
        (PRODUCTION, DocumentMode.OPEN, "registered"),
    ],
)
async def test_mode_says_what_is_answered(  # noqa: PLR0917
    client: Client,
    database: Database,
    ids: Mapping[str, str],
    settings: Settings,
    own: DocumentMode | None,
    expected: str,
) -> None:
    await set_mode(database, "page", Role.PUBLIC, own or DocumentMode.OPEN)
    named = {**GRAPHQL, "graphql-client-name": "page"}
    async with held_to(client, settings):
        text = await client.post({"query": TEXT}, headers=named)
        registered = await client.post({"query": NAME, "variables": CODE}, headers=named)
        by_id = await client.post({"documentId": ids["name"], "variables": CODE}, headers=named)
    await set_mode(database, "page", Role.PUBLIC, DocumentMode.OPEN)

    refused = {
        "any": ([], []),
        "registered": (["PERSISTED_QUERY_NOT_IN_LIST"], []),
        "id": (["PERSISTED_QUERY_ID_REQUIRED"], ["PERSISTED_QUERY_ID_REQUIRED"]),
    }[expected]
    assert (text.codes, registered.codes) == refused
    assert {text.status, registered.status} <= {200, 403}
    assert by_id.good == YUBEI


async def test_log_mode_tells_what_is_not_registered(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    async with held_to(client, Settings(document_mode=DocumentMode.LOG)):
        await client.post({"query": TEXT}, headers={**GRAPHQL, "graphql-client-name": "page"})
        await client.post({"query": NAME, "variables": CODE}, headers=GRAPHQL)

    told = [each for each in caplog.records if each.getMessage() == "document_not_registered"]
    assert [vars(each)["client"] for each in told] == ["page"]


async def test_by_id_nothing_is_parsed_validated_or_planned(
    client: Client, ids: Mapping[str, str]
) -> None:
    work = endpoint_of(client).trusted.documents.work
    body = {"documentId": ids["name"], "variables": CODE}
    await client.post(body, headers=GRAPHQL)
    before = (work.parsed, work.validated, work.planned, work.priced)

    for _ in range(5):
        await client.post(body, headers=GRAPHQL)
        await by_get(client, **body)

    assert (work.parsed, work.validated, work.planned, work.priced) == before
    assert work.parsed > 0
    assert work.planned > 0


async def until_heard(client: Client, body: Mapping[str, Any], codes: list[str]) -> None:
    """Returns when a request is answered so."""
    async with asyncio.timeout(30):
        while (await client.post(body, headers=GRAPHQL)).codes != codes:
            await asyncio.sleep(0.02)


async def until_it_listens(client: Client, *, hears: bool) -> None:
    """Returns when a process hears what is announced, if there is a Redis to hear it of."""
    store = endpoint_of(client).trusted.store
    async with asyncio.timeout(30):
        while store._hears is not hears:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("redis", ["there", "away"])
async def test_registered_and_retired_at_once_on_every_process(  # noqa: PLR0917
    url: str,
    redis_url: str,
    database: Database,
    tmp_path: Path,
    redis: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Who hears is told at once: before it looks by itself, this test is over. Who is alone looks
    # often enough to know within a second.
    monkeypatch.setattr("gateway.document_store.LOOK_HEARING", timedelta(hours=1))
    assert timedelta(seconds=0.5) >= LOOK_ALONE
    text = f"query At{redis} {{ viewer {{ displayName }} }}"
    (document,) = manifest(tmp_path, [text])
    body = {"documentId": document.id}
    where = redis_url if redis == "there" else "redis://127.0.0.1:1/0"
    async with (
        running(url, where) as first,
        running(url, where) as second,
        from_url(redis_url) as shared,
    ):
        await until_ready(first)
        await until_ready(second)
        for each in (first, second):
            await until_it_listens(each, hears=redis == "there")
        unknown = [(await each.post(body, headers=GRAPHQL)).codes for each in (first, second)]
        await register(database, "page", Role.PUBLIC, [document])
        await announce(shared)
        for each in (first, second):
            await until_heard(each, body, [])
        async with connected(url) as connection:
            row = await connection.fetchval(
                "select id from trusted_documents where document_id = $1", document.id
            )
            today = await connection.fetchval("select current_date")
        await retire(database, "page", {row: document.id}, today=today)
        await announce(shared)
        for each in (first, second):
            await until_heard(each, body, ["PERSISTED_QUERY_NOT_FOUND"])

    assert unknown == [["PERSISTED_QUERY_NOT_FOUND"]] * 2


async def test_alias_of_a_manifest_is_an_id(
    client: Client, database: Database, tmp_path: Path
) -> None:
    await register(
        database, "page", Role.PUBLIC, read_manifest(json_file(tmp_path, {"Region.v1": NAME}))
    )
    await endpoint_of(client).trusted.store.refresh()
    answer = await client.post({"doc_id": "Region.v1", "variables": CODE}, headers=GRAPHQL)

    assert answer.good == YUBEI


async def test_process_that_knows_no_documents_yet_says_so(redis_url: str) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    async with running(nowhere, redis_url) as made:
        ready = await made.http.get("/readyz")
        answer = await made.post({"documentId": "a"}, headers=GRAPHQL)

    assert ready.status_code == 503
    assert ready.json()["documents"] == "loading"
    assert (answer.status, answer.codes) == (503, ["SERVICE_UNAVAILABLE"])
    assert answer.response.headers["retry-after"] == "1"
