"""A whole gateway, killed in the middle of its work: what it said is kept, the ledger agrees."""

import asyncio
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from db.ledger.folding import fold, fold_all
from db.ledger.verifying import verify
from db.session import Database
from gateway.settings import Settings, load_keys
from gateway.tokens import AccessTokens
from schema.ids import encode, number_of
from tests.small_world import Planter
from tests.workflows.service import Service

ROOT = Path(__file__).parents[2]
ROUNDS, WRITERS = 3, 4
ENTER = """
mutation ($input: CreateServiceRecordsInput!) { createServiceRecords(input: $input) {
  entered results { serviceRecord { id } userErrors { code } } } }
"""
VOID = """
mutation ($id: ID!, $reason: String!) { voidRecord(input: {recordId: $id, reason: $reason}) {
  userErrors { code } } }
"""
ITEM = {
    "activityName": "敬老院探访",
    "content": "陪伴老人",
    "place": "桃源敬老院",
    "targets": ["老年人"],
}
FIRST = datetime(2025, 5, 1, tzinfo=UTC)


@asynccontextmanager
async def gateway(url: str, redis_url: str, data: Path) -> AsyncIterator[tuple[Any, str]]:
    """A gateway in a process of its own, which answers; and where."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.gateway_server"),
        *("--port", str(port), "--data", str(data), "--database", url, "--redis", redis_url),
        cwd=ROOT,
        stderr=asyncio.subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            while process.returncode is None:
                try:
                    await client.get(f"{address}/healthz")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield process, f"{address}/graphql"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_gateway_killed_at_any_point_loses_nothing_it_said_and_counts_nothing_twice(
    url: str, redis_url: str, database: Database, db: Any, tmp_path: Path
) -> None:
    service = await Service.plant(Planter(database))
    people = [await service.member() for _ in range(WRITERS)]
    settings = Settings(data_dir=tmp_path)
    tokens = AccessTokens(
        load_keys(settings), issuer=f"volunteer-gateway:{settings.station}",
        lifetime=timedelta(hours=1),
    )  # fmt: skip
    assert service.recorder.account_id is not None
    headers = {
        "authorization": f"Bearer {tokens.issue(service.recorder.account_id).text}",
        "x-acting-as": service.recorder.capacity,
    }
    team_id = encode("Team", service.team.id)
    entered: list[int] = []
    voided: list[int] = []
    chance = random.Random(11)  # noqa: S311 - draws of a test

    async def write(address: str, number: int, round_: int) -> None:
        """Enters two records at a time, and voids each second one, until nobody answers."""
        person = encode("Volunteer", people[number].id)
        async with httpx.AsyncClient(trust_env=False, headers=headers, timeout=30) as client:

            async def ask(document: str, **variables: Any) -> Any:
                body = {"query": document, "variables": variables}
                return (await client.post(address, json=body)).json()["data"]

            for n in range(10_000):
                begin = FIRST + timedelta(days=round_ * 90, hours=8 * n)
                moments = [begin, begin + timedelta(hours=3)]
                records = [
                    {**ITEM, "volunteerId": person, "startsAt": at.isoformat(),
                     "endsAt": (at + timedelta(hours=2)).isoformat()}
                    for at in moments
                ]  # fmt: skip
                told = await ask(ENTER, input={"teamId": team_id, "records": records})
                ids = [each["serviceRecord"] for each in told["createServiceRecords"]["results"]]
                assert None not in ids, told
                entered.extend(number_of(each["id"], "ServiceRecord", field="") for each in ids)
                told = await ask(VOID, id=ids[0]["id"], reason="重复录入")
                assert told["voidRecord"]["userErrors"] == []
                voided.append(number_of(ids[0]["id"], "ServiceRecord", field=""))

    for round_ in range(ROUNDS):
        async with gateway(url, redis_url, tmp_path) as (process, address):
            at_work = [asyncio.create_task(write(address, n, round_)) for n in range(WRITERS)]
            enough = len(voided) + chance.randint(3, 12)
            while len(voided) < enough and not any(each.done() for each in at_work):
                await asyncio.sleep(0.01)
            await asyncio.sleep(chance.random() / 20)
            process.send_signal(signal.SIGKILL)
            ends = await asyncio.gather(*at_work, return_exceptions=True)
        assert all(isinstance(end, httpx.TransportError) for end in ends), ends

    # The server ends what the dead left open, at the latest when it next looks.
    while await fold(db) is None:
        await asyncio.sleep(0.1)
    await fold_all(db)

    assert len(voided) > ROUNDS
    states = dict(
        await db.fetch(
            "select id, status from service_records where id = any($1::bigint[])", entered
        )
    )
    assert sorted(states) == sorted(entered)
    assert {states[each] for each in voided} == {"VOID"}
    assert await verify(db) == []
