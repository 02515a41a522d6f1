"""Which of cooperating teams records the service of a project."""

from db.write import Write

_NAME = """
insert into project_recorders (project_id, team_id, named_by_id) values ($1, $2, $3)
on conflict (project_id) do update set team_id = excluded.team_id,
  named_by_id = excluded.named_by_id, named_at = now()
"""
_FORGET = "delete from project_recorders where project_id = $1"
_RECORDED = """
select exists (select from service_records where project_id = $1
               and status not in ('VOID', 'REJECTED')) as recorded
"""


async def is_recorded(write: Write, project_id: int) -> bool:
    """Whether service of the project was recorded already."""
    return bool((await write.run(_RECORDED, project_id))[0]["recorded"])


async def name_team(write: Write, project_id: int, team_id: int | None) -> None:
    """Names the team that records; without one it is the project's own."""
    if team_id is None:
        await write.run(_FORGET, project_id)
    else:
        await write.run(_NAME, project_id, team_id, write.account_id)
