"""Publicity: what all with an account may see of records that do not count yet (DOMAIN §8)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from db.clock import CHINA
from db.enums import TeamStatus
from db.models import ServiceRecord
from db.session import Database
from schema.ids import encode
from tests.api.client import Client, running
from tests.small_world import NOW, Planter
from tests.workflows.service import Service

TODAY = NOW.astimezone(CHINA).date()
LIST = """
query ($team: ID!, $first: Int, $after: String) { node(id: $team) { ... on Team {
  recordPublicity(first: $first, after: $after) {
    nodes { maskedName hours note publicityFrom publicityTo }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
} } }
"""


@pytest.fixture
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


async def in_publicity(service: Service, name: str, until: int, **values: Any) -> ServiceRecord:
    member = await service.member(name=name)
    days = {"publicity_from": TODAY, "publicity_to": TODAY + timedelta(days=until)}
    return await service.planter.record(member, service.team, **days, **values)


async def test_records_in_publicity_are_shown_with_masked_names_until_they_count(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    await in_publicity(service, "欧阳娜娜", 5, minutes=150, note="雨天")
    await in_publicity(service, "王伟", 2)
    await in_publicity(service, "李雷", 0, status="EFFECTIVE")
    # Late, and waits for the hub: nothing to object to yet.
    await service.planter.record(await service.member(), service.team, is_overdue=True)
    stranger = await service.planter.volunteer(service.forest.region)
    asked = {"team": encode("Team", service.team.id)}
    viewer: dict[str, Any] = {"viewer": stranger.account_id, "acting_as": "volunteer"}

    first = (await client.ask(LIST, {**asked, "first": 1}, **viewer)).good["node"]
    page = first["recordPublicity"]
    after = page["pageInfo"]["endCursor"]
    second = (await client.ask(LIST, {**asked, "after": after}, **viewer)).good["node"]

    days = [str(TODAY + timedelta(days=n)) for n in (0, 2, 5)]
    assert page["nodes"] == [
        {
            "maskedName": "王*",
            "hours": "1.50",
            "note": None,
            "publicityFrom": days[0],
            "publicityTo": days[1],
        }
    ]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    assert second["recordPublicity"]["nodes"] == [
        {
            "maskedName": "欧*娜",
            "hours": "2.50",
            "note": "雨天",
            "publicityFrom": days[0],
            "publicityTo": days[2],
        }
    ]


async def test_publicity_is_no_way_to_who_served_and_not_for_the_public(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    await in_publicity(service, "王伟", 2)
    stranger = await service.planter.volunteer(service.forest.region)
    asked = {"team": encode("Team", service.team.id)}
    viewer: dict[str, Any] = {"viewer": stranger.account_id, "acting_as": "volunteer"}

    for more in ("id", "volunteer { id }", "activityName", "team { id }"):
        refused = await client.ask(LIST.replace("maskedName", more), asked, **viewer)
        assert refused.codes == ["DOCUMENT_INVALID"]
    public = await client.ask(LIST, asked)
    assert [error["message"].split("'")[1] for error in public.errors] == ["recordPublicity"]


async def test_publicity_of_a_hidden_team_is_hidden_with_it(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    hidden = await service.forest.plant("hidden", "hub", status=TeamStatus.DISABLED)
    member = await service.member()
    until = {"publicity_from": TODAY, "publicity_to": TODAY + timedelta(days=2)}
    await service.planter.record(member, hidden, **until)
    stranger = await service.planter.volunteer(service.forest.region)
    answer = await client.ask(
        LIST,
        {"team": encode("Team", hidden.id)},
        viewer=stranger.account_id,
        acting_as="volunteer",
    )

    assert answer.good == {"node": None}
