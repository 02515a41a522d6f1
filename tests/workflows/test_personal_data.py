"""After the walk, and what went wrong beside it: where personal data may lie, and where not.

ID numbers and passwords lie nowhere in the plain; phones lie in the rows that they belong to. All
else is searched: logs, answers to errors, cursors, every command to Redis, every column.
"""

import asyncio
import base64
import io
import logging
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from db.models import Base
from gateway.background import end
from gateway.logs import JsonLines
from tests.small_world import connected
from tests.workflows.tutorial import HERE, Reader, Step, Tutorial, read_tutorial, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANGED_MOBILE = "13987654321"
WRONG_PASSWORD = "Falsches-Kennwort-99"
WRONG_NUMBER = "500112199001010018"
# The rows that a phone belongs to.
PHONES = {
    ("volunteers", "mobile"),
    ("teams", "principal_mobile"),
    ("teams", "contact_mobile"),
    ("projects", "contact_mobile"),
}
CURSOR = re.compile(r'"(?:cursor|endCursor|startCursor)": ?"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Secrets:
    """What was used in the walk and beside it."""

    numbers: frozenset[str]
    phones: frozenset[str]
    passwords: frozenset[str]

    def found_in(self, text: str, *, phones_belong: bool = False) -> set[str]:
        """What of it stands in a text, in the plain, in another case or in base64."""
        wanted = self.numbers | self.passwords | (frozenset() if phones_belong else self.phones)
        return {
            each
            for each in wanted
            if each in text
            or each.lower() in text
            or base64.b64encode(each.encode()).decode().rstrip("=") in text
        }


@dataclass(slots=True)
class Traces:
    """What the walk left, beside the database."""

    secrets: Secrets
    logs: str = ""
    commands: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def secrets_of(tutorial: Tutorial) -> Secrets:
    passwords = {
        step.variables["person"]["password"]
        for step in tutorial.steps
        if isinstance(step, Step) and "person" in step.variables
    }
    return Secrets(
        numbers=frozenset({*(each["idNumber"] for each in tutorial.people), WRONG_NUMBER}),
        phones=frozenset({*(each["mobile"] for each in tutorial.people), CHANGED_MOBILE}),
        passwords=frozenset({*passwords, WRONG_PASSWORD}),
    )


@asynccontextmanager
async def logged() -> AsyncIterator[io.StringIO]:
    """Every line that a station would log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@asynccontextmanager
async def commands_to(url: str) -> AsyncIterator[list[str]]:
    """Every command that Redis is given, published events among them, a line each."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    if parts.password:
        writer.write(f"AUTH {parts.password}\r\n".encode())
        assert await reader.readline() == b"+OK\r\n"
    writer.write(b"MONITOR\r\n")
    assert await reader.readline() == b"+OK\r\n"
    seen: list[str] = []

    async def listen() -> None:
        while line := await reader.readline():
            seen.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        yield seen
        assert not listening.done(), "Redis hung up, and more was said than was heard."
    finally:
        await end(listening)
        writer.close()
        await writer.wait_closed()


async def all_told(reader: Reader) -> None:
    """Returns when every event has gone out."""
    async with asyncio.timeout(30), connected(reader.database.url) as db:
        while await db.fetchval("select exists (select from outbox where published_at is null)"):
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def traces(bare_url: str, redis_url: str) -> Traces:
    """What is left of the walk and of what goes wrong beside it."""
    tutorial = read_tutorial("README.md")
    traces = Traces(secrets_of(tutorial))
    async with (
        logged() as stream,
        commands_to(redis_url) as commands,
        reading(bare_url, redis_url) as reader,
    ):
        await reader.follow(tutorial)
        traces.answers = reader.answers
        traces.refusals = [answer async for answer in mishaps(reader, tutorial)]
        await all_told(reader)
    traces.logs, traces.commands = stream.getvalue(), commands
    return traces


REGISTER = """
mutation ($person: RegisterVolunteerInput!) {
  registerVolunteer(input: $person) { volunteerNo userErrors { code field message } }
}
"""
SIGN_IN = """
mutation ($u: String!, $p: String!) {
  signIn(input: {username: $u, password: $p}) { accessToken userErrors { code message } }
}
"""
PROFILE = """
mutation ($mobile: String!) {
  updateProfile(input: {mobile: $mobile, idempotencyKey: "k"}) { userErrors { code } }
}
"""
MEMBERS = """
{ volunteers(first: 1) { edges { cursor } pageInfo { endCursor startCursor } } }
"""


async def mishaps(reader: Reader, tutorial: Tutorial) -> AsyncIterator[str]:
    """The answers to requests that hold personal data and fail, or are repeated under a key."""
    step = next(each for each in tutorial.steps if isinstance(each, Step))
    person = dict(step.variables["person"])
    password = person["password"]
    for change in (
        {},
        {"idNumber": WRONG_NUMBER},
        {"idNumber": f"{person['idNumber']}0"},
        {"name": person["idNumber"], "username": person["mobile"]},
        {"username": password},
        {"consents": person["idNumber"]},
        {"sex": person["idNumber"]},
        {"bornOn": person["mobile"]},
        {person["idNumber"]: True},
        {"skills": {password: person["mobile"]}},
    ):
        yield (await reader.client.ask(REGISTER, {"person": {**person, **change}})).response.text
    yield (await reader.client.ask(REGISTER, {"person": person["idNumber"]})).response.text
    for username, given in (
        (person["username"], WRONG_PASSWORD),
        (person["mobile"], password),
        (password, person["idNumber"]),
    ):
        answer = await reader.client.ask(SIGN_IN, {"u": username, "p": given}, host=HERE)
        yield answer.response.text
    number = person["idNumber"]
    for document in (
        f'mutation {{ signIn(input: {{username: "{number}", password: "{password}" }}',
        f'{{ volunteer{number}(mobile: "{person["mobile"]}") {{ id }} }}',
        f'{{ team(teamNo: "{number}") {{ id }} node(id: "{number}") {{ id }} }}',
    ):
        # A document is its author's own text, and quoted back; it is never logged.
        await reader.client.ask(document)
    own = {"authorization": f"Bearer {reader.tokens['chenchen']}"}
    for _ in range(2):
        answer = await reader.client.ask(PROFILE, {"mobile": CHANGED_MOBILE}, headers=own)
        yield answer.response.text
    manager = {
        "authorization": f"Bearer {reader.tokens['liming']}",
        "x-acting-as": f"team:{reader.known['groupNo']}",
    }
    yield (await reader.client.ask(MEMBERS, headers=manager)).response.text


def decoded(cursor: str) -> str:
    """A cursor as it is, and as the text that it might be."""
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    return cursor + raw.decode("latin-1")


async def test_walk_and_mishaps_happened(traces: Traces) -> None:
    assert len(traces.answers) > 20
    assert len(traces.refusals) > 15
    codes = {code for text in traces.refusals for code in re.findall(r'"code":"(\w+)"', text)}
    assert {"ALREADY_REGISTERED", "ID_NUMBER_INVALID", "VARIABLES_INVALID"} <= codes
    assert traces.logs.count('"event":"request"') > 40
    assert any("volunteer-gateway:events" in command for command in traces.commands)


async def test_logs_hold_none(traces: Traces) -> None:
    assert traces.secrets.found_in(traces.logs) == set()


async def test_answers_hold_none(traces: Traces) -> None:
    """The walk asks for no phone; what failed must not quote what it was given."""
    assert found_in_any(traces, traces.answers) == {}
    assert found_in_any(traces, traces.refusals) == {}


async def test_cursors_hold_none(traces: Traces) -> None:
    cursors = [each for text in traces.refusals for each in CURSOR.findall(text)]

    assert cursors
    assert found_in_any(traces, map(decoded, cursors)) == {}


async def test_redis_is_told_none(traces: Traces) -> None:
    assert found_in_any(traces, traces.commands) == {}


async def test_no_column_holds_any_but_a_phone_where_it_belongs(
    traces: Traces, bare_url: str
) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    async with connected(bare_url) as db:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                texts: Any = await db.fetch(
                    f'select distinct "{column.name}"::text as text from "{table.name}"'  # noqa: S608
                    f' where "{column.name}" is not null'
                )
                belongs = (table.name, column.name) in PHONES
                for row in texts if table.name != "regions" else ():
                    if secrets := traces.secrets.found_in(row["text"], phones_belong=belongs):
                        found.setdefault((table.name, column.name), set()).update(secrets)
        counted = {
            name: await db.fetchval(f"select count(*) from {name}")  # noqa: S608
            for name in ("audit_log", "outbox", "idempotency_keys")
        }

    assert found == {}
    assert all(counted.values()), counted


def found_in_any(traces: Traces, texts: Iterable[str]) -> dict[str, set[str]]:
    """The texts that hold something, and what."""
    found = {text: traces.secrets.found_in(text) for text in texts}
    return {text: secrets for text, secrets in found.items() if secrets}
