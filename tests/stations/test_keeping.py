"""A station's administrators set its page."""

from typing import Any

import pytest

from resolvers.stations.settings import contrast_with_white
from tests.stations.sites import NAME, REMOVE, UPDATE, Sites

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANNELS = [
    {"kind": "QQ_GROUP", "label": "客服①群", "value": "966574584"},
    {"kind": "PHONE", "label": "服务热线", "value": "023-8888 8888"},
    {"kind": "EMAIL", "label": "信箱", "value": "help@cq.example.org"},
    {"kind": "WECHAT", "label": "公众号", "value": "志愿重庆"},
    {"kind": "OTHER", "label": "柜台", "value": "渝北区政务服务大厅3楼"},
]
LINKS = [
    {"title": "金民工程信息化培训平台", "url": "http://xxhpx.mca.gov.cn:8001"},
    {"title": "用户手册", "url": "https://cq.example.org/manual.pdf?v=2#top"},
]
STATION = """
query ($host: String) {
  station(host: $host) {
    name host page { headline intro footer accent }
    supportChannels { kind label value } trainingLinks { title url }
    serviceCategories { code }
  }
}
"""
ADMINS = "{ station { administrators { username displayName } } }"


async def test_administrator_sets_the_page_and_everyone_reads_it(sites: Sites) -> None:
    keeper = await sites.keeper("province")
    given = {
        "stationId": sites.id("province"),
        "headline": "  山水之城 美丽之地 ",
        "intro": "第一段\n第二段",
        "footer": "渝ICP备00000000号",
        "accent": "#0B5FA5",
        "supportChannels": CHANNELS,
        "trainingLinks": LINKS,
    }

    told = await sites.do(UPDATE, given, **keeper)
    read = await sites.offices.client.ask(STATION, {"host": "cq.localhost"})

    assert told["userErrors"] == []
    expected = {
        "page": {
            "headline": "山水之城 美丽之地",
            "intro": "第一段\n第二段",
            "footer": "渝ICP备00000000号",
            "accent": "#0b5fa5",
        },
        "supportChannels": CHANNELS,
        "trainingLinks": LINKS,
        "serviceCategories": None,
    }
    assert {name: told["station"][name] for name in expected} == expected
    station = read.good["station"]
    assert station == {"name": "志愿重庆", "host": "cq.localhost", **expected}


async def test_what_is_left_out_stays_and_null_empties(sites: Sites) -> None:
    keeper = await sites.keeper("province")
    station_id = sites.id("province")
    before = {
        "stationId": station_id,
        "headline": "甲",
        "footer": "乙",
        "accent": "#0b5fa5",
        "supportChannels": CHANNELS[:1],
        "trainingLinks": LINKS[:1],
    }
    await sites.do(UPDATE, before, **keeper)

    emptied = {"stationId": station_id, "headline": None, "accent": None, "supportChannels": None}
    told = await sites.do(UPDATE, emptied, **keeper)

    page = told["station"]["page"]
    assert (page["headline"], page["footer"], page["accent"]) == ("", "乙", "#b3261e")
    assert told["station"]["supportChannels"] == []
    assert told["station"]["trainingLinks"] == LINKS[:1]


def channel(kind: str, value: str, label: str = "客服") -> dict[str, Any]:
    return {"supportChannels": [{"kind": kind, "label": label, "value": value}]}


def link(url: str, title: str = "手册") -> dict[str, Any]:
    return {"trainingLinks": [{"title": title, "url": url}]}


URL, VALUE = "trainingLinks.0.url", "supportChannels.0.value"
BAD = {
    "long headline": ({"headline": "长" * 61}, ("TOO_LONG", "headline")),
    "two lines of headline": ({"headline": "甲\n乙"}, ("INVALID", "headline")),
    "long intro": ({"intro": "长" * 2001}, ("TOO_LONG", "intro")),
    "zero byte": ({"intro": "甲\x00"}, ("INVALID", "intro")),
    "turned text": ({"footer": "甲\u202e乙"}, ("INVALID", "footer")),
    "long footer": ({"footer": "长" * 201}, ("TOO_LONG", "footer")),
    "named colour": ({"accent": "red"}, ("INVALID", "accent")),
    "style for a colour": ({"accent": "#fff;}body{display:none"}, ("INVALID", "accent")),
    "pale colour": ({"accent": "#ffff00"}, ("INVALID", "accent")),
    "QQ of letters": (channel("QQ_GROUP", "abc"), ("INVALID", VALUE)),
    "telephone of letters": (channel("PHONE", "call me"), ("INVALID", VALUE)),
    "no e-mail": (channel("EMAIL", "help"), ("INVALID", VALUE)),
    "empty value": (channel("OTHER", " "), ("REQUIRED", VALUE)),
    "empty label": (channel("OTHER", "x", ""), ("REQUIRED", "supportChannels.0.label")),
    "long label": (channel("OTHER", "x", "长" * 61), ("TOO_LONG", "supportChannels.0.label")),
    "21 channels": ({"supportChannels": CHANNELS[:1] * 21}, ("TOO_MANY", "supportChannels")),
    "script for a link": (link("javascript:alert(1)"), ("INVALID", URL)),
    "script with a host": (link("javascript://mca.gov.cn/%0aalert(1)"), ("INVALID", URL)),
    "data for a link": (link("data:text/html,x"), ("INVALID", URL)),
    "path for a link": (link("/manual.pdf"), ("INVALID", URL)),
    "user in a link": (link("https://mca.gov.cn@evil.example"), ("INVALID", URL)),
    "backslash in a link": (link("https://evil.example\\@mca.gov.cn"), ("INVALID", URL)),
    "space in a link": (link("https://mca.gov.cn/a b"), ("INVALID", URL)),
    "odd port": (link("https://mca.gov.cn:port/"), ("INVALID", URL)),
    "long link": (link("https://mca.gov.cn/" + "x" * 500), ("INVALID", URL)),
    "no title": (link("https://mca.gov.cn", ""), ("REQUIRED", "trainingLinks.0.title")),
    "21 links": ({"trainingLinks": LINKS[:1] * 21}, ("TOO_MANY", "trainingLinks")),
}


@pytest.mark.parametrize(("given", "error"), BAD.values(), ids=BAD)
async def test_bad_input_changes_nothing(
    sites: Sites, given: dict[str, Any], error: tuple[str, str]
) -> None:
    department = sites.offices.asking("province")
    before = await sites.offices.rows("select page::text, support::text from stations order by id")

    told = await sites.do(UPDATE, {"stationId": sites.id("province"), **given}, **department)

    assert told == {"station": None, "userErrors": [{"code": error[0], "field": error[1]}]}
    after = await sites.offices.rows("select page::text, support::text from stations order by id")
    assert after == before


async def test_who_neither_keeps_it_nor_answers_for_it_may_not_set_it(sites: Sites) -> None:
    offices = sites.offices
    keeper = await sites.keeper("province")
    stranger = (await offices.planter.account()).id
    given = {"stationId": sites.id("province"), "headline": "他站"}

    assert await sites.do(UPDATE, given, viewer=stranger) == ["FORBIDDEN"]
    assert await sites.do(UPDATE, given, **offices.asking("city")) == ["FORBIDDEN"]
    assert await sites.do(UPDATE, given, **offices.asking("other_province")) == ["FORBIDDEN"]
    other = {**given, "stationId": sites.id("national")}
    assert await sites.do(UPDATE, other, **keeper) == ["FORBIDDEN"]
    above = await sites.do(UPDATE, given, **offices.asking("nation"))
    assert above["userErrors"] == []
    missing = {**given, "stationId": "U3RhdGlvbjo5OTk5OTk"}
    told = await sites.do(UPDATE, missing, **offices.asking("nation"))
    assert told["userErrors"] == [{"code": "NOT_FOUND", "field": "stationId"}]


async def test_removed_administrator_keeps_the_page_no_more(sites: Sites) -> None:
    offices = sites.offices
    account = await offices.planter.account(display_name="前站长")
    named = {
        "stationId": sites.id("province"),
        "username": f" {account.username.upper()} ",
        "name": "前站长",
    }
    update = {"stationId": sites.id("province"), "headline": "新"}

    await sites.do(NAME, named, **offices.asking("province"))
    listed = await offices.client.ask(ADMINS, viewer=account.id, host="cq.localhost")
    allowed = await sites.do(UPDATE, update, viewer=account.id)
    removed = await sites.do(REMOVE, named, **offices.asking("province"))
    again = await sites.do(REMOVE, named, **offices.asking("province"))

    assert allowed["userErrors"] == []
    assert account.username in {
        each["username"] for each in listed.good["station"]["administrators"]
    }
    assert removed["userErrors"] == []
    assert again["userErrors"] == [{"code": "NOT_FOUND", "field": "username"}]
    assert await sites.do(UPDATE, update, viewer=account.id) == ["FORBIDDEN"]
    hidden = await offices.client.ask(ADMINS, viewer=account.id, host="cq.localhost")
    assert hidden.good["station"]["administrators"] is None


async def test_only_the_department_over_the_region_names_administrators(sites: Sites) -> None:
    offices = sites.offices
    account = await offices.planter.account(display_name="候选人")
    named = {"stationId": sites.id("province"), "username": account.username, "name": "候选人"}

    for name in ("city", "other_province"):
        assert await sites.do(NAME, named, **offices.asking(name)) == ["FORBIDDEN"], name
    wrong = {**named, "name": "别人"}
    told = await sites.do(NAME, wrong, **offices.asking("province"))
    assert told["userErrors"] == [{"code": "NOT_FOUND", "field": "username"}]
    odd = {**named, "username": "\x00"}
    told = await sites.do(NAME, odd, **offices.asking("province"))
    assert told["userErrors"] == [{"code": "NOT_FOUND", "field": "username"}]


async def test_each_act_is_audited(sites: Sites) -> None:
    keeper = await sites.keeper("province")
    await sites.do(UPDATE, {"stationId": sites.id("province"), "headline": "审计"}, **keeper)

    rows = await sites.offices.rows(
        "select action, because from audit_log where subject_type = 'Station'"
        " order by id desc limit 2"
    )

    assert [tuple(row) for row in rows] == [
        ("station.updated", "administrator of the station"),
        ("station.admin_named", "department over region"),
    ]


async def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
