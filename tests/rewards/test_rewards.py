"""Points are earned by rules, spent once, given back, and never touch service hours."""

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from db.enums import HubLevel, RewardItemStatus, RewardRuleKind
from permissions.errors import Forbidden
from tests.rewards.shop import SINCE, TODAY, Shop, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def points(db: Any, volunteer: int) -> int:
    balance: int = await db.fetchval(
        "select coalesce(sum(points), 0)::bigint from reward_entries where volunteer_id = $1",
        volunteer,
    )
    return balance


async def stock(db: Any, item: int | None) -> int | None:
    left: int | None = await db.fetchval("select stock from reward_items where id = $1", item)
    return left


async def service(db: Any, volunteer: int) -> tuple[Any, ...]:
    """All that is recorded of a volunteer's service."""
    rows = await db.fetch(
        "select id, minutes, status, revision from service_records where volunteer_id = $1"
        " order by id",
        volunteer,
    )
    minutes = await db.fetchval("select effective_minutes from volunteers where id = $1", volunteer)
    return minutes, [tuple(row) for row in rows]


async def test_whole_steps_of_effective_minutes_earn_points(shop: Shop, db: Any) -> None:
    await shop.rule(step=60, points=10)
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 100, days_ago=10)
    await shop.served(volunteer, 70, days_ago=11)
    await shop.served(volunteer, 600, days_ago=200)  # before the rule
    await shop.served(volunteer, 600, days_ago=12, team="far")  # in another region

    await shop.settled(viewer)
    await shop.settled(viewer)

    assert await points(db, volunteer.id) == 20  # 170 minutes are two whole hours
    entries = await db.fetch(
        "select kind, points from reward_entries where volunteer_id = $1", volunteer.id
    )
    assert [tuple(row) for row in entries] == [("EARNED", 20)]


async def test_star_earns_once_where_the_volunteer_lives(shop: Shop, db: Any) -> None:
    await shop.rule(kind=RewardRuleKind.STAR, step=2, points=50)
    await shop.rule(kind=RewardRuleKind.STAR, step=4, points=500)
    await shop.rule(
        await shop.forest.officer(shop.elsewhere.region),
        region_id=shop.elsewhere.region.id,
        kind=RewardRuleKind.STAR,
        step=1,
        points=7,
    )
    volunteer, viewer = await shop.person(star=3)

    await shop.settled(viewer)
    await shop.settled(viewer)

    assert await points(db, volunteer.id) == 50


async def test_points_of_voided_service_are_taken_back(shop: Shop, db: Any) -> None:
    await shop.rule()
    volunteer, viewer = await shop.person()
    record = await shop.served(volunteer, 120)
    await shop.settled(viewer)
    await db.execute(
        "update service_records set status = 'VOID', void_reason = '误' where id = $1", record.id
    )

    await shop.settled(viewer)

    assert await points(db, volunteer.id) == 0
    entries = await db.fetch(
        "select points from reward_entries where volunteer_id = $1 order by id", volunteer.id
    )
    assert [row["points"] for row in entries] == [20, -20]


async def test_ended_rule_counts_no_service_after_its_last_day(shop: Shop, db: Any) -> None:
    rule = (await shop.rule()).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 60)
    assert codes(await shop.ended(rule, TODAY)) == []
    await shop.served(volunteer, 60, days_ago=-2)

    await shop.settled(viewer)

    assert await points(db, volunteer.id) == 10
    assert codes(await shop.ended(rule, TODAY - timedelta(days=1))) == [("DATES_PASSED", "lastDay")]
    assert codes(await shop.ended(rule, TODAY + timedelta(days=1))) == [("INVALID", "lastDay")]
    assert codes(await shop.ended(5, TODAY)) == [("NOT_FOUND", "ruleId")]


async def test_redeeming_takes_points_and_stock_and_never_hours(shop: Shop, db: Any) -> None:
    await shop.rule()
    item = (await shop.item(price=15, stock=3)).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    before = await service(db, volunteer.id)

    outcome = await shop.redeemed(item, viewer)

    assert codes(outcome) == []
    assert (await points(db, volunteer.id), await stock(db, item)) == (5, 2)
    assert await service(db, volunteer.id) == before
    assert before[0] == 120
    row = await db.fetchrow("select * from redemptions where id = $1", outcome.subject_id)
    assert (row["status"], row["price"], row["volunteer_id"]) == ("REQUESTED", 15, volunteer.id)


async def test_granted_stays_and_cancelled_gives_back(shop: Shop, db: Any) -> None:
    await shop.rule()
    item = (await shop.item(price=20, stock=2)).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 240)
    kept = (await shop.redeemed(item, viewer)).subject_id
    given_back = (await shop.redeemed(item, viewer)).subject_id
    assert (await points(db, volunteer.id), await stock(db, item)) == (0, 0)

    assert codes(await shop.granted(kept)) == []
    assert codes(await shop.cancelled(given_back, viewer)) == []
    refusals = [
        await shop.cancelled(kept, viewer),
        await shop.granted(given_back),
        await shop.cancelled(given_back, viewer),
    ]

    assert (await points(db, volunteer.id), await stock(db, item)) == (20, 1)
    assert [codes(each) for each in refusals] == [[("WRONG_STATE", "redemptionId")]] * 3
    told = await db.fetch(
        "select event from notifications where account_id = $1", viewer.account_id
    )
    assert [row["event"] for row in told] == ["reward.granted"]


async def test_keeper_cancels_with_a_reason(shop: Shop, db: Any) -> None:
    await shop.rule()
    item = (await shop.item()).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    number = (await shop.redeemed(item, viewer)).subject_id

    bare = await shop.cancelled(number)
    done = await shop.cancelled(number, reason="停止供应")

    assert codes(bare) == [("REASON_REQUIRED", "reason")]
    assert codes(done) == []
    assert await points(db, volunteer.id) == 20


async def test_same_points_redeemed_at_once_from_two_connections_are_spent_once(
    shop: Shop, db: Any
) -> None:
    await shop.rule()
    items = [(await shop.item(price=20, stock=5)).subject_id for _ in range(6)]
    volunteer, viewer = await shop.person()
    await asyncio.gather(*(shop.settled(viewer) for _ in range(6)))  # opens the connections
    await shop.served(volunteer, 120)

    # Each another reward, so that nothing but the volunteer's own row makes one wait for another.
    outcomes = await asyncio.gather(*(shop.redeemed(each, viewer) for each in items))

    assert sorted(map(codes, outcomes)) == [[], *[[("NOT_ENOUGH_POINTS", "itemId")]] * 5]
    left = [await stock(db, each) for each in items]
    assert (await points(db, volunteer.id), sorted(each or 0 for each in left)) == (
        0,
        [4, *[5] * 5],
    )


async def test_points_settled_at_once_are_earned_once(shop: Shop, db: Any) -> None:
    await shop.rule()
    volunteer, viewer = await shop.person()
    await asyncio.gather(*(shop.settled(viewer) for _ in range(6)))  # opens the connections
    await shop.served(volunteer, 120)

    await asyncio.gather(*(shop.settled(viewer) for _ in range(6)))

    assert await points(db, volunteer.id) == 20


async def test_last_reward_goes_to_one_of_two_volunteers(shop: Shop, db: Any) -> None:
    await shop.rule()
    item = (await shop.item(price=20, stock=1)).subject_id
    people = [await shop.person() for _ in range(5)]
    for volunteer, _ in people:
        await shop.served(volunteer, 120)

    outcomes = await asyncio.gather(*(shop.redeemed(item, viewer) for _, viewer in people))

    assert sorted(map(codes, outcomes)) == [[], *[[("OUT_OF_STOCK", "itemId")]] * 4]
    assert await stock(db, item) == 0
    assert await db.fetchval("select count(*) from redemptions where item_id = $1", item) == 1


async def test_repeat_under_one_key_redeems_once(shop: Shop, db: Any) -> None:
    await shop.rule()
    item = (await shop.item(price=20)).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 240)

    first, second = await asyncio.gather(
        shop.redeemed(item, viewer, "one"), shop.redeemed(item, viewer, "one")
    )

    assert first.subject_id == second.subject_id
    assert await points(db, volunteer.id) == 20


async def test_points_of_one_region_buy_nothing_in_another(shop: Shop) -> None:
    await shop.rule()
    officer = await shop.forest.officer(shop.elsewhere.region)
    item = (await shop.item(officer, region_id=shop.elsewhere.region.id)).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 600)
    await shop.settled(viewer)

    outcome = await shop.redeemed(item, viewer)

    assert codes(outcome) == [("NOT_ENOUGH_POINTS", "itemId")]


async def test_what_is_not_offered_today_is_not_redeemed(shop: Shop) -> None:
    await shop.rule()
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 600)
    later = (await shop.item(valid_from=TODAY + timedelta(days=1))).subject_id
    over = (await shop.item(valid_to=TODAY - timedelta(days=1))).subject_id
    none = (await shop.item(stock=0)).subject_id
    gone = (await shop.item()).subject_id
    await shop.changed(gone, status=RewardItemStatus.WITHDRAWN)

    outcomes = [await shop.redeemed(each, viewer) for each in (later, over, none, gone, 5)]

    assert [codes(each) for each in outcomes] == [
        [("WRONG_STATE", "itemId")],
        [("WRONG_STATE", "itemId")],
        [("OUT_OF_STOCK", "itemId")],
        [("NOT_FOUND", "itemId")],
        [("NOT_FOUND", "itemId")],
    ]


async def test_hub_that_manages_the_region_keeps_its_rewards(shop: Shop) -> None:
    district = await shop.hub(HubLevel.DISTRICT)
    town = await shop.hub(HubLevel.TOWN)
    of_district = shop.forest.teams[HubLevel.DISTRICT.value].region_id
    of_town = shop.forest.teams[HubLevel.TOWN.value].region_id

    assert codes(await shop.rule(district, region_id=of_district)) == []
    assert codes(await shop.item(district, region_id=of_district)) == []
    with pytest.raises(Forbidden):
        await shop.item(town, region_id=of_town)
    with pytest.raises(Forbidden):
        await shop.rule(district)


async def test_only_who_keeps_the_rewards_grants_them(shop: Shop) -> None:
    await shop.rule()
    item = (await shop.item()).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    number = (await shop.redeemed(item, viewer)).subject_id
    other = await shop.forest.officer(shop.elsewhere.region)
    _, stranger = await shop.person()

    with pytest.raises(Forbidden):
        await shop.granted(number, viewer)
    hidden = [await shop.granted(number, each) for each in (other, stranger)]
    unseen = await shop.cancelled(number, stranger)

    assert [codes(each) for each in (*hidden, unseen)] == [[("NOT_FOUND", "redemptionId")]] * 3


BAD_RULES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no region": ({"region_id": 0}, [("NOT_FOUND", "regionCode")]),
    "no step": ({"step": 0}, [("INVALID", "step")]),
    "long step": ({"step": 100_001}, [("INVALID", "step")]),
    "six stars": ({"kind": RewardRuleKind.STAR, "step": 6}, [("INVALID", "step")]),
    "no points": ({"points": 0}, [("INVALID", "points")]),
    "many points": ({"points": 1_000_001}, [("INVALID", "points")]),
    "long ago": ({"valid_from": date(1999, 1, 1)}, [("INVALID", "validFrom")]),
    "backwards": (
        {"valid_to": SINCE - timedelta(days=1)},
        [("ENDS_BEFORE_START", "validTo")],
    ),
}
BAD_ITEMS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no region": ({"region_id": 0}, [("NOT_FOUND", "regionCode")]),
    "no name": ({"name": ""}, [("REQUIRED", "name")]),
    "long name": ({"name": "礼" * 51}, [("TOO_LONG", "name")]),
    "control character": ({"name": "礼\x07"}, [("INVALID", "name")]),
    "long description": ({"description": "长" * 1001}, [("TOO_LONG", "description")]),
    "for nothing": ({"price": 0}, [("INVALID", "price")]),
    "too dear": ({"price": 100_000_001}, [("INVALID", "price")]),
    "less than none": ({"stock": -1}, [("INVALID", "stock")]),
    "too many": ({"stock": 1_000_001}, [("INVALID", "stock")]),
    "backwards": (
        {"valid_to": SINCE - timedelta(days=1)},
        [("ENDS_BEFORE_START", "validTo")],
    ),
}


@pytest.mark.parametrize("case", BAD_RULES)
async def test_bad_rule_is_refused(shop: Shop, case: str) -> None:
    given, expected = BAD_RULES[case]

    assert codes(await shop.rule(**given)) == expected


@pytest.mark.parametrize("case", BAD_ITEMS)
async def test_bad_reward_is_refused(shop: Shop, case: str) -> None:
    given, expected = BAD_ITEMS[case]

    assert codes(await shop.item(**given)) == expected


async def test_bad_change_of_a_reward_is_refused(shop: Shop, db: Any) -> None:
    item = (await shop.item(price=20, stock=5)).subject_id
    other = await shop.forest.officer(shop.elsewhere.region)

    cases = [
        (await shop.changed(item), ("REQUIRED", "changes")),
        (await shop.changed(item, price=0), ("INVALID", "price")),
        (await shop.changed(item, sets_stock=True, stock=-1), ("INVALID", "stock")),
        (
            await shop.changed(item, sets_valid_to=True, valid_to=SINCE - timedelta(days=1)),
            ("ENDS_BEFORE_START", "validTo"),
        ),
        (await shop.changed(5, price=3), ("NOT_FOUND", "itemId")),
    ]

    assert [codes(outcome) for outcome, _ in cases] == [[expected] for _, expected in cases]
    with pytest.raises(Forbidden):
        await shop.changed(item, other, price=1)
    assert codes(await shop.changed(item, price=30, sets_stock=True, stock=None)) == []
    row = await db.fetchrow("select price, stock from reward_items where id = $1", item)
    assert tuple(row) == (30, None)


@pytest.mark.parametrize("status", ["DISABLED", "WITHDRAWN"])
async def test_volunteer_who_is_not_enabled_redeems_nothing(
    shop: Shop, db: Any, status: str
) -> None:
    await shop.rule()
    item = (await shop.item(stock=5)).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    await db.execute("update volunteers set status = $2 where id = $1", volunteer.id, status)

    with pytest.raises(Forbidden, match="disabled or has withdrawn"):
        await shop.redeemed(item, viewer)

    assert await stock(db, item) == 5


BAD_WORDS = {
    "control characters": ("停\x07", "INVALID"),
    "of two lines": ("停\n止", "INVALID"),
    "read backwards": ("停\u202e", "INVALID"),
    "too long": ("长" * 201, "TOO_LONG"),
}


@pytest.mark.parametrize(("words", "code"), BAD_WORDS.values(), ids=BAD_WORDS)
async def test_bad_reason_cancels_nothing(shop: Shop, db: Any, words: str, code: str) -> None:
    await shop.rule()
    item = (await shop.item()).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    number = (await shop.redeemed(item, viewer)).subject_id

    outcomes = [await shop.cancelled(number, who, words) for who in (None, viewer)]

    assert [codes(each) for each in outcomes] == [[(code, "reason")]] * 2
    assert await points(db, volunteer.id) == 0


async def test_redemption_of_another_or_of_nobody_is_not_there(shop: Shop) -> None:
    await shop.rule()
    item = (await shop.item()).subject_id
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    number = (await shop.redeemed(item, viewer)).subject_id
    _, stranger = await shop.person()
    elsewhere = await shop.forest.officer(shop.elsewhere.region)

    for who, wanted in ((stranger, number), (elsewhere, number), (None, 5)):
        for outcome in (await shop.granted(wanted, who), await shop.cancelled(wanted, who)):
            assert codes(outcome) == [("NOT_FOUND", "redemptionId")]
    assert codes(await shop.redeemed(5, viewer)) == [("NOT_FOUND", "itemId")]


async def test_ledger_refuses_to_be_changed(shop: Shop, db: Any) -> None:
    await shop.rule()
    volunteer, viewer = await shop.person()
    await shop.served(volunteer, 120)
    await shop.settled(viewer)

    for statement in (
        "update reward_entries set points = points + 1 where volunteer_id = $1",
        "delete from reward_entries where volunteer_id = $1",
    ):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await db.execute(statement, volunteer.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute("update reward_items set stock = -1")
