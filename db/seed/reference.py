"""What stands before anybody acts: service categories (DOMAIN §3.6) and the stations."""

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
        "insert into stations (number, code, name, host, is_national, region_id, phase, batch)"
        " values ($1, $2, $3, $4, $5, $6, 'FORMAL', 2) on conflict do nothing",
        stations,
    )


CHONGQING = 50
