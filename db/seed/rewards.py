"""Rewards of the liveliest district: rules, catalogue, what was earned and asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.enums import RedemptionStatus, RewardEntryKind, RewardItemStatus, RewardRuleKind
from db.progress import silent
from db.queries.rewards.changing import SETTLE
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Actor, Crowd
from db.seed.neighbours import morning

REDEEMING = 12
RULES = ((RewardRuleKind.MINUTES, 60, 10), (RewardRuleKind.STAR, 1, 100))
ITEMS: Sequence[tuple[str, str, int, int | None]] = (
    ("公共汽车乘车券", "主城各线路通用，领取后六个月内有效。", 50, 200),
    ("电影票", "渝北区各影院通用。", 120, 80),
    ("体检套餐", "社区卫生服务中心基础体检一次。", 300, 40),
    ("图书卡", "渝北区图书馆合作书店使用。", 100, None),
    ("志愿服务纪念徽章", "年度纪念款。", 30, 500),
    ("游泳馆门票", "渝北区体育馆游泳馆单次。", 80, 60),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    province: str
    region_id: int
    kind: str
    step: int
    points: int
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    id: int
    province: str
    region_id: int
    name: str
    description: str
    price: int
    stock: int | None
    valid_from: date
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redemption:
    id: int
    province: str
    item_id: int
    region_id: int
    volunteer_id: int
    price: int
    status: str
    reason: str | None
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    province: str
    volunteer_id: int
    region_id: int
    kind: str
    points: int
    redemption_id: int
    created_at: datetime


async def offer_rewards(connection: Any, district: Actor, crowd: Crowd, *, today: date) -> None:
    """The district's rewards, with what its first volunteers have earned and asked for."""
    begins = date(today.year - 3, 1, 1)
    await copy_rows(
        connection,
        "reward_rules",
        _Rule,
        [
            _Rule(
                province=district.province,
                region_id=district.region_id,
                kind=kind.value,
                step=step,
                points=points,
                valid_from=begins,
            )
            for kind, step, points in RULES
        ],
        progress=silent,
    )
    balances = [
        (volunteer_id, await _settled(connection, volunteer_id, today))
        for volunteer_id in crowd.ids[:REDEEMING]
    ]
    ids = await reserve_ids(connection, "reward_items", len(ITEMS))
    wished = [
        (volunteer_id, n % len(ITEMS))
        for n, (volunteer_id, points) in enumerate(balances)
        if points >= ITEMS[n % len(ITEMS)][2]
    ]
    await _catalogue(connection, district, ids, [place for _, place in wished], today)
    await _redeem(connection, district, ids, wished, today)


async def _settled(connection: Any, volunteer_id: int, today: date) -> int:
    """What a volunteer has earned by the rules, as the ledger has it from now on."""
    rows = await connection.fetch(SETTLE, volunteer_id, None, today)
    return sum(row["points"] for row in rows)


async def _catalogue(
    connection: Any, district: Actor, ids: Sequence[int], taken: Sequence[int], today: date
) -> None:
    """The rewards, less what was asked for and not given back."""
    rows = [
        _Item(
            id=number,
            province=district.province,
            region_id=district.region_id,
            name=name,
            description=description,
            price=price,
            stock=None if stock is None else stock - _kept(taken, n),
            valid_from=date(today.year, 1, 1),
            status=RewardItemStatus.OFFERED.value,
            created_at=morning(today, -60),
        )
        for n, (number, (name, description, price, stock)) in enumerate(
            zip(ids, ITEMS, strict=True)
        )
    ]
    await copy_rows(connection, "reward_items", _Item, rows, progress=silent)


def _state(n: int) -> RedemptionStatus:
    """The state of the n-th reward that was asked for."""
    return (RedemptionStatus.REQUESTED, RedemptionStatus.GRANTED, RedemptionStatus.CANCELLED)[n % 3]


def _kept(taken: Sequence[int], item: int) -> int:
    return sum(
        each == item and _state(n) is not RedemptionStatus.CANCELLED for n, each in enumerate(taken)
    )


async def _redeem(
    connection: Any,
    district: Actor,
    items: Sequence[int],
    wished: Sequence[tuple[int, int]],
    today: date,
) -> None:
    ids = await reserve_ids(connection, "redemptions", len(wished))
    asked = [
        _Redemption(
            id=number,
            province=district.province,
            item_id=items[place],
            region_id=district.region_id,
            volunteer_id=volunteer_id,
            price=ITEMS[place][2],
            status=_state(n).value,
            reason="本人不再需要。" if _state(n) is RedemptionStatus.CANCELLED else None,
            created_at=morning(today, -5 - n),
            decided_at=None if _state(n) is RedemptionStatus.REQUESTED else morning(today, -4 - n),
        )
        for n, (number, (volunteer_id, place)) in enumerate(zip(ids, wished, strict=True))
    ]
    await copy_rows(connection, "redemptions", _Redemption, asked, progress=silent)
    entries = [_entry(each, RewardEntryKind.REDEEMED, -each.price) for each in asked]
    entries += [
        _entry(each, RewardEntryKind.RETURNED, each.price)
        for each in asked
        if each.status == RedemptionStatus.CANCELLED.value
    ]
    await copy_rows(connection, "reward_entries", _Entry, entries, progress=silent)


def _entry(redemption: _Redemption, kind: RewardEntryKind, points: int) -> _Entry:
    return _Entry(
        province=redemption.province,
        volunteer_id=redemption.volunteer_id,
        region_id=redemption.region_id,
        kind=kind.value,
        points=points,
        redemption_id=redemption.id,
        created_at=redemption.decided_at or redemption.created_at,
    )
