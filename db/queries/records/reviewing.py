"""Reviews that records wait for."""

from collections.abc import Sequence

from db.write import Write

_INSERT = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
  reviewer_region_id, applicant_account_id)
select t.province, $2, 'PENDING', 'ServiceRecord', n.id, t.id, $4, $5, $6
from unnest($3::bigint[]) as n (id) join teams t on t.id = $1 order by n.id
"""
_WITHDRAW = """
update reviews set state = 'WITHDRAWN', decided_at = now(), decided_by_id = $2, decided_as = $3
where id = any(array(
  select id from reviews where subject_type = 'ServiceRecord' and subject_id = any($1::bigint[])
    and kind in ('RECORD_APPLICATION', 'LATE_HOURS') and state = 'PENDING'
  order by id for update))
returning id
"""


async def insert_reviews(
    write: Write,
    team_id: int,
    kind: str,
    record_ids: Sequence[int],
    *,
    reviewer: tuple[int | None, int | None],
) -> None:
    """Puts records of a team into a reviewer's queue: that of a team, or of a region's office."""
    await write.run(_INSERT, team_id, kind, record_ids, *reviewer, write.account_id)


async def withdraw_reviews(write: Write, record_ids: Sequence[int]) -> Sequence[int]:
    """Takes back what waits; the caller has entered the reviews' rank."""
    rows = await write.run(_WITHDRAW, record_ids, write.account_id, write.capacity)
    return [row["id"] for row in rows]
