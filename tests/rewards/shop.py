"""A region that rewards its volunteers: a rule, a catalogue, and who keeps it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from db.enums import HubLevel, RecordStatus, RewardRuleKind
from db.models import ServiceRecord, Volunteer
from db.queries.rewards.changing import ItemChange, NewItem, NewRule
from db.session import Database
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.rewards.keeping import add_item, change_item, end_rule, set_rule
from resolvers.rewards.redeeming import cancel, grant, redeem, settle_points
from tests.db.forest import Forest
from tests.small_world import NOW, Planter

TODAY = NOW.date()
SINCE = TODAY - timedelta(days=100)


@dataclass(slots=True)
class Shop:
    """A department, a volunteer and a team; another region beside."""

    planter: Planter
    forest: Forest
    elsewhere: Forest
    officer: Viewer

    @classmethod
    async def open(cls, planter: Planter) -> "Shop":
        forest = Forest(planter, await planter.region())
        elsewhere = Forest(planter, await planter.region())
        await forest.plant("team")
        await elsewhere.plant("far")
        return cls(planter, forest, elsewhere, await forest.officer(forest.region))

    @property
    def database(self) -> Database:
        return self.planter.database

    async def person(self, **values: Any) -> tuple[Volunteer, Viewer]:
        volunteer = await self.planter.volunteer(self.forest.region, **values)
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, volunteer.account_id)
        return volunteer, standing.acting_as("volunteer")

    async def served(
        self, volunteer: Volunteer, minutes: int, days_ago: int = 10, team: str = "team"
    ) -> ServiceRecord:
        home = self.forest if team in self.forest.teams else self.elsewhere
        record = await self.planter.record(
            volunteer,
            home.teams[team],
            starts_at=NOW - timedelta(days=days_ago),
            minutes=minutes,
            status=RecordStatus.EFFECTIVE,
        )
        async with self.database.write(account_id=None, capacity="test", action="plant") as write:
            await write.run(
                "update volunteers set effective_minutes = effective_minutes + $2 where id = $1",
                volunteer.id,
                minutes,
            )
        return record

    async def rule(self, viewer: Viewer | None = None, **given: Any) -> Outcome:
        rule = NewRule(
            **{
                "region_id": self.forest.region.id,
                "kind": RewardRuleKind.MINUTES,
                "step": 60,
                "points": 10,
                "valid_from": SINCE,
                "valid_to": None,
                **given,
            }
        )
        return await set_rule(self.database, viewer or self.officer, rule, None)

    async def ended(self, rule: int | None, last_day: Any, viewer: Viewer | None = None) -> Outcome:
        assert rule is not None
        return await end_rule(
            self.database, viewer or self.officer, rule, last_day, None, today=TODAY
        )

    async def item(self, viewer: Viewer | None = None, **given: Any) -> Outcome:
        item = NewItem(
            **{
                "region_id": self.forest.region.id,
                "name": "景区门票",
                "description": "",
                "price": 20,
                "stock": 5,
                "valid_from": SINCE,
                "valid_to": None,
                **given,
            }
        )
        return await add_item(self.database, viewer or self.officer, item, None)

    async def changed(
        self, item: int | None, viewer: Viewer | None = None, **given: Any
    ) -> Outcome:
        assert item is not None
        change = ItemChange(**given)
        return await change_item(self.database, viewer or self.officer, item, change, None)

    async def settled(self, viewer: Viewer) -> Outcome:
        return await settle_points(self.database, viewer, None, now=NOW)

    async def redeemed(
        self, item: int | None, viewer: Viewer, key: str | None = None, **given: Any
    ) -> Outcome:
        assert item is not None
        return await redeem(self.database, viewer, item, key, **{"now": NOW, **given})

    async def granted(self, number: int | None, viewer: Viewer | None = None) -> Outcome:
        assert number is not None
        return await grant(self.database, viewer or self.officer, number, None, now=NOW)

    async def cancelled(
        self, number: int | None, viewer: Viewer | None = None, reason: str | None = None
    ) -> Outcome:
        assert number is not None
        return await cancel(self.database, viewer or self.officer, number, reason, None, now=NOW)

    async def hub(self, level: HubLevel = HubLevel.DISTRICT) -> Viewer:
        """A manager of the hub of a region of its own, with the right over its volunteers."""
        await self.forest.plant(level.value, hub_level=level)
        return await self.forest.manager(level.value)


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]
