"""The page of a station is plain HTML that its administrators fill."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text

from db.models import Notice
from tests.small_world import NOW
from tests.stations.sites import UPDATE, Sites

pytestmark = pytest.mark.asyncio(loop_scope="module")


def words(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


async def test_each_host_shows_its_own_station(sites: Sites) -> None:
    national = await sites.page("national.localhost")
    station = await sites.page("CQ.localhost:8000")
    local = await sites.page("localhost:8000")

    assert "中国志愿服务网" in words(national.text)
    assert "全国站" in words(national.text)
    assert "志愿重庆" in words(station.text)
    assert "服务区域：province" in words(station.text)
    assert "域名：cq.localhost" in words(station.text)
    assert local.text == station.text


@pytest.mark.parametrize("host", ["evil.example", "cq.localhost.evil.example"])
async def test_host_of_no_station_is_not_found(sites: Sites, host: str) -> None:
    answer = await sites.page(host)

    assert answer.status_code == 404
    assert "没有这个站点" in words(answer.text)
    assert "evil" not in answer.text


async def test_page_says_what_was_set_and_where_to_go(sites: Sites) -> None:
    given = {
        "stationId": sites.id("province"),
        "headline": "山水之城",
        "intro": "第一段\n第二段",
        "footer": "渝ICP备00000000号",
        "accent": "#0b5fa5",
        "supportChannels": [
            {"kind": "PHONE", "label": "热线", "value": "023-8888 8888"},
            {"kind": "EMAIL", "label": "信箱", "value": "help@cq.example.org"},
            {"kind": "QQ_GROUP", "label": "客服①群", "value": "966574584"},
        ],
        "trainingLinks": [{"title": "手册", "url": "https://cq.example.org/?a=1&b=2"}],
    }
    await sites.do(UPDATE, given, **sites.offices.asking("province"))

    page = await sites.page("cq.localhost")

    said = words(page.text)
    for each in ("山水之城", "第二段", "渝ICP备00000000号", "966574584", "客服渠道", "培训资料"):
        assert each in said, each
    assert 'href="tel:023-88888888"' in page.text
    assert 'href="mailto:help@cq.example.org"' in page.text
    assert 'href="https://cq.example.org/?a=1&amp;b=2"' in page.text
    assert "--band: #0b5fa5" in page.text
    for door in ("/certificates/check", "/dashboard", "/graphql"):
        assert f'href="{door}"' in page.text


async def test_notices_to_anyone_from_the_region_and_above_are_shown(sites: Sites) -> None:
    offices = sites.offices
    for n, (region, values) in enumerate(
        {
            "nation": {},
            "province": {"body": "<b>正文</b>"},
            "city": {},
            "other_province": {},
            "county": {"readers": ["VOLUNTEERS"]},
        }.items()
    ):
        await offices.planter.add(notice(sites, f"公告{n}", region, **values))
    await offices.planter.add(
        notice(sites, "只给团体", "province", readers=["TEAMS"]),
        notice(sites, "已撤回", "province", withdrawn_at=NOW, withdraw_reason="误发"),
    )

    station = await sites.page("cq.localhost")
    national = await sites.page("national.localhost")

    said = words(station.text)
    assert ("公告0" in said, "公告1" in said) == (True, True)
    for hidden in ("公告2", "公告3", "公告4", "只给团体", "已撤回"):
        assert hidden not in said, hidden
    assert "2026-05-20" in said
    assert "<b>" not in station.text
    assert "公告0" in words(national.text)
    assert "公告1" not in words(national.text)


def notice(sites: Sites, title: str, region: str, **values: Any) -> Notice:
    return Notice(
        **{
            "province": "50",
            "region_id": sites.offices.regions[region].id,
            "readers": ["ANYONE"],
            "title": title,
            "body": "正文",
            "issuer_account_id": sites.offices.accounts["province"],
            "created_at": NOW,
            **values,
        }
    )


async def test_markup_that_was_typed_is_shown_and_not_obeyed(sites: Sites) -> None:
    given = {
        "stationId": sites.id("province"),
        "headline": "<script>alert(1)</script>",
        "intro": "<img src=x onerror=alert(1)>",
        "footer": '"><b>',
        "supportChannels": [{"kind": "OTHER", "label": "客服", "value": '"onclick="x'}],
        "trainingLinks": [{"title": "手册", "url": "https://x.example/'onclick='x"}],
    }
    told = await sites.do(UPDATE, given, **sites.offices.asking("province"))
    assert told["userErrors"] == []
    # Names have no markup any more; those of before stand as they were.
    async with sites.offices.planter.database.engine.begin() as connection:
        await connection.execute(
            text(
                "update stations set support = replace(replace(support::text,"
                " '客服', '<i>'), '手册', '<u>')::jsonb where host = 'cq.localhost'"
            )
        )

    page = await sites.page("cq.localhost")

    assert {"<i>", "<u>"} <= {*words(page.text).split()}
    for tag in ("<script", "<img", "<b>", "<i>", "<u>", "onclick='", 'onclick="'):
        assert tag not in page.text, tag
    assert "<script>alert(1)</script>" in words(page.text)


async def test_page_loads_nothing_and_runs_nothing(sites: Sites) -> None:
    page = await sites.page("national.localhost")

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert "<script" not in page.text
    assert re.findall(r'(?:src|href)="(?!/|data:,|https?:|tel:|mailto:)', page.text) == []
    assert page.headers["x-frame-options"] == "DENY"


async def test_language_is_the_reader_s(sites: Sites) -> None:
    english = await sites.page("cq.localhost", **{"accept-language": "en-GB,zh;q=0.5"})
    asked = await sites.page("cq.localhost", "/?lang=zh-CN", **{"accept-language": "en"})

    assert 'lang="en"' in english.text
    assert "Where to go" in words(english.text)
    assert "入口" in words(asked.text)
