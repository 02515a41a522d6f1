"""GraphQL over HTTP: forms, media types, status codes, and the limits before anything runs."""

import json
import logging
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from gateway.settings import Limits, Mode, Settings
from tests.api.client import Client, running
from tests.api.people_world import account

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
WHO = "{ viewer { role } }"
GOOD = {"data": {"viewer": {"role": "PUBLIC"}}}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.5", JSON),
        (f"{GRAPHQL};q=0, {JSON}", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("application/json; charset=utf-8", JSON),
    ],
)
async def test_answer_comes_in_a_type_the_client_takes(
    people: Client, accept: str | None, media_type: str
) -> None:
    answer = await people.post({"query": WHO}, headers={"accept": accept} if accept else {})

    assert answer.status == 200
    assert answer.response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.response.headers["cache-control"] == "no-store"
    assert answer.body == GOOD


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{JSON};q=0", "text/html"])
async def test_client_that_takes_nothing_of_ours_is_refused(people: Client, accept: str) -> None:
    answer = await people.post({"query": WHO}, headers={"accept": accept})

    assert answer.status == 406
    assert answer.codes == ["REQUEST_INVALID"]
    assert "data" not in answer.body


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "graphql"],
)
async def test_body_of_another_type_is_refused(people: Client, content_type: str) -> None:
    answer = await people.send(
        "POST", content=json.dumps({"query": WHO}), headers={"content-type": content_type}
    )

    assert answer.status == 415
    assert answer.codes == ["REQUEST_INVALID"]


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_body_of_json_is_taken_however_it_is_written(
    people: Client, content_type: str
) -> None:
    answer = await people.send(
        "POST", content=json.dumps({"query": WHO}), headers={"content-type": content_type}
    )

    assert answer.body == GOOD


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"nonsense", b"\xff\xfe", b'{"query": "{ viewer { role } }"', b"[" * 100_000),
        *(b"null", b"1", b'"{ viewer { role } }"', b"[]", b'[{"query": "{ viewer { role } }"}]'),
        *(b"{}", b'{"query": null}', b'{"query": 1}', b'{"query": ["{ viewer { role } }"]}'),
        b'{"query": "{ viewer { role } }", "variables": []}',
        b'{"query": "{ viewer { role } }", "variables": "{}"}',
        b'{"query": "{ viewer { role } }", "variables": 0}',
        b'{"query": "{ viewer { role } }", "extensions": "x"}',
        b'{"query": "{ viewer { role } }", "operationName": 1}',
        b'{"query": "{ viewer { role } }", "operationName": {}}',
        b'{"query": "{ viewer { role } }", "variables": {"x": NaN}}',
        b'{"query": "{ viewer { role } }", "variables": {"x": Infinity}}',
        b'{"query": "{ viewer { role } }", "variables": {"x": ' + b"1" * 5_000 + b"}}",
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_body_that_is_no_request_is_refused(people: Client, accept: str, body: bytes) -> None:
    answer = await people.send("POST", content=body, headers={"accept": accept})

    assert answer.status == 400
    assert answer.codes == ["REQUEST_INVALID"]
    assert list(answer.body) == ["errors"]
    assert answer.response.headers["content-type"].startswith(accept)


@pytest.mark.parametrize(
    "rest",
    [
        {"variables": None, "operationName": None, "extensions": None},
        {"operationName": ""},
        {"x": 1},
    ],
)
async def test_members_that_say_nothing_are_let_pass(people: Client, rest: dict[str, Any]) -> None:
    assert (await people.post({"query": WHO, **rest})).body == GOOD


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "DOCUMENT_INVALID"),
        ("{", "DOCUMENT_INVALID"),
        ("{ }", "DOCUMENT_INVALID"),
        ("{ nothing }", "DOCUMENT_INVALID"),
        ("query ($a: Nothing) { viewer { role } }", "DOCUMENT_INVALID"),
        ("fragment F on Query { viewer { role } }", "DOCUMENT_INVALID"),
        ("subscription { nothing }", "DOCUMENT_INVALID"),
        ("query A { viewer { role } } query B { viewer { role } }", "REQUEST_INVALID"),
        ("query ($id: ID!) { node(id: $id) { id } }", "VARIABLES_INVALID"),
        ("\ufeff\u0000", "DOCUMENT_INVALID"),
    ],
)
async def test_document_that_cannot_run_is_a_request_error(
    people: Client, query: str, code: str
) -> None:
    new = await people.post({"query": query}, headers={"accept": GRAPHQL})
    old = await people.post({"query": query}, headers={"accept": JSON})

    assert (new.status, old.status) == (400, 200)
    assert list(new.body) == ["errors"]
    assert new.body == old.body
    assert set(new.codes) == {code}


async def test_operation_is_chosen_by_its_name(people: Client) -> None:
    both = "query A { viewer { role } } query B { a: viewer { role } }"

    chosen = await people.ask(both, operation="B")
    unknown = await people.ask(both, operation="C")

    assert chosen.good == {"a": {"role": "PUBLIC"}}
    assert (unknown.status, unknown.codes) == (400, ["REQUEST_INVALID"])
    assert "data" not in unknown.body


async def test_query_is_read_from_the_address(people: Client) -> None:
    answer = await people.send(
        "GET",
        params={
            "query": "query N($id: ID!) { node(id: $id) { id } }",
            "variables": '{"id": "VGVhbToy"}',
            "operationName": "N",
        },
    )

    assert answer.status == 200
    assert answer.body == {"data": {"node": None}}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"query": WHO, "variables": "nonsense"},
        {"query": WHO, "variables": "[]"},
        {"query": WHO, "extensions": "1"},
        {"variables": "{}"},
    ],
)
async def test_address_that_is_no_request_is_refused(
    people: Client, params: dict[str, str]
) -> None:
    answer = await people.send("GET", params=params, headers={"accept": GRAPHQL})

    assert (answer.status, answer.codes) == (400, ["REQUEST_INVALID"])


async def test_mutation_by_get_is_refused_and_not_run(people: Client) -> None:
    document = 'mutation { updateProfile(input: {nickname: "明明"}) { volunteer { nickname } } }'
    token = {"authorization": f"Bearer {people.token(account('li'))}"}

    answer = await people.send("GET", params={"query": document}, headers=token)

    assert answer.status == 405
    assert answer.response.headers["allow"] == "POST"
    assert answer.codes == ["REQUEST_INVALID"]
    assert "data" not in answer.body
    after = await people.ask("{ viewer { volunteer { nickname } } }", viewer=account("li"))
    assert after.good == {"viewer": {"volunteer": {"nickname": None}}}


async def test_operation_named_by_get_decides_whether_it_is_a_mutation(people: Client) -> None:
    document = (
        "query Q { viewer { role } }"
        ' mutation M { signOut(input: {refreshToken: "x"}) { signedOut } }'
    )

    read = await people.send("GET", params={"query": document, "operationName": "Q"})
    write = await people.send("GET", params={"query": document, "operationName": "M"})

    assert read.body == GOOD
    assert write.status == 405


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(people: Client, method: str) -> None:
    response = await people.http.request(method, "/graphql")

    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


async def test_head_answers_as_get_would(people: Client) -> None:
    response = await people.http.head("/graphql?" + urlencode({"query": WHO}))

    assert response.status_code == 200


async def test_request_id_is_kept_or_made(people: Client) -> None:
    kept = await people.post({"query": WHO}, headers={"x-request-id": "balancer-0001"})
    replaced = await people.post({"query": WHO}, headers={"x-request-id": "a b; drop"})
    refused = await people.post([], headers={"x-request-id": "balancer-0002"})

    assert kept.response.headers["x-request-id"] == "balancer-0001"
    assert re.fullmatch("[0-9a-f]{16}", replaced.response.headers["x-request-id"])
    assert refused.response.headers["x-request-id"] == "balancer-0002"


LIMITS = Limits(document_bytes=2_000, variables_bytes=3_000, document_tokens=200, depth=5)


@pytest.fixture
def limited(people_url: str, redis_url: str) -> Any:
    return running(people_url, redis_url, Settings(limits=LIMITS))


async def test_body_longer_than_it_may_be_is_refused(limited: Any) -> None:
    most = LIMITS.document_bytes + LIMITS.variables_bytes + 16 * 1024
    body = json.dumps({"query": WHO}).encode()

    def chunks() -> Iterator[bytes]:
        yield from (b" " * 1_000 for _ in range(most // 1_000 + 1))

    async def chunked() -> Any:
        for chunk in chunks():
            yield chunk

    async with limited as client:
        longest = await client.send("POST", content=body.ljust(most))
        longer = await client.send("POST", content=body.ljust(most + 1))
        endless = await client.send("POST", content=chunked())
        lying = await client.send("POST", content=chunked(), headers={"content-length": "10"})

    assert longest.body == GOOD
    for answer in (longer, endless, lying):
        assert (answer.status, answer.codes) == (413, ["REQUEST_INVALID"])


async def test_document_variables_tokens_and_depth_have_bounds(limited: Any) -> None:
    deep = '{ hub(regionCode: "50") ' + "{ contactTeam " * 4 + "{ id }" + " }" * 5
    cases = {
        "documentBytes": {"query": WHO.ljust(2_001)},
        "variablesBytes": {"query": WHO, "variables": {"x": "x" * 3_000}},
        "documentTokens": {"query": "{" + " a: viewer { role }" * 34 + "}"},
        "depth": {"query": deep},
    }
    async with limited as client:
        answers = {name: await client.post(body) for name, body in cases.items()}
        big = json.dumps({"query": WHO, "variables": {"x": 2**70, "y": "\ud800" * 600}})
        unusual = await client.send("POST", content=big.encode())
        fits = await client.post({"query": WHO.ljust(2_000), "variables": {"x": "x" * 2_900}})
        shallow = await client.post({"query": deep.replace("{ contactTeam ", "", 1)[:-2]})

    for limit, answer in answers.items():
        assert answer.status == 400
        assert answer.errors[0]["extensions"] == {"code": "LIMIT_EXCEEDED", "limit": limit}
        assert list(answer.body) == ["errors"]
    assert unusual.errors[0]["extensions"]["limit"] == "variablesBytes"
    assert fits.body == GOOD
    assert shallow.status == 200
    assert "data" in shallow.body


def bomb(width: int, depth: int, *, nested: bool) -> str:
    """Fragments that spread each other ``width`` times, ``depth`` levels down."""
    if nested:
        fields = " ".join(f"a{n}: contactTeam {{ ...F@ }}" for n in range(width))
        head = 'query { hub(regionCode: "500112001001") { ...F0 } }'
        kind = "Team"
    else:
        fields = "...F@ " * width
        head, kind = "query { ...F0 }", "Query"
    fragments = [
        f"fragment F{n} on {kind} {{ {fields.replace('@', str(n + 1))} }}" for n in range(depth)
    ]
    last = "id" if nested else "viewer { role }"
    return " ".join([head, *fragments, f"fragment F{depth} on {kind} {{ {last} }}"])


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (bomb(2, 30, nested=False), None),
        (bomb(2, 30, nested=True), "LIMIT_EXCEEDED"),
        ("query { ...F } fragment F on Query { ...F }", "DOCUMENT_INVALID"),
        ("{" * 3_000, "DOCUMENT_INVALID"),
        ("{ viewer " * 1_300, "DOCUMENT_INVALID"),
        ("query { " + "[" * 3_000 + " }", "DOCUMENT_INVALID"),
        ("query { node(id: " + "[" * 3_000 + "]" * 900 + ") { id } }", "DOCUMENT_INVALID"),
        (
            "query ($a: " + "[" * 1_900 + "ID" + "]" * 1_900 + ") { viewer { role } }",
            "DOCUMENT_INVALID",
        ),
        ("{ viewer " * 100 + "{ role }" + " }" * 100, "LIMIT_EXCEEDED"),
        ("{ viewer " * 1_000 + "{ role }" + " }" * 1_000, "DOCUMENT_INVALID"),
    ],
    ids=[
        *("2^30 spreads", "2^30 fields", "cycle", "braces", "open", "brackets"),
        *("list", "list type", "depth", "depth beyond the parser"),
    ],
)
async def test_document_that_grows_when_it_is_read_is_dealt_with_at_once(
    people: Client, document: str, code: str | None
) -> None:
    started = time.process_time()  # of this process, which serves it, whoever else is busy
    answer = await people.ask(document)
    took = time.process_time() - started

    assert took < 1
    if code is None:
        assert answer.body == GOOD
    else:
        assert answer.codes[0] == code
        assert "data" not in answer.body


async def test_introspection_in_production_is_for_developers(
    people_url: str, redis_url: str
) -> None:
    document = "{ __schema { queryType { name } } viewer { role __typename } }"
    plain = "{ viewer { __typename } }"
    async with running(people_url, redis_url, Settings(mode=Mode.PRODUCTION)) as client:
        refused = await client.ask(document, viewer=account("yubei"))
        named = await client.ask(plain, viewer=account("yubei"))
        shown = await client.ask(document, viewer=account("developer"))
        again = await client.ask(document, viewer=account("yubei"))

    assert refused.body == again.body
    assert set(refused.codes) == {"DOCUMENT_INVALID"}
    assert "data" not in refused.body
    assert named.good == {"viewer": {"__typename": "Viewer"}}
    assert shown.good["__schema"] == {"queryType": {"name": "Query"}}


async def test_department_on_loopback_is_refused_in_production(
    people_url: str, redis_url: str
) -> None:
    async with running(people_url, redis_url, Settings(mode=Mode.PRODUCTION)) as client:
        here = await client.ask(WHO, viewer=account("mca_city"), host="localhost")
        there = await client.ask(WHO, viewer=account("mca_city"))

    assert (here.status, here.codes) == (403, ["CAPACITY_NOT_HELD"])
    assert there.good == {"viewer": {"role": "DEPARTMENT"}}


async def test_requests_log_no_document_and_no_token(
    people: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await people.ask(
            "query Secretive($id: ID!) { node(id: $id) { id } }",
            {"id": "VGVhbToxMjM0NQ"},
            viewer=account("li"),
        )

    assert answer.good == {"node": None}
    logged = "\n".join(str(vars(record)) for record in caplog.records if record.name != "httpx")
    assert "Secretive" not in logged
    assert "VGVhbToxMjM0NQ" not in logged
    assert people.token(account("li"))[:40] not in logged
