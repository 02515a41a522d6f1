"""What a project may be, as far as words and dates show it (DOMAIN §3.3)."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from db.enums import ProhibitedKind, ProjectStatus, RecruitScope

TARGETS = frozenset(
    {
        *("儿童", "妇女", "老年人", "残障人士", "优抚对象", "贫困家庭", "特殊群体", "病患者"),
        *("农村居民", "城镇居民", "社会公众", "纳税人缴费人", "其他"),
    }
)
ALL_KINDS = frozenset(ProhibitedKind)
# What lasts longer has no fixed hours of which another could be said to meet them.
FIXED_HOURS = timedelta(hours=24)

# What is longer is refused for its length.
LONGEST_TEXT = 10_000

# Hours that are given for money, for a promise, or for passing a post on, and not for service.
_NOT_SERVICE = r"(?:捐款|捐赠|捐资|捐物|捐\s*\d|转发|点赞|集赞|分享到|朋友圈|签名承诺|承诺书)"
_GIVES = r"(?:计|记|算|换|兑|折|奖励|奖|获|得|赠|送|认定|等于|=)"
_HOURS = r"(?:小时|时长|工时|学时|钟头)"
_HOURS_NOT_SERVED = re.compile(
    rf"{_NOT_SERVICE}[^。;；!！?？\n]{{0,20}}{_GIVES}[^。;；!！?？\n]{{0,8}}{_HOURS}"
)


def promises_hours_for_nothing(texts: Iterable[str | None]) -> bool:
    """Whether a text gives hours for a donation, a promise or a repost (DOMAIN §11.18)."""
    return any(_HOURS_NOT_SERVED.search(text, 0, LONGEST_TEXT) for text in texts if text)


def published_status(scope: RecruitScope, starts_at: datetime, now: datetime) -> ProjectStatus:
    """The state that a project begins in once it is published."""
    if scope is RecruitScope.MAKE_UP:
        return ProjectStatus.MAKE_UP
    return ProjectStatus.RUNNING if starts_at <= now else ProjectStatus.WAITING
