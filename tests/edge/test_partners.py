"""A partner's story over HTTP, and every way in which it is stopped."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio
from redis.asyncio import from_url

from db.clock import CHINA
from db.enums import PartnerStatus
from db.session import Database
from gateway.document_store import announce
from gateway.registration import set_sunset
from permissions.viewer import Role
from resolvers.partners import (
    OPERATOR,
    NewPartner,
    Pace,
    create_partner,
    issue_key,
    revoke_key,
    set_status,
)
from tests.api.client import Answer, Client, running
from tests.api.people_world import prepare_people
from tests.edge.documents_world import manifest, register
from tests.edge.test_documents_requests import until_heard, until_it_listens, until_ready
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEAMS = """query Teams($n: Int) {
  teams(first: $n) { totalCount nodes { name region { name } } }
}"""
REGION = 'query Region { region(code: "500112") { name } }'
GRAPHQL = {"accept": "application/graphql-response+json"}
WIDE = Pace(
    requests_per_minute=1_000, requests_per_day=10_000, cost_per_minute=100_000, cost_per_day=10**6
)
NOW = datetime.now(UTC)
NOON = NOW.astimezone(CHINA).replace(hour=12)
"""What the processes take for the moment, so that no midnight comes in between."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner with a key and two documents."""

    id: int
    name: str
    key: str
    key_id: int
    teams: str
    region: str

    @property
    def headers(self) -> Mapping[str, str]:
        return {**GRAPHQL, "authorization": f"Bearer {self.key}"}


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
def seldom() -> Iterator[None]:
    """No process looks by itself for what was announced while these tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.document_store.LOOK_HEARING", timedelta(hours=1))
        yield


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with from_url(redis_url) as shared:
        await shared.flushdb()
    async with running(url, redis_url, clock=lambda: NOON) as made:
        await until_ready(made)
        await until_it_listens(made, hears=True)
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def other(url: str, redis_url: str) -> AsyncIterator[Client]:
    """Another process of the same station."""
    async with running(url, redis_url, clock=lambda: NOON) as made:
        await until_ready(made)
        await until_it_listens(made, hears=True)
        yield made


async def partner_of(  # noqa: PLR0917
    database: Database, client: Client, redis_url: str, folder: Path, name: str, pace: Pace = WIDE
) -> Partner:
    new = NewPartner(name=name, region_code="500112000000", contact="甲", pace=pace)
    outcome = await create_partner(database, OPERATOR, new)
    assert outcome.errors == ()
    assert outcome.subject_id
    key = await issue_key(database, OPERATOR, outcome.subject_id, now=NOW)
    assert key.secret
    assert key.outcome.subject_id
    documents = manifest(folder, [TEAMS, REGION])
    await register(database, name, Role.PARTNER, documents, most_cost=pace.cost_per_minute)
    async with from_url(redis_url) as shared:
        await announce(shared)
    made = Partner(
        outcome.subject_id,
        name,
        key.secret,
        key.outcome.subject_id,
        documents[0].id,
        documents[1].id,
    )
    await heard(client, made)
    return made


async def heard(client: Client, partner: Partner) -> None:
    """Waits until a process knows the partner's documents; an unknown operation costs nothing."""
    body = {"documentId": partner.teams, "operationName": "None"}
    async with asyncio.timeout(30):
        while (await client.post(body, headers=partner.headers)).codes != ["REQUEST_INVALID"]:
            await asyncio.sleep(0.02)


async def get(
    client: Client, partner: Partner, document: str, *, tag: str | None = None, **variables: Any
) -> Answer:
    headers = {**partner.headers, **({"if-none-match": tag} if tag else {})}
    parameters = {"documentId": document}
    if variables:
        parameters["variables"] = orjson.dumps(variables).decode()
    return await client.send("GET", params=parameters, headers=headers)


async def test_partners_story(
    client: Client, other: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    partner = await partner_of(database, client, redis_url, tmp_path, "story")
    await heard(other, partner)

    # By POST it gets the teams of its region and nothing else, and is told what it cost.
    posted = await client.post(
        {"documentId": partner.teams, "variables": {"n": 10}}, headers=partner.headers
    )
    names = {team["region"]["name"] for team in posted.good["teams"]["nodes"]}
    assert names == {"渝北区", "双凤桥街道", "长空社区"}
    assert posted.body["extensions"]["cost"]["estimated"] == 1 + 2 + 10 * (1 + 1 + 1)
    assert posted.body["extensions"]["cost"]["remaining"]["requestsPerMinute"] == 999

    # By GET it may keep the answer, and is not sent it again.
    got = await get(client, partner, partner.teams, n=10)
    assert got.good == posted.good
    again = await get(client, partner, partner.teams, tag=got.response.headers["etag"], n=10)
    assert (again.status, again.response.content) == (304, b"")
    assert got.response.headers["cache-control"].startswith("private")

    # A plain query is refused, whatever it asks.
    plain = await client.post({"query": "{ viewer { role } }"}, headers=partner.headers)
    assert (plain.status, plain.codes) == (403, ["PERSISTED_QUERY_ID_REQUIRED"])

    # The key is changed: for a while both are good.
    newer = await issue_key(database, OPERATOR, partner.id, now=NOW)
    second = Partner(*(partner.id, partner.name, newer.secret or "", 0), partner.teams, "")
    assert (await get(client, partner, partner.teams)).status == 200
    assert (await get(client, second, partner.teams)).status == 200
    await revoke_key(database, OPERATOR, partner.key_id)
    for process in (client, other):
        old = await get(process, partner, partner.teams)
        assert (old.status, old.codes) == (401, ["PARTNER_KEY_INVALID"])
        assert (await get(process, second, partner.teams)).status == 200

    # A document is to end: each answer says when.
    today = NOON.date()
    await sunset(database, redis_url, partner, today)
    last = await until_header(client, second, partner.teams, "sunset")
    assert last == f"{today:%a, %d %b %Y} 15:59:59 GMT"
    await sunset(database, redis_url, partner, today - timedelta(days=1))
    body = {"documentId": partner.teams}
    await until_heard(authorised(client, second), body, ["DOCUMENT_SUNSET"])
    assert (await get(client, second, partner.teams)).status == 410

    # It is stopped: the very next request of every process knows.
    await set_status(database, OPERATOR, partner.id, PartnerStatus.SUSPENDED)
    for process in (client, other):
        stopped = await get(process, second, partner.region)
        assert (stopped.status, stopped.codes) == (403, ["PARTNER_SUSPENDED"])


class authorised:  # noqa: N801 - reads as a word where it is used
    """A client that sends a partner's key with every request."""

    def __init__(self, client: Client, partner: Partner) -> None:
        self._client, self._partner = client, partner

    async def post(self, body: Any, *, headers: Mapping[str, str]) -> Answer:
        return await self._client.post(body, headers={**headers, **self._partner.headers})


async def sunset(database: Database, redis_url: str, partner: Partner, on: date) -> None:
    async with connected(database.url) as connection:
        row = await connection.fetchval(
            "select d.id from trusted_documents d join document_clients c on c.id = d.client_id"
            " where c.partner_id = $1 and d.document_id = $2",
            partner.id,
            partner.teams,
        )
    await set_sunset(database, partner.name, {row: partner.teams}, on)
    async with from_url(redis_url) as shared:
        await announce(shared)


async def until_header(client: Client, partner: Partner, document: str, name: str) -> str:
    async with asyncio.timeout(30):
        while True:
            answer = await get(client, partner, document)
            if name in answer.response.headers:
                return str(answer.response.headers[name])
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("pace", "limit", "good"),
    [
        (Pace(**{**asdict(WIDE), "requests_per_minute": 3}), "requestsPerMinute", 3),
        (Pace(**{**asdict(WIDE), "requests_per_day": 2}), "requestsPerDay", 2),
        (Pace(**{**asdict(WIDE), "cost_per_minute": 70}), "costPerMinute", 2),
        (Pace(**{**asdict(WIDE), "cost_per_day": 70}), "costPerDay", 2),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("redis", ["there", "away"])
async def test_contract_used_up_answers_429(  # noqa: PLR0917
    client: Client,
    database: Database,
    redis_url: str,
    tmp_path: Path,
    pace: Pace,
    limit: str,
    good: int,
    redis: str,
) -> None:
    partner = await partner_of(
        database, client, redis_url, tmp_path, f"{limit.lower()}-{redis}", pace
    )
    transport: Any = client.http._transport
    budgets = transport.app.routes[0].endpoint.__self__.charges.budgets
    shared = budgets.redis
    if redis == "away":
        budgets.redis, budgets._script = from_url("redis://127.0.0.1:1/0"), None
    try:
        answers = [await get(client, partner, partner.teams, n=10) for _ in range(good + 1)]
    finally:
        budgets.redis, budgets._script, budgets._away_until = shared, None, 0.0

    assert [each.status for each in answers] == [200] * good + [429]
    (error,) = answers[-1].errors
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["limit"] == limit
    assert int(answers[-1].response.headers["retry-after"]) == error["extensions"]["retryAfter"] > 0
    assert answers[-1].response.headers["cache-control"] == "no-store"


async def test_budget_is_shared_by_all_processes(
    client: Client, other: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    pace = Pace(**{**asdict(WIDE), "requests_per_day": 4})
    partner = await partner_of(database, client, redis_url, tmp_path, "shared-budget", pace)
    await heard(other, partner)

    answers = [
        await get(process, partner, partner.region) for _ in range(3) for process in (client, other)
    ]

    assert [each.status for each in answers] == [200] * 4 + [429] * 2


async def test_request_dearer_than_the_contract_is_refused_for_good(
    client: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    pace = Pace(**{**asdict(WIDE), "cost_per_minute": 70})
    partner = await partner_of(database, client, redis_url, tmp_path, "dear", pace)

    answer = await get(client, partner, partner.teams, n=50)

    assert (answer.status, answer.codes) == (400, ["LIMIT_EXCEEDED"])
    assert answer.errors[0]["extensions"]["limit"] == "cost"


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("vgk_", 401, "PARTNER_KEY_INVALID"),
        ("vgk_" + "a" * 43, 401, "PARTNER_KEY_INVALID"),
        ("vgk_" + "\xe9" * 8, 401, "PARTNER_KEY_INVALID"),
        ("VGK_" + "a" * 43, 401, "UNAUTHENTICATED"),
    ],
)
async def test_wrong_key_is_named(client: Client, key: str, status: int, code: str) -> None:
    headers = {**GRAPHQL, "authorization": f"Bearer {key}".encode("latin-1")}
    response = await client.http.post("/graphql", json={"documentId": "a"}, headers=headers)  # type: ignore[arg-type]

    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == code


async def test_expired_key_is_named(
    client: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    partner = await partner_of(database, client, redis_url, tmp_path, "expiring")
    async with connected(database.url) as connection:
        await connection.execute("update partner_keys set expires_at = now() - interval '1 second'")

    answer = await get(client, partner, partner.region)

    assert (answer.status, answer.codes) == (401, ["PARTNER_KEY_EXPIRED"])


async def test_partner_cannot_act_as_another_or_use_anothers_document(
    client: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = await partner_of(database, client, redis_url, tmp_path / "a", "first")
    text = manifest(tmp_path / "b", ["query Own { viewer { role } }"])
    await create_partner(
        database,
        OPERATOR,
        NewPartner(name="second", region_code="500112000000", contact="乙", pace=WIDE),
    )
    await register(database, "second", Role.PARTNER, text)

    posing = await client.post(
        {"documentId": text[0].id},
        headers={**first.headers, "graphql-client-name": "second"},
    )
    acting = await client.post(
        {"documentId": first.region}, headers={**first.headers, "x-acting-as": "volunteer"}
    )

    assert posing.codes == ["PERSISTED_QUERY_NOT_FOUND"]
    assert (acting.status, acting.codes) == (403, ["CAPACITY_NOT_HELD"])


async def test_key_is_stored_as_a_hash_only(
    client: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    partner = await partner_of(database, client, redis_url, tmp_path, "hashed")

    async with connected(database.url) as connection:
        rows = await connection.fetch("select t::text from partner_keys t")
        audited = await connection.fetch("select t::text from audit_log t")

    assert rows
    assert audited
    assert not any(partner.key in row[0] for row in (*rows, *audited))


async def test_usage_is_counted_by_document_and_day(
    client: Client, database: Database, redis_url: str, tmp_path: Path
) -> None:
    partner = await partner_of(database, client, redis_url, tmp_path, "counted")
    for n in (1, 2):
        await get(client, partner, partner.teams, n=n)
    transport: Any = client.http._transport
    await transport.app.routes[0].endpoint.__self__.charges.uses.flush()

    async with connected(database.url) as connection:
        rows = await connection.fetch(
            "select day, requests, cost from document_usage u join trusted_documents d"
            " on d.id = u.document_id join document_clients c on c.id = d.client_id"
            " where c.name = 'counted'"
        )

    assert [tuple(row) for row in rows] == [(NOON.date(), 2, (3 + 3) + (3 + 6))]
