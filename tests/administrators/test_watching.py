"""Departments see who of theirs does not come, and how their areas use the system."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.enums import ProjectStatus, RecordStatus
from tests.administrators.offices import LIST, Offices

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime.now(UTC)
USE = """
query ($code: String!) {
  regionUse(regionCode: $code) {
    region { code } administrators administratorsSignedIn administratorsNeverSignedIn
    teams newTeams newVolunteers newProjects records hours
  }
}
"""


async def listed(offices: Offices, by: str, **variables: Any) -> list[dict[str, Any]]:
    answer = await offices.client.ask(LIST, variables, **offices.asking(by))
    found: list[dict[str, Any]] = answer.good["administrators"]["nodes"]
    return found


async def seen(offices: Offices, name: str, days: float | None, since: float = 400) -> None:
    await offices.rows(
        "update accounts set last_signed_in_at = $2 where id = $1",
        offices.accounts[name],
        None if days is None else NOW - timedelta(days=days),
    )
    await offices.rows(
        "update department_users set granted_at = $2 where id = $1",
        offices.offices[name],
        NOW - timedelta(days=since),
    )


async def test_department_lists_its_own_and_those_below_and_no_others(offices: Offices) -> None:
    found = {row["region"]["code"] for row in await listed(offices, "city")}

    assert found == {offices.code(each) for each in ("city", "county", "other_county")}


async def test_who_has_not_signed_in_for_thirty_days_is_to_be_reminded(offices: Offices) -> None:
    await seen(offices, "city", 1)
    await seen(offices, "county", 31)
    await seen(offices, "other_county", None, since=31)
    await seen(offices, "far_county", None, since=29)
    await seen(offices, "other_city", 29)

    rows = await listed(offices, "province", order="LONGEST_UNSEEN")
    reminded = [row["region"]["code"] for row in rows if row["needsReminding"]]
    asked = await listed(offices, "province", filter={"unseenForDays": 30})

    expected = {offices.code("county"), offices.code("other_county")}
    assert expected <= set(reminded)
    assert {row["region"]["code"] for row in asked} == set(reminded)
    assert offices.code("far_county") not in reminded
    assert offices.code("other_city") not in reminded


async def test_list_is_narrowed_to_a_region_and_to_who_owes_a_password(offices: Offices) -> None:
    told = await offices.issue("city", "county")
    code = offices.code("county")

    owing = await listed(offices, "province", filter={"region": code, "owesPassword": True})
    settled = await listed(offices, "province", filter={"region": code, "owesPassword": False})
    outside = await listed(offices, "city", filter={"region": offices.code("other_city")})

    assert [row["id"] for row in owing] == [told["administrator"]["id"]]
    assert {row["region"]["code"] for row in settled} == {code}
    assert outside == []


@pytest.mark.parametrize("days", [0, -1, 3651])
async def test_senseless_days_are_refused(offices: Offices, days: int) -> None:
    answer = await offices.client.ask(
        LIST, {"filter": {"unseenForDays": days}}, **offices.asking("city")
    )

    assert answer.codes == ["INVALID_INPUT"]


async def test_use_of_an_area_is_told_for_each_region_below(offices: Offices) -> None:
    planter, region = offices.planter, offices.regions["far_county"]
    team = await planter.team(region, registered_at=NOW)
    volunteer = await planter.volunteer(region, registered_at=NOW - timedelta(days=1000))
    await planter.volunteer(region, registered_at=NOW - timedelta(days=2))
    await planter.project(team, status=ProjectStatus.RUNNING)
    for days, minutes in ((1, 90), (29, 30), (31, 600)):
        await planter.record(
            volunteer,
            team,
            starts_at=NOW - timedelta(days=days),
            minutes=minutes,
            status=RecordStatus.EFFECTIVE,
        )
    await seen(offices, "other_city", 3)
    await seen(offices, "far_county", None)

    answer = await offices.client.ask(
        USE, {"code": offices.code("province")}, **offices.asking("nation")
    )
    rows = {row["region"]["code"]: row for row in answer.good["regionUse"]}

    assert set(rows) == {offices.code("city"), offices.code("other_city")}
    there = rows[offices.code("other_city")]
    assert there["administrators"] == 2
    assert there["administratorsSignedIn"] == 1
    assert there["administratorsNeverSignedIn"] == 1
    assert there["teams"] == 1
    assert there["newVolunteers"] == 1
    assert there["records"] == 2
    assert float(there["hours"]) == 2.0
    assert answer.statements <= 5


async def test_use_of_an_area_adds_up_from_level_to_level(offices: Offices) -> None:
    async def of(code: str, by: str) -> list[dict[str, Any]]:
        answer = await offices.client.ask(USE, {"code": code}, **offices.asking(by))
        found: list[dict[str, Any]] = answer.good["regionUse"]
        return found

    above = await of(offices.code("province"), "nation")
    below = await of(offices.code("other_city"), "nation")
    there = next(row for row in above if row["region"]["code"] == offices.code("other_city"))

    for figure in ("records", "newVolunteers", "teams", "newProjects"):
        assert there[figure] == sum(row[figure] for row in below), figure
    assert there["administrators"] == 1 + sum(row["administrators"] for row in below)


@pytest.mark.parametrize("outside", ["other_city", "province", "none"])
async def test_use_of_another_area_is_told_as_that_of_none(offices: Offices, outside: str) -> None:
    code = "999999999999" if outside == "none" else offices.code(outside)

    answer = await offices.client.ask(USE, {"code": code}, **offices.asking("city"))

    assert answer.good["regionUse"] == []
