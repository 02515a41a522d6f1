"""A tree of regions from the nation to a town, with an administrator in some of the offices."""

from dataclasses import dataclass, field
from typing import Any

from db import passwords
from db.enums import RegionLevel
from db.models import DepartmentUser, Region
from permissions.viewer import ActingDepartment, Role, Viewer
from tests.api.client import NATIONAL, Answer, Client
from tests.small_world import Planter, connected

PASSWORD = "Jiulongpo-2021-hua"
# name -> region above, level
REGIONS = {
    "nation": (None, RegionLevel.NATION),
    "province": ("nation", RegionLevel.PROVINCE),
    "city": ("province", RegionLevel.PREFECTURE),
    "county": ("city", RegionLevel.COUNTY),
    "other_county": ("city", RegionLevel.COUNTY),
    "town": ("county", RegionLevel.TOWN),
    "other_city": ("province", RegionLevel.PREFECTURE),
    "far_county": ("other_city", RegionLevel.COUNTY),
    "other_province": ("nation", RegionLevel.PROVINCE),
}
SIGN_IN = """
mutation ($username: String!, $password: String!) {
  signIn(input: {username: $username, password: $password}) {
    accessToken refreshToken
    account { mustChangePassword capacities { key } }
    userErrors { code }
  }
}
"""
CHANGE = """
mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    accessToken refreshToken account { mustChangePassword } userErrors { code field }
  }
}
"""
ISSUE = """
mutation ($input: IssueAdministratorInput!) {
  issueAdministrator(input: $input) {
    administrator {
      id username name title region { code } issuedBy lastSignedInAt owesPassword needsReminding
    }
    firstPassword userErrors { code field }
  }
}
"""
HAND_OVER = """
mutation ($input: HandOverAdministratorInput!) {
  handOverAdministrator(input: $input) {
    administrator { id username name region { code } } firstPassword userErrors { code field }
  }
}
"""
RESET = """
mutation ($input: ResetAdministratorPasswordInput!) {
  resetAdministratorPassword(input: $input) {
    administrator { id owesPassword } firstPassword userErrors { code field }
  }
}
"""
REMOVE = """
mutation ($input: RemoveAdministratorInput!) {
  removeAdministrator(input: $input) { administratorId userErrors { code field } }
}
"""
REMIND = """
mutation ($input: RemindAdministratorInput!) {
  remindAdministrator(input: $input) {
    administrator { id remindedAt needsReminding } userErrors { code field }
  }
}
"""
LIST = """
query ($filter: AdministratorFilter, $order: AdministratorOrder! = OLDEST) {
  administrators(filter: $filter, orderBy: $order) {
    totalCount nodes { id username name needsReminding owesPassword region { code } }
  }
}
"""


@dataclass(slots=True)
class Offices:
    """The regions, and an account of each office that has one."""

    planter: Planter
    client: Client
    regions: dict[str, Region] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    offices: dict[str, int] = field(default_factory=dict)
    issued: int = 0

    @classmethod
    async def open(cls, planter: Planter, client: Client) -> "Offices":
        """The tree with an administrator in every office but the town's."""
        offices = cls(planter, client)
        for name, (above, level) in REGIONS.items():
            offices.regions[name] = await offices._region(name, above, level)
            if level is not RegionLevel.TOWN:
                await offices.seat(name, name)
        return offices

    async def _region(self, name: str, above: str | None, level: RegionLevel) -> Region:
        parent = self.regions[above] if above else None
        number = (await self.planter.region()).id + 2**30
        region = Region(
            id=number,
            province="50",
            parent_id=parent.id if parent else None,
            path=f"{parent.path if parent else ''}{number}/",
            depth=parent.depth + 1 if parent else 1,
            level=level,
            code=f"A{number}",
            name=name,
            short_name=name,
        )
        await self.planter.add(region)
        return region

    async def seat(self, name: str, region: str, **values: Any) -> int:
        """The office of a new account, that acts for the department of a region."""
        account = await self.planter.account(
            **{"password_hash": passwords.hash_password(PASSWORD), **values}
        )
        office = DepartmentUser(
            province="50", account_id=account.id, region_id=self.regions[region].id
        )
        await self.planter.add(office)
        self.accounts[name], self.offices[name] = account.id, office.id
        return office.id

    def code(self, name: str) -> str:
        return self.regions[name].code

    def asking(self, name: str) -> dict[str, Any]:
        """The arguments by which a client asks as the office of that name."""
        return {
            "viewer": self.accounts[name],
            "acting_as": f"department:{self.code(name)}",
        }

    def viewer(self, name: str) -> Viewer:
        """Who acts for the office of that name."""
        region = self.regions[name]
        return Viewer(
            role=Role.DEPARTMENT,
            account_id=self.accounts[name],
            department=ActingDepartment(
                region_id=region.id,
                region_code=region.code,
                region_name=name,
                region_path=region.path,
                region_level=region.level,
            ),
        )

    def person(self, **values: Any) -> dict[str, Any]:
        """The input of somebody new."""
        self.issued += 1
        return {"username": f"admin_{self.issued:04d}", "name": f"管理员{self.issued}", **values}

    async def issue(self, by: str, region: str, **values: Any) -> dict[str, Any]:
        """What came of an account issued by one office for another region."""
        given = self.person(regionCode=self.code(region), **values)
        answer = await self.client.ask(ISSUE, {"input": given}, **self.asking(by))
        told: dict[str, Any] = answer.good["issueAdministrator"]
        return told

    async def enter(self, username: str, password: str, *, host: str = NATIONAL) -> dict[str, Any]:
        """What came of signing in."""
        given = {"username": username, "password": password}
        told: dict[str, Any] = (await self.client.ask(SIGN_IN, given, host=host)).good["signIn"]
        return told

    async def settled(self, by: str, region: str) -> dict[str, Any]:
        """An administrator who was issued and has changed the password, with a session."""
        told = await self.issue(by, region)
        username = told["administrator"]["username"]
        entered = await self.enter(username, told["firstPassword"])
        new = f"Bayu-{username}-9Z"
        changed = await self.with_token(
            entered["accessToken"],
            CHANGE,
            {
                "input": {
                    "currentPassword": told["firstPassword"],
                    "newPassword": new.replace(username, "Shan"),
                }
            },
        )
        assert changed.good["changePassword"]["userErrors"] == []
        return {**told["administrator"], **changed.good["changePassword"]}

    async def with_token(
        self,
        token: str,
        document: str,
        variables: dict[str, Any] | None = None,
        *,
        acting_as: str | None = None,
        host: str = NATIONAL,
    ) -> Answer:
        """The answer to a document, asked with an access token."""
        headers = {"authorization": f"Bearer {token}"}
        if acting_as is not None:
            headers["x-acting-as"] = acting_as
        return await self.client.ask(document, variables, headers=headers, host=host)

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """Rows of the database, read beside the gateway."""
        async with connected(self.planter.database.url) as connection:
            found: list[Any] = await connection.fetch(sql, *arguments)
        return found
