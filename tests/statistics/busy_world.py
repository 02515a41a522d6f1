"""A district at work: its people, what they have made so far, and who acts for what."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from db.enums import MembershipStatus, ProjectStatus, RegionLevel, SignUpStatus
from db.models import Membership, Team, Volunteer
from db.session import Database
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from tests.small_world import NOW, Planter
from tests.workflows.district import District
from tests.workflows.project_world import ProjectWorld

SERVING = 3
"""So many people are members of the teams that serve, and stay to the end."""
SERVING_TEAMS = ("community", "quiet")
# Where a row lies, so that none of another district is taken.
_ROWS = {
    "posts": "posts s join projects p on p.id = s.project_id join teams t on t.id = p.team_id",
    "projects": "projects s join teams t on t.id = s.team_id",
    "reviews": "reviews s join teams t on t.id = s.reviewer_team_id",
    "teams": "teams s join teams t on t.id = s.id",
    **{
        name: f"{name} s join teams t on t.id = s.team_id"
        for name in ("memberships", "sign_ups", "service_records")
    },
}


@dataclass(slots=True)
class BusyWorld:
    """A district, its people, and what they have made so far."""

    world: ProjectWorld
    db: Any
    people: list[tuple[Volunteer, Viewer]] = field(default_factory=list)
    accounts: dict[str, int] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def plant(cls, database: Database, db: Any) -> "BusyWorld":
        """A new one, that no other test knows: two teams serve, in projects that go on."""
        district = await District.plant(Planter(database))
        busy = cls(await ProjectWorld.of(district, db), db)
        await district.team("quiet", "community", district.regions["community"])
        await district.team("second", "town", district.regions["village"])
        for _ in range(SERVING + 1):
            busy.people.append(await busy.world.person())
        await busy.planter.add(
            *(
                Membership(
                    province="50",
                    team_id=busy.team(name).id,
                    volunteer_id=volunteer.id,
                    status=MembershipStatus.JOINED,
                    joined_at=NOW - timedelta(days=200),
                )
                for volunteer, _ in busy.people[:SERVING]
                for name in SERVING_TEAMS
            )
        )
        for name in SERVING_TEAMS:
            project, _ = await busy.world.planted(
                team=name, places=(4,), status=ProjectStatus.RUNNING, categories=["01", "02"],
                starts_at=NOW - timedelta(days=60), ends_at=NOW + timedelta(days=30),
            )  # fmt: skip
            busy.running[name] = project.id
        _, (soon, _) = await busy.world.planted(places=(3, 5), categories=["01"])
        for volunteer, _ in busy.people[: SERVING - 1]:
            await busy.world.signed(volunteer, soon, SignUpStatus.ACCEPTED)
        later = {"starts_at": NOW + timedelta(days=20), "ends_at": NOW + timedelta(days=21)}
        await busy.world.planted(places=(9,), categories=[], **later)
        return busy

    @property
    def database(self) -> Database:
        return self.world.database

    @property
    def planter(self) -> Planter:
        return self.world.planter

    def team(self, name: str) -> Team:
        """One of the teams that were there from the beginning."""
        return self.world.team(name)

    def person(self, n: int) -> tuple[Volunteer, Viewer]:
        """Anybody, and the account that acts as such."""
        return self.people[n % len(self.people)]

    def viewer_of(self, volunteer_id: int) -> Viewer:
        """The account that acts as a volunteer."""
        return next(viewer for volunteer, viewer in self.people if volunteer.id == volunteer_id)

    async def register(self, b: int) -> Volunteer:
        """One more volunteer, somewhere in the district."""
        regions = [
            each for each in self.world.district.regions.values() if each.level != RegionLevel.TOWN
        ]
        volunteer = await self.planter.volunteer(regions[b % len(regions)])
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, volunteer.account_id)
        self.people.append((volunteer, standing.acting_as("volunteer")))
        return volunteer

    async def manager(self, name: str) -> Viewer:
        """Who manages a team, as of now: where it has moved, so has its manager.

        Raises:
            ClientError: the team is not one to act for any more.
        """
        if name not in self.accounts:
            viewer = await self.world.manager(name)
            assert viewer.account_id is not None
            self.accounts[name] = viewer.account_id
            return viewer
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, self.accounts[name])
        return standing.acting_as(f"team:{self.team(name).team_no}")

    async def manager_of(self, team_id: int) -> Viewer:
        """Who manages a team, as of now; of one that was founded since, who is above it.

        Raises:
            ClientError: the team is not one to act for any more.
        """
        teams = self.world.district.forest.teams
        names = [name for name, team in teams.items() if team.id == team_id]
        return await self.manager(names[0] if names else "community")

    async def one(self, table: str, n: int, wanted: str = "true") -> Any:
        """One of the district's rows, with its team: mostly such as can be acted on."""
        wanted = wanted if n % 7 else "true"
        rows = await self.db.fetch(
            f"select s.*, t.id as of_team from {_ROWS[table]}"  # noqa: S608 - ours
            f" where starts_with(t.region_path, $1) and {wanted} order by s.id desc limit 20",
            self.world.district.regions["city"].path,
        )
        return rows[n % len(rows)] if rows else None
