"""What teams and persons do with what stands, over HTTP: one walk through the new mutations."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.session import Database
from permissions.viewer import Viewer
from schema.ids import encode
from tests.api.client import Client, running
from tests.small_world import Planter
from tests.workflows.district import District

CHANGE = "{ team { name status permissionGroup } review { id kind state } userErrors { code } }"


@pytest.fixture
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


def asking(viewer: Viewer) -> dict[str, Any]:
    return {"viewer": viewer.account_id, "acting_as": viewer.capacity}


async def test_team_names_people_changes_rises_and_ends(client: Client, database: Database) -> None:
    district = await District.plant(Planter(database))
    forest = district.forest
    await district.team("group", "community", district.regions["community"])
    team = forest.teams["group"]
    manager, hub, city = [
        asking(await forest.manager(name)) for name in ("group", "community", "district")
    ]
    given = {"id": encode("Team", team.id)}

    async def change(text: str, who: dict[str, Any], **more: Any) -> Any:
        answer = await client.ask(text, {**given, **more}, **who)
        (outcome,) = answer.good.values()
        return outcome

    renamed = await change(
        'mutation ($id: ID!) { updateTeam(input: {teamId: $id, name: "朝霞志愿服务队",'
        f' intro: "读书"}}) {CHANGE} }}',
        manager,
    )
    assert renamed["userErrors"] == []
    assert renamed["team"]["status"] == "CHANGE_PENDING"
    assert renamed["review"]["kind"] == "TEAM_CHANGE"
    decided = await client.ask(
        "mutation ($ids: [ID!]!) { decideReviews(input: {ids: $ids, decision: APPROVE})"
        " { results { userErrors { code } } } }",
        {"ids": [renamed["review"]["id"]]},
        **hub,
    )
    assert decided.good["decideReviews"]["results"] == [{"userErrors": []}]

    named = await change(
        'mutation ($id: ID!) { nameTeamStaff(input: {teamId: $id, username: "recorder9",'
        ' name: "周一", roles: [RECORDER], firstPassword: "First-step-42x"})'
        " { team { name staff { username roles } } userErrors { code } } }",
        manager,
    )
    assert named["userErrors"] == []
    assert named["team"]["name"] == "朝霞志愿服务队"
    assert {"username": "recorder9", "roles": ["RECORDER"]} in named["team"]["staff"]
    hidden = await client.ask(
        "query ($no: String!) { team(teamNo: $no) { staff { username } } }",
        {"no": team.team_no},
        **asking(await forest.manager("other")),
    )
    assert hidden.good == {"team": {"staff": None}}

    asked = await change(
        "mutation ($id: ID!) { askPermissionGroup(input:"
        f' {{teamId: $id, group: MIDDLE, reason: "活动多"}}) {CHANGE} }}',
        manager,
    )
    assert asked["review"]["state"] == "PENDING"
    given_group = await change(
        "mutation ($id: ID!) { setPermissionGroup(input:"
        f' {{teamId: $id, group: MIDDLE, reason: "同意"}}) {CHANGE} }}',
        city,
    )
    assert given_group["team"]["permissionGroup"] == "MIDDLE"

    viewed = await change(
        "mutation ($id: ID!, $views: [ID!]!) { setViewTeams(input: {teamId: $id,"
        " viewTeamIds: $views}) { team { viewTeams { name } } userErrors { code } } }",
        manager,
        views=[encode("Team", forest.teams["other"].id)],
    )
    assert viewed["team"]["viewTeams"] == [{"name": forest.teams["other"].name}]
    ended = await change(
        'mutation ($id: ID!) { dissolveTeam(input: {teamId: $id, reason: "合并"})'
        " { team { status successor { name } } userErrors { code } } }",
        hub,
    )
    assert ended["team"] == {
        "status": "DISSOLVED",
        "successor": {"name": forest.teams["community"].name},
    }


async def test_region_settles_its_policy_and_reads_it(client: Client, database: Database) -> None:
    district = await District.plant(Planter(database))
    officer = asking(await district.forest.officer(district.regions["district"]))

    answer = await client.ask(
        "mutation ($code: String!) { setLocalPolicy(input: {regionCode: $code,"
        ' reviewsHours: true, reason: "本地规定"}) { region { localPolicy { reviewsHours'
        " reviewsEvaluations } children { localPolicy { reviewsHours } } }"
        " userErrors { code } } }",
        {"code": district.regions["district"].code},
        **officer,
    )

    region = answer.good["setLocalPolicy"]["region"]
    assert region["localPolicy"] == {"reviewsHours": True, "reviewsEvaluations": False}
    assert region["children"] == [{"localPolicy": {"reviewsHours": True}}]


async def test_person_consents_reads_corrects_and_is_erased(
    client: Client, database: Database
) -> None:
    district = await District.plant(Planter(database))
    volunteer = await district.planter.volunteer(district.regions["community"], name="陈一")
    own: dict[str, Any] = {"viewer": volunteer.account_id, "acting_as": "volunteer"}

    given = await client.ask(
        'mutation { giveConsent(input: {kind: TRANSFER, purpose: "转移", recipient: "某协会",'
        ' items: ["记录"]}) { consentId userErrors { code } } }',
        **own,
    )
    consent = given.good["giveConsent"]["consentId"]
    await client.ask(
        "mutation ($id: ID!) { withdrawConsent(input: {consentId: $id}) { userErrors { code } } }",
        {"id": consent},
        **own,
    )
    seen = await client.ask(
        "{ viewer { consents { id kind items recipient withdrawnAt } corrections { state } } }",
        **own,
    )
    (kept,) = seen.good["viewer"]["consents"]
    assert (kept["id"], kept["items"], kept["withdrawnAt"] is None) == (consent, ["记录"], False)

    asked = await client.ask(
        'mutation { requestCorrection(input: {name: "陈二", idNumber: "500112199001010017",'
        ' reason: "更名"}) { correctionId userErrors { code field } } }',
        **own,
    )
    assert asked.good["requestCorrection"]["userErrors"] == []
    officer = asking(await district.forest.officer(district.regions["town"]))
    queue = await client.ask(
        "{ pendingCorrections { id name reason volunteer { volunteerNo } } }", **officer
    )
    (waiting,) = queue.good["pendingCorrections"]
    assert (waiting["name"], waiting["volunteer"]) == (
        "陈二",
        {"volunteerNo": volunteer.volunteer_no},
    )
    decided = await client.ask(
        "mutation ($id: ID!) { decideCorrection(input: {correctionId: $id, decision: APPROVE})"
        " { userErrors { code } } }",
        {"id": waiting["id"]},
        **officer,
    )
    assert decided.good == {"decideCorrection": {"userErrors": []}}

    told = await client.ask("{ viewer { notifications { id event readAt } } }", **own)
    (message,) = told.good["viewer"]["notifications"]
    assert (message["event"], message["readAt"]) == ("volunteer.correction_decided", None)
    await client.ask(
        "mutation ($ids: [ID!]!) { markNotificationsRead(input: {ids: $ids})"
        " { userErrors { code } } }",
        {"ids": [message["id"]]},
        **officer,  # another's message is passed over
    )
    told = await client.ask("{ viewer { notifications { readAt } } }", **own)
    assert told.good["viewer"]["notifications"] == [{"readAt": None}]
    await client.ask(
        "mutation ($ids: [ID!]!) { markNotificationsRead(input: {ids: $ids})"
        " { userErrors { code } } }",
        {"ids": [message["id"]]},
        **own,
    )
    told = await client.ask("{ viewer { notifications(first: 1) { readAt } } }", **own)
    assert told.good["viewer"]["notifications"] != [{"readAt": None}]

    copy = await client.ask("mutation { exportOwnData { data } }", **own)
    assert copy.good["exportOwnData"]["data"]["volunteer"]["name"] == "陈二"
    early = await client.ask(
        "mutation { eraseVolunteer(input: {confirm: true}) { erased userErrors { code } } }", **own
    )
    assert early.good["eraseVolunteer"] == {
        "erased": False,
        "userErrors": [{"code": "WRONG_STATE"}],
    }
    await client.ask("mutation { withdrawVolunteer(input: {confirm: true}) { __typename } }", **own)
    erased = await client.ask(
        "mutation { eraseVolunteer(input: {confirm: true}) { erased userErrors { code } } }", **own
    )
    assert erased.good["eraseVolunteer"] == {"erased": True, "userErrors": []}


MANAGERS, OVERSEERS = frozenset({"TEAM", "HUB", "DEPARTMENT"}), frozenset({"HUB", "DEPARTMENT"})
OF_TEAMS = (
    *("askPermissionGroup", "nameTeamStaff", "removeTeamStaff", "handOverTeam"),
    *("setViewTeams", "setAffiliatedOrg", "endMembership"),
)
OF_PERSONS = (
    *("giveConsent", "withdrawConsent", "requestCorrection", "withdrawCorrection"),
    *("exportOwnData", "eraseVolunteer"),
)
ROLES = {
    **dict.fromkeys(("updateTeam", "checkLegalPerson"), MANAGERS),
    **dict.fromkeys(("setPermissionGroup", "setLocalPolicy", "dissolveTeam"), OVERSEERS),
    **dict.fromkeys(OF_TEAMS, frozenset({"TEAM", "HUB"})),
    **dict.fromkeys(OF_PERSONS, frozenset({"VOLUNTEER"})),
    "decideCorrection": frozenset({"DEPARTMENT"}),
}


@pytest.mark.parametrize("mutation", ROLES)
def test_mutation_exists_for_those_who_may_need_it(mutation: str) -> None:
    folder = Path(__file__).parents[2] / "schema/sdl"

    found = {
        file.stem.upper()
        for file in folder.glob("*.graphql")
        if any(
            line.startswith((f"  {mutation}(", f"  {mutation}:"))
            for line in file.read_text().splitlines()
        )
    }

    assert found == ROLES[mutation]
