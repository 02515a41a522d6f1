"""A team in need, a team and a volunteer who would help, and what they ask of each other."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from db.enums import TeamAdminRole
from db.models import TeamAdmin, Volunteer
from db.queries.entity import Entity
from db.queries.matching.searching import MatchRow, Wish, fetch_matches
from db.session import Database
from permissions.edges import Policy
from permissions.standing import fetch_standing
from permissions.viewer import PUBLIC, Viewer
from permissions.visible import visible
from resolvers.matching.answering import Wish as Answer
from resolvers.matching.answering import answer_need, invite_offer
from resolvers.matching.closing import Closing, close_need, close_offer
from resolvers.matching.deciding import decide_answer, withdraw_answer
from resolvers.matching.forms import NeedForm, OfferForm
from resolvers.matching.publishing import publish_need, publish_offer
from resolvers.outcomes import Outcome
from tests.db.forest import Forest
from tests.small_world import NOW, Planter

START, END = NOW + timedelta(days=10), NOW + timedelta(days=20)
POLICY = Policy()
CATEGORIES = ("COMMUNITY", "CULTURE", "MEDICAL")


@dataclass(slots=True)
class Square:
    """Who meets there."""

    planter: Planter
    forest: Forest
    manager: Viewer
    helper: Viewer
    volunteer: Volunteer
    person: Viewer

    @classmethod
    async def open(cls, planter: Planter) -> "Square":
        async with planter.database.write(
            account_id=None, capacity="test", action="plant"
        ) as write:
            await write.run(
                "insert into service_categories (code, name, position)"
                " select c, c, 1 from unnest($1::text[]) c on conflict do nothing",
                list(CATEGORIES),
            )
        forest = Forest(planter, await planter.region())
        await forest.plant("needy")
        await forest.plant("helping")
        volunteer = await planter.volunteer(forest.region)
        square = cls(
            planter,
            forest,
            await forest.manager("needy"),
            await forest.manager("helping"),
            volunteer,
            PUBLIC,
        )
        square.person = await square.acting(volunteer)
        return square

    @property
    def database(self) -> Database:
        return self.planter.database

    async def acting(self, volunteer: Volunteer) -> Viewer:
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, volunteer.account_id)
        return standing.acting_as("volunteer")

    async def in_both_teams(self) -> tuple[Viewer, Viewer]:
        """One person who manages both teams: for the one in need, and for the one that helps."""
        needy = await self.forest.manager("needy")
        helping = self.forest.teams["helping"]
        await self.planter.add(
            TeamAdmin(
                province="50",
                team_id=helping.id,
                account_id=needy.account_id,
                role=TeamAdminRole.MANAGER,
            )
        )
        assert needy.account_id is not None
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, needy.account_id)
        return needy, standing.acting_as(f"team:{helping.team_no}")

    async def someone(self) -> Viewer:
        return await self.acting(await self.planter.volunteer(self.forest.region))

    def need_form(self, **given: Any) -> NeedForm:
        form = NeedForm(
            region_id=self.forest.region.id,
            title="周末陪读",
            description="陪孩子读书",
            categories=("CULTURE",),
            skills=("普通话",),
            starts_at=START,
            ends_at=END,
            place="社区图书室",
            targets=("儿童",),
            people=2,
            contact_name="何静",
            contact_phone="13800000009",
        )
        return replace(form, **given)

    def offer_form(self, **given: Any) -> OfferForm:
        form = OfferForm(
            region_id=self.forest.region.id,
            title="周末可陪读",
            description="退休教师",
            categories=("CULTURE",),
            skills=("普通话",),
            starts_at=START,
            ends_at=END,
        )
        return replace(form, **given)

    async def need(self, viewer: Viewer | None = None, **given: Any) -> Outcome:
        form = self.need_form(**given)
        return await publish_need(self.database, viewer or self.manager, form, None, now=NOW)

    async def offer(self, viewer: Viewer | None = None, **given: Any) -> Outcome:
        form = self.offer_form(**given)
        return await publish_offer(self.database, viewer or self.person, form, None, now=NOW)

    async def answer(
        self,
        need: int | None,
        viewer: Viewer | None = None,
        *,
        people: int = 1,
        offer: int | None = None,
        message: str = "愿意参加",
        now: datetime = NOW,
    ) -> Outcome:
        assert need is not None
        wish = Answer(need_id=need, offer_id=offer, people=people, message=message)
        return await answer_need(self.database, viewer or self.person, wish, None, now=now)

    async def invite(
        self, need: int | None, offer: int | None, viewer: Viewer | None = None, people: int = 1
    ) -> Outcome:
        assert need is not None
        wish = Answer(need_id=need, offer_id=offer, people=people, message="请来帮忙")
        return await invite_offer(self.database, viewer or self.manager, wish, None, now=NOW)

    async def decided(
        self,
        answer: int | None,
        viewer: Viewer | None = None,
        *,
        accept: bool = True,
        reason: str | None = None,
    ) -> Outcome:
        assert answer is not None
        return await decide_answer(
            self.database, viewer or self.manager, answer, reason, None, accept=accept, now=NOW
        )

    async def withdrawn(
        self, answer: int | None, viewer: Viewer | None = None, reason: str | None = None
    ) -> Outcome:
        assert answer is not None
        return await withdraw_answer(
            self.database, viewer or self.person, answer, reason, None, now=NOW
        )

    async def closed(self, need: int | None, viewer: Viewer | None = None, **given: Any) -> Outcome:
        assert need is not None
        closing = Closing(**{"number": need, "is_met": False, **given})
        return await close_need(
            self.database, viewer or self.manager, closing, None, policy=POLICY, now=NOW
        )

    async def offer_closed(
        self, offer: int | None, viewer: Viewer | None = None, **given: Any
    ) -> Outcome:
        assert offer is not None
        closing = Closing(**{"number": offer, "is_met": False, **given})
        return await close_offer(self.database, viewer or self.person, closing, None, policy=POLICY)

    async def search(
        self, entity: Entity, wish: Wish, viewer: Viewer = PUBLIC, *, now: datetime = NOW
    ) -> list[MatchRow]:
        async with self.database.read() as snapshot:
            scope = visible(entity.name, viewer)
            return list(await fetch_matches(snapshot, entity, scope, wish, now=now, most=100))


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]
