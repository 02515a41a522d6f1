"""Small forests for tests of moves: teams by name under each other, accounts that act for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from db.enums import HubLevel, PermissionGroup, TeamAdminRole
from db.ledger.triggers import SET_DAY
from db.models import Account, DepartmentUser, Region, Team, TeamAdmin
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from tests.small_world import Planter

HUBS: Mapping[HubLevel, PermissionGroup] = {
    HubLevel.CITY: PermissionGroup.SENIOR_QUICK,
    HubLevel.DISTRICT: PermissionGroup.SENIOR_QUICK,
    HubLevel.TOWN: PermissionGroup.MIDDLE_QUICK,
    HubLevel.COMMUNITY: PermissionGroup.JUNIOR_QUICK,
}


@dataclass(slots=True)
class Forest:
    """Plants teams into one region and remembers them by name."""

    planter: Planter
    region: Region
    teams: dict[str, Team] = field(default_factory=dict)

    async def plant(self, name: str, under: str | None = None, **values: Any) -> Team:
        """An enabled team; with a ``hub_level`` it is the hub of a region of its own."""
        level = values.get("hub_level")
        region = self.region if level is None else await self.planter.region()
        above = self.teams[under] if under else None
        team = await self.planter.team(
            region,
            **{
                "permission_group": HUBS[level] if level else PermissionGroup.BASIC,
                **values,
            },
        )
        if above is not None:
            await self._hang(team, above)
        self.teams[name] = team
        return team

    async def _hang(self, team: Team, above: Team) -> None:
        async with self.planter.database.write(
            account_id=None, capacity="test", action="plant"
        ) as write:
            # It has never hung elsewhere.
            await write.run(SET_DAY, date(2000, 1, 1))
            await write.run(
                "update teams set contact_team_id = $2, path = $3, depth = $4 where id = $1",
                team.id,
                above.id,
                f"{above.path}{team.id}/",
                above.depth + 1,
            )
        team.path, team.depth = f"{above.path}{team.id}/", above.depth + 1
        team.contact_team_id = above.id

    async def manager(self, name: str, *roles: TeamAdminRole) -> Viewer:
        """A new account that acts for the team."""
        team = self.teams[name]
        account = await self.planter.account()
        named = roles or (TeamAdminRole.MANAGER,)
        await self.planter.add(
            *(
                TeamAdmin(province="50", team_id=team.id, account_id=account.id, role=role)
                for role in named
            )
        )
        return await acting_as(self.planter, account, f"team:{team.team_no}")

    async def officer(self, region: Region) -> Viewer:
        """A new account of the region's department."""
        account = await self.planter.account()
        await self.planter.add(
            DepartmentUser(province="50", account_id=account.id, region_id=region.id)
        )
        return await acting_as(self.planter, account, f"department:{region.code}")


async def acting_as(planter: Planter, account: Account, capacity: str) -> Viewer:
    """The account in one of the capacities that it holds."""
    async with planter.database.read() as snapshot:
        return (await fetch_standing(snapshot, account.id)).acting_as(capacity)
