"""Sub-platforms are opened by departments; phases are set by the ministry."""

import asyncio
from typing import Any

import pytest

from db.enums import StationPhase
from tests.stations.sites import OPEN, PHASE, UPDATE, Sites

pytestmark = pytest.mark.asyncio(loop_scope="module")


def wish(sites: Sites, **values: Any) -> dict[str, Any]:
    return {
        "regionCode": sites.offices.code("province"),
        "code": "CQHEALTH",
        "name": "重庆卫生健康志愿服务",
        "host": "Health.CQ.localhost",
        "serviceCategories": ["04", "01", "04"],
        **values,
    }


async def test_department_opens_a_sub_platform_of_a_field(sites: Sites) -> None:
    told = await sites.do(OPEN, wish(sites), **sites.offices.asking("province"))

    station = told["station"]
    assert told["userErrors"] == []
    assert station["host"] == "health.cq.localhost"
    assert (station["phase"], station["batch"]) == ("TRIAL", None)
    assert [each["code"] for each in station["serviceCategories"]] == ["01", "04"]
    asked = await sites.offices.client.ask("{ station { code } }", host="health.cq.localhost")
    assert asked.good["station"] == {"code": "CQHEALTH"}
    page = await sites.page("health.cq.localhost")
    assert "卫生健康" in page.text
    formal = {"stationId": station["id"], "phase": "FORMAL"}
    assert (await sites.do(PHASE, formal, **sites.offices.asking("province")))["userErrors"] == []
    update = {"stationId": station["id"], "headline": "健康"}
    assert (await sites.do(UPDATE, update, **sites.offices.asking("province")))["userErrors"] == []


BAD = {
    "no region": ({"regionCode": "999"}, ("NOT_FOUND", "regionCode")),
    "no name": ({"name": " "}, ("REQUIRED", "name")),
    "long name": ({"name": "长" * 41}, ("TOO_LONG", "name")),
    "control characters": ({"name": "甲\x07"}, ("INVALID", "name")),
    "small code": ({"code": "cq2"}, ("INVALID", "code")),
    "long code": ({"code": "C" * 13}, ("INVALID", "code")),
    "code of another": ({"code": "CQ"}, ("NAME_TAKEN", "code")),
    "host of another": ({"host": "CQ.localhost"}, ("NAME_TAKEN", "host")),
    "host without a dot": ({"host": "localhost"}, ("INVALID", "host")),
    "host with a path": ({"host": "cq.example.org/x"}, ("INVALID", "host")),
    "host with a port": ({"host": "cq.example.org:80"}, ("INVALID", "host")),
    "long host": ({"host": "a." * 130 + "cn"}, ("INVALID", "host")),
    "host with a hyphen first": ({"host": "-cq.example.org"}, ("INVALID", "host")),
    "no categories": ({"serviceCategories": []}, ("REQUIRED", "serviceCategories")),
    "strange category": ({"serviceCategories": ["99"]}, ("INVALID", "serviceCategories")),
    "category that was ended": ({"serviceCategories": ["21"]}, ("INVALID", "serviceCategories")),
    "odd category": ({"serviceCategories": ["\x00"]}, ("INVALID", "serviceCategories")),
}


@pytest.mark.parametrize(("values", "error"), BAD.values(), ids=BAD)
async def test_bad_input_opens_nothing(
    sites: Sites, values: dict[str, Any], error: tuple[str, str]
) -> None:
    before = await sites.offices.rows("select count(*) from stations")
    other = {"code": "FRESH", "host": "fresh.localhost", **values}

    told = await sites.do(OPEN, wish(sites, **other), **sites.offices.asking("province"))

    assert told == {"station": None, "userErrors": [{"code": error[0], "field": error[1]}]}
    assert await sites.offices.rows("select count(*) from stations") == before


async def test_only_departments_over_the_region_open_there(sites: Sites) -> None:
    offices = sites.offices
    there = wish(sites, code="HERE", host="here.localhost", regionCode=offices.code("city"))
    town = wish(sites, code="TOWN", host="town.localhost", regionCode=offices.code("town"))

    assert await sites.do(OPEN, there, **offices.asking("other_city")) == ["FORBIDDEN"]
    assert await sites.do(OPEN, there, **offices.asking("county")) == ["FORBIDDEN"]
    assert await sites.do(OPEN, town, **offices.asking("county")) == ["FORBIDDEN"]
    assert (await sites.do(OPEN, there, **offices.asking("city")))["userErrors"] == []


async def test_two_who_want_one_name_at_once_get_one_station(sites: Sites) -> None:
    same = wish(sites, code="RACE", host="race.localhost")

    told = await asyncio.gather(
        *(sites.do(OPEN, same, **sites.offices.asking(each)) for each in ("province", "nation"))
    )

    assert sorted(len(each["userErrors"]) for each in told) == [0, 2]


async def phase(sites: Sites, name: str, by: str, to: str, **values: Any) -> Any:
    wanted = {"stationId": sites.id(name), "phase": to, **values}
    told = await sites.do(PHASE, wanted, **sites.offices.asking(by))
    if isinstance(told, list):
        return told
    if told["userErrors"]:
        return [(each["code"], each["field"]) for each in told["userErrors"]]
    return told["station"]["phase"], told["station"]["batch"]


async def test_ministry_leads_a_province_through_the_trial(sites: Sites) -> None:
    await sites.plant(
        *("sichuan", 51, "SC", "志愿四川", "sc.localhost", "other_province"),
        phase=StationPhase.LEGACY,
    )

    assert await phase(sites, "sichuan", "other_province", "TRIAL", batch=1) == ["FORBIDDEN"]
    assert await phase(sites, "sichuan", "province", "TRIAL", batch=1) == ["FORBIDDEN"]
    assert await phase(sites, "sichuan", "nation", "FORMAL") == [("WRONG_STATE", "phase")]
    assert await phase(sites, "sichuan", "nation", "TRIAL") == [("REQUIRED", "batch")]
    assert await phase(sites, "sichuan", "nation", "TRIAL", batch=100) == [("INVALID", "batch")]
    assert await phase(sites, "sichuan", "nation", "TRIAL", batch=1) == ("TRIAL", 1)
    assert await phase(sites, "sichuan", "nation", "LEGACY") == [("REASON_REQUIRED", "reason")]
    assert await phase(sites, "sichuan", "nation", "LEGACY", reason="数据未迁移完整") == (
        "LEGACY",
        None,
    )
    assert await phase(sites, "sichuan", "nation", "TRIAL", batch=2) == ("TRIAL", 2)
    assert await phase(sites, "sichuan", "nation", "FORMAL", batch=3) == [("INVALID", "batch")]
    assert await phase(sites, "sichuan", "nation", "FORMAL") == ("FORMAL", 2)
    assert await phase(sites, "sichuan", "nation", "TRIAL", batch=2) == [("WRONG_STATE", "phase")]
    told = await sites.offices.rows(
        "select detail ->> 'before', detail ->> 'phase' from audit_log"
        " where action = 'station.phase_set' order by id desc limit 1"
    )
    assert tuple(told[0]) == ("TRIAL", "FORMAL")


async def test_setting_the_phase_that_it_is_in_does_nothing(sites: Sites) -> None:
    before = await sites.offices.rows("select count(*) from audit_log")

    assert await phase(sites, "province", "nation", "FORMAL") == ("FORMAL", None)
    assert await sites.offices.rows("select count(*) from audit_log") == before
