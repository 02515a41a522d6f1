"""Needs, offers and their answers; rewards, what was earned by them and asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.enums import (
    AnswerSide,
    AnswerStatus,
    MatchStatus,
    RedemptionStatus,
    RewardEntryKind,
    RewardItemStatus,
    RewardRuleKind,
)
from db.progress import silent
from db.queries.rewards.changing import SETTLE
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Actor, Cast, Crowd, Life
from db.seed.neighbours import morning, neighbours
from db.seed.themes import DEFAULT_CATEGORY, THEMES

NEEDS, VOLUNTEERS_OFFERS, TEAMS_OFFERS = 24, 18, 8
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
SKILLS = ("急救", "摄影", "手语", "法律", "心理", "理发")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    id: int
    province: str
    team_id: int
    region_id: int
    title: str
    description: str
    place: str
    categories: Sequence[str]
    targets: Sequence[str]
    skills: Sequence[str]
    people: int
    found: int
    starts_at: datetime
    ends_at: datetime
    contact_name: str
    contact_phone: str
    status: str
    close_reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    id: int
    province: str
    team_id: int | None
    volunteer_id: int | None
    region_id: int
    title: str
    description: str
    categories: Sequence[str]
    skills: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    province: str
    need_id: int
    offer_id: int | None
    team_id: int
    from_team_id: int | None
    volunteer_id: int | None
    asked_by: str
    status: str
    people: int
    message: str
    reason: str | None
    created_at: datetime
    decided_at: datetime | None


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


async def open_exchange(
    connection: Any, life: Life, cast: Cast, crowd: Crowd, *, today: date
) -> None:
    """What teams look for and what is offered; the rewards of the liveliest district."""
    actors = neighbours(life, cast)
    needs = await _look_for(connection, actors, today, is_answered=len(crowd) > 0)
    offers = await _offer(connection, life, actors, crowd, today)
    await _answer(connection, needs, offers, today)
    await _reward(connection, life.actors[cast.district], crowd, today)


async def _look_for(
    connection: Any, actors: Sequence[Actor], today: date, *, is_answered: bool
) -> Sequence[_Need]:
    chosen = actors[:NEEDS]
    ids = await reserve_ids(connection, "needs", len(chosen))
    needs = [
        _need(number, n, actor, today, is_answered=is_answered)
        for n, (number, actor) in enumerate(zip(ids, chosen, strict=True))
    ]
    await copy_rows(connection, "needs", _Need, needs, progress=silent)
    return needs


def _need(number: int, n: int, actor: Actor, today: date, *, is_answered: bool) -> _Need:
    categories = [*actor.service_categories[:2]] or [DEFAULT_CATEGORY]
    theme = THEMES.get(categories[0], THEMES[DEFAULT_CATEGORY])[0]
    status = {4: MatchStatus.MET, 5: MatchStatus.CLOSED}.get(n % 6, MatchStatus.OPEN)
    starts = morning(today, 3 + n % 9)
    people = 2 + n % 5
    return _Need(
        id=number,
        province=actor.province,
        team_id=actor.id,
        region_id=actor.region_id,
        title=f"{theme.name}招募帮手",
        description=f"{theme.name}缺人手，主要做{'、'.join(theme.posts)}，队里有老队员带。",
        place=actor.short_name,
        categories=categories,
        targets=[*theme.targets],
        skills=[SKILLS[n % len(SKILLS)]] if n % 2 else [],
        people=people,
        # One person of every third need, which is open, is accepted below.
        found=int(n % 3 == 0 and is_answered),
        starts_at=starts,
        ends_at=starts + timedelta(days=20 + n),
        contact_name=actor.contact_name,
        contact_phone=actor.contact_mobile,
        status=status.value,
        close_reason="活动改期，另行发布。" if status is MatchStatus.CLOSED else None,
        created_at=morning(today, -1 - n),
    )


async def _offer(
    connection: Any, life: Life, actors: Sequence[Actor], crowd: Crowd, today: date
) -> Sequence[_Offer]:
    people = range(min(VOLUNTEERS_OFFERS, len(crowd)))
    teams = actors[-TEAMS_OFFERS:]
    ids = iter(await reserve_ids(connection, "offers", len(people) + len(teams)))
    offers = []
    for n in people:
        hub = life.home.hubs[crowd.place[n]]
        skill = SKILLS[n % len(SKILLS)]
        offers.append(
            _Offer(
                volunteer_id=crowd.ids[n],
                team_id=None,
                title=f"周末可提供{skill}服务",
                description=f"有{skill}经验，周六、周日全天有空。",
                **_common(next(ids), n, hub, skill, today),
            )
        )
    for n, actor in enumerate(teams):
        skill = SKILLS[n % len(SKILLS)]
        offers.append(
            _Offer(
                volunteer_id=None,
                team_id=actor.id,
                title=f"{actor.name}可提供{skill}支援",
                description=f"队内有{skill}骨干，可支援周边社区活动。",
                **_common(next(ids), n, actor, skill, today),
            )
        )
    await copy_rows(connection, "offers", _Offer, offers, progress=silent)
    return offers


def _common(number: int, n: int, place: Any, skill: str, today: date) -> dict[str, Any]:
    categories = [*getattr(place, "service_categories", ())][:2] or [DEFAULT_CATEGORY]
    return {
        "id": number,
        "province": place.province,
        "region_id": place.region_id,
        "categories": categories,
        "skills": [skill],
        "starts_at": morning(today, 1),
        "ends_at": morning(today, 40 + n),
        "status": MatchStatus.OPEN.value,
        "created_at": morning(today, -1 - n),
    }


async def _answer(
    connection: Any, needs: Sequence[_Need], offers: Sequence[_Offer], today: date
) -> None:
    """One of each three open needs has an accepted answer, one waits, one has asked an offer."""
    people = [each for each in offers if each.volunteer_id is not None]
    answers = []
    for n, need in enumerate(needs):
        if need.status != MatchStatus.OPEN.value or not people:
            continue
        offer = people[n % len(people)]
        is_accepted = n % 3 == 0
        side = AnswerSide.NEED if n % 3 == 2 else AnswerSide.OFFERER  # noqa: PLR2004
        answers.append(
            _Answer(
                province=need.province,
                need_id=need.id,
                offer_id=offer.id if side is AnswerSide.NEED else None,
                team_id=need.team_id,
                from_team_id=None,
                volunteer_id=offer.volunteer_id,
                asked_by=side.value,
                status=(AnswerStatus.ACCEPTED if is_accepted else AnswerStatus.PENDING).value,
                people=1,
                message="这次活动很合适，想来帮忙。"
                if side is AnswerSide.OFFERER
                else "看到您的供给信息，盼能支援。",
                reason=None,
                created_at=morning(today, -1),
                decided_at=morning(today, 0) - timedelta(hours=9) if is_accepted else None,
            )
        )
    await copy_rows(connection, "need_answers", _Answer, answers, progress=silent)


async def _reward(connection: Any, district: Actor, crowd: Crowd, today: date) -> None:
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
