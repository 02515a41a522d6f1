"""Legal persons whose register has not been asked for long, and who answers for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.write import Write

# In the order of ids behind a place: whom the register tells nothing of holds nobody up.
_DUE = """
select id, uscc, region_id, entity_checked_at from teams
where uscc is not null and registration_status = 'LEGAL_PERSON' and id > $2
  and status in ('ENABLED', 'CHANGE_PENDING', 'DISABLED')
  and (entity_checked_at is null or entity_checked_at < $1)
order by id limit $3
"""
_OFFICERS = """
select d.account_id from department_users d
join teams t on t.id = $1 and d.region_id = coalesce(t.registration_authority_id, t.region_id)
where d.revoked_at is null
"""


@dataclass(frozen=True, slots=True)
class DueTeam:
    """A legal person that is to be compared with its register."""

    id: int
    uscc: str
    region_id: int
    checked_at: datetime | None


async def fetch_due(write: Write, *, before: datetime, after: int, limit: int) -> Sequence[DueTeam]:
    """Those last compared before a moment, whose ids lie behind one, in the order of ids."""
    return [DueTeam(*row) for row in await write.run(_DUE, before, after, limit)]


async def fetch_officers(write: Write, team_id: int) -> list[int]:
    """The accounts of the department that registered a team."""
    return [row["account_id"] for row in await write.run(_OFFICERS, team_id)]
