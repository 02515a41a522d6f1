"""What stands before anybody acts: service categories (DOMAIN §3.6) and the stations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CATEGORIES: Sequence[str] = (
    "社区服务", "扶贫减贫", "支教助学", "卫生健康", "法律服务", "环境保护", "科技科普", "文化艺术",
    "平安综治", "文明风尚", "交通引导", "志愿消防", "应急救援", "禁毒宣传", "体育健身", "旅游服务",
    "关爱特殊群体", "大型活动", "海外志愿服务", "税收服务", "疫情防控", "其他",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Under which names the sites answer."""

    national: str = "localhost"
    station: str = "127.0.0.1"


# Annex 2 and chapter 4 (3) of the notice of the Ministry of Civil Affairs of 2021-03-17.
SUPPORT = (
    ("QQ_GROUP", "全国志愿服务信息系统客服①群", "966574584"),
    ("QQ_GROUP", "全国志愿服务信息系统客服②群", "555025273"),
)
TRAINING = (
    ("用户使用手册、操作视频（中国志愿服务网）", "https://www.chinavolunteer.mca.gov.cn"),
    ("金民工程信息化培训平台", "http://xxhpx.mca.gov.cn:8001"),
)
PAGES = (
    (
        "奉献、友爱、互助、进步",
        (
            "注册成为志愿者，加入志愿服务队伍，报名参加志愿服务项目，"
            "查看志愿服务记录，打印志愿服务记录证明。"
        ),
    ),
    (
        "全国志愿服务信息管理和服务的综合性平台",
        (
            "社会公众可以注册成为志愿者；志愿者可以加入志愿服务队伍、报名参加志愿服务活动、查看志愿服务记录、"
            "打印志愿服务记录证明；志愿服务组织可以发布志愿服务项目、招募志愿者、记录志愿服务并出具证明。"
        ),
    ),
)
"""What the pages of a station and of the national site say to begin with."""


async def lay_categories(connection: Any) -> None:
    """The 22 categories with codes 01 to 22; those that stand are left alone."""
    await connection.executemany(
        "insert into service_categories (code, name, position) values ($1, $2, $3)"
        " on conflict do nothing",
        [(f"{n:02d}", name, n) for n, name in enumerate(CATEGORIES, 1)],
    )


async def found_stations(connection: Any, hosts: Hosts) -> None:
    """The national site and the station this database belongs to; standing ones are left alone."""
    number = await connection.fetchval("select station from installation")
    root = await connection.fetchval("select id from regions order by depth, code limit 1")
    home = await connection.fetchrow(
        "select id, short_name from regions"
        " order by (code = $1) desc, (level = 'PROVINCE') desc, depth, code limit 1",
        f"{number:02d}0000000000",
    )
    stations = [(0, "CN", "中国志愿服务网", hosts.national, True, root)]
    if number != 0:
        short = home["short_name"].removesuffix("市").removesuffix("省")
        code = "CQ" if number == CHONGQING else f"S{number}"
        stations.append((number, code, f"志愿{short}", hosts.station, False, home["id"]))
    await connection.executemany(
        "insert into stations (number, code, name, host, is_national, region_id, phase, batch,"
        " page, support)"
        " values ($1, $2, $3, $4, $5, $6, 'FORMAL', 2, $7::text::jsonb, $8::text::jsonb)"
        " on conflict do nothing",
        [(*each, _page(is_national=each[4]), _support()) for each in stations],
    )


CHONGQING = 50


def _page(*, is_national: bool) -> str:
    headline, intro = PAGES[is_national]
    return json.dumps({"headline": headline, "intro": intro}, ensure_ascii=False)


def _support() -> str:
    channels = [dict(zip(("kind", "label", "value"), each, strict=True)) for each in SUPPORT]
    links = [dict(zip(("title", "url"), each, strict=True)) for each in TRAINING]
    return json.dumps({"channels": channels, "links": links}, ensure_ascii=False)
