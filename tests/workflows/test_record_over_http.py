"""Records over HTTP: entered, corrected, disputed, rated, handed on, and read by who may."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.models import Membership
from db.session import Database
from permissions.viewer import Viewer
from schema.ids import encode
from tests.api.client import Client, running
from tests.small_world import NOW, Planter
from tests.workflows.service import Service

ENTER = """
mutation ($input: CreateServiceRecordsInput!) {
  createServiceRecords(input: $input) {
    entered
    results { index serviceRecord { id status minutes activityName evaluation { score } }
              userErrors { code field } }
  }
}
"""
READ = """
query ($id: ID!) { node(id: $id) { ... on ServiceRecord {
  revision hours note revisions { revision minutes content reason startsAt endsAt targets }
  disputes { reason outcome answer } evaluation { score comment evaluatedOn status team { name } }
} } }
"""
FILE = """
query ($id: ID!) { node(id: $id) { ... on Volunteer {
  averageScore trainings { name minutes team { name } } awards { name grantor verification }
  evaluations { score } starRatings { stars stars_before: starsBefore }
} } }
"""


@pytest.fixture
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


def asking(viewer: Viewer) -> dict[str, Any]:
    return {"viewer": viewer.account_id, "acting_as": viewer.capacity}


async def test_records_and_files_are_written_and_read_over_http(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    first, second = await service.member(), await service.member()
    recorder, team_id = asking(service.recorder), encode("Team", service.team.id)
    # The gateway goes by its own clock: this is long ago, and late, whenever it runs.
    item = {
        "startsAt": "2025-05-20T09:00:00+08:00",
        "endsAt": "2025-05-20T11:00:00+08:00",
        "activityName": "敬老院探访",
        "content": "陪伴老人",
        "place": "桃源敬老院",
        "targets": ["老年人"],
        "score": 5,
        "comment": "认真",
    }
    given = {
        "teamId": team_id,
        "records": [
            {**item, "volunteerId": encode("Volunteer", first.id)},
            {**item, "volunteerNo": second.volunteer_no, "volunteerName": "别人"},
            {**item, "volunteerNo": second.volunteer_no, "volunteerName": second.name},
        ],
    }
    entered = (await client.ask(ENTER, {"input": given}, **recorder)).good["createServiceRecords"]
    assert entered["entered"] == 2
    good, wrong, _ = entered["results"]
    assert wrong == {
        "index": 1,
        "serviceRecord": None,
        "userErrors": [{"code": "NOT_FOUND", "field": "volunteerNo"}],
    }
    record = good["serviceRecord"]
    assert record["evaluation"] == {"score": 5}

    corrected = await client.ask(
        """mutation ($id: ID!) { correctRecord(input: {
          recordId: $id, changes: {content: "陪伴老人，读报", unservedMinutes: 30}, reason: "补充"
        }) { serviceRecord { revision minutes } userErrors { code } } }""",
        {"id": record["id"]},
        **recorder,
    )
    assert corrected.good["correctRecord"] == {
        "serviceRecord": {"revision": 2, "minutes": 90},
        "userErrors": [],
    }
    volunteer: dict[str, Any] = {"viewer": first.account_id, "acting_as": "volunteer"}
    seen = (await client.ask(READ, {"id": record["id"]}, **volunteer)).good["node"]
    assert [(each["minutes"], each["reason"]) for each in seen["revisions"]] == [(120, "补充")]
    assert seen["evaluation"]["team"] == {"name": service.team.name}

    for document in (
        """mutation ($id: ID!) { recordTraining(input: {volunteerId: $id, name: "急救",
          minutes: 60, organiser: "红十字会", heldOn: "2026-04-01"}) { userErrors { code } } }""",
        """mutation ($id: ID!) { recordAward(input: {volunteerId: $id, name: "优秀志愿者",
          grantedBy: "区政府", grantedOn: "2026-03-05", grantor: GOVERNMENT, material: "证书"
        }) { userErrors { code } } }""",
    ):
        answer = await client.ask(document, {"id": encode("Volunteer", first.id)}, **recorder)
        assert [each["userErrors"] for each in answer.good.values()] == [[]]
    file = (await client.ask(FILE, {"id": encode("Volunteer", first.id)}, **volunteer)).good["node"]
    assert file["averageScore"] == "5.00"
    assert [each["name"] for each in file["trainings"]] == ["急救"]
    assert [each["name"] for each in file["awards"]] == ["优秀志愿者"]


async def test_candidates_are_found_by_hours_and_evaluation_and_rated(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    few = await service.member(effective_minutes=99 * 60)
    many = await service.member(effective_minutes=400 * 60, evaluation_count=2, evaluation_total=9)
    rated = await service.member(effective_minutes=500 * 60, star=2)
    officer = asking(await service.forest.officer(service.forest.region))
    document = """
    query ($stars: Int!, $score: Float, $region: String!) {
      starCandidates(stars: $stars, minScore: $score) { totalCount nodes { id } }
      commendationCandidates(minHours: 1) { totalCount }
      starScale(regionCode: $region) { stars hours }
    }"""

    async def found(**variables: Any) -> list[str]:
        answer = (
            await client.ask(
                document, {**variables, "region": service.forest.region.code}, **officer
            )
        ).good
        assert [each["hours"] for each in answer["starScale"]] == [100, 300, 600, 1000, 1500]
        assert answer["commendationCandidates"]["totalCount"] == 0
        return [each["id"] for each in answer["starCandidates"]["nodes"]]

    assert await found(stars=2) == [encode("Volunteer", many.id)]
    assert await found(stars=1, score=4.6) == []
    assert encode("Volunteer", few.id) not in await found(stars=1)
    done = await client.ask(
        """mutation ($id: ID!) { rateStar(input: {volunteerId: $id, stars: 2}) {
          volunteer { star starRatings { stars starsBefore } } userErrors { code } } }""",
        {"id": encode("Volunteer", many.id)},
        **officer,
    )
    assert done.good["rateStar"]["volunteer"] == {
        "star": 2,
        "starRatings": [{"stars": 2, "starsBefore": 0}],
    }
    assert await found(stars=2) == []
    assert rated.star == 2
    for wrong in ("stars: 6", "stars: 0"):
        answer = await client.ask(f"{{ starCandidates({wrong}) {{ totalCount }} }}", **officer)
        assert answer.codes == ["INVALID_INPUT"]


async def test_handed_records_are_read_while_the_consent_stands(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    member = await service.member()
    to = await service.forest.plant("next", "hub")
    await service.planter.add(
        Membership(
            province="50",
            team_id=to.id,
            volunteer_id=member.id,
            status="JOINED",
            joined_at=NOW,
        )
    )
    await service.planter.record(member, service.team, status="EFFECTIVE", activity_name="探访")
    taker = asking(await service.forest.manager("next"))
    outsider = asking(service.recorder)
    volunteer: dict[str, Any] = {"viewer": member.account_id, "acting_as": "volunteer"}
    shown = "{ recordTransfers { id status fromTeam { name } records { activityName minutes } } }"

    asked = await client.ask(
        """mutation ($from: ID!, $to: ID!) { transferRecords(input: {
          teamId: $from, toTeamId: $to, purpose: "接续时长", consent: true
        }) { transfer { id status } userErrors { code } } }""",
        {"from": encode("Team", service.team.id), "to": encode("Team", to.id)},
        **volunteer,
    )
    transfer = asked.good["transferRecords"]["transfer"]
    received = (await client.ask(shown, **taker)).good["recordTransfers"]
    assert [each["records"] for each in received] == [[{"activityName": "探访", "minutes": 90}]]
    assert (await client.ask(shown, **outsider)).good["recordTransfers"] == []
    await client.ask(
        """mutation ($id: ID!) {
          withdrawTransfer(input: {transferId: $id}) { userErrors { code } } }""",
        {"id": transfer["id"]},
        **volunteer,
    )

    assert (await client.ask(shown, **taker)).good["recordTransfers"] == []
    assert len((await client.ask(shown, **volunteer)).good["recordTransfers"]) == 1


async def test_hours_are_summed_by_team_and_project_over_the_records_that_the_viewer_sees(
    client: Client, database: Database
) -> None:
    service = await Service.plant(Planter(database))
    member = await service.member()
    other = await service.forest.plant("other", "hub")
    project = await service.planter.project(service.team)
    for team, minutes, values in (
        (service.team, 90, {"status": "EFFECTIVE", "project_id": project.id}),
        (service.team, 60, {"status": "EFFECTIVE", "project_id": project.id}),
        (service.team, 30, {"status": "NOT_EFFECTIVE", "project_id": project.id}),
        (service.team, 45, {"status": "DISPUTED"}),
        (service.team, 600, {"status": "VOID", "void_reason": "误录"}),
        (other, 120, {"status": "EFFECTIVE"}),
    ):
        await service.planter.record(member, team, minutes=minutes, **values)
    asked = """query ($id: ID!) { node(id: $id) { ... on Volunteer {
      servedHours { team { name } project { name } hours pendingHours } } } }"""
    volunteer: dict[str, Any] = {"viewer": member.account_id, "acting_as": "volunteer"}

    seen = {}
    for name, viewer in (("own", volunteer), ("team", asking(service.recorder))):
        answer = await client.ask(asked, {"id": encode("Volunteer", member.id)}, **viewer)
        seen[name] = answer.good["node"]["servedHours"]

    here = {"name": service.team.name}
    of_team = [
        {"team": here, "project": {"name": project.name}, "hours": "2.50", "pendingHours": "0.50"},
        {"team": here, "project": None, "hours": "0.00", "pendingHours": "0.75"},
    ]
    elsewhere = {
        "team": {"name": other.name},
        "project": None,
        "hours": "2.00",
        "pendingHours": "0.00",
    }
    assert seen == {"own": [of_team[0], elsewhere, of_team[1]], "team": of_team}
