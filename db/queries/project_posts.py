"""Posts of projects, changed under the locks of their projects."""

from dataclasses import dataclass

from db.write import Write

_INSERT = """
insert into posts (province, project_id, post_no, name, planned, description, conditions)
select p.province, p.id, n.post_no
    + (select coalesce(max(post_no), 0) from posts where project_id = p.id),
  n.name, n.planned, n.description, n.conditions
from projects p, unnest($2::text[], $3::bigint[], $4::text[], $5::text[])
  with ordinality as n (name, planned, description, conditions, post_no)
where p.id = $1 order by n.post_no returning id
"""
_POST = """
select o.id, o.project_id, o.name, o.planned, o.joined, o.description, o.conditions,
  (select count(*) from posts where project_id = o.project_id) as siblings,
  exists (select from sign_ups s where s.project_id = o.project_id and s.post_id = o.id)
    or exists (select from service_records r where r.project_id = o.project_id
               and r.post_id = o.id) as is_used
from posts o where o.id = $1
"""
_PROJECT_OF = "select project_id from posts where id = $1"
_UPDATE = """
update posts set name = $2, planned = $3, description = $4, conditions = $5 where id = $1
"""
_DELETE = "delete from posts where id = $1"
_COUNT = "select count(*) from posts where project_id = $1"


@dataclass(frozen=True, slots=True)
class PostStanding:
    """A post as it stands under its project's lock."""

    id: int
    project_id: int
    name: str
    planned: int
    joined: int
    description: str | None
    conditions: str | None
    siblings: int
    is_used: bool


async def insert(
    write: Write,
    project_id: int,
    *,
    names: list[str],
    planned: list[int],
    descriptions: list[str | None],
    conditions: list[str | None],
) -> list[int]:
    """The ids of new posts, numbered on from those that the project has."""
    rows = await write.run(_INSERT, project_id, names, planned, descriptions, conditions)
    return [row["id"] for row in rows]


async def fetch_project_of(write: Write, post_id: int) -> int | None:
    """The project of a post, which never changes; None if there is none such."""
    rows = await write.run(_PROJECT_OF, post_id)
    return rows[0]["project_id"] if rows else None


async def fetch(write: Write, post_id: int) -> PostStanding | None:
    """A post; to be read under its project's lock."""
    rows = await write.run(_POST, post_id)
    return PostStanding(*rows[0]) if rows else None


async def count(write: Write, project_id: int) -> int:
    """How many posts a project has."""
    found: int = (await write.run(_COUNT, project_id))[0][0]
    return found


async def update(
    write: Write,
    post_id: int,
    *,
    name: str,
    planned: int,
    description: str | None,
    conditions: str | None,
) -> None:
    """Changes a post."""
    await write.run(_UPDATE, post_id, name, planned, description, conditions)


async def delete(write: Write, post_id: int) -> None:
    """Removes a post that nobody ever signed up to."""
    await write.run(_DELETE, post_id)
