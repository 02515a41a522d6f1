"""Totals of lists: by the ledger where it knows, else counted to a bound."""

from typing import Any

import pytest

from db.queries import counts
from db.session import Database
from tests.api.client import running
from tests.small_world import Planter

TEAMS = "{ teams { totalCount totalCountIsExact } }"
NAMED = "query ($name: String!) { teams(filter: {name: $name}) { totalCount totalCountIsExact } }"


async def test_list_of_all_teams_is_counted_by_the_ledger(
    url: str, redis_url: str, database: Database, db: Any
) -> None:
    planter = Planter(database)
    region = await planter.region()
    for _ in range(3):
        await planter.team(region)
    await planter.team(region, status="DISABLED")
    standing = await db.fetchval("select count(*) from teams where status = 'ENABLED'")

    async with running(url, redis_url) as client:
        answer = await client.ask(TEAMS)
        # Nothing but the ledger is asked for the number: it is what the ledger says.
        await db.execute("update ledger_totals set n = n + 40 where period = 0")
        await db.execute("update ledger_pending set n = n * 5")
        wrong = await client.ask(TEAMS)

    assert answer.good["teams"] == {"totalCount": standing, "totalCountIsExact": True}
    assert wrong.good["teams"]["totalCount"] != standing


async def test_filtered_list_is_counted_to_a_bound(
    url: str, redis_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    planter = Planter(database)
    region = await planter.region()
    for n in range(4):
        await planter.team(region, name=f"界限队{n}", name_grams=["界限", "限队"])
    found = {}
    for bound in (3, 4):
        monkeypatch.setattr(counts, "MOST_COUNTED", bound)
        counts._COUNTS.clear()
        async with running(url, redis_url) as client:
            answer = await client.ask(NAMED, {"name": "界限队"})
            found[bound] = answer.good["teams"]
    counts._COUNTS.clear()

    assert found == {
        3: {"totalCount": 3, "totalCountIsExact": False},
        4: {"totalCount": 4, "totalCountIsExact": True},
    }
