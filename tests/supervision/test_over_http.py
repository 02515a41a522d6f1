"""A check over HTTP: who reads what of it before and after it is public."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from permissions.viewer import Viewer
from schema.ids import encode
from tests.api.client import Answer, Client, running
from tests.small_world import NOW
from tests.supervision.bureau import TODAY, Bureau

pytestmark = pytest.mark.asyncio(loop_scope="module")

DRAW = """
mutation ($input: DrawInspectionInput!) {
  drawInspection(input: $input) {
    inspection {
      id status size population seed
      region { code }
      items { nodes { id position kind drawKey verdict serviceRecord { id } team { name } } }
      redraw { population isSamePopulation isSameDraw }
    }
    userErrors { code field }
  }
}
"""
ASK = """
mutation ($input: AskInspectionMaterialsInput!) {
  askInspectionMaterials(input: $input) { inspection { status } userErrors { code } }
}
"""
HAND_IN = """
mutation ($input: HandInInspectionMaterialsInput!) {
  handInInspectionMaterials(input: $input) {
    inspection { parts { statement fileIds isOverdue } } userErrors { code }
  }
}
"""
FIND = """
mutation ($input: RecordInspectionFindingsInput!) {
  recordInspectionFindings(input: $input) { inspection { status } userErrors { code } }
}
"""
MEASURE = """
mutation ($input: TakeInspectionMeasureInput!) {
  takeInspectionMeasure(input: $input) { inspection { status } userErrors { code } }
}
"""
PUBLISH = """
mutation ($input: PublishInspectionInput!) {
  publishInspection(input: $input) { inspection { status } userErrors { code } }
}
"""
ITEMS = """
query ($id: ID!) {
  node(id: $id) { ... on Inspection {
    status items { totalCount nodes { verdict finding } }
    parts { checked forged statement fileIds }
    measures { kind reason }
  } }
}
"""
PUBLIC = """
query ($id: ID!) {
  node(id: $id) { ... on Inspection {
    title status size summary region { name }
    parts { team { name } checked inOrder defective forged isOverdue }
    measures { kind team { name } }
  } }
}
"""
LIST = "{ inspections(filter: {status: [PUBLISHED]}) { totalCount } }"
OVERDUE = """
{ overdueInspectionParts { dueOn team { name } inspection { id } } }
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url, clock=lambda: NOW) as client:
        yield client


async def ask(client: Client, viewer: Viewer, document: str, **given: Any) -> Answer:
    return await client.ask(
        document,
        {"input": given} if "input" in document else given,
        viewer=viewer.account_id,
        acting_as=viewer.capacity if viewer.account_id else None,
    )


async def drawn(client: Client, bureau: Bureau, **given: Any) -> Any:
    plan = {
        "title": "年度抽查",
        "regionCode": bureau.region.code,
        "kind": "RECORDS",
        "since": "2026-03-01",
        "until": TODAY.isoformat(),
        "size": 5,
        **given,
    }
    return (await ask(client, bureau.officer, DRAW, **plan)).good["drawInspection"]


async def test_check_is_read_by_its_sides_and_then_by_everybody(
    client: Client, bureau: Bureau
) -> None:
    record = await bureau.recorded("reading", days_ago=3)
    manager = await bureau.forest.manager("reading")
    payload = await drawn(client, bureau)
    check = payload["inspection"]
    number = check["id"]
    (item,) = check["items"]["nodes"]
    assert payload["userErrors"] == []
    assert (check["status"], check["size"], check["population"]) == ("DRAWN", 1, 1)
    assert item["serviceRecord"]["id"] == encode("ServiceRecord", record.id)
    assert check["redraw"] == {
        "population": 1,
        "isSamePopulation": True,
        "isSameDraw": True,
    }
    hidden = await ask(client, manager, ITEMS, id=number)
    assert hidden.good == {"node": None}

    await ask(client, bureau.officer, ASK, inspectionId=number, dueOn="2026-06-01")
    handed = await ask(
        client, manager, HAND_IN, inspectionId=number, statement="签到表见附件", fileIds=[]
    )
    assert handed.good["handInInspectionMaterials"]["inspection"]["parts"] == [
        {"statement": "签到表见附件", "fileIds": [], "isOverdue": False}
    ]
    found = {"itemId": item["id"], "verdict": "FORGED", "finding": "无人到场"}
    done = await ask(client, bureau.officer, FIND, inspectionId=number, findings=[found])
    assert done.good["recordInspectionFindings"]["inspection"] == {"status": "EXAMINED"}
    await ask(client, bureau.officer, MEASURE, itemId=item["id"], kind="WARNING", reason="虚假")

    of_team = (await ask(client, manager, ITEMS, id=number)).good["node"]
    of_office = (await ask(client, bureau.officer, ITEMS, id=number)).good["node"]
    of_public = (await client.ask(PUBLIC, {"id": number})).good["node"]
    assert of_team["items"] == {"totalCount": 1, "nodes": [{"verdict": None, "finding": None}]}
    assert of_team["parts"][0]["forged"] is None
    assert of_office["items"]["nodes"] == [{"verdict": "FORGED", "finding": "无人到场"}]
    assert of_office["parts"] == [
        {"checked": 1, "forged": 1, "statement": "签到表见附件", "fileIds": []}
    ]
    assert of_public is None

    await ask(client, bureau.officer, PUBLISH, inspectionId=number, summary="一项虚假")
    public = await client.ask(PUBLIC, {"id": number})
    team = bureau.forest.teams["reading"].name
    assert public.good["node"] == {
        "title": "年度抽查",
        "status": "PUBLISHED",
        "size": 1,
        "summary": "一项虚假",
        "region": {"name": bureau.region.name},
        "parts": [
            {
                "team": {"name": team},
                "checked": 1,
                "inOrder": 0,
                "defective": 0,
                "forged": 1,
                "isOverdue": False,
            }
        ],
        "measures": [{"kind": "WARNING", "team": {"name": team}}],
    }
    for secret in (bureau.volunteer.name, "签到表", "无人到场"):
        assert secret not in public.response.text
    after = (await ask(client, manager, ITEMS, id=number)).good["node"]
    assert after["items"]["nodes"] == [{"verdict": "FORGED", "finding": "无人到场"}]
    assert (await client.ask(LIST)).good["inspections"]["totalCount"] >= 1


async def test_public_has_no_member_that_leads_to_items_or_statements(client: Client) -> None:
    for member in ("items { totalCount }", "cancelReason", "parts { statement }"):
        answer = await client.ask(f"{{ inspections {{ nodes {{ {member} }} }} }}")
        assert answer.codes == ["DOCUMENT_INVALID"]


async def test_teams_that_are_overdue_are_listed_for_their_department(
    client: Client, bureau: Bureau, db: Any
) -> None:
    await bureau.recorded("choir", days_ago=3)
    number = (await drawn(client, bureau))["inspection"]["id"]
    await ask(client, bureau.officer, ASK, inspectionId=number, dueOn="2026-05-25")
    early = (await ask(client, bureau.officer, OVERDUE)).good
    await db.execute(
        "update inspection_teams p set due_on = '2026-05-19' from inspections i"
        " where i.id = p.inspection_id and i.region_id = $1",
        bureau.region.id,
    )

    late = (await ask(client, bureau.officer, OVERDUE)).good
    others = (await ask(client, bureau.other_officer, OVERDUE)).good

    assert early == others == {"overdueInspectionParts": []}
    assert late == {
        "overdueInspectionParts": [
            {
                "dueOn": "2026-05-19",
                "team": {"name": bureau.forest.teams["choir"].name},
                "inspection": {"id": number},
            }
        ]
    }


async def test_redraw_tells_that_the_population_has_changed(
    client: Client, bureau: Bureau, db: Any
) -> None:
    records = [await bureau.recorded(days_ago=n) for n in range(2, 7)]
    number = (await drawn(client, bureau, size=2))["inspection"]["id"]
    await db.execute(
        "update service_records set status = 'VOID', void_reason = '误' where id = $1",
        records[0].id,
    )

    answer = await ask(
        client,
        bureau.officer,
        "query ($id: ID!) { node(id: $id) { ... on Inspection"
        " { redraw { population isSamePopulation } } } }",
        id=number,
    )

    assert answer.good["node"]["redraw"] == {"population": 4, "isSamePopulation": False}
