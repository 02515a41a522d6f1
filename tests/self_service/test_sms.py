"""Messages to phones: the stand-in's file, the provider, and the whole way over HTTP."""

import asyncio
import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from db.session import Database
from gateway.settings import Mode, Settings
from gateway.sms import FileSender, HttpSender, MessageQueue, NoSender, message_sender
from tests.api.client import forget_paces, running
from tests.self_service.counter import PASSWORD, Counter
from tests.small_world import Planter

MOBILE, TEXT = "13866665555", "验证码123456"


async def test_file_holds_messages_of_a_week_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sms.jsonl"
    sender = FileSender(path)
    now = datetime.now(UTC)
    path.parent.mkdir()
    old = {"at": (now - timedelta(days=8)).isoformat(), "mobile": "13800000000", "text": "旧"}
    new = {"at": (now - timedelta(days=6)).isoformat(), "mobile": "13800000001", "text": "新"}
    path.write_text("".join(f"{json.dumps(each)}\n" for each in (old, new)), "utf-8")

    assert await sender.send(MOBILE, TEXT)

    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["mobile"] for line in lines] == ["13800000001", MOBILE]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_provider_is_sent_number_and_text_and_neither_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    asked: list[Any] = []

    def provider(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200 if len(asked) == 1 else 500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(provider)) as http:
        sender = HttpSender("https://sms.example.org/send", http)
        answers = [await sender.send(MOBILE, TEXT) for _ in range(2)]

    assert answers == [True, False]
    assert asked == [{"mobile": MOBILE, "text": TEXT}] * 2
    assert MOBILE not in caplog.text
    assert "123456" not in caplog.text


def test_production_sends_nothing_through_the_stand_in(tmp_path: Path) -> None:
    http = httpx.AsyncClient()
    production = Settings(mode=Mode.PRODUCTION, data_dir=tmp_path)
    named = Settings(mode=Mode.PRODUCTION, sms_url="https://sms.example.org")

    assert isinstance(message_sender(production, http), NoSender)
    assert isinstance(message_sender(named, http), HttpSender)
    assert isinstance(message_sender(Settings(data_dir=tmp_path), http), FileSender)


async def test_message_to_nobody_is_not_sent(tmp_path: Path) -> None:
    queue = MessageQueue(FileSender(tmp_path / "sms.jsonl"))

    queue.put(None, TEXT)
    await queue.send_next()

    assert queue.is_empty
    assert not (tmp_path / "sms.jsonl").exists()


async def test_person_finds_the_way_back_over_http(
    url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    await forget_paces(redis_url)
    async with Database(url) as database, running(url, redis_url, settings) as client:
        counter = await Counter.open(Planter(database))
        _, claim = await counter.person(MOBILE)
        told = {"name": claim.name, "idNumber": claim.id_number, "recovery": "USERNAME"}
        username = (await _recovered(client, tmp_path, told, "recoverUsername", "username"))[
            "username"
        ]
        done = await _recovered(
            client, tmp_path, {**told, "recovery": "PASSWORD"}, "resetPassword", "done"
        )
        signed_in = await client.ask(
            "mutation ($u: String!, $p: String!) { signIn(input: {username: $u, password: $p})"
            " { accessToken userErrors { code } } }",
            {"u": username, "p": PASSWORD},
        )

    assert done["done"]
    assert signed_in.good["signIn"]["userErrors"] == []
    assert signed_in.good["signIn"]["accessToken"]


async def _recovered(
    client: Any, folder: Path, told: dict[str, Any], field: str, wanted: str
) -> Any:
    asked = await client.ask(
        "mutation ($i: RequestRecoveryCodeInput!) { requestRecoveryCode(input: $i)"
        " { challenge expiresAt userErrors { code } } }",
        {"i": told},
    )
    challenge = asked.good["requestRecoveryCode"]["challenge"]
    given = {"challenge": challenge, "code": await _code(folder)}
    if field == "resetPassword":
        given["password"] = PASSWORD
    kind = field[0].upper() + field[1:]
    answer = await client.ask(
        f"mutation ($i: {kind}Input!)"
        f" {{ {field}(input: $i) {{ {wanted} userErrors {{ code }} }} }}",
        {"i": given},
    )
    return answer.good[field]


async def _code(folder: Path) -> str:
    """The code in the stand-in's file, which is taken away then."""
    path = folder / "sms.jsonl"
    for _ in range(200):
        if path.exists():
            break
        await asyncio.sleep(0.02)
    found = re.search(r"验证码(\d{6})", path.read_text("utf-8"))
    assert found is not None
    path.unlink()
    return found[1]
