"""The catalogue, what is asked for, and the ledger of rewards, as writes change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.enums import RedemptionStatus, RewardEntryKind, RewardItemStatus, RewardRuleKind
from db.write import Write

# What a rule comes to for a volunteer today: service of its days in its region, or the star that
# the volunteer has and lives there. The ledger is brought there, up or down; hours are only read.
SETTLE = """
with worth as (
  select r.id, r.region_id, case r.kind
    when 'MINUTES' then r.points * ((
      select coalesce(sum(s.minutes), 0)::bigint from service_records s
      where s.volunteer_id = v.id and s.status = 'EFFECTIVE'
        and left(s.region_path, length(p.path)) = p.path
        and s.starts_at >= (r.valid_from::timestamp at time zone 'Asia/Shanghai')
        and (r.valid_to is null
             or s.starts_at < ((r.valid_to + 1)::timestamp at time zone 'Asia/Shanghai'))
    ) / r.step)
    else case when v.star >= r.step and left(v.region_path, length(p.path)) = p.path
      and r.valid_from <= $3::date then r.points else 0 end
    end as points
  from reward_rules r join regions p on p.id = r.region_id, volunteers v
  where v.id = $1 and ($2::bigint is null or r.region_id = $2)
), gap as (
  select w.id, w.region_id, w.points - coalesce((
    select sum(e.points) from reward_entries e where e.volunteer_id = $1 and e.rule_id = w.id
  ), 0) as points
  from worth w
)
insert into reward_entries (province, volunteer_id, region_id, kind, points, rule_id)
select p.province, $1, g.region_id, 'EARNED', g.points, g.id
from gap g join regions p on p.id = g.region_id where g.points <> 0 order by g.id
returning region_id, points
"""
_BALANCE = """
select coalesce(sum(points), 0)::bigint as points from reward_entries
where volunteer_id = $1 and region_id = $2
"""
_INSERT_RULE = """
insert into reward_rules (province, region_id, kind, step, points, valid_from, valid_to)
select r.province, r.id, $2, $3, $4, $5, $6 from regions r where r.id = $1 returning id
"""
_RULE = "select id, region_id, valid_from, valid_to from reward_rules where id = $1 for update"
_END_RULE = "update reward_rules set valid_to = $2 where id = $1"
_INSERT_ITEM = """
insert into reward_items (province, region_id, name, description, price, stock, valid_from,
  valid_to, status)
select r.province, r.id, $2, $3, $4, $5, $6, $7, 'OFFERED' from regions r where r.id = $1
returning id
"""
_ITEM = """
select id, region_id, name, price, stock, valid_from, valid_to, status from reward_items
where id = $1
"""
_CHANGE_ITEM = """
update reward_items set price = coalesce($2, price), stock = case when $3 then $4 else stock end,
  valid_to = case when $5 then $6 else valid_to end, status = coalesce($7, status)
where id = $1
"""
_TAKE = "update reward_items set stock = stock - 1 where id = $1"
_PUT_BACK = "update reward_items set stock = stock + 1 where id = $1"
_INSERT_REDEMPTION = """
insert into redemptions (province, item_id, region_id, volunteer_id, price, status)
select i.province, i.id, i.region_id, $2, i.price, 'REQUESTED' from reward_items i where i.id = $1
returning id, price, region_id
"""
_INSERT_ENTRY = """
insert into reward_entries (province, volunteer_id, region_id, kind, points, redemption_id)
select d.province, d.volunteer_id, d.region_id, $2, $3, d.id from redemptions d where d.id = $1
"""
_REDEMPTION = """
select d.id, d.item_id, d.region_id, d.volunteer_id, d.price, d.status, v.account_id
from redemptions d join volunteers v on v.id = d.volunteer_id where d.id = $1
"""
_DECIDE = "update redemptions set status = $2, reason = $3, decided_at = $4 where id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A rule as it is set."""

    region_id: int
    kind: RewardRuleKind
    step: int
    points: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A reward as it is put into the catalogue."""

    region_id: int
    name: str
    description: str
    price: int
    stock: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What changes of a reward; a stock or last day is changed only if it is told."""

    price: int | None = None
    sets_stock: bool = False
    stock: int | None = None
    sets_valid_to: bool = False
    valid_to: date | None = None
    status: RewardItemStatus | None = None


async def settle(
    write: Write, volunteer_id: int, region_id: int | None, *, today: date
) -> Sequence[Any]:
    """Brings what a volunteer, who is locked, has earned to what the rules come to; the entries."""
    return await write.run(SETTLE, volunteer_id, region_id, today)


async def fetch_balance(write: Write, volunteer_id: int, region_id: int) -> int:
    """The points of a volunteer in a region."""
    points: int = (await write.run(_BALANCE, volunteer_id, region_id))[0]["points"]
    return points


async def insert_rule(write: Write, new: NewRule) -> int:
    """The id of a rule."""
    (row,) = await write.run(
        _INSERT_RULE,
        new.region_id,
        new.kind.value,
        new.step,
        new.points,
        new.valid_from,
        new.valid_to,
    )
    rule_id: int = row["id"]
    return rule_id


async def lock_rule(write: Write, rule_id: int) -> Any | None:
    """The rule, locked, if there is one."""
    rows = await write.run(_RULE, rule_id)
    return rows[0] if rows else None


async def end_rule(write: Write, rule_id: int, valid_to: date) -> None:
    """Sets the last day whose service counts by the rule."""
    await write.run(_END_RULE, rule_id, valid_to)


async def insert_item(write: Write, new: NewItem) -> int:
    """The id of a reward that is offered."""
    (row,) = await write.run(
        _INSERT_ITEM,
        new.region_id,
        new.name,
        new.description,
        new.price,
        new.stock,
        new.valid_from,
        new.valid_to,
    )
    item_id: int = row["id"]
    return item_id


async def fetch_item(write: Write, item_id: int) -> Any:
    """The reward; to be read under its lock."""
    return (await write.run(_ITEM, item_id))[0]


async def change_item(write: Write, item_id: int, change: ItemChange) -> None:
    """Changes what is told of a reward."""
    await write.run(
        _CHANGE_ITEM,
        item_id,
        change.price,
        change.sets_stock,
        change.stock,
        change.sets_valid_to,
        change.valid_to,
        None if change.status is None else change.status.value,
    )


async def redeem(write: Write, item_id: int, volunteer_id: int) -> int:
    """The id of what is asked for; the item is locked, and one of it and its price are taken."""
    (row,) = await write.run(_INSERT_REDEMPTION, item_id, volunteer_id)
    await write.run(_TAKE, item_id)
    await write.run(_INSERT_ENTRY, row["id"], RewardEntryKind.REDEEMED.value, -row["price"])
    redemption_id: int = row["id"]
    return redemption_id


async def fetch_redemption(write: Write, redemption_id: int) -> Any:
    """What was asked for; to be read under its lock."""
    return (await write.run(_REDEMPTION, redemption_id))[0]


async def decide_redemption(
    write: Write,
    redemption_id: int,
    status: RedemptionStatus,
    reason: str | None,
    *,
    now: datetime,
) -> None:
    """Brings what was asked for to its end."""
    await write.run(_DECIDE, redemption_id, status.value, reason, now)


async def give_back(write: Write, redemption_id: int, item_id: int, price: int) -> None:
    """Gives the points back, and the item to its stock; it is locked."""
    await write.run(_PUT_BACK, item_id)
    await write.run(_INSERT_ENTRY, redemption_id, RewardEntryKind.RETURNED.value, price)
