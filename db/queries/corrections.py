"""Requests to correct real-name data, as they are asked and decided."""

from datetime import date, datetime
from typing import Any

from db.enums import IdentityType, RealNameStatus, ReviewState, Sex
from db.names import grams, sort_key
from db.rows import Row
from db.statements import Statement
from db.write import Write

_KNOWN = """
select v.name, v.born_on, v.sex, i.id_type, i.sealed_number, i.key_id
from volunteers v left join volunteer_identities i on i.volunteer_id = v.id where v.id = $1
"""
_PENDING = "select id from correction_requests where volunteer_id = $1 and state = 'PENDING'"
_REQUEST = "select * from correction_requests where id = $1"
_APPLY = """
update volunteers v set name = coalesce(c.name, v.name), sort_key = coalesce($2, v.sort_key),
  name_grams = coalesce($3::text[], v.name_grams), born_on = coalesce(c.born_on, v.born_on),
  sex = coalesce(c.sex, v.sex), real_name_status = c.real_name_status,
  real_name_checked_at = case when c.real_name_status = 'VERIFIED' then c.created_at end,
  updated_at = now()
from correction_requests c where c.id = $1 and v.id = c.volunteer_id
"""
_REPLACE_NUMBER = """
update volunteer_identities i set id_type = c.id_type, sealed_number = c.sealed_number,
  key_id = c.key_id, blind_index = c.blind_index
from correction_requests c
where c.id = $1 and i.volunteer_id = c.volunteer_id and c.sealed_number is not null
"""
_RENAME_ACCOUNT = """
update accounts a set display_name = v.name
from volunteers v where v.id = $1 and a.id = v.account_id
"""
_END = """
update correction_requests set state = $2, opinion = $3, decided_by_id = $4, decided_as = $5,
  decided_at = now()
where id = $1
"""


class CorrectionRow(Row):
    """A request to correct real-name data."""

    id: int
    volunteer_id: int
    state: ReviewState
    name: str | None
    born_on: date | None
    sex: Sex | None
    id_type: IdentityType | None
    real_name_status: RealNameStatus
    reason: str
    opinion: str | None
    created_at: datetime
    decided_at: datetime | None


_COLUMNS = """
select c.id, c.volunteer_id, c.state, c.name, c.born_on, c.sex, c.id_type, c.real_name_status,
  c.reason, c.opinion, c.created_at, c.decided_at from correction_requests c
"""
OWN = Statement(
    f"{_COLUMNS} where c.volunteer_id = $1 order by c.id desc",
    ("volunteer",),
    {},
    CorrectionRow,
)
WAITING = Statement(
    f"{_COLUMNS} join volunteers v on v.id = c.volunteer_id"
    " where c.state = 'PENDING' and v.region_path >= $1 and v.region_path < $2"
    " order by c.id limit $3",
    ("region", "region_end", "most"),
    {},
    CorrectionRow,
)


async def fetch_known(write: Write, volunteer_id: int) -> Any:
    """The real-name data of a volunteer, the number sealed."""
    return (await write.run(_KNOWN, volunteer_id))[0]


async def is_waiting(write: Write, volunteer_id: int) -> bool:
    """Whether a request of the volunteer waits; to be read under the volunteer's lock."""
    return bool(await write.run(_PENDING, volunteer_id))


async def fetch_request(write: Write, request_id: int) -> Any | None:
    """A request."""
    rows = await write.run(_REQUEST, request_id)
    return rows[0] if rows else None


async def apply(write: Write, request_id: int, *, name: str | None, volunteer_id: int) -> None:
    """Brings the volunteer to what was asked for."""
    key = None if name is None else sort_key(name, person=True)
    await write.run(_APPLY, request_id, key, None if name is None else grams(name))
    await write.run(_REPLACE_NUMBER, request_id)
    if name is not None:
        await write.run(_RENAME_ACCOUNT, volunteer_id)


async def end(write: Write, request_id: int, state: ReviewState, opinion: str | None) -> None:
    """Decides a request, in the name of who writes."""
    await write.run(_END, request_id, state.value, opinion, write.account_id, write.capacity)
