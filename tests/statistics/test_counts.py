"""Totals of lists: by the ledger where it knows, else counted to a bound."""

from itertools import count
from typing import Any

import pytest

from db.models import Account, Region, Team, TeamAdmin
from db.queries import counts
from db.session import Database
from schema.ids import encode
from tests.api.client import Client, running
from tests.small_world import Planter

LISTS = """query ($id: ID!) {
  teams { totalCount totalCountIsExact }
  projects { totalCount totalCountIsExact }
  node(id: $id) { ... on Team {
    descendants { totalCount totalCountIsExact }
    projects(includeDescendants: true) { totalCount totalCountIsExact }
  } }
}"""
RECORDS = "{ serviceRecords { totalCount totalCountIsExact } }"
FALSIFIED = """
update ledger_totals set n = n + 40 where period = 0; update ledger_pending set n = n * 5
"""
NAMED = "query ($name: String!) { teams(filter: {name: $name}) { totalCount totalCountIsExact } }"


_below = count()


class Small:
    """A hub with two working and two disabled teams below it; a project of each, and drafts."""

    region: Region
    hub: Team
    below_it: list[Team]
    manager: Account

    async def plant(self, planter: Planter) -> "Small":
        self.region = await planter.region()
        self.hub = await planter.team(self.region, hub_level="DISTRICT", permission_group="MIDDLE")
        self.below_it = [
            await self.below(planter, status=status)
            for status in ("ENABLED", "ENABLED", "DISABLED", "DISABLED")
        ]
        for team in self.below_it:
            await planter.project(team)
        for _ in range(2):
            await planter.project(self.hub, status="DRAFT")
        self.manager = await planter.account()
        admin = TeamAdmin(
            province="50", team_id=self.hub.id, account_id=self.manager.id, role="MANAGER"
        )
        await planter.add(admin)
        return self

    async def below(self, planter: Planter, **values: Any) -> Team:
        node = self.region.id + 2**25 + next(_below)
        return await planter.team(
            self.region,
            id=node,
            contact_team_id=self.hub.id,
            path=f"{self.hub.path}{node}/",
            depth=2,
            **values,
        )

    async def ask(self, client: Client, viewer: int | None) -> dict[str, tuple[int, bool]]:
        answer = await client.ask(LISTS, {"id": encode("Team", self.hub.id)}, viewer=viewer)
        return {
            name: (page["totalCount"], page["totalCountIsExact"])
            for name, page in {
                "teams": answer.good["teams"],
                "projects": answer.good["projects"],
                "below": answer.good["node"]["descendants"],
                "work": answer.good["node"]["projects"],
            }.items()
        }


async def test_whole_lists_of_teams_and_projects_are_counted_by_the_ledger(
    url: str, redis_url: str, database: Database, db: Any
) -> None:
    small = await Small().plant(Planter(database))
    standing = await db.fetchval("select count(*) from teams where status = 'ENABLED'")
    published = await db.fetchval(
        "select count(*) from projects p join teams t on t.id = p.team_id"
        " where p.status = 'WAITING' and t.status = 'ENABLED'"
    )

    async with running(url, redis_url) as client:
        asked = {who: await small.ask(client, who) for who in (None, small.manager.id)}
        # Nothing but the ledger is asked for what it counts: it is what the ledger says.
        await db.execute(FALSIFIED)
        wrong = {who: await small.ask(client, who) for who in asked}

    assert asked[None] == {
        "teams": (standing, True),
        "projects": (published, True),
        "below": (2, True),
        "work": (2, True),
    }
    assert asked[small.manager.id] == {
        "teams": (standing + 2, True),
        "projects": (published + 4, True),
        "below": (4, True),
        "work": (6, True),
    }
    for who, lists in wrong.items():
        for name, (number, is_exact) in lists.items():
            assert number > asked[who][name][0], (who, name)
            assert is_exact, (who, name)


async def test_all_records_of_a_subtree_are_counted_by_the_ledger(
    url: str, redis_url: str, database: Database, db: Any
) -> None:
    planter = Planter(database)
    small = await Small().plant(planter)
    volunteer = await planter.volunteer(small.region)
    for status in ("EFFECTIVE", "NOT_EFFECTIVE", "REJECTED"):
        await planter.record(volunteer, small.hub, status=status)
    for below in small.below_it:
        await planter.record(volunteer, below)

    async with running(url, redis_url) as client:
        answer = await client.ask(RECORDS, viewer=small.manager.id)
        await db.execute(FALSIFIED)
        wrong = await client.ask(RECORDS, viewer=small.manager.id)

    assert answer.good["serviceRecords"] == {"totalCount": 7, "totalCountIsExact": True}
    assert wrong.good["serviceRecords"]["totalCount"] > 7


async def test_list_that_differs_much_from_the_ledger_is_counted_to_the_bound(
    url: str, redis_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await Small().plant(Planter(database))
    monkeypatch.setattr(counts, "MOST_COUNTED", 1)
    counts._COUNTS.clear()
    async with running(url, redis_url) as client:
        managers = await small.ask(client, small.manager.id)
    counts._COUNTS.clear()

    assert managers["teams"] == managers["below"] == (1, False)
    # Of projects the ledger knows also those that only a hub sees.
    assert managers["work"] == (6, True)


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
