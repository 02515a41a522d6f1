"""Records that a volunteer has one team hand to another, by a consent."""

import json
from collections.abc import Mapping
from typing import Any

from db.write import Write

_ENDS = """
select t.id, t.name, t.status, exists (
    select from memberships m where m.team_id = t.id and m.volunteer_id = $1
    and m.status = 'JOINED') as is_member
from teams t where t.id = any($2::bigint[])
"""
_REQUEST = """
with consent as (
  insert into consents (province, volunteer_id, kind, scope, recipient, purpose, given_by)
  select v.province, v.id, 'TRANSFER',
    jsonb_build_object('fromTeamId', $2::bigint, 'toTeamId', $3::bigint) || $6::text::jsonb,
    t.name, $4, coalesce($5::text, v.name)
  from volunteers v, teams t where v.id = $1 and t.id = $3 returning id
), transfer as (
  insert into record_transfers (province, volunteer_id, team_id, to_team_id, consent_id, status)
  select v.province, v.id, $2, $3, c.id, 'REQUESTED' from volunteers v, consent c where v.id = $1
  returning id
), handed as (
  insert into transferred_records (transfer_id, record_id, revision)
  select t.id, r.id, r.revision from transfer t, service_records r
  where r.volunteer_id = $1 and r.team_id = $2 and r.status = 'EFFECTIVE'
)
select id from transfer
"""
_HAS_RECORDS = """
select exists (select from service_records where volunteer_id = $1 and team_id = $2
               and status = 'EFFECTIVE') as has_records,
  exists (select from record_transfers x join consents c on c.id = x.consent_id
          where x.volunteer_id = $1 and x.team_id = $2 and x.to_team_id = $3
            and x.status = 'REQUESTED' and c.withdrawn_at is null) as waits
"""
_FETCH = """
select x.id, x.volunteer_id, x.team_id, x.to_team_id, x.status, x.consent_id,
  c.withdrawn_at is not null as is_withdrawn, t.status as to_status
from record_transfers x join consents c on c.id = x.consent_id join teams t on t.id = x.to_team_id
where x.id = $1
"""
_ANSWER = """
update record_transfers set status = $2::text, note = $3, answered_by_id = $4, answered_at = now()
where id = $1
"""
_WITHDRAW = "update consents set withdrawn_at = now() where id = $1 and withdrawn_at is null"


async def fetch_ends(write: Write, volunteer_id: int, team_ids: list[int]) -> dict[int, Any]:
    """Both teams, and whether the volunteer is a member."""
    return {row["id"]: row for row in await write.run(_ENDS, volunteer_id, team_ids)}


async def fetch_before(write: Write, volunteer_id: int, team_id: int, to_team_id: int) -> Any:
    """Whether there are records to hand on, and whether they wait there already."""
    return (await write.run(_HAS_RECORDS, volunteer_id, team_id, to_team_id))[0]


async def insert_transfer(
    write: Write,
    volunteer_id: int,
    team_id: int,
    to_team_id: int,
    purpose: str,
    *,
    given_by: str | None,
    scope: Mapping[str, Any],
) -> int:
    """The id of the transfer, with its consent and the records that it hands on.

    The volunteer gives the consent, unless another is named; ``scope`` is kept with it.
    """
    more = json.dumps(scope, ensure_ascii=False)
    rows = await write.run(_REQUEST, volunteer_id, team_id, to_team_id, purpose, given_by, more)
    return int(rows[0]["id"])


async def fetch_transfer(write: Write, transfer_id: int) -> Any | None:
    """The transfer, and whether its consent stands."""
    rows = await write.run(_FETCH, transfer_id)
    return rows[0] if rows else None


async def answer(write: Write, transfer_id: int, status: str, note: str | None) -> None:
    """Takes the records, or does not."""
    await write.run(_ANSWER, transfer_id, status, note, write.account_id)


async def withdraw(write: Write, consent_id: int) -> None:
    """Withdraws the consent; from now on the receiving team reads nothing by it."""
    await write.run(_WITHDRAW, consent_id)
