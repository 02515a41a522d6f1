"""Partners as a department makes and stops them, and as they read their own contract."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import from_url

from db.session import Database
from gateway.document_store import announce
from permissions.viewer import Role
from tests.api.client import Answer, Client, running
from tests.api.people_world import id_of, prepare_people
from tests.edge.documents_world import manifest, register
from tests.edge.test_documents_requests import until_ready
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

CREATE = """mutation Create($input: CreatePartnerInput!) {
  createPartner(input: $input) {
    partner {
      id name status contact region { name } pace { requestsPerMinute costPerDay } keys { id }
    }
    userErrors { code field }
  }
}"""
ISSUE = """mutation Issue($input: IssuePartnerKeyInput!) {
  issuePartnerKey(input: $input) { key userErrors { code field } }
}"""
REVOKE = """mutation Revoke($input: RevokePartnerKeyInput!) {
  revokePartnerKey(input: $input) {
    partner { keys { hint revokedAt } } userErrors { code field }
  }
}"""
SUSPEND = """mutation Suspend($input: PartnerInput!) {
  suspendPartner(input: $input) { partner { status } userErrors { code field } }
}"""
RESUME = SUSPEND.replace("suspendPartner", "resumePartner")
LIST = "{ partners { name keys { hint } documents { operations requests } } }"
OWN = """query Own { partner {
  name status region { name } pace { requestsPerMinute }
  remaining { requestsPerMinute requestsPerDay costPerMinute costPerDay }
  documents { documentId operations sunsetOn requests cost } keys { hint expiresAt }
} }"""
YUBEI = {"name": "sheng", "regionCode": "500112", "contact": "甲"}


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with from_url(redis_url) as shared:
        await shared.flushdb()
    async with running(url, redis_url) as made:
        await until_ready(made)
        yield made


async def by_department(
    client: Client, document: str, region: str = "yubei", **given: Any
) -> Answer:
    code = {"yubei": "500112000000", "jiangbei": "500105000000"}[region]
    return await client.ask(
        document,
        {"input": given} if given else None,
        viewer=id_of("Account", f"mca_{region}"),
        acting_as=f"department:{code}",
    )


async def create(client: Client, **given: Any) -> Any:
    return (await by_department(client, CREATE, **{**YUBEI, **given})).good["createPartner"]


async def test_department_makes_a_partner_with_keys_and_stops_it(client: Client, url: str) -> None:
    made = await create(client)
    partner = made["partner"]
    issued = (await by_department(client, ISSUE, partnerId=partner["id"])).good["issuePartnerKey"]
    key = issued["key"]
    headers = {"authorization": f"Bearer {key}"}
    asked = await client.post({"documentId": "a"}, headers=headers)
    stopped = await by_department(client, SUSPEND, partnerId=partner["id"])
    refused = await client.post({"documentId": "a"}, headers=headers)
    resumed = await by_department(client, RESUME, partnerId=partner["id"])
    again = await client.post({"documentId": "a"}, headers=headers)

    assert made["userErrors"] == []
    assert {**partner, "id": ""} == {
        "id": "",
        "name": "sheng",
        "status": "ACTIVE",
        "contact": "甲",
        "region": {"name": "渝北区"},
        "pace": {"requestsPerMinute": 600, "costPerDay": 10_000_000},
        "keys": [],
    }
    assert key.startswith("vgk_")
    assert asked.codes == ["PERSISTED_QUERY_NOT_FOUND"]
    assert stopped.good["suspendPartner"]["partner"] == {"status": "SUSPENDED"}
    assert (refused.status, refused.codes) == (403, ["PARTNER_SUSPENDED"])
    assert resumed.good["resumePartner"]["partner"] == {"status": "ACTIVE"}
    assert again.codes == ["PERSISTED_QUERY_NOT_FOUND"]
    async with connected(url) as connection:
        rows = await connection.fetch(
            "select action, because from audit_log where subject_type = 'Partner' order by id"
        )
    assert [tuple(row) for row in rows] == [
        ("partner.created", "department of the region"),
        ("partner.key_issued", "department of the region"),
        ("partner.suspended", "department of the region"),
        ("partner.resumed", "department of the region"),
    ]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"name": "A b"}, [("INVALID", "name")]),
        ({"name": "x", "contact": " "}, [("INVALID", "name"), ("INVALID", "contact")]),
        ({"requestsPerMinute": 0}, [("INVALID", "requestsPerMinute")]),
        ({"name": "other", "regionCode": "500105"}, [("NOT_FOUND", "regionCode")]),
        ({"name": "other", "regionCode": "999999"}, [("NOT_FOUND", "regionCode")]),
    ],
)
async def test_wrong_partner_is_refused(
    client: Client, url: str, given: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    async with connected(url) as connection:
        before = await connection.fetchval("select count(*) from partners")
        made = await create(client, **given)
        after = await connection.fetchval("select count(*) from partners")

    assert made["partner"] is None
    assert [(each["code"], each["field"]) for each in made["userErrors"]] == errors
    assert after == before


async def test_name_is_given_once_and_a_repeat_makes_nothing_new(client: Client) -> None:
    first = await create(client, name="once", idempotencyKey="k1")
    repeat = await create(client, name="once", idempotencyKey="k1")
    other = await create(client, name="once")

    assert repeat == first
    assert other["userErrors"] == [{"code": "NAME_TAKEN", "field": "name"}]


async def test_another_regions_department_finds_no_such_partner(client: Client) -> None:
    made = (await create(client, name="hidden"))["partner"]
    missing = {"code": "NOT_FOUND", "field": "partnerId"}

    for document, name in ((ISSUE, "issuePartnerKey"), (SUSPEND, "suspendPartner")):
        answer = await by_department(client, document, "jiangbei", partnerId=made["id"])
        assert answer.good[name]["userErrors"] == [missing]
    listed = await by_department(client, LIST, "jiangbei")
    assert listed.good == {"partners": []}
    own = await by_department(client, LIST)
    assert "hidden" in {each["name"] for each in own.good["partners"]}


async def test_keys_are_revoked_one_by_one(client: Client) -> None:
    partner = (await create(client, name="keys"))["partner"]
    keys = [
        (await by_department(client, ISSUE, partnerId=partner["id"])).good["issuePartnerKey"]["key"]
        for _ in range(2)
    ]
    listed = await by_department(client, "{ partners { name keys { id hint } } }")
    held = next(each["keys"] for each in listed.good["partners"] if each["name"] == "keys")

    revoked = await by_department(client, REVOKE, keyId=held[0]["id"])
    stranger = await by_department(client, REVOKE, "jiangbei", keyId=held[1]["id"])

    states = [
        bool(each["revokedAt"]) for each in revoked.good["revokePartnerKey"]["partner"]["keys"]
    ]
    assert [each["hint"] for each in held] == [key[-4:] for key in keys]
    assert states == [True, False]
    assert stranger.good["revokePartnerKey"]["userErrors"] == [
        {"code": "NOT_FOUND", "field": "keyId"}
    ]


@pytest.mark.parametrize("days", [-1, 5_000])
async def test_key_that_ends_senselessly_is_refused(client: Client, days: int) -> None:
    partner = (await create(client, name=f"ends{days % 7}"))["partner"]
    ends = (datetime.now(UTC) + timedelta(days=days)).isoformat()

    answer = await by_department(client, ISSUE, partnerId=partner["id"], expiresAt=ends)

    assert answer.good["issuePartnerKey"] == {
        "key": None,
        "userErrors": [{"code": "INVALID", "field": "expiresAt"}],
    }


async def test_partner_reads_its_own_contract_and_what_is_left(
    client: Client, url: str, redis_url: str, tmp_path: Path
) -> None:
    partner = (await create(client, name="reader", requestsPerMinute=50))["partner"]
    key = (await by_department(client, ISSUE, partnerId=partner["id"])).good["issuePartnerKey"]
    (document,) = manifest(tmp_path, [OWN])
    async with Database(url) as database, from_url(redis_url) as shared:
        await register(database, "reader", Role.PARTNER, [document])
        await announce(shared)
    headers = {"authorization": f"Bearer {key['key']}"}
    async with asyncio.timeout(30):
        while (answer := await client.post({"documentId": document.id}, headers=headers)).codes:
            await asyncio.sleep(0.02)

    own = answer.good["partner"]
    assert (own["name"], own["status"], own["region"]) == ("reader", "ACTIVE", {"name": "渝北区"})
    assert own["pace"] == {"requestsPerMinute": 50}
    assert own["remaining"]["requestsPerMinute"] == 49
    assert own["remaining"]["costPerDay"] < 10_000_000
    assert own["documents"] == [
        {
            "documentId": document.id,
            "operations": ["Own"],
            "sunsetOn": None,
            "requests": 0,
            "cost": 0,
        }
    ]
    assert own["keys"] == [{"hint": key["key"][-4:], "expiresAt": None}]
