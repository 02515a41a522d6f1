"""Notices, as the demo's accounts issue them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.enums import NoticeReader
from db.progress import silent
from db.seed.bulk import copy_rows
from db.seed.life import Cast, Life
from db.seed.neighbours import CHINA

NOTICES: Sequence[tuple[str, Sequence[NoticeReader], str, str]] = (
    ("yubei", (NoticeReader.TEAMS,), "关于规范志愿服务时长记录的通知",
     "各队伍应在活动结束后十个工作日内完成服务记录和评价。"),
    ("yubei", (NoticeReader.VOLUNTEERS,), "暑期志愿服务安全提示",
     "参加户外活动请注意防暑，水域附近的活动须有专人值守。"),
    ("chongqing", (NoticeReader.ANYONE,), "全市志愿服务项目征集启事",
     "面向全市征集关爱特殊群体、环境保护等志愿服务项目。"),
    ("mca_yubei", (NoticeReader.TEAMS,), "关于开展志愿服务记录随机抽查的通告",
     "本季度将随机抽查志愿服务记录和证明，请各队伍备齐材料。"),
    ("mca_chongqing", (NoticeReader.DEPARTMENTS,), "关于督促管理员定期登录系统的通知",
     "请各区县民政局督促管理员定期登录，及时办理待办事项。"),
)  # fmt: skip

ACCOUNTS = """
select a.username, a.id, m.team_id, d.region_id from accounts a
left join team_admins m on m.account_id = a.id and m.revoked_at is null
left join department_users d on d.account_id = a.id and d.revoked_at is null
where a.username = any($1::text[]) order by a.username, m.team_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    province: str
    team_id: int | None
    region_id: int | None
    readers: Sequence[str]
    title: str
    body: str
    issuer_account_id: int
    created_at: datetime


async def give_notice(connection: Any, life: Life, cast: Cast, *, today: date) -> None:
    """Notices by the demo's accounts."""
    names = sorted({name for name, *_ in NOTICES})
    accounts = {row["username"]: row for row in await connection.fetch(ACCOUNTS, names)}
    province = life.actors[cast.city].province
    rows = [
        _Notice(
            province=province,
            team_id=accounts[name]["team_id"],
            region_id=accounts[name]["region_id"],
            readers=[each.value for each in readers],
            title=title,
            body=body,
            issuer_account_id=accounts[name]["id"],
            created_at=datetime.combine(today, datetime.min.time(), CHINA) - timedelta(days=2 + n),
        )
        for n, (name, readers, title, body) in enumerate(NOTICES)
    ]
    await copy_rows(connection, "notices", _Notice, rows, progress=silent)
