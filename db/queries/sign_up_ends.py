"""Sign-ups that end with their projects: called off by a team, or by time."""

from collections.abc import Collection
from dataclasses import dataclass

from db.write import Write

# A place that was given is free again; what was never decided is over.
_CANCEL = """
with ended as (
  select id, post_id, status from sign_ups
  where project_id = any($1::bigint[]) and status in ('APPLIED', 'INVITED', 'ACCEPTED')
), freed as (
  update posts p set joined = p.joined - e.places
  from (select post_id, count(*) as places from ended where status = 'ACCEPTED'
        group by post_id) e
  where p.id = e.post_id
)
update sign_ups s set status = 'CANCELLED', decided_at = now()
from ended e where s.id = e.id returning s.id
"""


@dataclass(frozen=True, slots=True)
class EndedSignUp:
    """A sign-up that time has ended."""

    id: int
    volunteer_id: int
    team_id: int
    status: str


async def cancel_open(write: Write, project_ids: Collection[int]) -> list[int]:
    """The sign-ups that end with projects which were called off; the projects are locked."""
    return sorted(row["id"] for row in await write.run(_CANCEL, sorted(project_ids)))
