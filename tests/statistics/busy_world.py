"""A district at work: every step is a use case, chosen by numbers that a test draws.

What a step comes to is not asked, refusals are as good as acts: whatever was written is counted.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from db.clock import run_due
from db.enums import IdentityType, MembershipStatus, RegionLevel, TeamAdminRole
from db.errors import LockUnavailable
from db.models import Membership, Volunteer, VolunteerIdentity
from db.session import Database
from permissions.edges import Policy
from permissions.errors import ClientError
from permissions.viewer import Viewer
from resolvers.membership_changes import (
    Invitation,
    answer_invitation,
    invite_volunteer,
    leave_team,
)
from resolvers.moves import Wish, move_team
from resolvers.profile import update_profile
from resolvers.project_posts import update_post
from resolvers.project_states import ProjectOrder, disable_project
from resolvers.records.correcting import Changes, correct_record, void_record
from resolvers.records.entering import create_record
from resolvers.records.entry import Entry
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.sign_up_answers import SignUpsDecided, decide_sign_ups
from resolvers.sign_up_attendance import check_in, check_out
from resolvers.sign_ups import Application, sign_up
from resolvers.team_registration import register_team
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from resolvers.volunteer_leaving import withdraw_volunteer
from tests.small_world import NOW, Planter
from tests.workflows.desk import DESK
from tests.workflows.district import District
from tests.workflows.project_world import SOON, ProjectWorld

TODAY = NOW.date()
MOVABLE = ("community", "town", "quiet", "second")

Step = Callable[[int, int], Awaitable[None]]


@dataclass(slots=True)
class BusyWorld:
    """A district, its people, and what they have made so far."""

    world: ProjectWorld
    db: Any
    people: list[tuple[Volunteer, Viewer]] = field(default_factory=list)
    managers: dict[str, Viewer] = field(default_factory=dict)

    @classmethod
    async def plant(cls, database: Database, db: Any) -> "BusyWorld":
        """A new one, that no other test knows."""
        district = await District.plant(Planter(database))
        busy = cls(await ProjectWorld.of(district, db), db)
        await district.team("quiet", "community", district.regions["community"])
        await district.team("second", "town", district.regions["village"])
        for _ in range(4):
            busy.people.append(await busy.world.person())
        for volunteer, _ in busy.people[:3]:
            for name in ("community", "quiet"):
                await busy.world.planter.add(
                    Membership(
                        province="50",
                        team_id=busy.world.team(name).id,
                        volunteer_id=volunteer.id,
                        status=MembershipStatus.JOINED,
                        joined_at=NOW - timedelta(days=200),
                    )
                )
        return busy

    @property
    def database(self) -> Database:
        return self.world.database

    def steps(self) -> Mapping[str, Step]:
        """What may happen, by name."""
        return {
            "register": self.register,
            "withdraw": self.withdraw,
            "join": self.join,
            "leave": self.leave,
            "profile": self.profile,
            "found": self.found,
            "disable": self.disable,
            "enable": self.enable,
            "move": self.move,
            "project": self.project,
            "post": self.post,
            "stop": self.stop,
            "apply": self.apply,
            "accept": self.accept,
            "attend": self.attend,
            "enter": self.enter,
            "correct": self.correct,
            "void": self.void,
            "clock": self.clock,
        }

    async def register(self, _a: int, b: int) -> None:
        regions = [
            each for each in self.world.district.regions.values() if each.level != RegionLevel.TOWN
        ]
        volunteer = await self.world.planter.volunteer(regions[b % len(regions)])
        assert volunteer.account_id is not None
        kind = [*IdentityType][b % len(IdentityType)]
        await self.world.planter.add(
            VolunteerIdentity(
                volunteer_id=volunteer.id, id_type=kind, sealed_number=b"-", key_id="k1",
                blind_index=volunteer.id.to_bytes(8, "big"),
            )
        )  # fmt: skip
        self.people.append(await self.world.person())

    async def withdraw(self, a: int, b: int) -> None:
        if b % 4 == 0 and a % len(self.people) > 0:  # who has withdrawn does nothing more
            await withdraw_volunteer(self.database, self._person(a)[1], None)

    async def join(self, a: int, b: int) -> None:
        volunteer, viewer = self._person(a)
        name = self._team(b)
        outcome = await invite_volunteer(
            self.database,
            await self._manager(name),
            Invitation(
                team_id=self.world.team(name).id,
                volunteer_no=volunteer.volunteer_no,
                name=volunteer.name,
            ),
            None,
        )
        if outcome.subject_id is not None:
            await answer_invitation(
                self.database, viewer, outcome.subject_id, None, accept=b % 3 != 0
            )

    async def leave(self, a: int, b: int) -> None:
        if b % 3 and a % len(self.people) < len(MOVABLE):
            return  # somebody must stay to serve
        await leave_team(self.database, self._person(a)[1], self.world.team(self._team(b)).id, None)

    async def profile(self, a: int, b: int) -> None:
        codes = [["01"], ["02"], ["01", "02"], []][b % 4]
        skills = [["急救"], ["会修表"], ["急救", "书画"], []][a % 4]
        given = {"service_categories": codes, "skills": skills}
        await update_profile(self.database, self._person(a)[1], given, None)

    async def found(self, a: int, b: int) -> None:
        form = self.world.district.group(name=f"邢孃孃{a}号{b}志愿服务队")
        await register_team(self.database, self._person(a)[1], DESK, form, None, now=NOW)
        waiting = await self.db.fetchval(
            "select max(id) from reviews where kind = 'TEAM_REGISTRATION' and state = 'PENDING'"
        )
        if waiting is not None and b % 3:
            decided = Decided(ids=[waiting], approves=b % 2 == 0, opinion="意见")
            await decide_reviews(
                self.database, await self._manager("community"), decided, None,
                policy=Policy(), now=NOW,
            )  # fmt: skip

    async def disable(self, a: int, _b: int) -> None:
        if a % 3:
            return  # else nearly everything would be refused
        order = Order(team_id=self.world.team(self._team(a)).id, reason="整改")
        await disable_team(self.database, await self._manager("city"), order, None, policy=Policy())

    async def enable(self, a: int, b: int) -> None:
        order = Order(team_id=self.world.team(self._team(a)).id, reason="整改完成")
        mode = [*EnableMode][b % 2]
        await enable_team(
            self.database, await self._manager("city"), order, mode, None, policy=Policy()
        )

    async def move(self, a: int, b: int) -> None:
        to = [*self.world.district.forest.teams][b % len(self.world.district.forest.teams)]
        wish = Wish(
            team_id=self.world.team(MOVABLE[a % len(MOVABLE)]).id,
            contact_team_id=self.world.team(to).id,
            reason="调整",
        )
        await move_team(self.database, await self._manager("city"), wish, None, today=TODAY)

    async def project(self, a: int, b: int) -> None:
        name = self._team(a)
        viewer = await self._manager(name)
        made = await self.world.create(
            viewer, team=name, categories=("01", "02")[: 1 + b % 2], name=f"邻里{b}"
        )
        if made.subject_id is not None:
            await self.world.submit(viewer, made.subject_id)
            reviewer = await self.db.fetchval(
                "select reviewer_team_id from reviews where subject_type = 'Project'"
                " and subject_id = $1 and state = 'PENDING'",
                made.subject_id,
            )
            if reviewer is not None and b % 5:
                await self.world.decide(await self._manager_of(reviewer), made.subject_id)

    async def post(self, a: int, b: int) -> None:
        post = await self._one("posts", a)
        if post is not None:
            viewer = await self._keeper(
                "posts s join projects p on p.id = s.project_id", "p.team_id", post
            )
            await update_post(self.database, viewer, post, {"planned": 1 + b % 40}, None)

    async def stop(self, a: int, _b: int) -> None:
        project = await self._one("projects", a)
        if project is not None:
            order = ProjectOrder(project_id=project, reason="天气原因")
            await disable_project(
                self.database, await self._manager("city"), order, None, policy=Policy()
            )

    async def apply(self, a: int, b: int) -> None:
        post = await self._one("posts", b)
        if post is not None:
            await sign_up(
                self.database, self._person(a)[1], Application(post_id=post), None, now=NOW
            )

    async def accept(self, a: int, b: int) -> None:
        waiting = await self._one("sign_ups", a)
        if waiting is not None:
            viewer = await self._keeper("sign_ups s", "team_id", waiting)
            decided = SignUpsDecided(ids=[waiting], accepts=b % 4 != 0, reason="人数已满")
            await decide_sign_ups(self.database, viewer, decided, None, now=NOW)

    async def attend(self, a: int, b: int) -> None:
        came = await self._one("sign_ups", a)
        if came is not None:
            viewer = await self._keeper("sign_ups s", "team_id", came)
            now = SOON + timedelta(minutes=10)
            await check_in(self.database, viewer, came, None, now=now)
            if b % 2:
                await check_out(self.database, viewer, came, None, now=now + timedelta(minutes=90))

    async def enter(self, a: int, b: int) -> None:
        name = ("community", "quiet")[b % 2]
        begin = NOW - timedelta(days=1 + a % 9, hours=b % 5)
        entry = Entry(
            volunteer_id=self.people[a % 3][0].id,
            starts_at=begin,
            ends_at=begin + timedelta(minutes=30 + b % 60),
            activity_name="敬老院探访",
            content="陪伴老人",
            place="桃源敬老院",
            targets=("老年人",),
        )
        await create_record(
            self.database, await self._manager(name), self.world.team(name).id, entry, None, now=NOW
        )

    async def correct(self, a: int, b: int) -> None:
        record = await self._one("service_records", a)
        if record is not None:
            viewer = await self._keeper("service_records s", "team_id", record)
            changes = Changes(unserved_minutes=b % 20)
            await correct_record(
                self.database, viewer, record, changes, None, reason="时间有误", now=NOW
            )

    async def void(self, a: int, _b: int) -> None:
        record = await self._one("service_records", a)
        if record is not None:
            viewer = await self._keeper("service_records s", "team_id", record)
            await void_record(self.database, viewer, record, "重复录入", None, now=NOW)

    async def clock(self, a: int, _b: int) -> None:
        await run_due(self.database.engine, now=NOW + timedelta(days=(0, 1, 2, 12)[a % 4]))

    async def act(self, name: str, a: int, b: int) -> None:
        """One step; a refusal of any kind is an outcome like another."""
        with suppress(ClientError, LockUnavailable):
            await self.steps()[name](a, b)

    def _person(self, n: int) -> tuple[Volunteer, Viewer]:
        return self.people[n % len(self.people)]

    def _team(self, n: int) -> str:
        names = ("community", "quiet", "community", "second", "quiet", "town")
        return names[n % len(names)]

    async def _manager(self, name: str) -> Viewer:
        """Who manages a team; known from before, whatever the team has become since."""
        if name not in self.managers:
            self.managers[name] = await self.world.district.forest.manager(
                name, TeamAdminRole.MANAGER
            )
        return self.managers[name]

    async def _manager_of(self, team_id: int) -> Viewer:
        teams = self.world.district.forest.teams
        names = [name for name, team in teams.items() if team.id == team_id]
        return await self._manager(names[0] if names else "community")

    async def _keeper(self, table: str, column: str, id: int) -> Viewer:
        """Who manages the team that a row is of."""
        team_id = await self.db.fetchval(f"select {column} from {table} where s.id = $1", id)  # noqa: S608
        return await self._manager_of(team_id)

    async def _one(self, table: str, n: int) -> int | None:
        ids = await self.db.fetch(f"select id from {table} order by id desc limit 20")  # noqa: S608
        return ids[n % len(ids)]["id"] if ids else None
