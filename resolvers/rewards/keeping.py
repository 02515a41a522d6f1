"""Keeping a region's rewards: the rules by which points are earned, and the catalogue.

A price is in the region's points. Where rewards are priced in minutes, a rule gives one point for
each minute.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from db.enums import RewardRuleKind
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.rewards import changing
from db.queries.rewards.changing import ItemChange, NewItem, NewRule
from db.queries.rewards.entities import REWARD_ITEM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import RegionFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import name_errors, text_errors

LONGEST_NAME, LONGEST_DESCRIPTION = 50, 1000
MOST_POINTS, DEAREST, MOST_STOCK = 1_000_000, 100_000_000, 1_000_000
LONGEST_STEP = {RewardRuleKind.MINUTES: 100_000, RewardRuleKind.STAR: 5}
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)

NO_SUCH_REGION = UserError(UserErrorCode.NOT_FOUND, "regionCode", "No such region.")
NO_SUCH_RULE = UserError(UserErrorCode.NOT_FOUND, "ruleId", "No such rule.")
NO_SUCH_ITEM = UserError(UserErrorCode.NOT_FOUND, "itemId", "No such reward.")


async def set_rule(
    database: Writable,
    viewer: Viewer,
    rule: NewRule,
    idempotency_key: str | None,
) -> Outcome:
    """A rule of the region; what it gives is settled when a volunteer looks or redeems.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the region's rewards.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_rule_errors(rule))
        because = await _authorised(write, viewer, rule.region_id)
        rule_id = await changing.insert_rule(write, rule)
        write.record(
            _event("reward_rule.set", SubjectType.REWARD_RULE, rule_id, because, rule.region_id)
        )
        return succeeded(rule_id)

    given = {
        "region": rule.region_id,
        "kind": rule.kind.value,
        "step": rule.step,
        "points": rule.points,
        "from": rule.valid_from.isoformat(),
        "to": _day(rule.valid_to),
    }
    request = Request(action="setRewardRule", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def end_rule(
    database: Writable,
    viewer: Viewer,
    rule_id: int,
    last_day: date,
    idempotency_key: str | None,
    *,
    today: date,
) -> Outcome:
    """The rule, counting no service after a day that is not before today: what is earned stays.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the region's rewards.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        await write.lock_tree()
        row = await changing.lock_rule(write, rule_id)
        if row is None:
            raise Refused(NO_SUCH_RULE)
        because = await _authorised(write, viewer, row["region_id"], locked=True)
        if last_day < max(today, row["valid_from"]):
            raise Refused.because(
                UserErrorCode.DATES_PASSED, "lastDay", "What was earned by then stays."
            )
        if row["valid_to"] is not None and row["valid_to"] < last_day:
            raise Refused.because(UserErrorCode.INVALID, "lastDay", "It ends before.")
        if last_day > LATEST:
            raise Refused(_too_late("lastDay"))
        await changing.end_rule(write, rule_id, last_day)
        write.record(
            _event("reward_rule.ended", SubjectType.REWARD_RULE, rule_id, because, row["region_id"])
        )
        return succeeded(rule_id)

    given = {"id": rule_id, "last_day": last_day.isoformat()}
    request = Request(action="endRewardRule", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def add_item(
    database: Writable,
    viewer: Viewer,
    item: NewItem,
    idempotency_key: str | None,
) -> Outcome:
    """A reward in the region's catalogue.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the region's rewards.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_item_errors(item))
        because = await _authorised(write, viewer, item.region_id)
        item_id = await changing.insert_item(write, item)
        write.record(
            _event("reward.offered", SubjectType.REWARD_ITEM, item_id, because, item.region_id)
        )
        return succeeded(item_id)

    given = {
        "region": item.region_id,
        "name": item.name,
        "description": item.description,
        "price": item.price,
        "stock": item.stock,
        "from": item.valid_from.isoformat(),
        "to": _day(item.valid_to),
    }
    request = Request(action="addRewardItem", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def change_item(
    database: Writable,
    viewer: Viewer,
    item_id: int,
    change: ItemChange,
    idempotency_key: str | None,
) -> Outcome:
    """The reward with another price, stock, last day or state; what was asked for stays.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the region's rewards.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_amount_errors(change.price, change.stock))
        if change == ItemChange():
            raise Refused.because(UserErrorCode.REQUIRED, "changes", "Something is to change.")
        if item_id not in await ids_in_scope(write, viewer, REWARD_ITEM, [item_id]):
            raise Refused(NO_SUCH_ITEM)
        await write.lock_tree()
        acting = await as_of_now(write, viewer)
        await write.lock(Rank.REWARD, [item_id])
        facts = (await gather(write, REWARD_ITEM.name, [item_id]))[item_id]
        decision = decide(Action.REWARD_CHANGE, acting, facts)
        if not decision.allowed:
            raise Forbidden(f"Not yours to keep: {decision.because}.")
        if change.valid_to is not None and change.valid_to > LATEST:
            raise Refused(_too_late("validTo"))
        row = await changing.fetch_item(write, item_id)
        if change.valid_to is not None and change.valid_to < row["valid_from"]:
            raise Refused.because(
                UserErrorCode.ENDS_BEFORE_START, "validTo", "It ends before it starts."
            )
        await changing.change_item(write, item_id, change)
        write.record(
            _event(
                "reward.changed",
                SubjectType.REWARD_ITEM,
                item_id,
                decision.because,
                row["region_id"],
            )
        )
        return succeeded(item_id)

    given = {
        "id": item_id,
        "price": change.price,
        "stock": [change.sets_stock, change.stock],
        "to": [change.sets_valid_to, _day(change.valid_to)],
        "status": None if change.status is None else change.status.value,
    }
    request = Request(action="changeRewardItem", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def _authorised(write: Write, viewer: Viewer, region_id: int, *, locked: bool = False) -> str:
    """The edge by which the viewer keeps the rewards of a region."""
    if not locked:
        await write.lock_tree()
    acting = await as_of_now(write, viewer)
    found = await gather(write, "Region", [region_id])
    region: RegionFacts | None = found.get(region_id)
    if region is None:
        raise Refused(NO_SUCH_REGION)
    decision = decide(Action.REWARDS_KEEP, acting, region)
    if not decision.allowed:
        raise Forbidden(f"Not yours to keep: {decision.because}.")
    return decision.because


def _rule_errors(rule: NewRule) -> Sequence[UserError]:
    errors: list[UserError] = []
    most = LONGEST_STEP[rule.kind]
    if not 1 <= rule.step <= most:
        errors.append(UserError(UserErrorCode.INVALID, "step", f"From 1 to {most}."))
    if not 1 <= rule.points <= MOST_POINTS:
        text = f"From 1 to {MOST_POINTS} points."
        errors.append(UserError(UserErrorCode.INVALID, "points", text))
    return [*errors, *_day_errors(rule.valid_from, rule.valid_to)]


def _item_errors(item: NewItem) -> Sequence[UserError]:
    errors = [
        *name_errors("name", item.name, longest=LONGEST_NAME),
        *text_errors("description", item.description, longest=LONGEST_DESCRIPTION),
        *_amount_errors(item.price, item.stock),
        *_day_errors(item.valid_from, item.valid_to),
    ]
    if not item.name:
        errors.append(UserError(UserErrorCode.REQUIRED, "name", "This must not be empty."))
    return errors


def _amount_errors(price: int | None, stock: int | None) -> Sequence[UserError]:
    errors: list[UserError] = []
    if price is not None and not 1 <= price <= DEAREST:
        errors.append(UserError(UserErrorCode.INVALID, "price", f"From 1 to {DEAREST} points."))
    if stock is not None and not 0 <= stock <= MOST_STOCK:
        errors.append(UserError(UserErrorCode.INVALID, "stock", f"From 0 to {MOST_STOCK}."))
    return errors


def _day_errors(since: date, until: date | None) -> Sequence[UserError]:
    if since < EARLIEST:
        return [UserError(UserErrorCode.INVALID, "validFrom", "There was no such rule then.")]
    for field, day in (("validFrom", since), ("validTo", until)):
        if day is not None and day > LATEST:
            return [_too_late(field)]
    if until is not None and until < since:
        text = "It ends before it starts."
        return [UserError(UserErrorCode.ENDS_BEFORE_START, "validTo", text)]
    return ()


def _too_late(field: str) -> UserError:
    return UserError(UserErrorCode.INVALID, field, f"Until {LATEST:%Y} at the latest.")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _event(
    name: str, subject: SubjectType, number: int, because: str, region_id: Any
) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=subject,
        subject_id=number,
        because=because,
        payload={"regionId": region_id},
    )
