"""Needs, offers and answers as writes change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import AnswerSide, AnswerStatus, MatchStatus
from db.write import Write

_INSERT_NEED = """
insert into needs (province, team_id, region_id, title, description, place, categories, targets,
  skills, people, starts_at, ends_at, contact_name, contact_phone, status)
select r.province, $1, r.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'OPEN'
from regions r where r.id = $2 returning id
"""
_INSERT_OFFER = """
insert into offers (province, team_id, volunteer_id, region_id, title, description, categories,
  skills, starts_at, ends_at, status)
select r.province, $1, $2, r.id, $4, $5, $6, $7, $8, $9, 'OPEN'
from regions r where r.id = $3 returning id
"""
_NEED = """
select n.id, n.team_id, n.status, n.people, n.found, n.ends_at, n.title from needs n where n.id = $1
"""
_LOCK_OFFER = """
select id, team_id, volunteer_id, status, ends_at from offers where id = $1 for update
"""
_END_NEED = "update needs set status = $2, close_reason = $3, project_id = $4 where id = $1"
_END_OFFER = "update offers set status = $2, close_reason = $3 where id = $1"
_DROP_ANSWERS = """
update need_answers set status = 'DECLINED', reason = $2, decided_at = $3
where need_id = $1 and status = 'PENDING' returning id, from_team_id, volunteer_id, asked_by
"""
_INSERT_ANSWER = """
insert into need_answers (province, need_id, offer_id, team_id, from_team_id, volunteer_id,
  asked_by, applicant_account_id, status, people, message)
select n.province, n.id, $2, n.team_id, $3, $4, $5, $6, 'PENDING', $7, $8
from needs n where n.id = $1
on conflict do nothing returning id
"""
_ANSWER = """
select a.id, a.need_id, a.offer_id, a.team_id, a.from_team_id, a.volunteer_id, a.asked_by,
  a.status, a.people, v.account_id
from need_answers a left join volunteers v on v.id = a.volunteer_id where a.id = $1
"""
_DECIDE = "update need_answers set status = $2, reason = $3, decided_at = $4 where id = $1"
_FIND = "update needs set found = found + $2 where id = $1"
_PROJECT = """
select exists (select from projects p where p.id = $1 and p.team_id = $2
  and p.status in ('WAITING', 'RUNNING', 'CLOSED', 'MAKE_UP')) as is_published
"""
_ACCOUNT = "select account_id from volunteers where id = $1"
_EXPIRE = """
update {table} set status = 'EXPIRED'
where id in (select id from {table} where status = 'OPEN' and ends_at <= $1
             order by id limit $2 for update skip locked)
returning id, team_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNeed:
    """A need as it is published."""

    team_id: int
    region_id: int
    title: str
    description: str
    place: str
    categories: Sequence[str]
    targets: Sequence[str]
    skills: Sequence[str]
    people: int
    starts_at: datetime
    ends_at: datetime
    contact_name: str
    contact_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """An offer as it is published, of a team or of a volunteer."""

    team_id: int | None
    volunteer_id: int | None
    region_id: int
    title: str
    description: str
    categories: Sequence[str]
    skills: Sequence[str]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """An answer as it is made, by either side."""

    need_id: int
    offer_id: int | None
    from_team_id: int | None
    volunteer_id: int | None
    asked_by: AnswerSide
    applicant_account_id: int
    people: int
    message: str


async def insert_need(write: Write, new: NewNeed) -> int:
    """The id of an open need."""
    (row,) = await write.run(
        _INSERT_NEED,
        new.team_id,
        new.region_id,
        new.title,
        new.description,
        new.place,
        list(new.categories),
        list(new.targets),
        list(new.skills),
        new.people,
        new.starts_at,
        new.ends_at,
        new.contact_name,
        new.contact_phone,
    )
    need_id: int = row["id"]
    return need_id


async def insert_offer(write: Write, new: NewOffer) -> int:
    """The id of an open offer."""
    (row,) = await write.run(
        _INSERT_OFFER,
        new.team_id,
        new.volunteer_id,
        new.region_id,
        new.title,
        new.description,
        list(new.categories),
        list(new.skills),
        new.starts_at,
        new.ends_at,
    )
    offer_id: int = row["id"]
    return offer_id


async def fetch_need(write: Write, need_id: int) -> Any:
    """The need; to be read under its lock."""
    return (await write.run(_NEED, need_id))[0]


async def lock_offer(write: Write, offer_id: int) -> Any:
    """The offer, locked; whoever locks a need as well does so first."""
    return (await write.run(_LOCK_OFFER, offer_id))[0]


async def end_need(
    write: Write, need_id: int, status: MatchStatus, reason: str | None, project_id: int | None
) -> None:
    """Brings a need to its end."""
    await write.run(_END_NEED, need_id, status.value, reason, project_id)


async def end_offer(write: Write, offer_id: int, status: MatchStatus, reason: str | None) -> None:
    """Brings an offer to its end."""
    await write.run(_END_OFFER, offer_id, status.value, reason)


async def drop_answers(write: Write, need_id: int, reason: str, *, now: datetime) -> Sequence[Any]:
    """Declines what waits at a need that has ended; the answers."""
    return await write.run(_DROP_ANSWERS, need_id, reason, now)


async def insert_answer(write: Write, new: NewAnswer) -> int | None:
    """The id of an answer that waits; None if one of the same two waits or stands already."""
    rows = await write.run(
        _INSERT_ANSWER,
        new.need_id,
        new.offer_id,
        new.from_team_id,
        new.volunteer_id,
        new.asked_by.value,
        new.applicant_account_id,
        new.people,
        new.message,
    )
    return rows[0]["id"] if rows else None


async def fetch_answer(write: Write, answer_id: int) -> Any:
    """The answer; to be read under the lock of its need."""
    return (await write.run(_ANSWER, answer_id))[0]


async def decide_answer(
    write: Write, answer_id: int, status: AnswerStatus, reason: str | None, *, now: datetime
) -> None:
    """Brings an answer to a state."""
    await write.run(_DECIDE, answer_id, status.value, reason, now)


async def count_found(write: Write, need_id: int, people: int) -> None:
    """Adds people whom the need has found, or takes them away; it is locked."""
    await write.run(_FIND, need_id, people)


async def is_published_project(write: Write, project_id: int, team_id: int) -> bool:
    """Whether a project of the team is, or was, published."""
    (row,) = await write.run(_PROJECT, project_id, team_id)
    found: bool = row["is_published"]
    return found


async def fetch_account(write: Write, volunteer_id: int) -> int | None:
    """The account of a volunteer, if there is one."""
    rows = await write.run(_ACCOUNT, volunteer_id)
    return rows[0]["account_id"] if rows else None


async def expire(write: Write, table: str, *, now: datetime, limit: int) -> Sequence[Any]:
    """Ends what is open in ``needs`` or ``offers`` and whose time is over."""
    return await write.run(_EXPIRE.format(table=table), now, limit)
