"""No-review passwords of projects, and the wrong tries at them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from db.primary import fetch_apart
from db.write import Write

_STORED = """
select p.no_review_password_hash, t.paused_until
from posts o join projects p on p.id = o.project_id
left join project_password_tries t on t.project_id = p.id and t.volunteer_id = $2
where o.id = $1
"""
_TRIES = """
select failures, paused_until from project_password_tries
where project_id = $1 and volunteer_id = $2
"""
_FAILED = """
insert into project_password_tries (project_id, volunteer_id, failures, paused_until)
values ($1, $2, $3, $4)
on conflict (project_id, volunteer_id) do update
set failures = excluded.failures, paused_until = excluded.paused_until
"""
_CLEAR = "delete from project_password_tries where project_id = $1 and volunteer_id = $2"


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a volunteer was wrong, and until when no try counts."""

    failures: int = 0
    paused_until: datetime | None = None


async def fetch_stored(
    engine: AsyncEngine, post_id: int, volunteer_id: int
) -> tuple[str | None, datetime | None]:
    """The stored password of a post's project and until when the volunteer's tries are paused.

    On a connection given back at once: comparing takes tens of milliseconds.
    """
    row = await fetch_apart(engine, _STORED, post_id, volunteer_id)
    return (None, None) if row is None else (row[0], row[1])


async def fetch_tries(write: Write, project_id: int, volunteer_id: int) -> Tries:
    """The tries of a volunteer, whose lock is held."""
    rows = await write.run(_TRIES, project_id, volunteer_id)
    return Tries(*rows[0]) if rows else Tries()


async def store_failure(write: Write, project_id: int, volunteer_id: int, tries: Tries) -> None:
    """Notes a wrong try."""
    await write.run(_FAILED, project_id, volunteer_id, tries.failures, tries.paused_until)


async def forget_tries(write: Write, project_id: int, volunteer_id: int) -> None:
    """The password was right: what went before does not count."""
    await write.run(_CLEAR, project_id, volunteer_id)
