"""What a reviewer sees before deciding: the fields that are to change, and the scans sent along."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio

from db.enums import PermissionGroup, ReviewKind, ReviewState
from db.models import Review
from db.session import Database
from gateway.settings import Settings
from permissions.viewer import Viewer
from schema.ids import encode
from tests.api.client import Client, running
from tests.edge.pictures import PDF, picture
from tests.small_world import Planter, connected
from tests.workflows.district import District

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGISTER = """
mutation ($team: RegisterTeamInput!) {
  registerTeam(input: $team) {
    review { id files { id purpose mediaType size } changes { field before after } }
    userErrors { code field }
  }
}
"""
REVIEW = """
query ($id: ID!) {
  node(id: $id) {
    ... on Review { changes { field before after } files { id purpose mediaType size } }
  }
}
"""


@dataclass(slots=True, kw_only=True)
class Office:
    """A station where teams register, and its district."""

    client: Client
    database: Database
    planter: Planter
    district: District = field(init=False)

    async def ask(self, viewer: Viewer, document: str, **variables: Any) -> Any:
        answer = await self.client.ask(
            document, variables, viewer=viewer.account_id, acting_as=viewer.capacity
        )
        (found,) = answer.good.values()
        return found

    async def send(self, viewer: Viewer, data: bytes, purpose: str = "SCAN") -> str:
        assert viewer.account_id is not None
        sent = await self.client.http.post(
            f"/files?purpose={purpose}", content=data, headers=self.headers(viewer)
        )
        file_id: str = sent.json()["id"]
        return file_id

    async def get(self, viewer: Viewer, file_id: str) -> httpx.Response:
        return await self.client.http.get(f"/files/{file_id}", headers=self.headers(viewer))

    def headers(self, viewer: Viewer) -> dict[str, str]:
        assert viewer.account_id is not None
        return {
            "host": "national.localhost",
            "authorization": f"Bearer {self.client.token(viewer.account_id)}",
            "x-acting-as": viewer.capacity,
        }

    def form(self, **more: Any) -> dict[str, Any]:
        """A group of the community under its hub."""
        self.district.serial += 1
        person = {"name": "王建国", "mobile": "13800000011"}
        return {
            "name": f"第{self.district.serial}号读书志愿服务队",
            "kind": "GROUP",
            "registrationStatus": "UNREGISTERED",
            "regionCode": self.district.regions["community"].code,
            "contactTeamId": encode("Team", self.district.forest.teams["community"].id),
            "principal": person,
            "contact": person,
            **more,
        }

    async def register(self, viewer: Viewer, **more: Any) -> Any:
        return await self.ask(viewer, REGISTER, team=self.form(**more))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    async with Database(url) as database, running(url, redis_url, settings) as client:
        office = Office(client=client, database=database, planter=Planter(database))
        office.district = await District.plant(office.planter)
        yield office


@pytest_asyncio.fixture(loop_scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


async def test_reviewer_reads_the_scans_that_a_team_is_registered_with(office: Office) -> None:
    forest = office.district.forest
    applicant = await office.district.person()
    scans = [await office.send(applicant, PDF), await office.send(applicant, picture("PNG"))]

    done = await office.register(applicant, scanFileIds=scans)

    assert done["userErrors"] == []
    review = done["review"]
    assert [each["id"] for each in review["files"]] == scans
    assert review["files"][0] == {
        "id": scans[0],
        "purpose": "SCAN",
        "mediaType": "application/pdf",
        "size": len(PDF),
    }
    readers = {
        "contact team": (await forest.manager("community"), True),
        "hub above": (await forest.manager("district"), True),
        "hub elsewhere": (await forest.manager("other"), False),
        "somebody": (await office.district.person(), False),
    }
    for who, (viewer, may) in readers.items():
        shown = await office.ask(viewer, REVIEW, id=review["id"])
        read = await office.get(viewer, scans[0])
        assert (shown is not None, read.status_code) == (may, 200 if may else 404), who
        assert not may or shown["files"] == review["files"], who


async def reject(db: Any, review_id: str) -> int:
    """Refuses a registration; its team."""
    row = await db.fetchrow(
        "update reviews set state = 'REJECTED', decided_at = now()"
        " where state = 'PENDING' and team_id = (select max(team_id) from reviews"
        " where kind = 'TEAM_REGISTRATION') returning team_id"
    )
    assert row is not None, review_id
    await db.execute("update teams set status = 'REJECTED' where id = $1", row["team_id"])
    team_id: int = row["team_id"]
    return team_id


async def test_scans_are_replaced_when_the_team_is_handed_in_again(office: Office, db: Any) -> None:
    applicant = await office.district.person()
    old, kept = [await office.send(applicant, picture("PNG", shade=n)) for n in (1, 2)]
    first = await office.register(applicant, scanFileIds=[old, kept])
    new = await office.send(applicant, PDF)
    seen = []
    for scans in ({"scanFileIds": [kept, new]}, {}, {"scanFileIds": []}):
        team_id = await reject(db, first["review"]["id"])
        again = await office.register(applicant, teamId=encode("Team", team_id), **scans)
        assert again["userErrors"] == []
        seen.append([each["id"] for each in again["review"]["files"]])

    assert seen == [[kept, new], [kept, new], []]
    waiting = await db.fetchval("select count(*) from files where attached_at is null")
    assert waiting == 3  # they go after a day


async def test_only_free_scans_of_ones_own_are_taken(office: Office, db: Any) -> None:
    applicant, other = await office.district.person(), await office.district.person()
    taken = await office.send(applicant, picture("PNG", shade=3))
    await office.register(applicant, scanFileIds=[taken])
    bad = {
        "another's": [await office.send(other, picture("PNG", shade=4))],
        "a proof": [await office.send(applicant, picture("PNG", shade=5), "PROOF")],
        "given before": [taken],
        "one that never was": [encode("File", 2**50)],
        "one good, one bad": [await office.send(applicant, picture("PNG", shade=6)), taken],
    }
    before = await db.fetchval("select count(*) from teams")

    found = {
        why: (await office.register(applicant, scanFileIds=scans))["userErrors"]
        for why, scans in bad.items()
    }
    many = await office.register(
        applicant, scanFileIds=[encode("File", number) for number in range(1, 12)]
    )

    assert found == {why: [{"code": "NOT_FOUND", "field": "scanFileIds"}] for why in bad}
    assert many["userErrors"] == [{"code": "TOO_LONG", "field": "scanFileIds"}]
    assert await db.fetchval("select count(*) from teams") == before


async def test_change_is_told_before_and_after_to_those_who_may_see_it(office: Office) -> None:
    district = office.district
    forest = district.forest
    await district.team("mover", "town", district.regions["community"])
    team = forest.teams["mover"]
    manager = await forest.manager("mover")
    name = f"改名{district.serial}服务队"

    asked = await office.ask(
        manager,
        "mutation ($id: ID!, $name: String!, $code: String!) { updateTeam(input: {teamId: $id,"
        ' name: $name, regionCode: $code, principal: {name: "孙丽丽", mobile: "13800000099"}})'
        " { review { id } userErrors { code } } }",
        id=encode("Team", team.id),
        name=name,
        code=district.regions["village"].code,
    )

    assert asked["userErrors"] == []
    whole = [
        {"field": "name", "before": team.name, "after": name},
        {
            "field": "regionCode",
            "before": district.regions["community"].code,
            "after": district.regions["village"].code,
        },
        {"field": "principal.name", "before": team.principal_name, "after": "孙丽丽"},
    ]
    readers = {
        "the team": (manager, whole),
        "contact team": (await forest.manager("town"), whole),
        "hub above": (await forest.manager("district"), whole),
        "department": (await forest.officer(district.regions["district"]), whole),
        "hub elsewhere": (await forest.manager("other"), None),
        "department elsewhere": (await forest.officer(district.regions["other"]), None),
        "somebody": (await district.person(), None),
    }
    for who, (viewer, expected) in readers.items():
        shown = await office.ask(viewer, REVIEW, id=asked["review"]["id"])
        assert (shown and shown["changes"]) == expected, who


PHONES = [
    {"field": "approvingUnit.name", "before": None, "after": "某小学"},
    {"field": "approvingUnit.contact", "before": None, "after": "孙丽"},
    {"field": "approvingUnit.phone", "before": None, "after": "023-67000000"},
]


async def test_approving_unit_is_told_to_the_applicant_and_the_department(office: Office) -> None:
    district = office.district
    applicant = await district.person()
    unit = {"name": "某小学", "contact": "孙丽", "phone": "023-67000000"}

    done = await office.register(applicant, contactTeamId=None, approvingUnit=unit)

    assert done["review"]["changes"] == PHONES
    officer = await district.forest.officer(district.regions["district"])
    shown = await office.ask(officer, REVIEW, id=done["review"]["id"])
    assert shown["changes"] == PHONES


async def planted(office: Office, kind: ReviewKind, change: dict[str, Any], **more: Any) -> str:
    """A review of the group's that waits for the hub elsewhere."""
    forest = office.district.forest
    review = Review(
        province="50",
        kind=kind,
        state=ReviewState.PENDING,
        subject_type="Team",
        subject_id=forest.teams["group"].id,
        team_id=forest.teams["group"].id,
        change=change,
        **{"reviewer_team_id": forest.teams["other"].id, **more},
    )
    await office.planter.add(review)
    return encode("Review", review.id)


async def test_each_kind_tells_its_own(office: Office) -> None:
    forest = office.district.forest
    teams = forest.teams
    community, other = (encode("Team", teams[name].id) for name in ("community", "other"))
    if "group" not in teams:
        await office.district.team("group", "community", office.district.regions["community"])
    group = PermissionGroup.BASIC.value
    kinds: dict[ReviewKind, tuple[dict[str, Any], list[tuple[str, str | None, str | None]]]] = {
        ReviewKind.TEAM_MOVE: (
            {
                "contactTeamId": teams["other"].id,
                "fromContactTeamId": teams["community"].id,
                "reason": "搬迁",
            },
            [("contactTeamId", community, other), ("reason", None, "搬迁")],
        ),
        ReviewKind.PERMISSION_GROUP: (
            {"permissionGroup": "MIDDLE", "before": group, "reason": "活动多"},
            [("group", group, "MIDDLE"), ("reason", None, "活动多")],
        ),
        ReviewKind.ACCOUNT_RESET: (
            {"mobile": "13912345678", "reason": "换号"},
            [("mobile", None, "139****5678"), ("reason", None, "换号")],
        ),
        ReviewKind.PROJECT_PUBLICATION: ({"reviewer": "team"}, []),
        ReviewKind.MEMBERSHIP: ({}, []),
    }
    reviewer = await forest.manager("other")

    for kind, (change, expected) in kinds.items():
        number = await planted(office, kind, change)
        shown = await office.ask(reviewer, REVIEW, id=number)
        told = [(each["field"], each["before"], each["after"]) for each in shown["changes"]]
        assert told == expected, kind


async def test_applicant_who_left_the_team_reads_what_they_wrote_and_no_other_name(
    office: Office,
) -> None:
    district = office.district
    if "group" not in district.forest.teams:
        await district.team("group", "community", district.regions["community"])
    applicant = await district.person()
    change = {
        "values": {"principal_name": "孙丽丽", "name": "新名"},
        "before": {"principal_name": "赵铁柱", "name": "旧名"},
    }

    number = await planted(
        office, ReviewKind.TEAM_CHANGE, change, applicant_account_id=applicant.account_id
    )
    shown = await office.ask(applicant, REVIEW, id=number)

    assert shown["changes"] == [
        {"field": "name", "before": "旧名", "after": "新名"},
        {"field": "principal.name", "before": None, "after": "孙丽丽"},
    ]
