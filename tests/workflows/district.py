"""A district with its hubs, each named after its region, and people who act for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from db.enums import (
    HubLevel,
    PermissionGroup,
    RegionLevel,
    RegistrationStatus,
    TeamKind,
)
from db.models import Region
from db.numbers import uscc
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.team_form import NewTeam, TeamPerson
from tests.db.forest import Forest
from tests.small_world import STATION, Planter

# name -> (parent, level)
REGIONS: Mapping[str, tuple[str | None, RegionLevel]] = {
    "city": (None, RegionLevel.PROVINCE),
    "district": ("city", RegionLevel.COUNTY),
    "town": ("district", RegionLevel.TOWN),
    "community": ("town", RegionLevel.VILLAGE),
    "village": ("town", RegionLevel.VILLAGE),
    "other": ("city", RegionLevel.COUNTY),
}
HUBS: Mapping[str, tuple[str | None, HubLevel, str, PermissionGroup]] = {
    "city": (None, HubLevel.CITY, "志愿服务联合会", PermissionGroup.SENIOR_QUICK),
    "district": ("city", HubLevel.DISTRICT, "志愿者协会", PermissionGroup.SENIOR_QUICK),
    "town": ("district", HubLevel.TOWN, "志愿服务总队", PermissionGroup.MIDDLE_QUICK),
    "community": ("town", HubLevel.COMMUNITY, "志愿服务大队", PermissionGroup.JUNIOR_QUICK),
    "other": ("city", HubLevel.DISTRICT, "志愿者协会", PermissionGroup.SENIOR_QUICK),
}
KINDS = {
    RegionLevel.PROVINCE: "市",
    RegionLevel.COUNTY: "区",
    RegionLevel.TOWN: "镇",
    RegionLevel.VILLAGE: "社区",
}
PRINCIPAL = TeamPerson(name="王建国", mobile="13800000011")
CONTACT = TeamPerson(name="赵敏", mobile="13800000012", email="zhao@example.org")


@dataclass(slots=True)
class District:
    """Regions and hubs by name; a village has no hub yet."""

    planter: Planter
    regions: dict[str, Region] = field(default_factory=dict)
    forest: Forest = field(init=False)
    serial: int = 0

    @classmethod
    async def plant(cls, planter: Planter) -> "District":
        """A new one, of regions that no other test knows."""
        district = cls(planter)
        district.serial = (await planter.region()).id
        for name, (parent, level) in REGIONS.items():
            await district._region(name, parent, level)
        district.forest = Forest(planter, district.regions["community"])
        for name, (above, hub_level, ending, group) in HUBS.items():
            region = district.regions[name]
            await district.team(
                name,
                above,
                region,
                name=f"{region.short_name}{ending}",
                hub_level=hub_level,
                permission_group=group,
            )
        return district

    async def team(self, known_as: str, above: str | None, region: Region, **values: Any) -> None:
        """An enabled team in a region."""
        # Ids as the station itself gives them, far from those that it gives in a test.
        self.serial += 1
        number = (STATION << 40) + 2**39 + self.serial
        team = await self.planter.team(region, id=number, path=f"{number}/", **values)
        if above is not None:
            await self.forest._hang(team, self.forest.teams[above])
        self.forest.teams[known_as] = team

    async def _region(self, name: str, parent: str | None, level: RegionLevel) -> None:
        above = self.regions[parent] if parent else None
        self.serial += 1
        number = STATION * 2**34 + self.serial * 10 + len(self.regions)
        short = f"{name}{self.serial % 2**30}{KINDS[level]}"
        region = Region(
            id=number,
            province="50",
            parent_id=above.id if above else None,
            path=f"{above.path if above else ''}{number}/",
            depth=above.depth + 1 if above else 1,
            level=level,
            code=f"50{number % 10**10:010d}",
            name=short,
            short_name=short,
        )
        await self.planter.add(region)
        self.regions[name] = region

    async def person(self) -> Viewer:
        """A volunteer who acts as one."""
        volunteer = await self.planter.volunteer(self.regions["community"])
        assert volunteer.account_id is not None
        async with self.planter.database.read() as snapshot:
            return (await fetch_standing(snapshot, volunteer.account_id)).acting_as("volunteer")

    def group(self, **values: Any) -> NewTeam:
        """A group of the community, under its hub."""
        return NewTeam(
            **{
                "name": "邢孃孃开心编织志愿服务队",
                "kind": TeamKind.GROUP,
                "registration_status": RegistrationStatus.UNREGISTERED,
                "region_code": self.regions["community"].code,
                "contact_team_id": self.forest.teams["community"].id,
                "principal": PRINCIPAL,
                "contact": CONTACT,
                **values,
            }
        )

    def hub(self, **values: Any) -> NewTeam:
        """The hub of the village, which has none, under that of its town."""
        region = self.regions["village"]
        return self.group(
            **{
                "name": f"{region.short_name}志愿服务大队",
                "hub_level": HubLevel.COMMUNITY,
                "region_code": region.code,
                "contact_team_id": self.forest.teams["town"].id,
                "responsible_unit": "居民委员会",
                **values,
            }
        )

    def legal(self, **values: Any) -> NewTeam:
        """A legal person that the register knows."""
        return self.group(
            **{
                "name": "重庆市巴渝助学基金会",
                "kind": TeamKind.ORGANIZATION,
                "registration_status": RegistrationStatus.LEGAL_PERSON,
                "region_code": self.regions["district"].code,
                "authority_code": self.regions["district"].code,
                "contact_team_id": None,
                "uscc": "53500000MJP000002B",
                **values,
            }
        )


def unknown_code() -> str:
    """A valid code that the register does not hold."""
    return uscc.make("51", "500112", "MJP99999")
