"""Random checks as writes change them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.enums import InspectionKind, InspectionStatus, InspectionVerdict, MeasureKind
from db.queries.inspections.drawing import DrawnRow
from db.write import Write

_INSERT = """
insert into inspections (province, region_id, title, kind, status, since, until, seed, population,
  fingerprint, size, drawn_by_id)
select r.province, r.id, $2, $3, 'DRAWN', $4, $5, $6, $7, $8, $9, $10 from regions r
where r.id = $1 returning id
"""
_INSERT_SCOPE = """
insert into inspection_scopes (inspection_id, team_id) select $1, unnest($2::bigint[])
"""
_INSERT_ITEMS = """
insert into inspection_items (province, inspection_id, position, team_id, kind, record_id,
  certificate_id, draw_key)
select i.province, i.id, d.position, d.team_id, d.kind,
  case when d.kind = 'RECORD' then d.subject_id end,
  case when d.kind = 'CERTIFICATE' then d.subject_id end, d.key
from inspections i,
  unnest($2::bigint[], $3::text[], $4::bigint[], $5::bytea[]) with ordinality
    as d (team_id, kind, subject_id, key, position)
where i.id = $1
"""
_INSERT_TEAMS = """
insert into inspection_teams (province, inspection_id, team_id)
select distinct i.province, i.id, e.team_id
from inspections i join inspection_items e on e.inspection_id = i.id where i.id = $1
order by e.team_id
"""
_HELD = """
select id, region_id, kind, status, title, since, until, asked_at from inspections where id = $1
"""
_ASK = """
with asked as (
  update inspections set status = 'MATERIALS_ASKED', asked_at = $2 where id = $1
)
update inspection_teams set due_on = $3 where inspection_id = $1 returning team_id
"""
_PART = """
select id, due_on, handed_in_at from inspection_teams where inspection_id = $1 and team_id = $2
"""
_HAND_IN = """
update inspection_teams set statement = $2, handed_in_by_id = $3, handed_in_at = $4 where id = $1
"""
_ITEMS = """
select e.id, e.team_id, e.verdict, p.due_on, p.handed_in_at
from inspection_items e
join inspection_teams p on p.inspection_id = e.inspection_id and p.team_id = e.team_id
where e.inspection_id = $1 and e.id = any($2::bigint[]) order by e.id
"""
_FIND = """
update inspection_items e set verdict = f.verdict, finding = f.finding, found_by_id = $4,
  found_at = $5
from unnest($1::bigint[], $2::text[], $3::text[]) as f (id, verdict, finding) where e.id = f.id
"""
_OPEN_ITEMS = """
select count(*) as open from inspection_items where inspection_id = $1 and verdict is null
"""
_SET_STATUS = "update inspections set status = $2 where id = $1"
_PUBLISH = """
update inspections set status = 'PUBLISHED', summary = $2, published_at = $3 where id = $1
"""
_CANCEL = "update inspections set status = 'CANCELLED', cancel_reason = $2 where id = $1"
_TEAMS = "select team_id from inspection_teams where inspection_id = $1 order by team_id"
_ITEM = """
select e.id, e.inspection_id, e.team_id, e.kind, e.record_id, e.certificate_id, e.verdict,
  i.status, coalesce(r.volunteer_id, c.volunteer_id) as volunteer_id
from inspection_items e join inspections i on i.id = e.inspection_id
left join service_records r on r.id = e.record_id
left join certificates c on c.id = e.certificate_id
where e.id = $1
"""
_INSERT_MEASURE = """
insert into inspection_measures (province, inspection_id, team_id, item_id, kind, reason,
  taken_by_id)
select i.province, i.id, $2, $3, $4, $5, $6 from inspections i where i.id = $1 returning id
"""
_OFFICERS = """
select d.account_id from department_users d join regions r on r.id = d.region_id
where r.id = $1 and d.revoked_at is null order by d.account_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInspection:
    """A check as it was drawn."""

    region_id: int
    title: str
    kind: InspectionKind
    since: date
    until: date
    seed: bytes
    team_ids: Collection[int] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one item, in which words."""

    item_id: int
    verdict: InspectionVerdict
    text: str | None


async def insert_inspection(
    write: Write, new: NewInspection, drawn: Sequence[DrawnRow], *, account_id: int
) -> int:
    """The id of a check with its items and the teams that they are of."""
    (row,) = await write.run(
        _INSERT,
        new.region_id,
        new.title,
        new.kind.value,
        new.since,
        new.until,
        new.seed,
        drawn[0].population,
        drawn[0].fingerprint,
        len(drawn),
        account_id,
    )
    inspection_id: int = row["id"]
    if new.team_ids is not None:
        await write.run(_INSERT_SCOPE, inspection_id, sorted(new.team_ids))
    await write.run(
        _INSERT_ITEMS,
        inspection_id,
        [each.team_id for each in drawn],
        [each.kind for each in drawn],
        [each.id for each in drawn],
        [each.key for each in drawn],
    )
    await write.run(_INSERT_TEAMS, inspection_id)
    return inspection_id


async def fetch_inspection(write: Write, inspection_id: int) -> Any:
    """The check; to be read under its lock."""
    return (await write.run(_HELD, inspection_id))[0]


async def ask(write: Write, inspection_id: int, *, now: datetime, due_on: date) -> Sequence[int]:
    """The teams that are asked for materials until a day."""
    return [row["team_id"] for row in await write.run(_ASK, inspection_id, now, due_on)]


async def fetch_part(write: Write, inspection_id: int, team_id: int) -> Any | None:
    """What a team was asked and has handed in, if it has a part in the check."""
    rows = await write.run(_PART, inspection_id, team_id)
    return rows[0] if rows else None


async def hand_in(
    write: Write, part_id: int, statement: str, *, account_id: int, now: datetime
) -> None:
    """Keeps a team's statement, in the place of an earlier one."""
    await write.run(_HAND_IN, part_id, statement, account_id, now)


async def fetch_items(
    write: Write, inspection_id: int, item_ids: Collection[int]
) -> Mapping[int, Any]:
    """Items of the check, by id, with when their teams' materials are due and came."""
    return {row["id"]: row for row in await write.run(_ITEMS, inspection_id, sorted(item_ids))}


async def record_findings(
    write: Write, findings: Sequence[Finding], *, account_id: int, now: datetime
) -> None:
    """Keeps what was found, in the place of what was found before."""
    await write.run(
        _FIND,
        [each.item_id for each in findings],
        [each.verdict.value for each in findings],
        [each.text for each in findings],
        account_id,
        now,
    )


async def count_open_items(write: Write, inspection_id: int) -> int:
    """How many items nothing was found of yet."""
    count: int = (await write.run(_OPEN_ITEMS, inspection_id))[0]["open"]
    return count


async def set_status(write: Write, inspection_id: int, status: InspectionStatus) -> None:
    """Brings a check to a state that needs nothing beside."""
    await write.run(_SET_STATUS, inspection_id, status.value)


async def publish(write: Write, inspection_id: int, summary: str | None, *, now: datetime) -> None:
    """Makes the result public."""
    await write.run(_PUBLISH, inspection_id, summary, now)


async def cancel(write: Write, inspection_id: int, reason: str) -> None:
    """Ends a check without a result."""
    await write.run(_CANCEL, inspection_id, reason)


async def fetch_teams(write: Write, inspection_id: int) -> Sequence[int]:
    """The teams that a check is about."""
    return [row["team_id"] for row in await write.run(_TEAMS, inspection_id)]


async def fetch_item(write: Write, item_id: int) -> Any:
    """An item with its check's state and its volunteer."""
    return (await write.run(_ITEM, item_id))[0]


async def insert_measure(
    write: Write,
    inspection_id: int,
    kind: MeasureKind,
    reason: str,
    *,
    team_id: int,
    item_id: int | None,
    account_id: int,
) -> int:
    """The id of a measure."""
    (row,) = await write.run(
        _INSERT_MEASURE, inspection_id, team_id, item_id, kind.value, reason, account_id
    )
    measure_id: int = row["id"]
    return measure_id


async def fetch_officers(write: Write, region_id: int) -> Sequence[int]:
    """The accounts of the department of a region."""
    return [row["account_id"] for row in await write.run(_OFFICERS, region_id)]
